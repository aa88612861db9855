"""What stands beside or before names and tells something by itself: titles tell the gender (Mr, Frau, Sra.) where no
column does, initials in a column of their own are given names, and family names tell how given ones are read."""

from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from core.text import fold
from profiles.unify.normalisers.eastern import JAPANESE, given_in_japan
from profiles.unify.normalisers.registry import UNREAD, Learner, Reading
from profiles.unify.reading.columns import Meant, if_told, share_of, some_of, texts_of
from profiles.unify.values.words import words

GENDER, GIVEN, FAMILY, FULL = "person.gender", "person.first_name", "person.last_name", "person.full_name"
GENDER_OF_TITLES, GIVEN_OF_INITIALS = "gender of titles", "given names of initials"
# Nearly all of a column of titles are titles, and few are different; of names, so many begin with one, or none is
# looked for.
MOST, DIFFERENT, TITLED = 0.9, 60, 0.01
# So many values of a column that is called so are initials.
MOSTLY = 0.6
CALLED_INITIALS = words("initial voorletter inicia inizial inicjal")

_MEN = "mr mister herrn? hr monsieur señor senor sr signore? sig dhr meneer senhor господин г-н shri"
_WOMEN = (
    "mrs ms miss frau fräulein fraulein mme madame mlle mademoiselle señora senora señorita senorita sra srta signora"
    " sig\\.?ra signorina mevr mevrouw senhora pani госпожа г-жа smt"
)
_OTHERS = "dr prof doctor dott dott\\.?ssa dra dipl\\.?-?ing ing mag rev hon mx sir eng"


def _any(*texts: str) -> str:
    return "|".join(word for text in texts for word in text.split())


# Written without a space to the name, before it in Thailand, behind it in China.
_SIGNS_OF_MEN, _SIGNS_OF_WOMEN = r"^\s*นาย|先生\s*$", r"^\s*(?:นาง|น\.ส\.)|(?:女士|小姐|太太)\s*$"
_FIRST = rf"(?i)^\s*(?:(?:{_any(_OTHERS)})\.?\s+)*(?:{{}})(?:\.|\s|$)"
# Behind the name on tickets: SMITH/JOHN MR.
_LAST = r"(?i)[/,]\s*\S.*\s(?:{})\.?\s*$"
_OF_MEN = rf"{_FIRST.format(_any(_MEN))}|{_LAST.format('mr|mstr')}|{_SIGNS_OF_MEN}"
_OF_WOMEN = rf"{_FIRST.format(_any(_WOMEN))}|{_LAST.format('mrs|ms|miss')}|{_SIGNS_OF_WOMEN}"
# "Mr and Mrs Smith" are two.
_AND = r"(?:&|\+|/|and|und|et|y|e|en|i|и)\s"
_TWO = rf"(?i)^\s*(?:{_any(_MEN, _WOMEN)})\.?\s*{_AND}"
_TITLES = rf"(?i)^\s*(?:(?:{_any(_MEN, _WOMEN, _OTHERS)})\.?[\s/,]*(?:{_AND})?\s*)+$"
_INITIALS = r"^\s*(?:\p{Lu}{1,4}|(?:\p{L}\p{Ll}?\.[\s-]*){1,5}\p{L}?|(?:\p{L}[\s-]+)*\p{L})\s*$"

_OF_JAPAN = pa.array(list(JAPANESE), pa.string())


def as_compared(data: pa.Table, semantics: dict[str, str], table: str, learner: Learner) -> Meant:
    """With columns for what is told, beside those of `table`. `learner`: which columns tell it."""
    data, semantics = _with_given_names(data, semantics, table, learner)
    return _with_genders(_read_in_japan(data, semantics), semantics, table, learner)


def names_initials(column: str) -> bool:
    """Whether a column is called as those of initials are."""
    return any(word in fold(column) for word in CALLED_INITIALS)


def _with_given_names(data: pa.Table, semantics: dict[str, str], table: str, learner: Learner) -> Meant:
    """Initials where no given name is known beside a family name."""
    if FAMILY not in semantics.values() or FULL in semantics.values():
        return data, semantics
    named = [name for name in texts_of(data) if name not in semantics and names_initials(name)]
    chosen = [name for name in named if learner("initials", f"{table}.{name}", partial(_of_initials, data, name))]
    if not chosen:
        return data, semantics
    known = next((name for name, meaning in semantics.items() if meaning == GIVEN), "")
    found = _parted(_column(data, chosen[0]))
    found = pc.coalesce(_column(data, known), found) if known else found
    meant = {name: meaning for name, meaning in semantics.items() if name != known}
    return data.append_column(GIVEN_OF_INITIALS, found), meant | {GIVEN_OF_INITIALS: GIVEN}


def _read_in_japan(data: pa.Table, semantics: dict[str, str]) -> pa.Table:
    """With given names in Latin letters where the family name is one of Japan: their signs alone are read as those of
    China."""
    found = {meaning: name for name, meaning in semantics.items() if meaning in (GIVEN, FAMILY)}
    if len(found) < len((GIVEN, FAMILY)):
        return data
    here = pc.is_in(pc.utf8_trim_whitespace(_column(data, found[FAMILY])), value_set=_OF_JAPAN)
    if not pc.any(here).as_py():
        return data
    given = _column(data, found[GIVEN])
    coded = given.filter(here).dictionary_encode()
    read = pa.array(map(given_in_japan, coded.dictionary.to_pylist()), pa.string()).take(coded.indices)
    return data.set_column(
        data.schema.get_field_index(found[GIVEN]), found[GIVEN], pc.replace_with_mask(given, here, read)
    )


def _with_genders(data: pa.Table, semantics: dict[str, str], table: str, learner: Learner) -> Meant:
    """The gender of titles, in a column of their own first, then in names."""
    if GENDER in semantics.values():
        return data, semantics
    plain = [name for name in texts_of(data) if name not in semantics]
    told = [name for name in plain if learner("titles", f"{table}.{name}", partial(_of_titles, data, name))]
    names = [name for name, meaning in semantics.items() if meaning in (FULL, GIVEN, FAMILY)]
    told += [name for name in names if learner("titles", f"{table}.{name}", partial(_with_titles, data, name))]
    if not told:
        return data, semantics
    found = pc.coalesce(*(genders(_column(data, name)) for name in told))
    return data.append_column(GENDER_OF_TITLES, found), semantics | {GENDER_OF_TITLES: GENDER}


def genders(values: pa.Array) -> pa.Array:
    """m or f by the title that stands alone or before a name; null where there is none, or two."""
    coded = values.dictionary_encode()
    texts = coded.dictionary
    men, women = (pc.match_substring_regex(texts, pattern) for pattern in (_OF_MEN, _OF_WOMEN))
    one = pc.and_not(pc.or_(men, women), pc.match_substring_regex(texts, _TWO))
    return pc.if_else(one, pc.if_else(women, "f", "m"), None).take(coded.indices)  # Sig.ra begins as Sig.


def _told(values: pa.Array) -> int:
    return len(values) - int(genders(values).null_count)


def _of_titles(data: pa.Table, name: str) -> Reading:
    values = some_of(data, name)
    different = values.unique()
    if not len(values) or len(different) > DIFFERENT or not _told(different):
        return UNREAD
    return if_told(share_of(values, _TITLES) >= MOST)


def _with_titles(data: pa.Table, name: str) -> Reading:
    values = some_of(data, name)
    return if_told(_told(values) >= max(1, TITLED * len(values)))


def _of_initials(data: pa.Table, name: str) -> Reading:
    return if_told(share_of(some_of(data, name), _INITIALS) >= MOSTLY)


def _parted(values: pa.Array) -> pa.Array:
    """ "JP", "J.P." and "j. p." → "J. P. "; of "Th.J." the capitals."""
    capitals = pc.replace_substring_regex(values, r"[^\p{Lu}]", "")
    letters = pc.if_else(pc.equal(capitals, ""), pc.replace_substring_regex(values, r"[^\p{L}]", ""), capitals)
    return pc.replace_substring_regex(letters, r"(\p{L})", r"\1. ")


def _column(data: pa.Table, name: str) -> pa.Array:
    return data.column(name).cast(pa.string()).combine_chunks()
