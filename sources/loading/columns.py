"""What each column of an input is: stated by someone, known from before, or inferred now."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pyarrow as pa
import pyarrow.compute as pc
from django.utils.translation import gettext as _

from core.errors import InvalidInput
from core.models import Workspace
from core.text import humanize
from lake.queries import near, snapshot
from sources import native_words, semantics
from sources.loading.column_notes import amounts_of_several, currency_assumed, maybe_dates, several_spellings
from sources.models import SourceColumn, SourceTable
from sources.values import beside
from sources.values.beside import CurrencyColumn
from sources.values.convert import as_text, convert
from sources.values.infer import (
    TOLERATED_FROM,
    TOLERATED_SHARE,
    has_decimal_commas,
    infer,
    is_price,
    sample_text,
    spelling,
)
from sources.values.plan import ColumnPlan
from sources.values.text import is_text

# So many rows tell that a first column of whatever name numbers them: by digits, without spaces or decimals.
FEWEST_CODES, CODE = 100, r"^[^\s.,]*\d[^\s.,]*$"
NEARLY = 10  # added to the rank of a column that is not quite unique: any that is comes first
MONTH_FIRST_COUNTRIES = {"US", "PH", "FM", "MH", "PW"}


@dataclass
class Settled:
    """One column, ready to be read."""

    plan: ColumnPlan
    semantic: str = ""
    reason: str = ""
    label: str = ""
    is_sensitive: bool = False
    is_present: bool = True
    is_ambiguous: bool = False

    @property
    def name(self) -> str:
        return self.plan.name


@dataclass
class Layout:
    """All columns of a table and its key. `notes` are sentences for the person who reads the load, `warnings` for
    everybody who refreshes. `currencies`: the column that names the currency of amounts beside it."""

    columns: list[Settled]
    key: list[str]
    key_is_stated: bool
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    currencies: CurrencyColumn | None = None

    @property
    def schema(self) -> pa.Schema:
        return pa.schema([pa.field(column.name, column.plan.arrow_type) for column in self.columns])

    def column(self, name: str) -> Settled:
        return next(column for column in self.columns if column.name == name)


@dataclass
class Corrections:
    """What earlier attempts at the same load found out: inferred columns that are text after all, that the inferred key
    is none, columns that appear only later in the input, with some of their values, and the currencies of its rows
    where the first ones named but one."""

    as_string: set[str] = field(default_factory=set)
    without_key: bool = False
    later: dict[str, pa.ChunkedArray] = field(default_factory=dict)
    currencies: dict[str, int] = field(default_factory=dict)


def settle(table: SourceTable, sample: pa.Table, corrections: Corrections | None = None) -> Layout:
    """The layout for an input that begins with `sample`. Raises InvalidInput when a key column is not in it."""
    corrections = corrections or Corrections()
    as_string, without_key = corrections.as_string, corrections.without_key
    known = {column.name: column for column in table.columns.all()} if table.pk else {}
    values = {name: sample.column(name) for name in sample.column_names} | corrections.later
    names = list(values)
    layout = Layout([], list(table.key), "key" in table.stated)
    _check_key(table, layout, names)
    reader = _Reader(table, values, layout.notes, corrections.currencies)
    layout.currencies = reader.currencies
    for name in names:
        layout.columns.append(reader.column(name, known.get(name), is_string=name in as_string or name in layout.key))
    layout.notes += reader.of_several_currencies()
    if reader.without_currency:
        layout.notes.append(currency_assumed(reader.without_currency, reader.currency))
    if not layout.key and not without_key and not layout.key_is_stated:
        layout.key = suggest_key(table.name, sample, layout.columns)
    elif without_key:
        layout.key = []
    for name in layout.key:
        _make_string(layout, known.get(name), name)
    before = _loaded_before(table)
    for name, column in known.items():
        if name not in names and name in before:
            layout.columns.append(_vanished(column, layout.notes))
        elif name not in names:
            layout.warnings.append(_never_there(name, names))
    return layout


def _check_key(table: SourceTable, layout: Layout, names: list[str]) -> None:
    missing = [name for name in layout.key if name not in names]
    if missing and layout.key_is_stated:
        message = _("The key column %(missing)s is not in the input. It has: %(names)s. Choose another key.")
        values = {"missing": ", ".join(missing), "names": ", ".join(names[:20])}
        raise InvalidInput(message % values, place=f"{table.full_name}.{missing[0]}")
    if missing:
        layout.key = []


def _loaded_before(table: SourceTable) -> set[str]:
    now = snapshot()
    return {column.name for column in now.info(table.full_name).columns} if now.has(table.full_name) else set()


def _never_there(name: str, names: Sequence[str]) -> str:
    message = _("There is no column “%(name)s”, which is stated. Did you mean %(alike)s?")
    return message % {"name": name, "alike": ", ".join(near(name, names)) or ", ".join(names[:8]) or "–"}


def _make_string(layout: Layout, known: SourceColumn | None, name: str) -> None:
    column = layout.column(name)
    if known is None or not known.states("type"):
        column.plan = replace(column.plan, type="string", format="", currency="")


def _vanished(column: SourceColumn, notes: list[str]) -> Settled:
    """A column that was there before stays, without values, so that what is built on it goes on working."""
    if column.is_present:
        notes.append(_("The column “%s” is not in the input any more; it is kept without values.") % column.name)
    plan = ColumnPlan(column.name, column.type, column.format, column.currency)
    return Settled(plan, column.semantic, column.reason, str(column), column.is_sensitive, is_present=False)


class _Reader:
    """Settles the columns of one sample with the table's and the workspace's settings."""

    def __init__(
        self, table: SourceTable, values: dict[str, pa.ChunkedArray], notes: list[str], found: dict[str, int]
    ) -> None:
        workspace = Workspace.current()
        self.table, self.values, self.notes = table, values, notes
        self.zone = table.config.get("time_zone") or workspace.time_zone
        self.currency = workspace.currency
        self.month_first = workspace.default_country in MONTH_FIRST_COUNTRIES
        self.date_format = table.config.get("date_format", "")
        self.prices = not any(beside.NAMES.search(name) for name in values)
        self.currencies = beside.currency_column(values)
        if self.currencies and found:
            self.currencies = replace(self.currencies, counts=found)
        self.mixed: list[str] = []
        self.without_currency: list[str] = []
        self.comma = has_decimal_commas(column for column in values.values() if is_text(column.type))
        samples = {name: sample_text(column) for name, column in values.items()}
        self.meanings = semantics.suggest(list(values), samples, table=table.name, source=table.source.name)

    def column(self, name: str, known: SourceColumn | None, *, is_string: bool) -> Settled:
        values = self.values[name]
        meaning = self.meanings[name]
        semantic = known.semantic if known and known.states("semantic") else meaning.semantic
        semantic = "" if semantic == "none" else semantic
        if known is not None and known.states("type"):
            plan, ambiguous = self._stated(known, values), False
        elif is_string or semantic.startswith("id.") or _is_identity_text(semantic):
            plan, ambiguous = ColumnPlan(name, "string"), False
        else:
            plan, ambiguous = self._inferred(name, known, values)
        return Settled(
            plan,
            semantic,
            "" if known and known.states("semantic") else meaning.reason,
            (known.label if known else "") or humanize(name),
            bool(known and known.is_sensitive),
            is_ambiguous=ambiguous,
        )

    def _stated(self, known: SourceColumn, values: pa.ChunkedArray) -> ColumnPlan:
        currency = known.currency if known.states("currency") else ""
        plan = spelling(
            known.name, values, known.type, currency, self.zone, month_first=self.month_first, comma=self.comma
        )
        if plan.type == "money" and not plan.currency:
            self.without_currency.append(known.name)
            plan = replace(plan, currency=self.currency)
        pattern = (
            known.format if known.states("format") else self.date_format if known.type in ("date", "timestamp") else ""
        )
        return replace(plan, format=pattern or plan.format)

    def _inferred(self, name: str, known: SourceColumn | None, values: pa.ChunkedArray) -> tuple[ColumnPlan, bool]:
        found = infer(
            name,
            values,
            month_first=self.month_first,
            zone=self.zone,
            currency=self.currency,
            comma=self.comma,
            prices=self.prices,
            beside=self.currencies.only if self.currencies else "",
        )
        plan = found.plan
        is_mixed = self.currencies is not None and not self.currencies.only and is_price(name)
        if is_mixed and plan.type in ("number", "integer"):
            self.mixed.append(name)
            return plan, False
        if self.date_format and plan.type in ("string", "date") and (dated := self._by_date_format(name, values)):
            return dated, False
        if known is not None and known.is_present and known.type != plan.type:
            plan = self._kept_or_changed(known, plan, values)
        if found.is_ambiguous:
            text = _("Dates in “%(name)s” can be read day first or month first; they were read as %(format)s.")
            self.notes.append(text % {"name": name, "format": plan.format})
        if found.is_assumed and plan == found.plan:
            self.without_currency.append(name)
        if note := maybe_dates(plan, values) or several_spellings(plan, values):
            self.notes.append(note)
        return plan, found.is_ambiguous

    def of_several_currencies(self) -> list[str]:
        return [amounts_of_several(self.mixed, self.currencies)] if self.mixed and self.currencies else []

    def _by_date_format(self, name: str, values: pa.ChunkedArray) -> ColumnPlan | None:
        plan = ColumnPlan(name, "date", self.date_format)
        return plan if values.null_count < len(values) and _fits(plan, values) else None

    def _kept_or_changed(self, known: SourceColumn, plan: ColumnPlan, values: pa.ChunkedArray) -> ColumnPlan:
        before = ColumnPlan(known.name, known.type, known.format, known.currency, self.zone)
        if _fits(before, values):
            return before
        text = _("“%(name)s” used to be %(before)s and now holds %(after)s. State its type to set other values aside.")
        words = dict(SourceColumn.Type.choices)
        self.notes.append(text % {"name": known.name, "before": words[known.type], "after": words[plan.type]})
        return plan


def _fits(plan: ColumnPlan, values: pa.ChunkedArray) -> bool:
    failed = convert(values, plan)[1]
    return failed is None or (pc.sum(failed).as_py() or 0) <= len(values) * TOLERATED_SHARE


def _is_identity_text(semantic: str) -> bool:
    return semantic.startswith(("contact.", "address.", "organization.")) or (
        semantic.startswith("person.") and semantic != "person.birth_date"
    )


def suggest_key(table: str, sample: pa.Table, columns: Sequence[Settled]) -> list[str]:
    """The column that is unique, never missing and named like an identifier, else the first one if it holds many codes;
    none when there is no such column.

    A first column, and one named after the table, may repeat itself a little: exports have copied lines and totals.
    """
    singular = re.sub(r"(ies|s)$", "", table.lower())
    best: tuple[int, int, str] | None = None
    for position, column in enumerate(columns):
        rank = _key_rank(column, singular)
        if rank is None or column.name not in sample.column_names:
            continue
        values = sample.column(column.name)
        if not is_unique(values):
            if not (position == 0 or rank <= 1) or not is_nearly_unique(values):
                continue
            rank += NEARLY
        if best is None or (rank, position) < best[:2]:
            best = (rank, position, column.name)
    if best is None and columns and _are_codes(columns[0], sample):
        return [columns[0].name]
    return [best[2]] if best else []


def _are_codes(column: Settled, sample: pa.Table) -> bool:
    """Whether many rows have one each: no amounts, and nothing with a meaning, which may be shared tomorrow."""
    if column.semantic or column.plan.type not in ("string", "integer") or column.name not in sample.column_names:
        return False
    values = sample.column(column.name)
    if len(values) < FEWEST_CODES or not is_unique(values):
        return False
    return bool(pc.all(pc.match_substring_regex(as_text(values), CODE)).as_py())


def _key_rank(column: Settled, singular: str) -> int | None:
    name = re.sub(r"[\W_]+", "", column.name.lower())
    if column.plan.type not in ("string", "integer"):
        return None
    if name in ("id", "uuid", "guid", "key", "recid", "recordid", "rowid"):
        return 0
    if re.fullmatch(rf"{re.escape(singular)}\w{{0,2}}(id|number|no|nr|code|uuid|key)", name):
        return 1
    is_named = re.search(r"(id|uuid|number|nr|nummer|code|sku|key)$", name) or native_words.names_a_key(column.name)
    if is_named or column.semantic.startswith("id."):
        return 2 + (3 if column.semantic in ("id.national_id", "id.cookie", "id.device") else 0)
    return None


def is_nearly_unique(values: pa.ChunkedArray) -> bool:
    """As the load tolerates it: see `Typing`."""
    missed = len(values) - pc.count_distinct(as_text(values)).as_py() + values.null_count
    return len(values) >= TOLERATED_FROM and missed <= len(values) * TOLERATED_SHARE


def is_unique(values: pa.ChunkedArray) -> bool:
    return bool(len(values)) and values.null_count == 0 and pc.count_distinct(as_text(values)).as_py() == len(values)
