"""Names of people as they are compared: titles gone, given name first."""

import re

import pyarrow as pa
import pyarrow.compute as pc

from core.shapes import gettext_noop
from profiles.unify.normalisers.arrays import changed, foreign, plain_words, where
from profiles.unify.normalisers.eastern import in_latin
from profiles.unify.normalisers.registry import Context, Example, register
from profiles.unify.normalisers.standins import NEWBORN, NEWBORN_FIRST, stand_ins_of_given_names, stand_ins_of_names
from profiles.unify.normalisers.titles import MAYBE_TITLES, NAMES_TOO, SUFFIXES, TITLES, without_titles
from profiles.unify.values.family_names import EASTERN, is_patronymic
from profiles.unify.values.letters import any_of, holding, replaced

# Scripts whose names need more than transliteration, and titles that are written without a space.
_SIGNS = r"\p{Han}|\p{Hangul}|さん|さま|ちゃん|くん|^\s*(?:คุณ|นาง|นาย|น\.ส|ด\.)|^\s*ดร"
_TITLED = rf"^(?:{'|'.join(sorted(TITLES | MAYBE_TITLES))}) | (?:{'|'.join(sorted(SUFFIXES))})$"
# Family names of Vietnam that are hardly ever given names; then those that are both, with a sign that they are meant.
_VIETNAMESE = r"(?:nguyen|tran|pham|huynh|phan|truong|trinh|dinh|doan|luong|bui|duong)"
_VIETNAMESE_TOO = r"(?:le|hoang|vu|vo|dang|do|ho|ngo|ly|mai|dao|ta|cao|lam|to|ha|chu|quach|luu)"

VIETNAMESE_FIRST = rf"^(?:{_VIETNAMESE}|{_VIETNAMESE_TOO} (?:van|thi|ngoc|minh|duc|thanh)) \w"
# Transliterated without its vowels it would be a title.
_OMAR = r"(^|\s)عمر(\s|$)"
# What stands before the name that someone was born with.
BORN_WORDS = "(?:geb|geborene|geborener|geboren|n[eé]e|born|rozena|z domu)"
_BORN = rf"(\w) {BORN_WORDS} \w.*$"
EASTERN_FIRST = rf"(?i)^\s*({EASTERN})\s+(\w{{1,6}}-\w{{1,6}})\s*$"
# No given name: a title alone, or the "5th" of a baron.
_NO_NAME = rf"^(?:{'|'.join(sorted(TITLES - NAMES_TOO))}|\d+(?:st|nd|rd|th))$"
# As tickets have it, in capitals or one word on either side of a slash.
_TICKET = r"^[^/,\p{Ll}]*\p{L}[^/,\p{Ll}]*/[^/,\p{Ll}]*\p{L}[^/,\p{Ll}]*$|^\s*\p{L}[\p{L}'’-]+/\p{L}[\p{L}'’-]+\s*$"
_OF_TICKET = rf"(?i)^\s*(.*?)\s*/\s*(.*?)(?:\s+(?:{'|'.join(sorted(TITLES))})\.?)*\s*$"
# The family name in capitals before a given name that is not; of three letters at least, for "TJ" are initials.
_CAPITALS, _SMALL = r"\p{Lu}[\p{Lu}'’-]+", r"\p{Lu}\p{Ll}[\p{L}'’-]*"
_CAPITALS_FIRST = rf"^\s*({_CAPITALS}(?:\p{{Lu}}|(?: {_CAPITALS})+)) ({_SMALL}(?: {_SMALL})*)\s*$"
_TITLE_FIRST = rf"(?i)^\s*(?:(?:{'|'.join(sorted(TITLES))})\.?\s+)+"
# One word with two digits in a row, or one and a stroke: nobody is called so.
_USER = r"^\s*(?:\S*\p{L}\S*\d\d\S*|\S*\d\d\S*\p{L}\S*|\S*\p{L}\S*_\S*\d\S*)\s*$"
_NEXT_INITIAL = r"(^|[\s.,])(\p{L}\.)(\p{L})"
# After a comma no title stands alone.
_M_AFTER_COMMA = r"(?i),\s*m\.?\s*$"
_TITLED_FAMILY = rf"(?i)^\s*(?:(?:{'|'.join(sorted(TITLES))})\.?\s+)+([^,]+,)"


@register(
    "person_name",
    gettext_noop("Given or family name"),
    gettext_noop(
        "As text; titles before the name (Dr., Frau, 先生) and what follows it (Jr., PhD) do not count. Initials are"
        " parted. Chinese and Korean family names are written as their bearers do in Latin letters, frequent Japanese"
        " ones are read as Japanese."
    ),
    [
        Example("Dr. Jürgen", "jurgen"),
        Example("MARY-ANN", "mary ann"),
        Example("O'Brien", "obrien"),
        Example("王", "wang"),
        Example("娜", "na"),
        Example("曾", "zeng"),
        Example("김", "kim"),
        Example("田中", "tanaka"),
        Example("王先生", "wang"),
        Example("คุณสมชาย", "smchay"),
        Example("عمر", "omar"),
        Example("Don", "don"),
        Example(" unknown", None),
        Example("Frau", "frau"),
        Example("van der Berg", "van der berg"),
        Example("Smith Jr.", "smith"),
        Example("Schmidt geb. Müller", "schmidt"),
        Example("Born", "born"),
        Example("J.P.", "j p"),
        Example("M.A.", "m a"),
    ],
    semantics=["person.*"],
    stand_ins=stand_ins_of_names,
)
def person_name(values: pa.Array, context: Context) -> pa.Array:
    return _without_titles(_as_now(plain_words(_eastern(_initials_apart(values), whole=False))))


@register(
    "given_name",
    gettext_noop("Given name"),
    gettext_noop(
        "As names. What a newborn is called until it is named (Baby, Bébé, Recién nacido) says nothing, nor does the"
        " name of the mother that follows, nor a title that stands alone (Sir, Frau)."
    ),
    [
        Example("Dr. Jürgen", "jurgen"),
        Example("Sir", None),
        Example("Frau Dr.", None),
        Example("5th", None),
        Example("Md.", "md"),
        Example("Baby", None),
        Example("Bébé Sabine", None),
        Example("BABY BOY", None),
        Example("Babette", "babette"),
    ],
    semantics=["person.first_name"],
    stand_ins=stand_ins_of_given_names,
)
def given_name(values: pa.Array, context: Context) -> pa.Array:
    names = person_name(values, context)
    return pc.if_else(pc.match_substring_regex(names, _NO_NAME), None, names)


@register(
    "full_name",
    gettext_noop("Full name"),
    gettext_noop(
        "As names, given name first: what stands before a comma, or in capitals before what does not, is the family"
        " name; names of China, Korea, Japan, Vietnam and Russia that begin with the family name are turned. What"
        " someone was born as does not count, and of a newborn without a name the family name alone; what users call"
        " themselves (dragon1987) is no name."
    ),
    [
        Example("SMITH, John", "john smith"),
        Example("Dr. Smith, Mary Ann", "mary ann smith"),
        Example("John Smith", "john smith"),
        Example("DUPONT Jean", "jean dupont"),
        Example("Smith, John, Jr.", "john smith"),
        Example("SMITH/JOHN MR", "john smith"),
        Example("王小明", "xiaoming wang"),
        Example("王 小明", "xiaoming wang"),
        Example("欧阳娜娜", "nana ouyang"),
        Example("김민수", "minsu kim"),
        Example("田中太郎", "taro tanaka"),
        Example("Nguyễn Văn An", "van an nguyen"),
        Example("Mai Nguyễn", "mai nguyen"),
        Example("Kim Min-su", "min su kim"),
        Example("Mary Smith-Jones", "mary smith jones"),
        Example("Сидоров Иван Петрович", "ivan petrovich sidorov"),
        Example("Ivan Petrovich Sidorov", "ivan petrovich sidorov"),
        Example("Marie Dupont, née Martin", "marie dupont"),
        Example("Jane Smith (born Jones)", "jane smith"),
        Example("Max Born", "max born"),
        Example("Herr Prof. Dr. Hans von der Aue", "hans von der aue"),
        Example("عبد الله", "bd llh"),
        Example("عمر حسن", "omar hsn"),
        Example("Bébé Sabine Dupont", "dupont"),
        Example("DUPONT Bébé Sabine", "dupont"),
        Example("Baby Girl Smith", "smith"),
        Example("J.P. van der Berg", "j p van der berg"),
        Example("Smith, M.", "m smith"),
        Example("J.Smith", "j smith"),
        Example("M. Dupont", "dupont"),
        Example("dragon1987", None),
        Example("river_81", None),
        Example("test test", None),
    ],
    semantics=["person.full_name"],
    stand_ins=stand_ins_of_names,
)
def full_name(values: pa.Array, context: Context) -> pa.Array:
    values = capitals_last(without_slash(_initials_apart(_without_users(values))))
    initials = pc.fill_null(pc.match_substring_regex(values, _M_AFTER_COMMA), False)
    commas = pc.fill_null(pc.match_substring(values, ","), False)
    if pc.any(commas).as_py():
        values = pc.replace_with_mask(values, commas, _turned(values.filter(commas)))
    values = changed(_eastern(values, whole=True), pc.match_substring, "-", EASTERN_FIRST, r"\2 \1")
    names = _without_newborns(_as_now(plain_words(values)))
    return _family_first(pc.if_else(initials, names, _without_titles(names)), commas)


def _initials_apart(values: pa.Array) -> pa.Array:
    """ "J.P.Smith" → "J. P. Smith": a fold would join them."""
    dotted = holding(values, any_of("."))
    for _overlapping in range(2):
        values = replaced(values, dotted, _NEXT_INITIAL, r"\1\2 \3")
    return values


def _without_users(values: pa.Array) -> pa.Array:
    """ "dragon1987" → "": what users call themselves where a name belongs."""
    return replaced(values, holding(values, any_of("0123456789")), _USER, "")


def without_slash(values: pa.Array) -> pa.Array:
    """ "SMITH/JOHN MR" → "SMITH, JOHN"."""
    tickets = pc.fill_null(pc.match_substring(values, "/"), False)
    if not pc.any(tickets).as_py():
        return values
    some = values.filter(tickets)
    turned = pc.replace_substring_regex(some, _OF_TICKET, r"\1, \2")
    some = pc.if_else(pc.match_substring_regex(some, _TICKET), turned, some)
    return pc.replace_with_mask(values, tickets, some)


def capitals_last(values: pa.Array) -> pa.Array:
    """ "Mme DUPONT Jeanne" → "Jeanne DUPONT"."""
    found = pc.fill_null(pc.match_substring_regex(values, r"[A-Z]['’]?[A-Z].* \p{Lu}\p{Ll}"), False)
    if not pc.any(found).as_py():
        return values
    some = values.filter(found)
    bare = pc.replace_substring_regex(some, _TITLE_FIRST, "")
    turned = pc.replace_substring_regex(bare, _CAPITALS_FIRST, r"\2 \1")
    return pc.replace_with_mask(values, found, pc.if_else(pc.equal(turned, bare), some, turned))


def _as_now(values: pa.Array) -> pa.Array:
    """Without the name that someone was born with: "Schmidt geb. Müller" is Schmidt."""
    return pc.replace_substring_regex(values, _BORN, r"\1")


def _without_newborns(values: pa.Array) -> pa.Array:
    """ "Baby Girl Smith" and "Smith Baby Girl" → "Smith"."""
    found = pc.fill_null(pc.match_substring_regex(values, rf"^(?:\w+ )?{NEWBORN_FIRST}"), False)
    values = replaced(values, found, rf"^{NEWBORN_FIRST}.* (\w+)$", r"\1")
    return replaced(values, found, rf"^(\w+) {NEWBORN}.*$", r"\1")


def _turned(values: pa.Array) -> pa.Array:
    """ "Dr. Smith, John, Jr." → "John Smith"."""
    values = pc.replace_substring_regex(values, r"(?i),\s*(?:jr|sr|ii|iii|iv|ph\.?d|m\.?d|esq)\.?\s*$", "")
    values = pc.replace_substring_regex(values, rf"(?i),\s*({BORN_WORDS}\b)", r" \1")
    values = pc.replace_substring_regex(values, _TITLED_FAMILY, r"\1")
    return pc.replace_substring_regex(values, r"^\s*([^,]+?)\s*,\s*([^,]+?)\s*$", r"\2 \1")


def _eastern(values: pa.Array, *, whole: bool) -> pa.Array:
    others = foreign(values)
    if not pc.any(others).as_py():
        return values
    some = values.filter(others)
    some = where(some, pc.match_substring_regex(some, _SIGNS), lambda text: in_latin(text, whole=whole))
    some = changed(some, pc.match_substring, "عمر", _OMAR, r"\1omar\2")
    return pc.replace_with_mask(values, others, some)


def _without_titles(values: pa.Array) -> pa.Array:
    def bare(text: str) -> str:
        words = text.split()
        return " ".join(words[without_titles(words)])

    return where(values, pc.match_substring_regex(values, _TITLED), bare)


def _family_first(values: pa.Array, commas: pa.Array) -> pa.Array:
    """Family names at the beginning put at the end, unless a comma says otherwise: those of Vietnam where no family
    name stands at the end, and those before a given name and a patronymic."""
    fathers = pc.match_substring_regex(values, r"^\w+ \w+ \w+(?:[eoi]v(?:i|y)ch|[oei]vna|ichna)$")
    maybe = pc.or_(pc.match_substring_regex(values, VIETNAMESE_FIRST), fathers)
    return where(values, pc.and_not(maybe, commas), _family_last)


def _family_last(name: str) -> str:
    family, *rest = name.split()
    return " ".join([*rest, family]) if family_leads(name) else name


def family_leads(name: str) -> bool:
    """Whether a full name, folded, begins with the family name: one of Vietnam, or one before a given name and a
    patronymic."""
    words = name.split()
    if len(words) == 3 and is_patronymic(words[2]):
        return not is_patronymic(words[1])
    last = rf"(?:{_VIETNAMESE}|{_VIETNAMESE_TOO})"
    return bool(re.match(VIETNAMESE_FIRST, name)) and not re.fullmatch(last, words[-1])
