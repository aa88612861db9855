"""Birth dates in many spellings."""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from core.shapes import gettext_noop
from profiles.unify.normalisers.arrays import folded
from profiles.unify.normalisers.registry import Context, Example, Learning, Part, Reading, register
from profiles.unify.values.dates import order_of, order_of_six, other_dates, plain_dates, usual_order

# What forms, spreadsheets and databases put where no date was given: the first days of their calendars, and one or two
# digits throughout.
_DEFAULTS = (
    *("10000101", "16010101", "17530101", "18581117", "18991230", "18991231", "19000101", "19010101"),
    *("10101010", "11111111", "12121212", "19111111"),
)


def stand_ins(values: pa.Array) -> pa.Array:
    return pc.is_in(values, value_set=pa.array(_DEFAULTS))


def _read(parts: Sequence[Part]) -> Reading:
    others = [folded(part.written.filter(pc.is_null(part.made))) for part in parts]
    texts = pa.chunked_array(others, pa.string()).combine_chunks()
    return order_of(texts) | order_of_six(texts)


def _finish(part: Part, reading: Reading) -> pa.Array:
    order = reading.get("order") or usual_order(part.context.country)
    return other_dates(part.written, part.made, order, reading.get("six") or reading.get("order") or "ymd")


@register(
    "date",
    gettext_noop("Date"),
    gettext_noop(
        "Dates in many spellings become YYYYMMDD. Whether day or month stands first is read from the"
        " column, else from the default country; of six digits, which of them are the year, too. Months by name in"
        " many languages, years of two digits, spreadsheet numbers, Buddhist years and Japanese eras are known. A slip"
        " (1980-13-02) in a date that is written year first is compared by its digits, though it is no date. All else"
        " that is no date, before 1000 or in the future says nothing."
    ),
    [
        Example("1980-03-02", "19800302"),
        Example("1980-03-02T00:00:00Z", "19800302"),
        Example("2.3.1980", "19800302", country="DE"),
        Example("03/02/1980", "19800302"),
        Example("03/02/1980", "19800203", beside=("31/12/1979",)),
        Example("03/02/1980", "19800203", country="GB"),
        Example("02031980", "19800302", country="DE"),
        Example("2 March 1980", "19800302"),
        Example("Mar 2nd, 1980", "19800302"),
        Example("2. März 1980", "19800302"),
        Example("2 de marzo de 1980", "19800302"),
        Example("2 марта 1980 г.", "19800302"),
        Example("02-MAR-80", "19800302"),
        Example("1980年3月2日", "19800302"),
        Example("昭和55年3月2日", "19800302"),
        Example("S55.3.2", "19800302"),
        Example("2523-03-02", "19800302"),
        Example("๒ มีนาคม ๒๕๒๓", "19800302"),
        Example("29282", "19800302"),
        Example("29282.0", "19800302"),
        Example("19800302.0", "19800302"),
        Example("1765-08-09", "17650809"),
        Example("1980-13-02", "19801302"),
        Example("1861-00-01", "18610001"),
        Example("1981-02-29", "19810229"),
        Example("19651399", "19651399"),
        Example("18101985", "19851018"),
        Example("850302", "19850302"),
        Example("020385", "19850302", beside=("311280",)),
        Example("12345678", None),
        Example("1980-00-00", None),
        Example("31/13/1980", None),
        Example("3030-01-01", None),
        Example("0001-01-01", None),
        Example("1753-01-01", None),
        Example("1900-01-01", None),
        Example("unknown", None),
    ],
    semantics=["person.birth_date"],
    stand_ins=stand_ins,
    learning=Learning(_read, _finish, per_column=True),
)
def date(values: pa.Array, context: Context) -> pa.Array:
    return plain_dates(values)
