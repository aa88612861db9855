"""What values look like, whatever their column is called: e-mail addresses, telephones, names of people, days of birth.

Values are stripped and not empty, unless a docstring says otherwise.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache

from babel import Locale
from django.utils.timezone import localdate

from core.text import fold
from sources import east_asian_names
from sources.given_names import GIVEN_NAMES, is_of_person
from sources.national_ids import are_national_ids
from sources.values.text import NOTHING
from sources.vocabulary import GENDERS, LEGAL_FORMS

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
MOBILE_PREFIXES = 3  # different ones that tell Chinese mobile numbers from other numbers of eleven digits
MIN_SHARE = 0.6  # of the sampled values that must look right before a column gets a meaning by its values

LONG_ID = 6  # characters of what is surely an identifier
FEWEST_IDS = 10  # so many different ones are identifiers, however often each is there
FEWEST, DENSE = 5, 4  # so many different numbers from a counter at least, and one in so many is there
DIFFERENT_DOCUMENTS = 0.9  # of the values at least: a paper is one person's
FEWEST_COMPANIES = 5  # different ones
RARELY = 0.2  # of the values: a company may be called after its founder
LAST_LATIN = "\u024f"
LONGEST_STATE = 3  # letters of its code
FEWEST_PEOPLE = 5  # different names, or days, below which values alone tell nothing
DIFFERENT_PEOPLE = 0.3  # of the values at least: agents and brands repeat themselves
FEWEST_KINDS = 3  # different values of a column that is called after a role
DIFFERENT_CUSTOMERS = 0.1  # of its values at least: customers come again, grades of them are everybody's
ENOUGH = 50  # different ones that are looked at
SURELY_COMPANIES = 0.3  # of different values with a legal form at the end; many leave it out
SURELY_PEOPLE = 0.4  # of them with a usual given name; of names of things and cities, hardly any
LIFE_SPAN, LONG_AGO, OLDEST = 20, 25, 110  # years: from the youngest tenth to the oldest, of the middle, of the first

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")
_PHONE = re.compile(r"\+?[\d\s().\-/x]{7,22}")
_HOUSE_NUMBER = re.compile(r"\d{1,5} ?[A-Za-z]{0,3}( ?[-/+] ?(\d{1,5} ?[A-Za-z]?|[A-Za-z]))?")
# Great Britain, Canada, the Netherlands, Poland, Portugal and Brazil write them as hardly anything else is.
_POSTCODE = re.compile(
    r"[A-Za-z]{1,2}\d[A-Za-z\d]? \d[A-Za-z]{2}|[A-Za-z]\d[A-Za-z] \d[A-Za-z]\d|[1-9]\d{3} [A-Z]{2}"
    r"|\d{2}-\d{3}|\d{4}-\d{3}|\d{5}-\d{3}"
)
_BEHIND_FORMS = frozenset(["&", "co", "kg", "ohg"])  # GmbH & Co. KG
_EASTERN_FORM = re.compile(r"株式会社|有限会社|合同会社|有限公司|주식회사|^(ООО|ОАО|ЗАО|ПАО|ИП) ")
_UUID = re.compile(r"[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_HYPHENS = re.compile(r"0\d{1,2}-\d{3,4}-\d{4}|[2-9]\d\d-\d{3}-\d{4}")  # Japan and Korea, North America
_DAY = re.compile(r"(\d{4})-\d\d?-\d\d?(?:[T ]0+:0+(?::0+)?(?:\.0+)?Z?)?|\d\d?[./-]\d\d?[./-](\d{4})\.?")
_WITH_FAMILY = re.compile(r"[\u3400-\u9fff]{3,4}|[\uac00-\ud7a3]{3,4}")
_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]{2,5}|[\uac00-\ud7a3]{2,4}")


def agrees(semantic: str, values: Sequence[str], *, surely: bool = False) -> bool:
    """Names may mislead ("email" with yes and no in it): the values must not contradict. `surely`: the name says
    little, they must tell by themselves."""
    if surely:
        are_phones = semantic == "contact.phone" and share(values, is_phone) >= MIN_SHARE
        return len(values) > 0 and are_phones and not (len(set(values)) >= ENOUGH and are_counted(values))
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
        "address.city": _is_mostly_letters,
        "address.postcode": _may_be_postcode,
        "address.region": lambda v: len(v) < 60 and v.lower() not in _STATES_OF_THINGS,
        "address.country": lambda v: len(v) < 60,
    }
    check = checks.get(semantic)
    return check is None or not values or share(values, check) >= MIN_SHARE


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


def share(values: Sequence[str], check: Callable[[str], bool]) -> float:
    return sum(check(value) for value in values) / len(values) if values else 0.0


def meaning(values: Sequence[str]) -> str:
    """What values tell by themselves, whatever their column is called; "" if nothing."""
    if share(values, lambda v: bool(_EMAIL.fullmatch(v))) >= 0.8:
        return "contact.email"
    if are_national_ids(values):
        return "id.national_id"
    if _are_phones(values):
        return "contact.phone"
    if {fold(value) for value in values} in GENDERS:
        return "person.gender"
    if share(values, lambda v: bool(_POSTCODE.fullmatch(v))) >= 0.9 and len(set(values)) > 1:
        return "address.postcode"
    if share(values, _is_country) >= 0.9 and len(set(values)) > 1:
        return "address.country"
    if are_companies(values):
        return "organization.name"
    return ""


def are_companies(values: Sequence[str]) -> bool:
    """Whether many end with a legal form (Ltd., GmbH); a few that come again and again are carriers and the like."""
    different = list(dict.fromkeys(values))
    if len(different) < max(FEWEST_COMPANIES, DIFFERENT_CUSTOMERS * len(values)):
        return False
    return share(different, _has_legal_form) >= SURELY_COMPANIES


def are_of_others(names: Sequence[str], families: Sequence[str]) -> bool:
    """Whether hardly a name has one of these family names in it, or is that of a person. May be empty. Other scripts
    than Latin tell nothing: names may be spelled in one and written in the other."""
    different = list(dict.fromkeys(names))
    if len(different) < FEWEST_COMPANIES or max("".join([*different, *families])) > LAST_LATIN:
        return False
    known = {fold(word) for value in families for word in value.split()}
    are_theirs = share(different, lambda v: not known.isdisjoint(fold(v).replace(",", " ").split()))
    return are_theirs < RARELY and share(different, is_of_person) < RARELY


def _has_legal_form(value: str) -> bool:
    words = value.split()
    while len(words) > 1 and words[-1].strip(".").lower() in _BEHIND_FORMS:
        words.pop()
    last = words[-1].replace(".", "").lower()
    is_form = len(words) > 1 and last in LEGAL_FORMS and (len(last) > 2 or "." in words[-1])
    return is_form or bool(_EASTERN_FORM.search(value))


def fits_beside(semantic: str, values: Sequence[str]) -> bool:
    """Whether values that a name says little about look like this part of an address; the postcodes are India's."""
    checks: dict[str, Callable[[str], bool]] = {
        "address.city": _is_mostly_letters,
        "address.number": lambda v: bool(_HOUSE_NUMBER.fullmatch(v)),
        "address.postcode": _is_indian_postcode,
        "address.region": lambda v: v.isalpha() and v.isupper() and len(v) <= LONGEST_STATE,
    }
    return share(values, checks[semantic]) >= MIN_SHARE


def are_documents(values: Sequence[str]) -> bool:
    """Whether hardly anybody shares one with others, and they do not just number the rows."""
    return len(set(values)) >= DIFFERENT_DOCUMENTS * len(values) and not are_counted(values)


def are_counted(values: Sequence[str]) -> bool:
    """Whether they are numbers from a counter behind one text: SCN-0000001, SCN-0000002."""
    parts = [re.fullmatch(r"(\D*)(\d{1,18})", value.strip()) for value in set(values)]
    known = [match for match in parts if match]
    if len(known) < max(FEWEST, len(parts)) or len({match[1] for match in known}) > 1:
        return False
    numbers = [int(match[2]) for match in known]
    return max(numbers) - min(numbers) < DENSE * len(numbers)


def _are_phones(values: Sequence[str]) -> bool:
    if share(values, lambda v: v.startswith("+") and bool(_PHONE.fullmatch(v))) >= 0.8:
        return True
    if share(values, _is_spaced_phone) >= 0.9:
        return True
    return share(values, _is_chinese_mobile) >= 0.9 and len({value[:3] for value in values}) >= MOBILE_PREFIXES


def may_be_ids(values: Sequence[str]) -> bool:
    """Whether nothing says that they are no identifiers: answers such as yes and no, kinds such as gold and silver."""
    if not values or share(values, lambda v: any(c.isdigit() for c in v)) >= MIN_SHARE:
        return True
    different = len(set(values))
    is_spaced = share(values, lambda v: " " in v) >= MIN_SHARE
    return different > 2 and not is_spaced and different >= min(FEWEST_IDS, MIN_SHARE * len(values))


def are_ids(values: Sequence[str]) -> bool:
    """Whether they are surely identifiers: of digits mostly, long, without spaces, hardly any twice."""
    is_one = share(values, lambda v: len(v) >= LONG_ID and " " not in v and sum(map(str.isdigit, v)) >= LONG_ID - 2)
    return len(values) >= 3 and is_one >= 0.9 and len(set(values)) >= MIN_SHARE * min(len(values), FEWEST_IDS)


def share_of_people(values: Sequence[str]) -> float:
    """How many are whole names of people with a usual given name, or a usual family name in China, Japan or Korea; 0
    if few values differ. May be empty."""
    different = _many_different(values)[:ENOUGH]
    found = share(different, is_of_person)
    return found if found >= SURELY_PEOPLE else east_asian_names.share_of_people(different)


def are_birth_dates(values: Sequence[str]) -> bool:
    """Whether they are days of people's lives: of several decades, most long ago, none in the future, and no day that
    many share. May be empty."""
    different = _many_different(values)
    years = sorted(int(match[1] or match[2]) for value in different[:ENOUGH] if (match := _DAY.fullmatch(value)))
    if not years or len(years) < MIN_SHARE * len(different[:ENOUGH]):
        return False
    now, tenth = localdate().year, len(years) // 10
    is_wide = years[-1 - tenth] - years[tenth] >= LIFE_SPAN
    return is_wide and years[len(years) // 2] <= now - LONG_AGO and years[0] >= now - OLDEST and years[-1] < now


def _many_different(values: Sequence[str]) -> list[str]:
    """In their order; none if they are few."""
    different = [value for value in dict.fromkeys(map(str.strip, values)) if value and value.lower() not in NOTHING]
    return different if len(different) >= max(FEWEST_PEOPLE, DIFFERENT_PEOPLE * len(values)) else []


def are_whole_names(values: Sequence[str]) -> bool:
    """Whether they may be names of people, in a column that is called after them: not the few kinds of members there
    are. May be empty."""
    fewest = max(min(len(values), FEWEST_KINDS), DIFFERENT_CUSTOMERS * len(values))
    return share(values, is_whole_name) >= MIN_SHARE and len(set(values)) >= fewest


def is_whole_name(value: str) -> bool:
    """Of several words, or of a few signs of Chinese, Japanese or Korean: without digits."""
    if any(c.isdigit() or c in "@/_" for c in value):
        return False
    return " " in value.strip() or bool(_EAST_ASIAN.fullmatch(value.strip()))


def is_no_given_name(value: str) -> bool:
    """Of several words, or of more signs than given names of China and Korea have."""
    return " " in value.strip() or bool(_WITH_FAMILY.fullmatch(value.strip()))


def is_single_word(value: str) -> bool:
    """Of letters, and hyphens between them."""
    return " " not in value.strip() and any(map(str.isalpha, value)) and not any(map(str.isdigit, value))


def is_given_name(value: str) -> bool:
    """One of the usual ones, or joined from them: Karl-Heinz."""
    return fold(value.strip()).replace("-", " ").split(" ")[0] in GIVEN_NAMES


def is_phone(value: str) -> bool:
    return bool(_PHONE.fullmatch(value)) and 9 <= sum(c.isdigit() for c in value) <= 15


def _is_mostly_letters(value: str) -> bool:
    return _is_wordy(value) and sum(c.isdigit() for c in value) * 2 < len(value)


def _may_be_postcode(value: str) -> bool:
    digits = sum(map(str.isdigit, value))
    return 2 <= digits < 10 and len(value) <= 12 and digits * 4 >= len(value)


def _is_spaced_phone(value: str) -> bool:
    """Written as people write phone numbers: a plus or a zero first, ten digits or so, groups."""
    if value[0] not in "+(0":
        return value[0].isdigit() and bool(_HYPHENS.fullmatch(value))
    is_grouped = value[0] == "+" or " " in value or bool(_HYPHENS.fullmatch(value))
    return is_grouped and bool(_PHONE.fullmatch(value)) and 9 <= sum(map(str.isdigit, value)) <= 15


def _is_indian_postcode(value: str) -> bool:
    return bool(re.fullmatch(r"[1-9]\d{2} ?\d{3}", value))


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
