"""Columns that say how a Japanese name is read (フリガナ, セイ and メイ): in Latin letters it meets the names of other
systems, which its signs alone do not.

A name is either compared by its signs or by its reading. Signs tell more people apart, so readings count only where
another table writes names without them, and every table that writes them has readings, or nearly all of its names are
read in tables that do: else the names of two tables would not meet any more. They are no evidence beside the name.
Where there is no name, they are it.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from profiles.unify.normalisers.kana import in_latin
from profiles.unify.normalisers.registry import UNREAD, Learner, Reading
from profiles.unify.reading import signs
from profiles.unify.reading.beside_names import FAMILY, FULL, GIVEN
from profiles.unify.reading.columns import Meant, if_told, share_of, text_of
from profiles.unify.values.words import words

# Of the values of a column that is called so, most are kana; of names, so many in signs are more than a few guests.
MOSTLY, SIGNS = 0.9, 0.01
# Of the names of a table without readings, so many are written without signs, or hardly any other table has such; so
# many of those in signs are read elsewhere.
WITHOUT, READ_ELSEWHERE = 0.2, 0.8
NAME_OF_READING = "name of readings"
_KANA, _SIGN = r"^[\p{Hiragana}\p{Katakana}ー・\s\x{3000}ﾞﾟ]+$", r"\p{Han}"
_MARK = "|".join(words("フリガナ ふりがな ヨミガナ よみがな カナ かな ヨミ よみ 読み 読み仮名 furigana yomi kana"))
_CALLED = {
    FAMILY: re.compile(
        rf"^(?:(?:姓|氏|苗字|名字|last|lastname|family|familyname|sei)(?:{_MARK})|(?:{_MARK})(?:姓|苗字)|セイ|せい)$"
    ),
    GIVEN: re.compile(rf"^(?:(?:名|first|firstname|given|givenname|mei)(?:{_MARK})|(?:{_MARK})名|メイ|めい)$"),
    FULL: re.compile(
        rf"^(?:お客様|顧客|会員|契約者|お|customer)?(?:氏名|名前|姓名|name|fullname)?(?:{_MARK})$|^(?:{_MARK})(?:氏名|名前|姓名)$"
    ),
}


def part_read(column: str) -> str:
    """The meaning of the name whose reading a column of this name holds; "" for none."""
    name = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", column).lower())
    return next((part for part, called in _CALLED.items() if called.match(name)), "")


def with_readings(tables: Sequence[Meant], names: Sequence[str], learner: Learner) -> list[Meant]:
    """With names as they are read, in Latin letters, where that is told. `names`: of the tables. `learner`: which
    columns tell it, and whether readings count."""
    found = [_readings(*table, name, learner) for table, name in zip(tables, names, strict=True)]
    if not any(found):
        return list(tables)
    reading = learner("kana", "signs", lambda: _learned(tables, found))
    counts = bool(learner("kana", "", lambda: if_told(_count(tables, found, reading))))
    read = [_read(*table, told, counts) if told else table for table, told in zip(tables, found, strict=True)]
    return [_read_elsewhere(*table, reading) for table in read] if counts else read


@dataclass(frozen=True)
class _Told:
    """Columns of readings: the family and the given name, or the name as a whole."""

    columns: tuple[str, ...]

    def parts(self, data: pa.Table) -> tuple[pa.Array, pa.Array]:
        """Family and given name in Latin letters; null where one of them is not told."""
        if len(self.columns) > 1:
            family, given = (_latin(text_of(data, name)) for name in self.columns)
        else:
            family, given = signs.in_two(_latin(text_of(data, self.columns[0])))
        known = pc.and_(pc.is_valid(family), pc.is_valid(given))
        return pc.if_else(known, family, None), pc.if_else(known, given, None)


def _readings(data: pa.Table, semantics: dict[str, str], table: str, learner: Learner) -> _Told | None:
    """None where no column tells the whole name."""
    by_part: dict[str, str] = {}
    for field in data.schema:
        part = part_read(field.name) if field.type in (pa.string(), pa.large_string()) else ""
        if not part or field.name in semantics or part in by_part:
            continue
        if learner("kana", f"{table}.{field.name}", partial(_of_kana, data, field.name)):
            by_part[part] = field.name
    if FAMILY in by_part and GIVEN in by_part:
        return _Told((by_part[FAMILY], by_part[GIVEN]))
    return _Told((by_part[FULL],)) if FULL in by_part else None


def _count(tables: Sequence[Meant], found: Sequence[_Told | None], reading: Reading) -> bool:
    """Whether a table writes names without signs, and none has signs whose reading nobody tells."""
    shares = [
        max([_share(data, name, _SIGN) for name in _names(semantics, FULL, FAMILY)], default=0.0)
        for data, semantics in tables
    ]
    has_names = [bool(told or _names(table[1], FULL, FAMILY)) for table, told in zip(tables, found, strict=True)]
    most = [SIGNS if told else 1 - WITHOUT for told in found]
    without = any(named and has < of for named, has, of in zip(has_names, shares, most, strict=True))
    return without and all(
        told or has < SIGNS or _share_read(*table, reading) >= READ_ELSEWHERE
        for table, told, has in zip(tables, found, shares, strict=True)
    )


def _learned(tables: Sequence[Meant], found: Sequence[_Told | None]) -> Reading:
    known = [part for table, told in zip(tables, found, strict=True) if told for part in _told_parts(*table, told)]
    return signs.learned(known) if known else UNREAD


def _told_parts(data: pa.Table, semantics: dict[str, str], told: _Told) -> Sequence[tuple[str, pa.Array, pa.Array]]:
    family, given = _names(semantics, FAMILY), _names(semantics, GIVEN)
    whole = _names(semantics, FULL)
    if family and given:
        written = text_of(data, family[0]), text_of(data, given[0])
    elif whole:
        written = signs.in_two(text_of(data, whole[0]))
    else:
        return ()
    names = zip((signs.FAMILY_OF, signs.GIVEN_OF), written, told.parts(data), strict=True)
    return [(part, _in_signs(pc.utf8_trim_whitespace(texts)), read) for part, texts, read in names]


def _in_signs(values: pa.Array) -> pa.Array:
    return pc.if_else(pc.fill_null(pc.match_substring_regex(values, _SIGN), False), values, None)


def _share_read(data: pa.Table, semantics: dict[str, str], reading: Reading) -> float:
    """How many of a table's names in signs are read elsewhere."""
    written = {name: _in_signs(text_of(data, name)) for name in _names(semantics, FULL, FAMILY, GIVEN)}
    each = [
        pc.count(_in_latin(texts, semantics[name], reading)).as_py() / pc.count(texts).as_py()
        for name, texts in written.items()
        if texts.null_count < len(texts)
    ]
    return min(each, default=0.0)


def _in_latin(values: pa.Array, meaning: str, reading: Reading) -> pa.Array:
    if meaning == FULL:
        return signs.read_whole(values, reading)
    return signs.read_part(values, signs.FAMILY_OF if meaning == FAMILY else signs.GIVEN_OF, reading)


def _read_elsewhere(data: pa.Table, semantics: dict[str, str], reading: Reading) -> Meant:
    for name in _names(semantics, FULL, FAMILY, GIVEN):
        values = text_of(data, name)
        read = pc.coalesce(_in_latin(values, semantics[name], reading), values)
        data = data.set_column(data.schema.get_field_index(name), name, read)
    return data, semantics


def _of_kana(data: pa.Table, name: str) -> Reading:
    return if_told(_share(data, name, _KANA) >= MOSTLY)


def _read(data: pa.Table, semantics: dict[str, str], told: _Told, counts: bool) -> Meant:
    family, given = told.parts(data)
    whole = pc.binary_join_element_wise(given, family, " ")
    if not _names(semantics, FULL, FAMILY, GIVEN):
        return data.append_column(NAME_OF_READING, whole), semantics | {NAME_OF_READING: FULL}
    for meaning, reading in ((FULL, whole), (FAMILY, family), (GIVEN, given)) if counts else ():
        for name in _names(semantics, meaning):
            values = text_of(data, name)
            in_signs = pc.fill_null(pc.match_substring_regex(values, _SIGN), False)
            read = pc.if_else(pc.and_(in_signs, pc.is_valid(reading)), reading, values)
            data = data.set_column(data.schema.get_field_index(name), name, read)
    return data, semantics


def _names(semantics: dict[str, str], *meanings: str) -> list[str]:
    return [name for name, meaning in semantics.items() if meaning in meanings]


def _latin(values: pa.Array) -> pa.Array:
    coded = values.dictionary_encode()
    return pa.array(map(in_latin, coded.dictionary.to_pylist()), pa.string()).take(coded.indices)


def _share(data: pa.Table, name: str, pattern: str) -> float:
    return share_of(text_of(data, name).drop_null(), pattern)
