"""What a column means to identity: suggested from its name, in several languages, and from its values."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import pyarrow as pa
from babel import Locale
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.addresses import share_of_whole
from core.text import fold
from sources import column_names, native_words
from sources.column_names import words_of
from sources.national_ids import are_national_ids
from sources.values.text import NOTHING
from sources.vocabulary import CUSTOMERS, DOCUMENTS, GENDERS, NOT_A_PERSON, OTHER_PEOPLE, OWNERS, PEOPLE

SEMANTIC_TYPES: dict[str, str | Promise] = {
    "person.full_name": gettext_lazy("Full name"),
    "person.first_name": gettext_lazy("First name"),
    "person.last_name": gettext_lazy("Last name"),
    "person.middle_name": gettext_lazy("Middle name"),
    "person.birth_date": gettext_lazy("Birth date"),
    "person.gender": gettext_lazy("Gender"),
    "contact.email": gettext_lazy("E-mail address"),
    "contact.phone": gettext_lazy("Phone number"),
    "address.full": gettext_lazy("Whole address"),
    "address.line": gettext_lazy("Street and number"),
    "address.number": gettext_lazy("House number"),
    "address.city": gettext_lazy("City"),
    "address.postcode": gettext_lazy("Postcode"),
    "address.region": gettext_lazy("State or region"),
    "address.country": gettext_lazy("Country"),
    "organization.name": gettext_lazy("Company"),
}
COUNTRY_LANGUAGES = (
    "en",
    "de",
    "fr",
    "es",
    "it",
    "pt",
    "nl",
    "pl",
    "ru",
    "ar",
    "th",
    "vi",
    "zh",
    "zh_Hant",
    "ja",
    "ko",
)
ONCE = ("person.full_name", "person.first_name", "person.last_name", "person.middle_name", "person.birth_date")
ID_PATTERN = re.compile(r"^id\.[a-z0-9_]{1,40}$")
MOBILE_PREFIXES = 3  # different ones that tell Chinese mobile numbers from other numbers of eleven digits
MIN_SHARE = 0.6  # of the sampled values that must look right before a column gets a meaning by its values

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")
_PHONE = re.compile(r"\+?[\d\s().\-/x]{7,22}")
_HOUSE_NUMBER = re.compile(r"\d{1,5} ?[A-Za-z]{0,3}( ?[-/+] ?\d{1,5} ?[A-Za-z]?)?")
# Great Britain, Canada, the Netherlands, Poland, Portugal and Brazil write them as hardly anything else is.
_POSTCODE = re.compile(
    r"[A-Za-z]{1,2}\d[A-Za-z\d]? \d[A-Za-z]{2}|[A-Za-z]\d[A-Za-z] \d[A-Za-z]\d|[1-9]\d{3} [A-Z]{2}"
    r"|\d{2}-\d{3}|\d{4}-\d{3}|\d{5}-\d{3}"
)
_UUID = re.compile(r"[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")


@dataclass(frozen=True)
class Suggestion:
    """`reason` is one phrase for the reader; `semantic` "" means that the column has no meaning of its own."""

    semantic: str
    reason: str = ""


def is_semantic(value: str) -> bool:
    """Whether a stated meaning exists: one of the list, or `id.<namespace>`. "" and "none" state that there is none."""
    return value in SEMANTIC_TYPES or value in ("", "none") or bool(ID_PATTERN.match(value))


def label(semantic: str) -> str:
    if semantic.startswith("id."):
        return _("Identifier: %s") % semantic.removeprefix("id.").replace("_", " ")
    return str(SEMANTIC_TYPES.get(semantic, semantic))


def suggest(
    columns: Sequence[str], samples: Mapping[str, Sequence[str]], *, table: str = "", source: str = ""
) -> dict[str, Suggestion]:
    """A suggestion for every column, in their order. Two columns may share a meaning (two phone numbers),
    except for names, birth date and gender, which a record has once: there the plainest column name wins. Customer and
    member numbers are of their source alone (`id.shop_customer`): elsewhere the same number is another person."""
    found = {name: _one(name, samples.get(name, ()), source) for name in columns}
    found |= _family_names(found)
    found |= _full_names(found, samples)
    found |= _called_by_role(found, samples)
    found |= _whole_addresses(found, samples)
    found |= _second_lines(found)
    found |= _states_of_things(found, samples)
    found |= _documents(found)
    found |= _things(found, table)
    return found | _more_than_one(found)


Found = Mapping[str, Suggestion]


def _meant(found: Found, *meanings: str) -> list[str]:
    return [name for name, item in found.items() if item.semantic in meanings]


def _family_names(found: Found) -> dict[str, Suggestion]:
    """ "name" is the family name where a first name stands beside it, and nothing else could be."""
    if not _meant(found, "person.first_name") or _meant(found, "person.last_name"):
        return {}
    bare = {name: [word.rstrip("0123456789") for word in words_of(name) if word not in OWNERS] for name in found}
    reason = _("it stands beside a first name")
    return {name: Suggestion("person.last_name", reason) for name in found if bare[name] in (["name"], ["nom"])}


def _full_names(found: Found, samples: Mapping[str, Sequence[str]]) -> dict[str, Suggestion]:
    """ "nombre" and "nome" are whole names where no family name stands beside them and most have several words."""
    if _meant(found, "person.last_name", "person.full_name"):
        return {}
    several = {name: _share(samples.get(name, ()), lambda v: " " in v.strip()) for name in found}
    whole = [name for name in _meant(found, "person.first_name") if several[name] >= MIN_SHARE]
    return {name: Suggestion("person.full_name", _("most values are of several words")) for name in whole}


def _called_by_role(found: Found, samples: Mapping[str, Sequence[str]]) -> dict[str, Suggestion]:
    """ "patient" and "klient" hold whole names where nothing else does and most values have several words."""
    if _meant(found, "person.first_name", "person.last_name", "person.full_name"):
        return {}
    roles = [name for name, item in found.items() if not item.semantic and set(words_of(name)) <= CUSTOMERS | PEOPLE]
    whole = [name for name in roles if _share(samples.get(name, ()), _is_whole_name) >= MIN_SHARE]
    return {name: Suggestion("person.full_name", _("most values are of several words")) for name in whole}


def _is_whole_name(value: str) -> bool:
    return " " in value.strip() and not any(c.isdigit() or c == "@" for c in value)


def _whole_addresses(found: Found, samples: Mapping[str, Sequence[str]]) -> dict[str, Suggestion]:
    """What is called an address and holds city and postcode, too, where no other column does."""
    if _meant(found, "address.city", "address.postcode"):
        return {}
    lines = {name: pa.array(samples.get(name, ()), pa.string()) for name in _meant(found, "address.line")}
    whole = [name for name, values in lines.items() if share_of_whole(values) >= MIN_SHARE]
    return {name: Suggestion("address.full", _("the values are whole addresses")) for name in whole}


def _second_lines(found: Found) -> dict[str, Suggestion]:
    """ "Address 2" is no second address but the rest of the first: a floor, a company."""
    lines = _meant(found, "address.line", "address.full")
    more = [name for name in lines if re.search(r"[2-9]$", "".join(words_of(name)))]
    return dict.fromkeys(more, Suggestion("")) if len(more) < len(lines) else {}


def _states_of_things(found: Found, samples: Mapping[str, Sequence[str]]) -> dict[str, Suggestion]:
    """ "Estado" and "state" are how far something is, where nothing else of an address stands beside it; codes such as
    CA or NSW are of regions all the same."""
    if any(item.semantic.startswith("address.") and item.semantic != "address.region" for item in found.values()):
        return {}
    unsure = [name for name in _meant(found, "address.region") if set(words_of(name)) & {"state", "estado"}]
    codes = {name: _share(samples.get(name, ()), lambda v: v.isupper() and len(v) <= 3) for name in unsure}
    return {name: Suggestion("") for name in unsure if samples.get(name) and codes[name] < MIN_SHARE}


def _documents(found: Found) -> dict[str, Suggestion]:
    """A document or PIN is somebody's own where birth date or gender stand beside it: an invoice has a document
    number as well."""
    if not _meant(found, "person.birth_date", "person.gender") or _meant(found, "id.national_id"):
        return {}
    reason = _("it stands beside what is known of a person")
    named = [name for name, item in found.items() if not item.semantic and "".join(words_of(name)) in DOCUMENTS]
    return {name: Suggestion("id.national_id", reason) for name in named[:1]}


def _things(found: Found, table: str) -> dict[str, Suggestion]:
    """Names that are of products and the like."""
    alone = [] if _meant(found, "person.last_name") else _meant(found, "person.first_name")
    alone += [] if _meant(found, "person.first_name", "person.last_name") else _meant(found, "person.full_name")
    return {name: Suggestion("") for name in alone if _is_thing(name, table, list(found))}


def _more_than_one(found: Found) -> dict[str, Suggestion]:
    """All but the plainest name of what a record has once."""
    spare: dict[str, Suggestion] = {}
    for semantic in ONCE:
        same = sorted(_meant(found, semantic), key=lambda name: len(words_of(name)))
        spare |= dict.fromkeys(same[1:], Suggestion(""))
    return spare


def _one(name: str, values: Sequence[str], source: str) -> Suggestion:
    words = words_of(name)
    values = [value.strip() for value in values if value and value.strip().lower() not in NOTHING]
    semantic = column_names.meaning(name)
    if semantic == "address.number" and not _agrees(semantic, values):
        semantic = "address.line"  # "street no." may be both
    if semantic and _agrees(semantic, values):
        return Suggestion(semantic, _("the column is called “%s”") % name)
    if identifier := column_names.identifier(name, source):
        return Suggestion(identifier, _("the column is called “%s”") % name)
    return _by_values(words, values)


def _is_thing(name: str, table: str, columns: Sequence[str]) -> bool:
    """ "name" alone names a product in a table of products; a person in a table of people, and where something else of
    a person is near."""
    if native_words.plain(name) not in native_words.OF_ANYTHING:
        return False
    of_table = set(words_of(table))
    if of_table & NOT_A_PERSON:
        return True
    if any(word.startswith(start) for word in of_table for start in PEOPLE):
        return False
    others = {column_names.meaning(column) for column in columns if column != name}
    about_people = others & {"contact.email", "contact.phone", "person.birth_date", "person.gender"}
    return not about_people


def _agrees(semantic: str, values: Sequence[str]) -> bool:
    """Names may mislead ("email" with yes and no in it): the values must not contradict."""
    checks: dict[str, Callable[[str], bool]] = {
        "contact.email": lambda v: "@" in v,
        "contact.phone": lambda v: sum(c.isdigit() for c in v) >= 5,
        "person.first_name": _is_wordy,
        "person.last_name": _is_wordy,
        "person.full_name": _is_wordy,
        "person.birth_date": lambda v: sum(c.isdigit() for c in v) >= 4,
        "person.gender": lambda v: (len(v) <= 12 and not v.isdigit()) or v in "0129",
        "address.number": lambda v: bool(_HOUSE_NUMBER.fullmatch(v)),
        "address.line": _is_wordy,
        "address.city": _is_wordy,
        "address.region": lambda v: len(v) < 60 and v.lower() not in _STATES_OF_THINGS,
        "address.country": lambda v: len(v) < 60,
    }
    check = checks.get(semantic)
    return check is None or not values or _share(values, check) >= MIN_SHARE


_STATES_OF_THINGS = {
    "active",
    "inactive",
    "open",
    "closed",
    "new",
    "paid",
    "pending",
    "done",
    "cancelled",
    "completed",
    "enabled",
}


def _is_wordy(value: str) -> bool:
    return any(c.isalpha() for c in value) and not _EMAIL.fullmatch(value) and not _UUID.fullmatch(value)


def _share(values: Sequence[str], check: Callable[[str], bool]) -> float:
    return sum(check(value) for value in values) / len(values) if values else 0.0


def _by_values(words: list[str], values: Sequence[str]) -> Suggestion:
    if len(values) < 3 or set(words) & OTHER_PEOPLE:
        return Suggestion("")
    if _share(values, lambda v: bool(_EMAIL.fullmatch(v))) >= 0.8:
        return Suggestion("contact.email", _("the values are e-mail addresses"))
    if are_national_ids(values):
        return Suggestion("id.national_id", _("the values are numbers that a state gives to people"))
    if _share(values, lambda v: v.startswith("+") and bool(_PHONE.fullmatch(v))) >= 0.8:
        return Suggestion("contact.phone", _("the values are phone numbers"))
    if _share(values, _is_spaced_phone) >= 0.9:
        return Suggestion("contact.phone", _("the values are phone numbers"))
    if {fold(value) for value in values} in GENDERS:
        return Suggestion("person.gender", _("the values are genders"))
    if _share(values, _is_chinese_mobile) >= 0.9 and len({value[:3] for value in values}) >= MOBILE_PREFIXES:
        return Suggestion("contact.phone", _("the values are phone numbers"))
    if _share(values, lambda v: bool(_POSTCODE.fullmatch(v))) >= 0.9 and len(set(values)) > 1:
        return Suggestion("address.postcode", _("the values are postcodes"))
    if _share(values, _is_country) >= 0.9 and len(set(values)) > 1:
        return Suggestion("address.country", _("the values are countries"))
    return Suggestion("")


def _is_spaced_phone(value: str) -> bool:
    """Written as people write phone numbers: a plus or a zero first, ten digits or so, groups."""
    digits = sum(c.isdigit() for c in value)
    is_grouped = value[0] == "+" or " " in value
    return bool(9 <= digits <= 15 and _PHONE.fullmatch(value) and value[0] in "+(0" and is_grouped)


def _is_chinese_mobile(value: str) -> bool:
    return len(value) == 11 and value.isdigit() and value[0] == "1" and value[1] in "3456789"


def _is_country(value: str) -> bool:
    """By its name in one of the main languages. Codes of two letters may be languages or states."""
    return fold(value) in _countries()


@cache
def _countries() -> frozenset[str]:
    found = set()
    for language in COUNTRY_LANGUAGES:
        names = Locale.parse(language).territories
        found |= {fold(name) for code, name in names.items() if len(code) == 2 and code.isalpha()}
    return frozenset(found)
