"""The activities stage: what happened to people, from the declared tables, on one timeline."""

import string
from typing import Any

import ibis
import ibis.expr.types as ir
from babel.numbers import get_currency_precision
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.errors import InvalidInput
from core.models import Workspace
from jobs.registry import Context
from jobs.stages import StageResult
from lake.queries import LINKED, Snapshot, snapshot
from lake.services import stage
from lake.specs import DATE, INTEGER, MONEY, NUMBER, TIMESTAMP, ColumnSpec, TableInfo, TableSpec
from profiles.activities.linking import PROFILE_ID
from profiles.inputs.mapping import split_name
from profiles.models import ActivityType
from profiles.unify.reading.records import KEY_SEPARATOR

ACTIVITIES = "unified.activities"
# Raised whenever the rows of the same declaration change.
VERSION = 2
# What a system calls a kind of event: `page_view`.
CODE = r"^[a-z]+(_[a-z]+)+$"
COLUMNS = (PROFILE_ID, "time", "type", "title", "amount", "currency", "url", "source", "table", "record_id")


def kinds(now: Snapshot) -> list[ActivityType]:
    """Declared activities whose tables belong to people."""
    return [kind for kind in ActivityType.objects.all() if now.has(LINKED + kind.table)]


def reads() -> list[str]:
    return sorted({LINKED + kind.table for kind in kinds(snapshot())})


def definition() -> list[list[Any]]:
    fields = ("type", "table", "time", "title", "amount", "url")
    return [
        [Workspace.current().currency, VERSION],
        *([getattr(k, f) for f in fields] for k in ActivityType.objects.all()),
    ]


def writes() -> list[str]:
    return [ACTIVITIES] if reads() else []


def run(context: Context, full: bool = False) -> StageResult:
    """One row per activity with a time, sorted by person and time."""
    now = snapshot()
    found = kinds(now)
    if not found:
        return StageResult(0, _("No activities are declared yet."))
    context.progress(0, len(found))
    currency = Workspace.current().currency
    union = ibis.union(*parts) if len(parts := [activities(now, kind, currency) for kind in found]) > 1 else parts[0]
    columns = [ColumnSpec("amount", MONEY, currency=currency), ColumnSpec("time", TIMESTAMP)]
    work = stage()
    spec = TableSpec(ACTIVITIES, gettext_noop("Activities"), gettext_noop("activity"), columns=columns)
    written = work.write(spec, union, sort_by=[PROFILE_ID, "time"])
    context.check_cancelled()
    work.publish("activities")
    return StageResult(written.rows)


def activities(now: Snapshot, kind: ActivityType, currency: str, linked: bool = True) -> ir.Table:
    """The rows of one kind. Not linked: of the source table, for a preview. Raises InvalidInput with the place."""
    info = now.info(kind.table)
    check(kind, info)
    rows = now.table(LINKED + kind.table if linked else kind.table)
    source, table = split_name(kind.table)
    amount, unit = _amount(rows, info, kind.amount, currency)
    key = [_as_text(rows, info, column) for column in info.key] or [ibis.literal("")]
    made = rows.mutate(
        __time=rows[kind.time].cast("timestamp('UTC')"),
        __title=_filled(rows, info, kind.title, in_words=True),
        __amount=amount,
        __currency=unit,
        __url=_filled(rows, info, kind.url) if kind.url else ibis.null("string"),
        __record=_joined(key, KEY_SEPARATOR),
    )
    owner = made[PROFILE_ID] if linked else ibis.literal("")
    return made.filter(made["__time"].notnull()).select(
        profile_id=owner,
        time="__time",
        type=ibis.literal(kind.type),
        title="__title",
        amount="__amount",
        currency="__currency",
        url="__url",
        source=ibis.literal(source),
        table=ibis.literal(table),
        record_id="__record",
    )


def check(kind: ActivityType, info: TableInfo) -> None:
    """Raises InvalidInput when the declaration names what the table does not have."""
    place = f"activities[{kind.type}]"
    time = info.column(kind.time)
    if time is None or time.type not in (DATE, TIMESTAMP):
        message = _("“%(column)s” is no date or time in “%(table)s”. Choose a column that says when it happened.")
        raise InvalidInput(message % {"column": kind.time, "table": kind.table}, place=f"{place}.time")
    amount = info.column(kind.amount) if kind.amount else None
    if kind.amount and (amount is None or amount.type not in (MONEY, NUMBER, INTEGER)):
        message = _("“%(column)s” is no amount in “%(table)s”.")
        raise InvalidInput(message % {"column": kind.amount, "table": kind.table}, place=f"{place}.amount")
    for field in ("title", "url"):
        for column in fields_of(getattr(kind, field), f"{place}.{field}"):
            if info.column(column) is None:
                message = _("“%(table)s” has no column “%(column)s”.")
                raise InvalidInput(message % {"column": column, "table": kind.table}, place=f"{place}.{field}")


def fields_of(template: str, place: str = "") -> list[str]:
    """The columns that a text names in braces. Raises InvalidInput for braces that do not close, or hold more."""
    return [name for _literal, name in _parts(template, place) if name]


def _parts(template: str, place: str = "") -> list[tuple[str, str]]:
    try:
        parsed = list(string.Formatter().parse(template))
    except ValueError as error:
        raise InvalidInput(_("The braces in this text do not match. Write {column}."), place=place) from error
    if any(format_ or conversion or name == "" for _text, name, format_, conversion in parsed):
        raise InvalidInput(_("Between braces only the name of a column can stand."), place=place)
    return [(text, name or "") for text, name, _format, _conversion in parsed]


def _filled(rows: ir.Table, info: TableInfo, template: str, in_words: bool = False) -> ir.StringValue:
    """`in_words`: codes become words, `page_view` "Page view"."""
    pieces: list[ir.StringValue] = []
    for text, name in _parts(template):
        pieces += [ibis.literal(text)] if text else []
        value = [_as_text(rows, info, name)] if name else []
        pieces += [_in_words(piece) for piece in value] if in_words else value
    return _joined(pieces or [ibis.literal("")], "")


def _in_words(value: ir.StringValue) -> ir.StringValue:
    return ibis.cases((value.re_search(CODE), value.replace("_", " ").capitalize()), else_=value)


def _as_text(rows: ir.Table, info: TableInfo, name: str) -> ir.StringValue:
    """Unknown values are the empty text; money is in major units."""
    column = info.column(name)
    value: Any = rows[name]
    if column is not None and column.type == MONEY:
        digits = get_currency_precision(column.currency)
        value = (value / 10**digits).cast(f"decimal(38, {digits})") if digits else value
    return value.cast("string").fill_null("")


def _joined(pieces: list[ir.StringValue], separator: str) -> ir.StringValue:
    text = pieces[0]
    for piece in pieces[1:]:
        text = text + separator + piece if separator else text + piece
    return text


def _amount(rows: ir.Table, info: TableInfo, name: str, currency: str) -> tuple[ir.IntegerValue, ir.StringValue]:
    """In minor units. A plain number is read as major units of the workspace's currency."""
    column = info.column(name) if name else None
    if column is None:
        return ibis.null("int64"), ibis.null("string")
    if column.type == MONEY:
        return rows[name].cast("int64"), ibis.literal(column.currency or currency)
    minor = (rows[name] * 10 ** get_currency_precision(currency)).round().cast("int64")
    return minor, ibis.literal(currency)
