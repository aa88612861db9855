"""The usual preparation in SQL: one table with one column per meaning, values comparable, for rules by hand and splink.

Needs nothing but DuckDB, PyArrow and anyascii, so that it runs in splink's own environment too.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from anyascii import anyascii
from pyarrow import parquet

COLUMNS = ("first", "last", "email", "phone", "birth", "id", "line", "city", "postcode", "number")
# Of sets that have them.
MORE = {"company": "organization.name", "middle": "person.middle_name", "gender": "person.gender"}
# A contact point or an id that more records have than this says nothing about a person.
MOST_RECORDS = 50
DIAL = {"US": "1", "AU": "61", "GB": "44", "ES": "34", "RU": "7", "JP": "81"}
_FULL_NAME = {
    "first": "CASE WHEN {0} SIMILAR TO '.*[,/].*' THEN regexp_extract({0}, '[,/](.*)$', 1)"
    " ELSE regexp_extract({0}, '^(.*)\\s\\S+$', 1) END",
    "last": "CASE WHEN {0} SIMILAR TO '.*[,/].*' THEN regexp_extract({0}, '^(.*)[,/]', 1)"
    " ELSE regexp_extract({0}, '(\\S+)$', 1) END",
}
MEANINGS = {
    "person.first_name": "first",
    "person.last_name": "last",
    "contact.email": "email",
    "contact.phone": "phone",
    "person.birth_date": "birth",
    "address.line": "line",
    "address.city": "city",
    "address.postcode": "postcode",
}
FOLDED = ("first", "last", "line", "city")


def standardise(database: duckdb.DuckDBPyConnection, folder: Path) -> list[str]:
    """Makes the table `people`: `rec`, counted from 0; `tbl`, `record_id`; and COLUMNS as text, null where unknown.
    More columns where the set has them, which are returned: MORE, if all tables have it, `other_…` for plain ones."""
    described = json.loads((folder / "set.json").read_text())
    tables = described["tables"]
    more = [name for name, meaning in MORE.items() if all(meaning in table["meanings"].values() for table in tables)]
    plain = {f"other_{column}": column for column in described["plain"]}
    texts, columns = [*FOLDED, *more, *plain], [*COLUMNS, *more, *plain]
    parts = [_of_table(table, folder, described["shared_id"], more, plain) for table in tables]
    digits = "regexp_replace(regexp_replace(phone, 'ext.*', ''), '[^0-9]', '', 'g') AS digits"
    database.execute(f"CREATE TEMP TABLE raw AS SELECT *, {digits} FROM ({' UNION ALL BY NAME '.join(parts)})")
    database.register("folding", _folding(database, texts))
    clean = {
        "email": _known("email", r"regexp_replace(lower(trim(email)), '\+[^@]*@', '@')", "LIKE '%_@_%._%'"),
        "phone": _phone(described["country"]),
        "birth": "nullif(nullif(regexp_replace(birth, '[^0-9]', '', 'g'), ''), '19000101')",
        "id": "nullif(lower(regexp_replace(id, '[^0-9A-Za-z]', '', 'g')), '')",
        "postcode": "nullif(lower(regexp_replace(postcode, '[^0-9A-Za-z]', '', 'g')), '')",
        "number": "nullif(lower(trim(number)), '')",
    }
    clean |= {name: _text(f"coalesce(of_{name}.plain, lower({name}))") for name in texts}
    joins = " ".join(f"LEFT JOIN folding of_{name} ON of_{name}.value = {name}" for name in texts)
    chosen = ", ".join(f"{clean[name]} AS {name}" for name in columns)
    database.execute(
        f"CREATE TABLE people AS SELECT row_number() OVER () - 1 AS rec, tbl, record_id, {chosen} FROM raw {joins}"
    )
    for name in ("email", "phone", "id"):
        database.execute(
            f"UPDATE people SET {name} = NULL WHERE {name} IN"
            f" (SELECT {name} FROM people WHERE {name} IS NOT NULL GROUP BY 1 HAVING count(*) > {MOST_RECORDS})"
        )
    return [*more, *plain]


def _of_table(
    table: dict[str, Any], folder: Path, shared_id: str, more: Sequence[str], plain: Mapping[str, str]
) -> str:
    columns = dict.fromkeys([*COLUMNS, *more, *plain], "NULL::VARCHAR")
    for column, meaning in table["meanings"].items():
        if meaning == "person.full_name":
            columns |= {part: taken.format(f'trim("{column}")') for part, taken in _FULL_NAME.items()}
        elif name := "id" if meaning == shared_id else MEANINGS.get(meaning):
            columns[name] = f'"{column}"::VARCHAR'
        columns |= {name: f'"{column}"::VARCHAR' for name in more if MORE[name] == meaning}
        if meaning == "person.birth_date" and table["dates"]:
            columns["birth"] = f"strftime(strptime(\"{column}\", '{table['dates']}'), '%Y%m%d')"
    file = folder / f"{table['name']}.parquet"
    known = parquet.read_schema(file).names
    columns |= {name: f'"{column}"::VARCHAR' for name, column in plain.items() if column in known}
    if table["key"] == "rec_id":  # of febrl, whose house numbers stand alone
        columns["number"] = "street_number"
    chosen = ", ".join(f'{expression} AS "{name}"' for name, expression in columns.items())
    return f"SELECT '{table['name']}' AS tbl, \"{table['key']}\" AS record_id, {chosen} FROM '{file}'"


def _folding(database: duckdb.DuckDBPyConnection, texts: Sequence[str]) -> pa.Table:
    """What is not ASCII, in ASCII: one row per distinct value."""
    found = " UNION ".join(f"SELECT {name} AS value FROM raw WHERE strlen({name}) > length({name})" for name in texts)
    values = [row[0] for row in database.execute(found).fetchall()]
    return pa.table({"value": pa.array(values, pa.string()), "plain": [anyascii(value).lower() for value in values]})


def _text(value: str) -> str:
    return f"nullif(trim(regexp_replace({value}, '[^a-z0-9]+', ' ', 'g')), '')"


def _known(name: str, value: str, condition: str) -> str:
    return f"CASE WHEN {name} {condition} THEN {value} END"


def _phone(country: str) -> str:
    """Digits with the country's code; null for what is too short, or nothing but noughts."""
    return (
        "CASE WHEN length(digits) < 7 OR regexp_full_match(digits, '0+') THEN NULL"
        f" WHEN trim(phone) LIKE '+%' THEN digits WHEN digits LIKE '00%' THEN ltrim(digits, '0')"
        f" ELSE '{DIAL[country]}' || ltrim(digits, '0') END"
    )
