"""Telephone numbers."""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from core.shapes import gettext_noop
from profiles.unify.normalisers.arrays import changed, folded, foreign
from profiles.unify.normalisers.registry import Context, Example, Learning, Part, Reading, register
from profiles.unify.values.phones import SHORTEST, homeless, international, is_dummy, same_ends

# Numbers with a dot before their last digit have others before it, or hyphens or spaces.
_OF_SPREADSHEET = r"^\s*(\+?\d{6,})\.0$"


def _read(parts: Sequence[Part]) -> Reading:
    """The digits of numbers without a country, and the international number of any column that ends with them."""
    found = [(part, *homeless(_digits(part.written), part.made, part.context.country)) for part in parts]
    digits = pa.chunked_array([own for _part, _odd, own in found], pa.string()).combine_chunks()
    if not len(digits):
        return {}
    numbers = [pc.drop_null(part.made.filter(pc.invert(odd))) for part, odd, _own in found]
    return same_ends(digits, pa.chunked_array(numbers, pa.string()).combine_chunks())


def _finish(part: Part, reading: Reading) -> pa.Array:
    if not reading and part.context.country:
        return part.made
    odd, digits = homeless(_digits(part.written), part.made, part.context.country)
    found = []
    for own, made in zip(digits.to_pylist(), part.made.filter(odd).to_pylist(), strict=True):
        bare = own if len(own) >= SHORTEST and not part.context.country else None
        found.append(reading.get(own) or made or bare)
    return pc.replace_with_mask(part.made, odd, pa.array(found, pa.string()))


def _digits(values: pa.Array) -> pa.Array:
    """Digits of all scripts as 0 to 9, without the ".0" that spreadsheets add to numbers."""
    others = foreign(values)
    if pc.any(others).as_py():
        values = pc.replace_with_mask(values, others, folded(values.filter(others)))
    return changed(values, pc.ends_with, ".0", _OF_SPREADSHEET, r"\1")


@register(
    "phone",
    gettext_noop("Phone number"),
    gettext_noop(
        "E.164. A number without a country code is one of the country of its own address, else of the default"
        " country. Where it cannot be, or no country is known, it is read as the one international number of all"
        " records that ends with the same digits. The “.0” that spreadsheets add to numbers does not count."
    ),
    [
        Example("(212) 555-0123", "+12125550123"),
        Example("212.555.0123 ext. 7", "+12125550123"),
        Example("+49 (0)30 1234567", "+49301234567"),
        Example("0044 20 7946 0958", "+442079460958"),
        Example("030 1234567", "+49301234567", country="DE"),
        Example("٠٣٠ ١٢٣٤٥٦٧", "+49301234567", country="DE"),
        Example("030 1234567", "+49301234567", country="", beside=("+49 30 1234567",)),
        Example("030 1234567", "+49301234567", country="US", beside=("+49 30 1234567",)),
        Example("030 1234567", "301234567", country=""),
        Example("2125550123.0", "+12125550123"),
        Example("491707121965", "+491707121965", country="DE"),
        Example("4919234567", "+494919234567", country="DE"),
        Example("491707121965.0", "+491707121965", country="DE"),
        Example("tel:+84 24 3825 6789", "+842438256789"),
        Example("0000000000", None),
        Example("12345", None),
        Example("no phone", None),
    ],
    semantics=["contact.phone"],
    stand_ins=is_dummy,
    learning=Learning(_read, _finish),
    by_country=True,
)
def phone(values: pa.Array, context: Context) -> pa.Array:
    return international(_digits(values), context.country)
