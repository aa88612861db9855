"""What a column means to identity: suggested from its name, in several languages, and from its values."""

import re
from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sources import column_names, looks
from sources.beside import addresses, people
from sources.beside.suggestion import Found, Samples, Suggestion, of_meaning
from sources.column_names import words_of
from sources.values.scripts import text_in_ascii
from sources.values.text import NOTHING
from sources.vocabulary import (
    BIRTH,
    DOCUMENTS,
    OTHER_PEOPLE,
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


_BY_VALUES = {
    "contact.email": gettext_lazy("the values are e-mail addresses"),
    "id.national_id": gettext_lazy("the values are numbers that a state gives to people"),
    "contact.phone": gettext_lazy("the values are phone numbers"),
    "person.gender": gettext_lazy("the values are genders"),
    "address.postcode": gettext_lazy("the values are postcodes"),
    "address.country": gettext_lazy("the values are countries"),
    "organization.name": gettext_lazy("the values are names of companies"),
}


def is_semantic(value: str) -> bool:
    """Whether a stated meaning exists: one of the list, or `id.<namespace>`. "" and "none" state that there is none."""
    return value in SEMANTIC_TYPES or value in ("", "none") or bool(ID_PATTERN.match(value))


def label(semantic: str) -> str:
    if semantic.startswith("id."):
        return _("Identifier: %s") % semantic.removeprefix("id.").replace("_", " ")
    return str(SEMANTIC_TYPES.get(semantic, semantic))


def suggest(columns: Sequence[str], samples: Samples, *, table: str = "", source: str = "") -> dict[str, Suggestion]:
    """A suggestion for every column, in their order. Two columns may share a meaning (two phone numbers),
    except for names, birth date and gender, which a record has once: there the plainest column name wins. Customer and
    member numbers are of their source alone (`id.shop_customer`): elsewhere the same number is another person."""
    found = {name: _one(name, samples.get(name, ()), source) for name in columns}
    found |= _behind_one_prefix(found, samples)
    found |= people.names_of_companies(found, samples)
    found |= people.family_names(found)
    found |= people.given_names(found, samples)
    found |= people.numbered_names(found, samples)
    found |= people.full_names(found, samples)
    found |= people.called_by_role(found, samples)
    found |= people.of_people(found, samples, table)
    found |= people.born(found, samples)
    found |= addresses.provinces(found, samples)
    found |= addresses.nationalities(found)
    found |= addresses.whole_addresses(found, samples)
    found |= addresses.postcodes_with_cities(found, samples)
    found |= addresses.second_lines(found)
    found |= addresses.states_of_things(found, samples)
    found |= addresses.beside_addresses(found, samples)
    found |= addresses.villages(found, samples)
    found |= _documents(found, samples)
    found |= people.things(found, table)
    found |= people.companies(found, samples, table)
    return found | _more_than_one(found)


def _behind_one_prefix(found: Found, samples: Samples) -> dict[str, Suggestion]:
    """What stands behind a word that nobody knows, in several columns: ogr_ad, ogr_soyad. Only where they tell a family
    name, and a first name or birth date: hotel_name and hotel_city are of no customer."""
    if of_meaning(found, "person.first_name", "person.last_name", "person.full_name"):
        return {}
    told: dict[str, dict[str, Suggestion]] = {}
    for name in found:
        prefix, *rest = words_of(name) or [""]
        semantic = column_names.meaning(" ".join(rest)) if rest and prefix not in OTHER_PEOPLE else ""
        if semantic and looks.agrees(semantic, samples.get(name, ())):
            told.setdefault(prefix, {})[name] = Suggestion(semantic, _("the column is called “%s”") % name)
    named = [group for group in told.values() if _names_somebody(group)]
    return {name: item for name, item in named[0].items() if not found[name].semantic} if len(named) == 1 else {}


def _names_somebody(group: Found) -> bool:
    return bool(of_meaning(group, "person.last_name") and of_meaning(group, "person.first_name", "person.birth_date"))


def _documents(found: Found, samples: Samples) -> dict[str, Suggestion]:
    """A document or PIN is somebody's own where birth date or gender stand beside it, and hardly anybody shares one: an
    invoice has a document number as well."""
    if not of_meaning(found, "person.birth_date", "person.gender") or of_meaning(found, "id.national_id"):
        return {}
    reason = _("it stands beside what is known of a person")
    named = [name for name, item in found.items() if not item.semantic and "".join(words_of(name)) in DOCUMENTS]
    named = [name for name in named if looks.are_documents(samples.get(name, ()))]
    return {name: Suggestion("id.national_id", reason) for name in named[:1]}


def _more_than_one(found: Found) -> dict[str, Suggestion]:
    """All but the plainest name of what a record has once."""
    spare: dict[str, Suggestion] = {}
    for semantic in ONCE:
        same = sorted(of_meaning(found, semantic), key=lambda name: len(words_of(name)))
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
