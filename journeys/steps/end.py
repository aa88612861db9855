"""The end of a path. Its label says what came of the people who reach it."""

from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journeys.kinds import Problem, Step, StepKind, register


class EndStep(Step):
    kind: Literal["end"] = "end"


def check(step: EndStep) -> list[Problem]:
    if step.next is not None:
        return [Problem(step.id, "next", _("Nothing can follow an end."))]
    return []


def words(step: EndStep) -> str:
    return _("Completes the journey")


def shorthand(step: EndStep) -> str:
    return step.label


def longhand(value: Any) -> dict[str, Any]:
    return {"label": str(value or "")}


register(
    StepKind(
        name="end",
        label=gettext_lazy("End"),
        description=gettext_lazy("Completes the journey for everyone who gets here"),
        icon="flag",
        schema=EndStep,
        panel="journeys/steps/end.html",
        check=check,
        words=words,
        shorthand=shorthand,
        longhand=longhand,
        finishes=True,
        order=40,
    )
)
