"""What columns mean by the other columns of their table: names of people and of companies, and dates of birth."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from sources import column_names, looks, native_words
from sources.beside.suggestion import Found, Samples, Suggestion, of_meaning
from sources.column_names import words_of
from sources.looks import MIN_SHARE, share
from sources.vocabulary import COMPANIES, NOT_A_PERSON, OTHER_PEOPLE, OWNERS, PEOPLE, ROLES

# Times as many names of people as in the next column: greetings have some, too.
MUCH_MORE = 1.5
# Orders and events are no people, but people stand in them.
_WITH_PEOPLE = frozenset(["order", "orders", "event", "events"])
# Names of which "name" is the family name beside a first name.
_BARE_NAMES = (["name"], ["nom"], ["nume"], ["naam"])


def names_of_companies(found: Found, samples: Samples) -> dict[str, Suggestion]:
    """What is called a name and holds those of companies, whatever else the table has of people."""
    named = [name for name in of_meaning(found, "person.full_name") if looks.are_companies(samples.get(name, ()))]
    numbered = dict.fromkeys(filter(column_names.is_numbered_name, found), Suggestion("")) if named else {}
    reason = _("the values are names of companies")
    return numbered | {name: Suggestion("organization.name", reason) for name in named[:1]}


def family_names(found: Found) -> dict[str, Suggestion]:
    """ "name" is the family name where a first name stands beside it, and nothing else could be."""
    if not of_meaning(found, "person.first_name") or of_meaning(found, "person.last_name"):
        return {}
    bare = {name: [word.rstrip("0123456789") for word in words_of(name) if word not in OWNERS] for name in found}
    reason = _("it stands beside a first name")
    return {name: Suggestion("person.last_name", reason) for name in found if bare[name] in _BARE_NAMES}


def given_names(found: Found, samples: Samples) -> dict[str, Suggestion]:
    """ "name" is the given name where a family name stands beside it, no other column could be, and most values are of
    one word."""
    if not of_meaning(found, "person.last_name") or of_meaning(found, "person.first_name"):
        return {}
    bare = [
        name for name in of_meaning(found, "person.full_name") if native_words.plain(name) in native_words.OF_ANYTHING
    ]
    single = [name for name in bare if share(samples.get(name, ()), looks.is_single_word) >= MIN_SHARE]
    reason = _("it stands beside a family name")
    return {name: Suggestion("person.first_name", reason) for name in single} if len(single) == 1 else {}


def numbered_names(found: Found, samples: Samples) -> dict[str, Suggestion]:
    """Of NAME1 and NAME2, both of one word mostly: whose values are usual given names, and the family name."""
    if of_meaning(found, "person.first_name", "person.last_name"):
        return {}
    numbered = [name for name in found if column_names.is_numbered_name(name)]
    if len(numbered) != 2 or set(of_meaning(found, "person.full_name")) - set(numbered):
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


def full_names(found: Found, samples: Samples) -> dict[str, Suggestion]:
    """ "nombre" and "nome" are whole names where no family name stands beside them and most have several words."""
    if of_meaning(found, "person.last_name", "person.full_name"):
        return {}
    given = of_meaning(found, "person.first_name")
    whole = [name for name in given if share(samples.get(name, ()), looks.is_no_given_name) >= MIN_SHARE]
    return {name: Suggestion("person.full_name", _("most values are of several words")) for name in whole}


def called_by_role(found: Found, samples: Samples) -> dict[str, Suggestion]:
    """ "patient" and "kart_sahibi" hold whole names where nothing else does and most values have several words."""
    if of_meaning(found, "person.first_name", "person.last_name", "person.full_name"):
        return {}
    roles = [name for name, item in found.items() if not item.semantic and column_names.is_role(name)]
    whole = [name for name in roles if looks.are_whole_names(samples.get(name, ()))]
    return {name: Suggestion("person.full_name", _("most values are of several words")) for name in whole}


def of_people(found: Found, samples: Samples, table: str) -> dict[str, Suggestion]:
    """A column of whatever name that holds names of people, where something else is a person's or it is called after a
    role (`gym_member`), and as only one does: two are of the customer and somebody else, nobody knows which."""
    named = of_meaning(found, "person.first_name", "person.last_name", "person.full_name")
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


def born(found: Found, samples: Samples) -> dict[str, Suggestion]:
    """Dates of a lifetime beside a name, as only one column has them."""
    is_known = of_meaning(found, "person.birth_date")
    if is_known or not of_meaning(found, "person.first_name", "person.last_name", "person.full_name"):
        return {}
    silent = [name for name, item in found.items() if not item.semantic and not _is_somebody_else(name)]
    dated = [name for name in silent if looks.are_birth_dates(samples.get(name, ()))]
    reason = _("the values are dates of a lifetime")
    return {name: Suggestion("person.birth_date", reason) for name in dated} if len(dated) == 1 else {}


def things(found: Found, table: str) -> dict[str, Suggestion]:
    """Names that are of products and the like."""
    alone = [] if of_meaning(found, "person.last_name") else of_meaning(found, "person.first_name")
    alone += [] if of_meaning(found, "person.first_name", "person.last_name") else of_meaning(found, "person.full_name")
    return {name: Suggestion("") for name in alone if _is_thing(name, table, list(found))}


def companies(found: Found, samples: Samples, table: str) -> dict[str, Suggestion]:
    """The name in a table of companies, and a customer's name beside that of a person that it does not hold: that of
    whoever it is that the person is the contact of."""
    if of_meaning(found, "organization.name"):
        return {}
    families = of_meaning(found, "person.last_name")
    if not families:
        is_theirs = bool(set(words_of(table)) & COMPANIES)
        named = [name for name in found if is_theirs and native_words.plain(name) in native_words.OF_ANYTHING]
        return {name: Suggestion("organization.name", _("the table is of companies")) for name in named[:1]}
    known = [value for name in families for value in samples.get(name, ())]
    others = [
        name for name in of_meaning(found, "person.full_name") if looks.are_of_others(samples.get(name, ()), known)
    ]
    return {name: Suggestion("organization.name", _("the values are no names of these people")) for name in others}


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
