"""Parts people by rules, looked at when they arrive. The first rule that a person meets decides; the others go on
below."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from pydantic import BaseModel, ConfigDict, Field

from core.errors import InvalidInput, KindredError
from core.models import Workspace
from journeys.kinds import MAX_LABEL, Exit, Problem, Step, StepKind, register
from lake import mirror
from lake.queries import snapshot
from rules import language, references
from rules import services as rules
from rules.words import describe

MAX_BRANCHES = 25  # side by side on one page; also the room that enrolments' trails keep for the exit's number


class Branch(BaseModel):
    model_config = ConfigDict(extra="forbid")

    label: str = Field("", max_length=MAX_LABEL)
    rule: dict[str, Any] = Field(default_factory=dict)
    next: str | None = None


class BranchStep(Step):
    """`otherwise` is where people go who meet no rule. `joins` is a hint for drawing: the step below the branch."""

    kind: Literal["branch"] = "branch"
    branches: list[Branch] = Field(default_factory=list, max_length=MAX_BRANCHES)
    otherwise: str | None = None
    otherwise_label: str = Field("", max_length=MAX_LABEL)
    joins: str | None = None

    def exits(self) -> list[Exit]:
        ways = [Exit(branch.label, branch.next) for branch in self.branches]
        return [*ways, Exit(self.otherwise_label, self.otherwise)]


def exit_names(step: BranchStep) -> list[str]:
    """What the paths are called: their own names, else their rules in words."""
    names = [branch.label or words_of(branch.rule) for branch in step.branches]
    return [*names, step.otherwise_label or _("Everyone else")]


def is_empty(rule: dict[str, Any]) -> bool:
    return not any(rule.get(mode) for mode in ("all", "any", "none")) and not set(rule) - {
        "all",
        "any",
        "none",
        "version",
    }


def words_of(rule: dict[str, Any]) -> str:
    """A rule in words; a rule that cannot be read (any longer) is said to be so."""
    if is_empty(rule):
        return _("No condition yet")
    try:
        return describe(rule)
    except KindredError:
        return _("This condition cannot be read")


def rule_problems(rule: dict[str, Any]) -> list[str]:
    """What is wrong with a rule. Before anything is loaded nothing is known about anybody: then only its form
    counts."""
    try:
        snap = snapshot()
        if snap.has("unified.profiles"):
            rules.check(rule, snap)
        else:
            language.parse(rule)
    except KindredError as error:
        return [error.message]
    return []


def check(step: BranchStep) -> list[Problem]:
    found = []
    if step.next is not None:
        found.append(Problem(step.id, "next", _("People leave a branch through its paths only.")))
    if not step.branches:
        found.append(Problem(step.id, "branches", _("Add at least one path with a condition.")))
    for number, branch in enumerate(step.branches):
        field = f"branches.{number}.rule"
        if is_empty(branch.rule):
            found.append(Problem(step.id, field, _("Say who takes path %(number)s.") % {"number": number + 1}))
            continue
        found += [Problem(step.id, field, text) for text in rule_problems(branch.rule)]
    return found


def words(step: BranchStep) -> str:
    return ngettext("%(n)s path and everyone else", "%(n)s paths and everyone else", len(step.branches)) % {
        "n": len(step.branches)
    }


def _bring_mirrors(step: BranchStep) -> None:
    """Whoever opened or clicked a moment ago is asked about now: what the rules mirror is brought up to date first."""
    rules_text = json.dumps([branch.rule for branch in step.branches])
    if wanted := [name for name in mirror.registered() if f'"{name}"' in rules_text]:
        mirror.sync(wanted)


def decide(step: BranchStep, profile_ids: Sequence[str], now: datetime) -> dict[str, int]:
    """One compiled rule per path over all the people who are left."""
    _bring_mirrors(step)
    left, snap = list(profile_ids), snapshot()
    here = now.astimezone(Workspace.current().zone)
    taken: dict[str, int] = {}
    for number, branch in enumerate(step.branches):
        if not left:
            break
        met = rules.matches(branch.rule, left, snap, here)
        taken |= dict.fromkeys(met, number)
        left = [profile_id for profile_id in left if profile_id not in met]
    return taken | dict.fromkeys(left, len(step.branches))


def shorthand(step: BranchStep) -> None:
    """A branch has no short form of its own: the workspace file nests its paths."""
    return None


def longhand(value: Any) -> dict[str, Any]:
    raise InvalidInput(_("A branch is a list of paths."), place="branch")


def resolve(step: BranchStep) -> BranchStep:
    branches = [way.model_copy(update={"rule": references.by_short_names(way.rule)}) for way in step.branches]
    return step.model_copy(update={"branches": branches})


def panel_context(step: BranchStep) -> dict[str, Any]:
    return {
        "paths": [
            (str(number), branch, words_of(branch.rule), json.dumps(branch.rule or {"all": []}))
            for number, branch in enumerate(step.branches)
        ]
    }


register(
    StepKind(
        name="branch",
        label=gettext_lazy("Branch"),
        description=gettext_lazy("Sends people down different paths by what is known about them"),
        icon="signpost-split",
        schema=BranchStep,
        panel="journeys/steps/branch.html",
        check=check,
        words=words,
        shorthand=shorthand,
        longhand=longhand,
        decide=decide,
        exit_names=exit_names,
        resolve=resolve,
        panel_context=panel_context,
        order=30,
    )
)
