"""Bad input is survived with a clear message, and nothing is lost."""

import io
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from celery.exceptions import SoftTimeLimitExceeded

from core.errors import Cancelled, InvalidInput, KindredError, NotFound, Unavailable
from sources import services
from sources.connectors.file import FileConnector
from sources.loading.load import load_tables
from sources.models import Load, SourceTable
from sources.reading.batch import RAW_LIMIT
from sources.reading.delimited import read_delimited
from sources.reading.sniff import Dialect
from tests.sources.conftest import quarantined, rows

TableOf = Callable[..., SourceTable]


def places(table: SourceTable) -> list[tuple[int, str | None, str]]:
    return [(row["line"], row["column"], row["code"]) for row in quarantined(table)]


def test_a_ragged_row_is_set_aside_with_its_line_and_the_others_load(table_of: TableOf) -> None:
    table = table_of("a.csv", "id,name,city\n1,Ann,Rome\n2,Bob\n3,Cem,Bonn,x\n4,Dee,Oslo\n")
    services.load_table(table)
    assert [row["id"] for row in rows(table)] == ["1", "4"]
    assert places(table) == [(3, None, "ragged"), (4, None, "ragged")]
    assert quarantined(table)[0]["raw"] == "2,Bob"
    assert "has 2 columns, the header has 3" in quarantined(table)[0]["reason"]


def test_line_numbers_are_right_behind_quoted_line_breaks_and_blank_lines(table_of: TableOf) -> None:
    table = table_of("a.csv", 'id,note\n1,"a\nb\nc"\n\n2,x,y\n3,"d\ne"\n4\n')
    services.load_table(table)
    assert [row["note"] for row in rows(table)] == ["a\nb\nc", "d\ne"]
    assert [place[0] for place in places(table)] == [6, 9]


def test_an_unclosed_quote_costs_one_line_only(table_of: TableOf) -> None:
    body = "".join(f"{n},name {n},ok\n" for n in range(3, 2000))
    table = table_of("a.csv", f'id,name,note\n1,"open,ok\n2,Bob,ok\n{body}')
    services.load_table(table)
    assert len(rows(table)) == 1998
    assert places(table) == [(2, "name", "open_quote")]
    assert "A quote opens in “name” and is never closed." in quarantined(table)[0]["reason"]


@pytest.mark.parametrize("chunk", [1 << 20, 64, 16])
def test_an_unclosed_quote_takes_no_later_record_along(tmp_path: Path, chunk: int) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        'id,a,b\n1,"open,ok\n2,"Bob",ok\n3,"two\nlines","c,d"\n4,"open,ok\n5,"e\nf",ok\n6,g,ok\n7,h,"\n8,i,ok\n'
    )
    batches = list(read_delimited(path, Dialect("utf-8", ",", '"', True), chunk_bytes=chunk))
    found = [tuple(row.values()) for batch in batches for row in batch.data.to_pylist()]
    assert found == [
        ("2", "Bob", "ok"),
        ("3", "two\nlines", "c,d"),
        ("5", "e\nf", "ok"),
        ("6", "g", "ok"),
        ("8", "i", "ok"),
    ]
    assert [line for batch in batches for line in batch.lines] == [3, 4, 7, 9, 11]
    aside = [(reject.line, reject.code, reject.raw) for batch in batches for reject in batch.rejects]
    assert aside == [(2, "open_quote", '1,"open,ok'), (6, "open_quote", '4,"open,ok'), (10, "open_quote", '7,h,"')]


def test_many_unclosed_quotes_cost_no_more_than_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,a,b\n" + "".join(f'{n},"open,ok\n{n},"a\nb",ok\n' for n in range(20_000)))
    batches = list(read_delimited(path, Dialect("utf-8", ",", '"', True)))
    assert sum(batch.data.num_rows for batch in batches) == 20_000
    assert {reject.code for batch in batches for reject in batch.rejects} == {"open_quote"}


def test_a_quote_inside_a_value_is_a_character(table_of: TableOf) -> None:
    table = table_of("a.csv", 'id,name\n1,5" pipe\n2,"said ""hi"""\n3,"esc \\"q\\""\n')
    services.load_table(table)
    assert [row["name"] for row in rows(table)] == ['5" pipe', 'said "hi"', 'esc "q"']


def test_a_row_cut_off_at_the_end_of_the_file_is_set_aside(table_of: TableOf) -> None:
    table = table_of("a.csv", 'id,name\n1,Ann\n2,"Bo')
    services.load_table(table)
    assert places(table) == [(3, "name", "open_quote")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "utf-32"])
def test_every_encoding_loses_no_row(table_of: TableOf, encoding: str) -> None:
    text = "id,name\n" + "".join(f"{n},Jürgen Ñandú {n}\n" for n in range(50))
    table = table_of("a.csv", text.encode(encoding))
    load = services.load_table(table)
    assert [row["name"] for row in rows(table)] == [f"Jürgen Ñandú {n}" for n in range(50)]
    assert bool(load.notes) == (encoding == "cp1252")


def test_single_wrong_bytes_in_utf8_set_their_row_aside(table_of: TableOf) -> None:
    good = "".join(f"{n},Zoë\n" for n in range(20)).encode()
    table = table_of("a.csv", b"id,name\n" + good + b"99,Zo\xeb\n")
    services.load_table(table)
    assert len(rows(table)) == 20
    assert places(table) == [(22, "name", "encoding")]
    assert quarantined(table)[0]["raw"] == "99,Zo\\xeb"


def test_a_wrongly_stated_encoding_quarantines_what_it_cannot_read(table_of: TableOf) -> None:
    table = table_of("a.csv", "id,name\n1,Zoë\n2,Ann\n".encode("cp1252"), encoding="utf-8")
    services.load_table(table)
    assert [row["name"] for row in rows(table)] == ["Ann"]
    assert places(table) == [(2, "name", "encoding")]


def test_mixed_line_ends_and_nul_characters_are_read(table_of: TableOf) -> None:
    table = table_of("a.csv", b"id,name\r\n1,A\x00nn\n2,Bob\r3,Cem\r\n")
    load = services.load_table(table)
    assert [(row["id"], row["name"]) for row in rows(table)] == [("1", "Ann"), ("2", "Bob"), ("3", "Cem")]
    assert "1 NUL character" in load.notes[0]


def test_a_cell_of_a_megabyte_is_loaded_and_its_raw_text_is_bounded(table_of: TableOf) -> None:
    big = "x" * 1_000_000
    table = table_of("a.csv", f"id,note\n1,{big}\n2,{big},extra\n")
    services.load_table(table)
    assert [len(row["note"]) for row in rows(table)] == [1_000_000]
    assert len(quarantined(table)[0]["raw"]) <= RAW_LIMIT + 1


def test_missing_and_repeated_keys_are_set_aside_and_the_first_row_stays(table_of: TableOf) -> None:
    table = table_of("a.csv", "id,name\n1,Ann\n,Bob\n1,Cem\n2,Dee\n", key=["id"])
    services.load_table(table)
    assert [(row["id"], row["name"]) for row in rows(table)] == [("1", "Ann"), ("2", "Dee")]
    assert places(table) == [(3, "id", "missing_key"), (4, "id", "duplicate_key")]


def test_a_value_that_does_not_fit_its_stated_type_names_line_and_column(table_of: TableOf) -> None:
    table = table_of(
        "a.csv", "id,total,on\n1,9.99,2024-02-29\n2,free,2024-02-28\n3,1,2024-02-30\n4,2,12024-01-01\n",
        columns={"total": {"type": "money", "currency": "USD"}, "on": {"type": "date"}},
    )  # fmt: skip
    services.load_table(table)
    assert [row["total"] for row in rows(table)] == [999]
    assert places(table) == [(3, "total", "type"), (4, "on", "type"), (5, "on", "type")]


def test_a_late_misfit_of_an_inferred_type_is_set_aside_with_a_hint(table_of: TableOf) -> None:
    body = "".join(f"{n},{n}.5\n" for n in range(300))
    table = table_of("a.csv", f"id,amount\n{body}300,oops\n")
    services.load_table(table)
    assert len(rows(table)) == 300
    assert "set the type to text" in quarantined(table)[0]["reason"]


def test_a_column_that_is_not_what_its_beginning_promised_becomes_text(
    table_of: TableOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sources.reading.delimited.CHUNK_BYTES", 2_000)
    monkeypatch.setattr("sources.reading.delimited.read_delimited.__kwdefaults__", {"file": "", "chunk_bytes": 2_000})
    body = "".join(f"{n},{n}\n" for n in range(1000)) + "".join(f"{n},v{n}\n" for n in range(1000, 2000))
    table = table_of("a.csv", f"id,amount\n{body}")
    load = services.load_table(table)
    assert len(rows(table)) == 2000
    assert table.columns.get(name="amount").type == "string"
    assert any("different kinds" in note for note in load.notes)


def test_a_vanished_column_stays_without_values_and_is_named(table_of: TableOf) -> None:
    table = table_of("a.csv", "id,name,tier\n1,Ann,gold\n")
    services.load_table(table)
    table_of("a.csv", "id,name\n1,Ann\n2,Bob\n")
    load = services.load_table(table)
    assert rows(table)[1] == {"id": "2", "name": "Bob", "tier": None}
    assert "tier" in load.notes[0]
    assert not table.columns.get(name="tier").is_present


def test_a_vanished_key_column_fails_and_the_data_before_stays(table_of: TableOf) -> None:
    table = table_of("a.csv", "id,name\n1,Ann\n", key=["id"])
    services.load_table(table)
    table_of("a.csv", "number,name\n1,Bob\n", key=["id"])
    with pytest.raises(InvalidInput, match="key column id is not in the input"):
        services.load_table(table)
    assert rows(table) == [{"id": "1", "name": "Ann"}]
    table.refresh_from_db()
    assert table.state == "failed"


def test_a_column_that_changed_its_type_is_kept_as_what_it_is_now(table_of: TableOf) -> None:
    table = table_of("a.csv", "id,amount\n1,10\n2,20\n")
    services.load_table(table)
    table_of("a.csv", "id,amount\n1,ten\n2,twenty\n")
    load = services.load_table(table)
    assert [row["amount"] for row in rows(table)] == ["ten", "twenty"]
    assert "used to be whole number" in load.notes[0]


def _zip() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("a.csv", "id\n1\n")
    return data.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"\n\n  \n", "nothing but blanks"),
        (_zip(), "ZIP archive"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "PNG image"),
        (b"%PDF-1.7\n", "PDF"),
        (bytes(range(1, 30)) * 100, "not a text file"),
    ],
)
def test_what_is_not_a_table_is_refused_in_words_and_changes_nothing(
    table_of: TableOf, data: bytes, words: str
) -> None:
    table = table_of("a.csv", "id,name\n1,Ann\n")
    services.load_table(table)
    table_of("a.csv", data)
    with pytest.raises(InvalidInput, match=words):
        services.load_table(table)
    assert rows(table) == [{"id": "1", "name": "Ann"}]
    assert table.loads.first().state == Load.State.FAILED  # type: ignore[union-attr]


def test_a_header_without_rows_is_a_table_at_first_and_later_keeps_the_rows(table_of: TableOf) -> None:
    table = table_of("a.csv", "id,name\n")
    assert services.load_table(table).notes
    table_of("a.csv", "id,name\n1,Ann\n")
    services.load_table(table)
    table_of("a.csv", "id,name\n")
    with pytest.raises(InvalidInput, match="no rows any more"):
        services.load_table(table)
    assert len(rows(table)) == 1


def test_a_missing_file_says_where_it_was_looked_for(table_of: TableOf, tmp_path: Path) -> None:
    table = table_of("a.csv", "id\n1\n")
    (tmp_path / "a.csv").unlink()
    with pytest.raises(NotFound, match=r"a\.csv does not exist"):
        services.load_table(table)


def test_double_and_empty_column_names_are_numbered(table_of: TableOf) -> None:
    table = table_of("a.csv", "id, name ,name,,\n1,Ann,A,x,y\n")
    load = services.load_table(table)
    assert list(rows(table)[0]) == ["id", "name", "name_2", "column_4", "column_5"]
    assert load.notes


def test_more_than_a_thousand_columns_are_loaded(table_of: TableOf) -> None:
    names = ",".join(f"c{n}" for n in range(1200))
    table = table_of("a.csv", f"{names}\n" + ",".join(["1"] * 1200) + "\n")
    services.load_table(table)
    assert len(rows(table)[0]) == 1200


def test_formulas_are_text(table_of: TableOf) -> None:
    table = table_of("a.csv", 'id,name\n1,"=HYPERLINK(""x"")"\n2,@SUM(A1)\n')
    services.load_table(table)
    assert rows(table)[0]["name"] == '=HYPERLINK("x")'


def test_a_file_that_grows_while_it_is_read_fails_and_changes_nothing(
    table_of: TableOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = table_of("a.csv", "id\n1\n")
    services.load_table(table)
    path = Path(table.config["path"])
    path.write_text("id\n1\n2\n")
    original = FileConnector.read

    def read(self, access, config, since=None):  # type: ignore[no-untyped-def]
        for batch in original(self, access, config, since):
            writer = threading.Thread(target=lambda: path.write_text("id\n1\n2\n3\n"))
            writer.start()
            writer.join()
            yield batch

    monkeypatch.setattr(FileConnector, "read", read)
    with pytest.raises(Unavailable, match="changed while it was read"):
        services.load_table(table)
    assert [row["id"] for row in rows(table)] == ["1"]


def test_when_every_row_is_bad_the_load_fails_and_the_data_before_stays(table_of: TableOf) -> None:
    table = table_of("a.csv", "id,on\n1,2024-01-01\n", columns={"on": {"type": "date"}})
    services.load_table(table)
    table_of("a.csv", "id,on\n1,soon\n2,later\n", columns={"on": {"type": "date"}})
    with pytest.raises(KindredError, match="No row of shop.a could be loaded"):
        services.load_table(table)
    assert len(rows(table)) == 1


@pytest.mark.parametrize("name", ["a.parquet", "a.xlsx"])
def test_a_damaged_binary_file_is_refused_in_words(table_of: TableOf, name: str) -> None:
    magic = b"PAR1" if name.endswith("parquet") else b"PK\x03\x04"
    table = table_of(name, magic + b"cut off here")
    with pytest.raises(InvalidInput, match="damaged"):
        services.load_table(table)


def test_broken_json_lines_are_set_aside(table_of: TableOf) -> None:
    table = table_of("a.jsonl", '{"id": 1, "who": {"name": "Ann"}}\n{"id": 2,\n[1]\n{"id": 3, "new": true}\n')
    services.load_table(table)
    assert [row["id"] for row in rows(table)] == ["1", "3"]
    assert rows(table)[0]["who_name"] == "Ann"
    assert places(table) == [(2, None, "json"), (3, None, "json")]


@pytest.mark.parametrize("stop", [Cancelled("Cancelled."), SoftTimeLimitExceeded()], ids=["asked", "out of time"])
def test_who_is_stopped_goes_on_with_no_other_table(table_of: TableOf, stop: Exception) -> None:
    class Stopped:
        job_id = 0

        def progress(self, done: int, total: int | None = None, message: str = "") -> None:
            raise stop

        def check_cancelled(self) -> None:
            raise stop

    tables = [table_of("a.csv", "id\n1\n"), table_of("b.csv", "id\n1\n")]
    with pytest.raises(type(stop)):
        load_tables(tables, Stopped())
    assert [load.state for load in Load.objects.all()] == ["cancelled"]
