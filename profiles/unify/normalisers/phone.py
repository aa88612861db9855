"""Telephone numbers."""

import pyarrow as pa
import pyarrow.compute as pc

from profiles.unify.normalisers.arrays import folded, foreign
from profiles.unify.normalisers.registry import Context, Example, gettext_noop, register
from profiles.unify.phones import international, is_dummy


@register(
    "phone",
    gettext_noop("Phone number"),
    gettext_noop(
        "E.164. A number without a country code is one of the default country. Where it cannot be, or no"
        " default country is known, it is read as the one international number of the column that ends with"
        " the same digits."
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
        Example("tel:+84 24 3825 6789", "+842438256789"),
        Example("0000000000", None),
        Example("12345", None),
        Example("no phone", None),
    ],
    semantics=["contact.phone"],
    stand_ins=is_dummy,
)
def phone(values: pa.Array, context: Context) -> pa.Array:
    others = foreign(values)
    if pc.any(others).as_py():
        values = pc.replace_with_mask(values, others, folded(values.filter(others)))
    return international(values, context.country)
