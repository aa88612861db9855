"""What a column means to identity: suggested from its name, in several languages, and from its values."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.addresses import share_of_whole
from sources import column_names, looks, native_words
from sources.column_names import words_of
from sources.looks import MIN_SHARE, share
from sources.values.scripts import text_in_ascii
from sources.values.text import NOTHING
from sources.vocabulary import (
    BESIDE_ADDRESSES,
    BIRTH,
    COMPANIES,
    DOCUMENTS,
    LOCALITIES,
    NOT_A_PERSON,
    OTHER_PEOPLE,
    OWNERS,
    PEOPLE,
    ROLES,
)

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
ONCE = ("person.full_name", "person.first_name", "person.last_name", "person.middle_name", "person.birth_date")
ID_PATTERN = re.compile(r"^id\.[a-z0-9_]{1,40}$")
# Names that mean one of these, whichever the values look like; the first one without values.
OTHERWISE = {
    "cep": ("address.postcode", "contact.phone"),
    "caller": ("", "contact.phone"),
    "contact": ("", "contact.phone"),
    "direct": ("", "contact.phone"),
    "subscriber": ("", "contact.phone"),
    "abonent": ("", "contact.phone"),
    "contact no": ("", "contact.phone"),
    "contact nr": ("", "contact.phone"),
}
SURELY_BOTH = 0.8  # of the values that are a postcode with a city
# Times as many names of people as in the next column: greetings have some, too.
MUCH_MORE = 1.5
# Orders and events are no people, but people stand in them.
_WITH_PEOPLE = frozenset(["order", "orders", "event", "events"])
# Names of which "name" is the family name beside a first name.
_BARE_NAMES = (["name"], ["nom"], ["nume"], ["naam"])


_BY_VALUES = {
    "contact.email": gettext_lazy("the values are e-mail addresses"),
    "id.national_id": gettext_lazy("the values are numbers that a state gives to people"),
    "contact.phone": gettext_lazy("the values are phone numbers"),
    "person.gender": gettext_lazy("the values are genders"),
    "address.postcode": gettext_lazy("the values are postcodes"),
    "address.country": gettext_lazy("the values are countries"),
    "organization.name": gettext_lazy("the values are names of companies"),
}


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
    found |= _behind_one_prefix(found, samples)
    found |= _names_of_companies(found, samples)
    found |= _family_names(found)
    found |= _given_names(found, samples)
    found |= _numbered_names(found, samples)
    found |= _full_names(found, samples)
    found |= _called_by_role(found, samples)
    found |= _of_people(found, samples, table)
    found |= _born(found, samples)
    found |= _provinces(found, samples)
    found |= _nationalities(found)
    found |= _whole_addresses(found, samples)
    found |= _postcodes_with_cities(found, samples)
    found |= _second_lines(found)
    found |= _states_of_things(found, samples)
    found |= _beside_addresses(found, samples)
    found |= _villages(found, samples)
    found |= _documents(found, samples)
    found |= _things(found, table)
    found |= _companies(found, samples, table)
    return found | _more_than_one(found)


Found = Mapping[str, Suggestion]


def _meant(found: Found, *meanings: str) -> list[str]:
    return [name for name, item in found.items() if item.semantic in meanings]


def _behind_one_prefix(found: Found, samples: Mapping[str, Sequence[str]]) -> dict[str, Suggestion]:
    """What stands behind a word that nobody knows, in several columns: ogr_ad, ogr_soyad. Only where they tell a family
    name, and a first name or birth date: hotel_name and hotel_city are of no customer."""
    if _meant(found, "person.first_name", "person.last_name", "person.full_name"):
        return {}
    told: dict[str, dict[str, Suggestion]] = {}
    for name in found:
        prefix, *rest = words_of(name) or [""]
        semantic = column_names.meaning(" ".join(rest)) if rest and prefix not in OTHER_PEOPLE else ""
        if semantic and looks.agrees(semantic, samples.get(name, ())):
            told.setdefault(prefix, {})[name] = Suggestion(semantic, _("the column is called “%s”") % name)
    people = [group for group in told.values() if _names_somebody(group)]
    return {name: item for name, item in people[0].items() if not found[name].semantic} if len(people) == 1 else {}


def _names_somebody(group: Found) -> bool:
    return bool(_meant(group, "person.last_name") and _meant(group, "person.first_name", "person.birth_date"))


def _family_names(found: Found) -> dict[str, Suggestion]:
    """ "name" is the family name where a first name stands beside it, and nothing else could be."""
    if not _meant(found, "person.first_name") or _meant(found, "person.last_name"):
        return {}
    bare = {name: [word.rstrip("0123456789") for word in words_of(name) if word not in OWNERS] for name in found}
    reason = _("it stands beside a first name")
    return {name: Suggestion("person.last_name", reason) for name in found if bare[name] in _BARE_NAMES}


def _given_names(found: Found, samples: Mapping[str, Sequence[str]]) -> dict[str, Suggestion]:
    """ "name" is the given name where a family name stands beside it, no other column could be, and most values are of
    one word."""
    if not _meant(found, "person.last_name") or _meant(found, "person.first_name"):
        return {}
    bare = [name for name in _meant(found, "person.full_name") if native_words.plain(name) in native_words.OF_ANYTHING]
    single = [name for name in bare if share(samples.get(name, ()), looks.is_single_word) >= MIN_SHARE]
    reason = _("it stands beside a family name")
    return {name: Suggestion("person.first_name", reason) for name in single} if len(single) == 1 else {}


def _names_of_companies(found: Found, samples: Mapping[str, Sequence[str]]) -> dict[str, Suggestion]:
    """What is called a name and holds those of companies, whatever else the table has of people."""
    named = [name for name in _meant(found, "person.full_name") if looks.are_companies(samples.get(name, ()))]
    numbered = dict.fromkeys(filter(column_names.is_numbered_name, found), Suggestion("")) if named else {}
    reason = _("the values are names of companies")
    return numbered | {name: Suggestion("organization.name", reason) for name in named[:1]}


def _numbered_names(found: Found, samples: Mapping[str, Sequence[str]]) -> dict[str, Suggestion]:
    """Of NAME1 and NAME2, both of one word mostly: whose values are usual given names, and the family name."""
    if _meant(found, "person.first_name", "person.last_name"):
        return {}
    numbered = [name for name in found if column_names.is_numbered_name(name)]
    if len(numbered) != 2 or set(_meant(found, "person.full_name")) - set(numbered):
        return {}
    if any(share(samples.get(name, ()), looks.is_single_word) < MIN_SHARE for name in numbered):
        return {}
    given = sorted(numbered, key=lambda name: share(samples.get(name, ()), looks.is_given_name))
    shares = [share(samples.get(name, ()), looks.is_given_name) for name in given]
    if shares[1] < looks.SURELY_PEOPLE or shares[1] <= shares[0] * MUCH_MORE:
        return {}
    reason = _("the values are names of people")
    meant = ("person.last_name", "person.first_name")
    return {name: Suggestion(meaning, reason) for name, meaning in zip(given, meant, strict=True)}


def _full_names(found: Found, samples: Mapping[str, Sequence[str]]) -> dict[str, Suggestion]:
    """ "nombre" and "nome" are whole names where no family name stands beside them and most have several words."""
    if _meant(found, "person.last_name", "person.full_name"):
        return {}
    given = _meant(found, "person.first_name")
    whole = [name for name in given if share(samples.get(name, ()), looks.is_no_given_name) >= MIN_SHARE]
    return {name: Suggestion("person.full_name", _("most values are of several words")) for name in whole}


def _called_by_role(found: Found, samples: Mapping[str, Sequence[str]]) -> dict[str, Suggestion]:
    """ "patient" and "kart_sahibi" hold whole names where nothing else does and most values have several words."""
    if _meant(found, "person.first_name", "person.last_name", "person.full_name"):
        return {}
    roles = [name for name, item in found.items() if not item.semantic and column_names.is_role(name)]
    whole = [name for name in roles if looks.are_whole_names(samples.get(name, ()))]
    return {name: Suggestion("person.full_name", _("most values are of several words")) for name in whole}


def _of_people(found: Found, samples: Mapping[str, Sequence[str]], table: str) -> dict[str, Suggestion]:
    """A column of whatever name that holds names of people, where something else is a person's or it is called after a
    role (`gym_member`), and as only one does: two are of the customer and somebody else, nobody knows which."""
    named = _meant(found, "person.first_name", "person.last_name", "person.full_name")
    if named or set(words_of(table)) & (NOT_A_PERSON - _WITH_PEOPLE):
        return {}
    is_told = any(item.semantic.startswith(("contact.", "person.", "address.", "id.")) for item in found.values())
    silent = [name for name, item in found.items() if not item.semantic and not _is_somebody_else(name)]
    if not is_told:
        silent = [name for name in silent if not ROLES.isdisjoint(words_of(name)[-1:])]
    shares = {name: looks.share_of_people(samples.get(name, ())) for name in silent}
    best, second, *_rest = [*sorted(filter(None, shares.values()), reverse=True), 0.0, 0.0]
    if best <= second * MUCH_MORE:
        return {}
    reason = _("the values are names of people")
    return {name: Suggestion("person.full_name", reason) for name in silent if shares[name] == best}


def _is_somebody_else(name: str) -> bool:
    plain = native_words.plain(name)
    return bool(set(words_of(name)) & OTHER_PEOPLE) or any(word in plain for word in native_words.OTHER_PEOPLE)


def _born(found: Found, samples: Mapping[str, Sequence[str]]) -> dict[str, Suggestion]:
    """Dates of a lifetime beside a name, as only one column has them."""
    is_known = _meant(found, "person.birth_date")
    if is_known or not _meant(found, "person.first_name", "person.last_name", "person.full_name"):
        return {}
    silent = [name for name, item in found.items() if not item.semantic and not _is_somebody_else(name)]
    dated = [name for name in silent if looks.are_birth_dates(samples.get(name, ()))]
    reason = _("the values are dates of a lifetime")
    return {name: Suggestion("person.birth_date", reason) for name in dated} if len(dated) == 1 else {}


def _provinces(found: Found, samples: Mapping[str, Sequence[str]]) -> dict[str, Suggestion]:
    """The Turkish "il" is the city where no other column is; of numbers, it is none."""
    named = [name for name in _meant(found, "address.region") if words_of(name)[-1:] in (["il"], ["ili"])]
    if named and not looks.agrees("address.city", samples.get(named[0], ())):
        return {named[0]: Suggestion("")}
    is_city = named and not _meant(found, "address.city")
    return {named[0]: Suggestion("address.city", found[named[0]].reason)} if is_city else {}


def _nationalities(found: Found) -> dict[str, Suggestion]:
    """The country that somebody is a citizen of, where that of the address is not known."""
    countries = _meant(found, "address.country")
    others = [name for name in countries if column_names.is_nationality(name)]
    return dict.fromkeys(others, Suggestion("")) if len(others) < len(countries) else {}


def _whole_addresses(found: Found, samples: Mapping[str, Sequence[str]]) -> dict[str, Suggestion]:
    """What is called an address and holds city and postcode, too, where no other column does."""
    if _meant(found, "address.city", "address.postcode"):
        return {}
    lines = {name: pa.array(samples.get(name, ()), pa.string()) for name in _meant(found, "address.line")}
    whole = [name for name, values in lines.items() if share_of_whole(values) >= MIN_SHARE]
    return {name: Suggestion("address.full", _("the values are whole addresses")) for name in whole}


def _postcodes_with_cities(found: Found, samples: Mapping[str, Sequence[str]]) -> dict[str, Suggestion]:
    """ "cp_ville", "PLZ/Ort" and "City, State, Zip" hold what no column beside the street does."""
    if _meant(found, "address.postcode", "address.full") or not _meant(found, "address.line"):
        return {}
    open_ = [name for name, item in found.items() if item.semantic in ("", "address.city", "address.region")]
    texts = {name: pa.array(samples.get(name, ()), pa.string()) for name in open_ if samples.get(name)}
    both = [name for name, values in texts.items() if share_of_whole(values, has_street=True) >= SURELY_BOTH]
    reason = _("the values are postcodes with cities")
    return {name: Suggestion("address.full", reason) for name in both} if len(both) == 1 else {}


def _second_lines(found: Found) -> dict[str, Suggestion]:
    """ "Address 2" is no second address but the rest of the first: a floor, a company."""
    lines = _meant(found, "address.line", "address.full")
    more = [
        name for name in lines if re.search(r"[2-9]$", "".join(words_of(name))) or native_words.is_second_line(name)
    ]
    return dict.fromkeys(more, Suggestion("")) if len(more) < len(lines) else {}


def _states_of_things(found: Found, samples: Mapping[str, Sequence[str]]) -> dict[str, Suggestion]:
    """ "Estado" and "state" are how far something is, where nothing else of an address stands beside it; codes such as
    CA or NSW are of regions all the same."""
    if any(item.semantic.startswith("address.") and item.semantic != "address.region" for item in found.values()):
        return {}
    unsure = [name for name in _meant(found, "address.region") if set(words_of(name)) & {"state", "estado"}]
    codes = {name: share(samples.get(name, ()), lambda v: v.isupper() and len(v) <= 3) for name in unsure}
    return {name: Suggestion("") for name in unsure if samples.get(name) and codes[name] < MIN_SHARE}


def _beside_addresses(found: Found, samples: Mapping[str, Sequence[str]]) -> dict[str, Suggestion]:
    """What "pin" and "place" mean where the rest of an address stands beside them: of India the postcode, and the
    city."""
    told: dict[str, Suggestion] = {}
    if len(_meant(found, "address.line", "address.full", "address.city", "address.postcode", "address.region")) == 0:
        return told
    reason = _("it stands beside the rest of an address")
    for semantic, words in BESIDE_ADDRESSES.items():
        named = [name for name, item in found.items() if not item.semantic and "".join(words_of(name)) in words]
        if semantic == "address.number" and not _meant(found, "address.line"):
            continue  # beside a city alone, "Nr" numbers the rows
        if named and not _meant(found, semantic) and looks.fits_beside(semantic, samples.get(named[0], ())):
            told[named[0]] = Suggestion(semantic, reason)
    return told


def _villages(found: Found, samples: Mapping[str, Sequence[str]]) -> dict[str, Suggestion]:
    """A village is the city where no other column is."""
    named = [name for name, item in found.items() if not item.semantic and "".join(words_of(name)) in LOCALITIES]
    if len(named) != 1 or _meant(found, "address.city") or not looks.agrees("address.city", samples.get(named[0], ())):
        return {}
    return {named[0]: Suggestion("address.city", _("the column is called “%s”") % named[0])}


def _documents(found: Found, samples: Mapping[str, Sequence[str]]) -> dict[str, Suggestion]:
    """A document or PIN is somebody's own where birth date or gender stand beside it, and hardly anybody shares one: an
    invoice has a document number as well."""
    if not _meant(found, "person.birth_date", "person.gender") or _meant(found, "id.national_id"):
        return {}
    reason = _("it stands beside what is known of a person")
    named = [name for name, item in found.items() if not item.semantic and "".join(words_of(name)) in DOCUMENTS]
    named = [name for name in named if looks.are_documents(samples.get(name, ()))]
    return {name: Suggestion("id.national_id", reason) for name in named[:1]}


def _things(found: Found, table: str) -> dict[str, Suggestion]:
    """Names that are of products and the like."""
    alone = [] if _meant(found, "person.last_name") else _meant(found, "person.first_name")
    alone += [] if _meant(found, "person.first_name", "person.last_name") else _meant(found, "person.full_name")
    return {name: Suggestion("") for name in alone if _is_thing(name, table, list(found))}


def _companies(found: Found, samples: Mapping[str, Sequence[str]], table: str) -> dict[str, Suggestion]:
    """The name in a table of companies, and a customer's name beside that of a person that it does not hold: that of
    whoever it is that the person is the contact of."""
    if _meant(found, "organization.name"):
        return {}
    families = _meant(found, "person.last_name")
    if not families:
        is_theirs = bool(set(words_of(table)) & COMPANIES)
        named = [name for name in found if is_theirs and native_words.plain(name) in native_words.OF_ANYTHING]
        return {name: Suggestion("organization.name", _("the table is of companies")) for name in named[:1]}
    known = [value for name in families for value in samples.get(name, ())]
    others = [name for name in _meant(found, "person.full_name") if looks.are_of_others(samples.get(name, ()), known)]
    return {name: Suggestion("organization.name", _("the values are no names of these people")) for name in others}


def _more_than_one(found: Found) -> dict[str, Suggestion]:
    """All but the plainest name of what a record has once."""
    spare: dict[str, Suggestion] = {}
    for semantic in ONCE:
        same = sorted(_meant(found, semantic), key=lambda name: len(words_of(name)))
        spare |= dict.fromkeys(same[1:], Suggestion(""))
    return spare


def _one(name: str, values: Sequence[str], source: str) -> Suggestion:
    words = words_of(name)
    values = [text_in_ascii(value).strip() for value in values if value and value.strip().lower() not in NOTHING]
    called = _("the column is called “%s”") % name
    semantic = column_names.meaning(name)
    if semantic == "address.number" and not looks.agrees(semantic, values):
        semantic = "address.line"  # "street no." may be both
    for meant in (semantic, *OTHERWISE.get(" ".join(words), ())):
        if meant and looks.agrees(meant, values, surely=meant != semantic):
            return Suggestion(meant, called)
    if (identifier := column_names.identifier(name, source)) and looks.may_be_ids(values):
        return Suggestion(identifier, called)
    if (namespace := column_names.may_number(name)) and looks.are_ids(values):
        return Suggestion(f"id.{namespace}", called)
    return Suggestion("") if len(values) < 3 or set(words) & OTHER_PEOPLE else _by_values(values, set(words))


def _by_values(values: Sequence[str], words: set[str]) -> Suggestion:
    semantic = looks.meaning(values)
    if not semantic or (semantic.startswith("address.") and words & BIRTH):
        return Suggestion("")
    return Suggestion(semantic, str(_BY_VALUES[semantic]))


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
