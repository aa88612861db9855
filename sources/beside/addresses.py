"""What columns mean by the other columns of their table: the parts of an address."""

import re

import pyarrow as pa
from django.utils.translation import gettext as _

from core.addresses import share_of_whole
from sources import column_names, looks, native_words
from sources.beside.suggestion import Found, Samples, Suggestion, of_meaning
from sources.column_names import words_of
from sources.looks import MIN_SHARE, share
from sources.vocabulary import BESIDE_ADDRESSES, LOCALITIES

SURELY_BOTH = 0.8  # of the values that are a postcode with a city


def provinces(found: Found, samples: Samples) -> dict[str, Suggestion]:
    """The Turkish "il" is the city where no other column is; of numbers, it is none."""
    named = [name for name in of_meaning(found, "address.region") if words_of(name)[-1:] in (["il"], ["ili"])]
    if named and not looks.agrees("address.city", samples.get(named[0], ())):
        return {named[0]: Suggestion("")}
    is_city = named and not of_meaning(found, "address.city")
    return {named[0]: Suggestion("address.city", found[named[0]].reason)} if is_city else {}


def nationalities(found: Found) -> dict[str, Suggestion]:
    """The country that somebody is a citizen of, where that of the address is not known."""
    countries = of_meaning(found, "address.country")
    others = [name for name in countries if column_names.is_nationality(name)]
    return dict.fromkeys(others, Suggestion("")) if len(others) < len(countries) else {}


def whole_addresses(found: Found, samples: Samples) -> dict[str, Suggestion]:
    """What is called an address and holds city and postcode, too, where no other column does."""
    if of_meaning(found, "address.city", "address.postcode"):
        return {}
    lines = {name: pa.array(samples.get(name, ()), pa.string()) for name in of_meaning(found, "address.line")}
    whole = [name for name, values in lines.items() if share_of_whole(values) >= MIN_SHARE]
    return {name: Suggestion("address.full", _("the values are whole addresses")) for name in whole}


def postcodes_with_cities(found: Found, samples: Samples) -> dict[str, Suggestion]:
    """ "cp_ville", "PLZ/Ort" and "City, State, Zip" hold what no column beside the street does."""
    if of_meaning(found, "address.postcode", "address.full") or not of_meaning(found, "address.line"):
        return {}
    open_ = [name for name, item in found.items() if item.semantic in ("", "address.city", "address.region")]
    texts = {name: pa.array(samples.get(name, ()), pa.string()) for name in open_ if samples.get(name)}
    both = [name for name, values in texts.items() if share_of_whole(values, has_street=True) >= SURELY_BOTH]
    reason = _("the values are postcodes with cities")
    return {name: Suggestion("address.full", reason) for name in both} if len(both) == 1 else {}


def second_lines(found: Found) -> dict[str, Suggestion]:
    """ "Address 2" is no second address but the rest of the first: a floor, a company."""
    lines = of_meaning(found, "address.line", "address.full")
    more = [
        name for name in lines if re.search(r"[2-9]$", "".join(words_of(name))) or native_words.is_second_line(name)
    ]
    return dict.fromkeys(more, Suggestion("")) if len(more) < len(lines) else {}


def states_of_things(found: Found, samples: Samples) -> dict[str, Suggestion]:
    """ "Estado" and "state" are how far something is, where nothing else of an address stands beside it; codes such as
    CA or NSW are of regions all the same."""
    if any(item.semantic.startswith("address.") and item.semantic != "address.region" for item in found.values()):
        return {}
    unsure = [name for name in of_meaning(found, "address.region") if set(words_of(name)) & {"state", "estado"}]
    codes = {name: share(samples.get(name, ()), lambda v: v.isupper() and len(v) <= 3) for name in unsure}
    return {name: Suggestion("") for name in unsure if samples.get(name) and codes[name] < MIN_SHARE}


def beside_addresses(found: Found, samples: Samples) -> dict[str, Suggestion]:
    """What "pin" and "place" mean where the rest of an address stands beside them: of India the postcode, and the
    city."""
    told: dict[str, Suggestion] = {}
    if (
        len(of_meaning(found, "address.line", "address.full", "address.city", "address.postcode", "address.region"))
        == 0
    ):
        return told
    reason = _("it stands beside the rest of an address")
    for semantic, words in BESIDE_ADDRESSES.items():
        named = [name for name, item in found.items() if not item.semantic and "".join(words_of(name)) in words]
        if semantic == "address.number" and not of_meaning(found, "address.line"):
            continue  # beside a city alone, "Nr" numbers the rows
        if named and not of_meaning(found, semantic) and looks.fits_beside(semantic, samples.get(named[0], ())):
            told[named[0]] = Suggestion(semantic, reason)
    return told


def villages(found: Found, samples: Samples) -> dict[str, Suggestion]:
    """A village is the city where no other column is."""
    named = [name for name, item in found.items() if not item.semantic and "".join(words_of(name)) in LOCALITIES]
    if (
        len(named) != 1
        or of_meaning(found, "address.city")
        or not looks.agrees("address.city", samples.get(named[0], ()))
    ):
        return {}
    return {named[0]: Suggestion("address.city", _("the column is called “%s”") % named[0])}
