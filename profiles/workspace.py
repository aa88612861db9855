"""The sections `unification` and `activities` of the workspace file."""

from typing import Any, Literal

from django.utils.translation import gettext as _
from pydantic import Field

from core.errors import InvalidInput
from core.sections import ApplyContext, Change, Strict, at
from lake.queries import near, snapshot
from profiles.activities import services as activity_services
from profiles.config import services
from profiles.decisions import files as decision_files
from profiles.decisions import services as decisions
from profiles.decisions.services import PAIR, Answer, Pair
from profiles.inputs.mapping import is_source_table
from profiles.models import ActivityType, Decision, Unification
from profiles.unify.config.group_rules import GroupRule, dump_groups
from profiles.unify.config.policies import MergeSettings, dump_settings
from profiles.unify.config.rules import MatchRule, dump_rules
from profiles.unify.matching.decisions import UNSURE
from profiles.unify.values.stated import Stated, StatedValues, dump_stated
from sources.access import check_path
from sources.models import SourceTable


class DecisionSpec(Strict):
    """Two records, and whether they are always or never one person."""

    left_table: str
    left_id: str
    right_table: str
    right_id: str
    verdict: Literal["join", "apart"]
    note: str = ""


class TrustedTable(Strict):
    """A table, and whether its records that match no other table's become customers too."""

    table: str
    unmatched: bool = True


class UnificationSpec(Strict):
    """How records become people. What is left out stays as it is."""

    tables: list[str | TrustedTable] | None = Field(
        None,
        description="Tables as source.table, the most trusted first. `unmatched: false` where records that match no"
        " other table’s make no customers.",
    )
    default_country: str | None = Field(None, description="Two letters, for phones and addresses without a country.")
    rules: Literal["suggest"] | list[MatchRule] | None = Field(None, description="“suggest”, or a list of rules.")
    values: dict[str, StatedValues] | None = Field(
        None,
        description="Aliases, ignored and trusted values and the order of dates, by meaning (contact.email), name of a"
        " column, or one table's column (shop.customers.born).",
    )
    decisions: str | list[DecisionSpec] | None = Field(
        None, description="Pairs that are always or never one person: a CSV file beside this one, or a list."
    )
    merge: MergeSettings | None = Field(None, description="What is different from the usual way of merging.")
    groups: Literal["usual"] | list[GroupRule] | None = Field(
        None, description="Groups of people. “usual”: households, where address and surname are known."
    )


class ActivitySpec(Strict):
    """Which rows of a table are activities."""

    type: str = Field(max_length=60)
    table: str = Field(max_length=200)
    time: str = Field(max_length=200)
    title: str = Field(max_length=500)
    amount: str | None = Field(None, max_length=200)
    url: str | None = Field(None, max_length=500)


def stated_in(value: UnificationSpec) -> dict[str, Any]:
    """What it says, but for decisions, by the names of `services.save_unification`."""
    stated: dict[str, Any] = {}
    if value.tables is not None:
        stated["tables"] = [_as_short(table) for table in value.tables]
    if value.default_country is not None:
        stated["default_country"] = value.default_country.upper()
    if value.rules is not None:
        stated["rules"] = value.rules if isinstance(value.rules, str) else dump_rules(value.rules)
    if value.values is not None:
        stated["values"] = dump_stated(Stated(value.values))
    if value.merge is not None:
        stated["merge"] = dump_settings(value.merge)
    if value.groups is not None:
        stated["groups"] = value.groups if isinstance(value.groups, str) else dump_groups(value.groups)
    return stated


class UnificationSection:
    name = "unification"
    order = 30
    spec = UnificationSpec

    def export(self) -> dict[str, Any] | None:
        state = services.state_of(Unification.current())
        if not state["tables"]:
            return None
        if not state["values"]:
            del state["values"]
        answers = [_as_stated(row) for row in Decision.objects.exclude(verdict=UNSURE).order_by(*PAIR)]
        return state | ({"decisions": answers} if answers else {})

    def apply(self, value: UnificationSpec, context: ApplyContext) -> list[Change]:
        before = services.state_of(Unification.current())
        stated = stated_in(value)
        changes = [
            Change("change" if before[key] else "add", f"unification.{key}", before[key], after)
            for key, after in stated.items()
            if before[key] != after
        ]
        if changes:
            _check_known(stated.get("tables", []))
            services.save_unification(by=context.by, **stated)
        return changes + self._decide(value, context)

    def _decide(self, value: UnificationSpec, context: ApplyContext) -> list[Change]:
        """Only what differs from the decisions that are there. A file that is named must be without bad lines."""
        if value.decisions is None:
            return []
        before = {Pair.of_row(row): row for row in Decision.objects.all()}
        changed = [a for a in _answers(value.decisions, context) if not _is_same(before.get(a.pair), a)]
        if changed:
            decisions.record(changed, origin=decisions.Origin.LIST, by=context.by)
        return [_change(before.get(answer.pair), answer) for answer in changed]


def _check_known(tables: list[str | dict[str, Any]]) -> None:
    """A table may be stated before its first load, but somebody must have named where it is."""
    names = sorted({*(table.full_name for table in SourceTable.objects.select_related("source")), *snapshot().names()})
    for given in tables:
        name = given if isinstance(given, str) else given["table"]
        if name not in names:
            alike = ", ".join(near(name, names)) or ", ".join(filter(is_source_table, names)) or "–"
            message = _("There is no source table “%(name)s”. Did you mean %(alike)s?")
            place = f"unification.tables[{name}]"
            raise InvalidInput(message % {"name": name, "alike": alike}, place=place)


def _as_short(table: str | TrustedTable) -> str | dict[str, Any]:
    if isinstance(table, str) or table.unmatched:
        return table if isinstance(table, str) else table.table
    return table.model_dump()


def _answers(value: str | list[DecisionSpec], context: ApplyContext) -> list[Answer]:
    if isinstance(value, str):
        path = (context.folder / value).resolve()
        with at("unification.decisions"):
            check_path(str(path), context.by)
        try:
            good, bad = decision_files.read_list(path.read_bytes())
        except OSError as error:
            raise InvalidInput(_("The file cannot be read."), place=f"unification.decisions: {value}") from error
        if bad:
            raise InvalidInput(bad[0].reason, place=f"{value}:{bad[0].line}")
        return list(good.values())
    return [Answer(Pair.of((d.left_table, d.left_id), (d.right_table, d.right_id)), d.verdict, d.note) for d in value]


def _is_same(row: Decision | None, answer: Answer) -> bool:
    return row is not None and (row.verdict, row.note) == (answer.verdict, answer.note)


def _change(row: Decision | None, answer: Answer) -> Change:
    pair = answer.pair
    path = f"unification.decisions[{pair.left_table} {pair.left_id} – {pair.right_table} {pair.right_id}]"
    return Change("change" if row else "add", path, row.verdict if row else None, answer.verdict)


def _as_stated(row: Decision) -> dict[str, str]:
    values = {name: getattr(row, name) for name in (*PAIR, "verdict", "note")}
    return {name: value for name, value in values.items() if value}


class ActivitiesSection:
    name = "activities"
    order = 40
    spec = list[ActivitySpec]

    def export(self) -> list[dict[str, Any]]:
        return [_stated(kind) for kind in ActivityType.objects.all()]

    def apply(self, value: list[ActivitySpec], context: ApplyContext) -> list[Change]:
        changes = []
        for item in value:
            stated = {name: value.strip() for name, value in item.model_dump(exclude_none=True).items()}
            after = {name: value for name, value in stated.items() if value}
            kind = ActivityType.objects.filter(type=stated["type"], table=stated["table"]).first()
            before = _stated(kind) if kind else None
            if before == after:
                continue
            changes.append(Change("change" if kind else "add", f"activities[{item.type}]", before, after))
            full = {"amount": "", "url": ""} | stated
            activity_services.save_activity_type(kind, by=context.by, **full)
        return changes


def _stated(kind: ActivityType) -> dict[str, Any]:
    values = {name: getattr(kind, name) for name in ("type", "table", "time", "title", "amount", "url")}
    return {name: value for name, value in values.items() if value}
