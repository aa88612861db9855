"""The sections `unification` and `activities` of the workspace file."""

from typing import Any, Literal

from pydantic import Field

from core.sections import ApplyContext, Change, Strict
from profiles import services
from profiles.models import ActivityType, Unification
from profiles.unify.rules import MatchRule, dump_rules
from profiles.unify.stated import Stated, StatedValues, dump_stated


class UnificationSpec(Strict):
    """How records become people. What is left out stays as it is."""

    tables: list[str] | None = Field(None, description="Tables as source.table, the most trusted first.")
    default_country: str | None = Field(None, description="Two letters, for phones and addresses without a country.")
    rules: Literal["suggest"] | list[MatchRule] | None = Field(None, description="“suggest”, or a list of rules.")
    values: dict[str, StatedValues] | None = Field(
        None, description="Aliases, ignored and trusted values, by meaning (contact.email) or name of a column."
    )


class ActivitySpec(Strict):
    """Which rows of a table are activities."""

    type: str
    table: str
    time: str
    title: str
    amount: str | None = None
    url: str | None = None


class UnificationSection:
    name = "unification"
    order = 30
    spec = UnificationSpec

    def export(self) -> dict[str, Any] | None:
        state = services.state_of(Unification.current())
        if not state["values"]:
            del state["values"]
        return state if state["tables"] else None

    def apply(self, value: UnificationSpec, context: ApplyContext) -> list[Change]:
        before = services.state_of(Unification.current())
        stated = self._stated(value)
        changes = [
            Change("change" if before[key] else "add", f"unification.{key}", before[key], after)
            for key, after in stated.items()
            if before[key] != after
        ]
        if changes:
            services.save_unification(by=context.by, **stated)
        return changes

    def _stated(self, value: UnificationSpec) -> dict[str, Any]:
        stated: dict[str, Any] = {}
        if value.tables is not None:
            stated["tables"] = value.tables
        if value.default_country is not None:
            stated["default_country"] = value.default_country.upper()
        if value.rules is not None:
            stated["rules"] = value.rules if isinstance(value.rules, str) else dump_rules(value.rules)
        if value.values is not None:
            stated["values"] = dump_stated(Stated(value.values))
        return stated


class ActivitiesSection:
    name = "activities"
    order = 40
    spec = list[ActivitySpec]

    def export(self) -> list[dict[str, Any]]:
        return [_stated(kind) for kind in ActivityType.objects.all()]

    def apply(self, value: list[ActivitySpec], context: ApplyContext) -> list[Change]:
        changes = []
        for item in value:
            kind = ActivityType.objects.filter(type=item.type, table=item.table).first()
            after = item.model_dump(exclude_none=True)
            before = _stated(kind) if kind else None
            if before == after:
                continue
            changes.append(Change("change" if kind else "add", f"activities[{item.type}]", before, after))
            full = {"amount": "", "url": ""} | after
            services.save_activity_type(kind, by=context.by, **full)
        return changes


def _stated(kind: ActivityType) -> dict[str, Any]:
    values = {name: getattr(kind, name) for name in ("type", "table", "time", "title", "amount", "url")}
    return {name: value for name, value in values.items() if value}
