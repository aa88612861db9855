"""Sends one e-mail to everyone who comes here. Whoever cannot be written to goes on all the same."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field

from core.errors import InvalidInput
from core.models import Workspace
from journeys.kinds import Batch, Figure, Problem, Step, StepKind, register
from journeys.models import JourneyVersion
from lake.queries import snapshot
from messaging.analytics import WAITING, Totals, step_totals
from messaging.catalog import compile_draft, workspace_values
from messaging.checks import ERROR, WARNING, require_sendable
from messaging.checks import check as check_email
from messaging.forecast import not_sent
from messaging.liquid_env import MissingValueError
from messaging.models import EmailTemplate, Reason, State, TemplateVersion
from messaging.people import values_of
from messaging.render import UNSUBSCRIBE, RenderError, render
from messaging.services import Origin, Recipient, freeze, plan


class EmailStep(Step):
    """`template` is the short name of an e-mail."""

    kind: Literal["email"] = "email"
    template: str = Field("", max_length=200)


def _template(step: EmailStep) -> EmailTemplate | None:
    return EmailTemplate.objects.filter(slug=step.template).first() if step.template else None


def blocking_problems(template: EmailTemplate) -> list[str]:
    """Why an e-mail cannot be sent. Before anything is loaded nobody's attributes are known, so tokens are not
    looked at."""
    if not snapshot().attributes():
        return []
    return [found.text for found in check_email(template) if found.level == ERROR]


def check(step: EmailStep) -> list[Problem]:
    if not step.template:
        return [Problem(step.id, "template", _("Choose the e-mail to send."))]
    template = _template(step)
    if template is None:
        text = _("There is no e-mail “%(name)s”. Choose another one.") % {"name": step.template}
        return [Problem(step.id, "template", text)]
    return [Problem(step.id, "template", text) for text in blocking_problems(template)]


def hints(step: EmailStep) -> list[Problem]:
    """What the e-mail's own checks warn of, such as people who would not get it."""
    template = _template(step)
    if template is None or not snapshot().attributes():
        return []
    return [Problem(step.id, "template", found.text) for found in check_email(template) if found.level == WARNING]


def words(step: EmailStep) -> str:
    template = _template(step)
    return template.name if template else _("No e-mail chosen yet")


def cause(batch: Batch, step: Step, enrolment_id: int) -> str:
    """What makes a message unique: one enrolment gets one message per step, however often the batch is repeated."""
    return f"{cause_of(batch.journey_id, batch.version_number)}{enrolment_id}:{step.id}"


def cause_of(journey_id: int, version_number: int) -> str:
    """What the causes of all messages of one version begin with."""
    return f"journey:{journey_id}:v{version_number}:"


def figures(version: JourneyVersion) -> dict[str, list[Figure]]:
    """By step id how many were sent and, where there are any, what became of the others."""
    steps = [step["id"] for step in version.graph["steps"] if step["kind"] == "email"]
    if not steps:
        return {}
    totals = step_totals(version.journey.slug, cause_of(version.journey_id, version.number))
    return {step: _figures(totals.get(step, Totals()).by_state) for step in steps}


def _figures(by_state: Mapping[str, int]) -> list[Figure]:
    found = [
        Figure("sent", _("sent"), by_state[State.ACCEPTED]),
        Figure("waiting", _("to be sent"), sum(by_state[state] for state in WAITING)),
        Figure("skipped", _("not sent"), by_state[State.SKIPPED]),
        Figure("refused", _("refused"), by_state[State.REFUSED]),
        Figure("unknown", _("unknown"), by_state[State.UNKNOWN]),
    ]
    return [figure for figure in found if figure.count or figure.show == "sent"]


def act(step: EmailStep, batch: Batch) -> None:
    version = TemplateVersion.objects.get(pk=batch.frozen["template_version"])
    people = (Recipient(p.profile_id, cause(batch, step, p.enrolment_id)) for p in batch.people)
    plan(version, people, Origin(journey_key=batch.journey_slug, step_key=step.id))


def pin(step: EmailStep) -> dict[str, Any]:
    template = EmailTemplate.objects.get(slug=step.template)
    require_sendable(template)
    return {"template_version": freeze(template).pk, "name": template.name}


def preview(step: EmailStep, profile_id: str) -> list[str]:
    """The subject that one person would get, or why they would get nothing."""
    template = _template(step)
    if template is None:
        return [_("No e-mail is chosen, so nothing would be sent.")]
    values = values_of([profile_id]).get(profile_id, {}) | workspace_values(Workspace.current())
    try:
        subject = render(compile_draft(template), values | {UNSUBSCRIBE.name: "#"}).subject
    except MissingValueError as error:
        return [_("Would not be sent: “%(label)s” is not known, and there is no default.") % {"label": error.label}]
    except RenderError:
        return [_("Would not be sent: the e-mail cannot be made for this person.")]
    return [_("Subject: %(subject)s") % {"subject": subject}]


def forecast(step: EmailStep, profile_ids: Sequence[str]) -> dict[str, int]:
    template = _template(step)
    if template is None:
        return {}
    return {str(Reason(reason).label): count for reason, count in not_sent(template, profile_ids).most_common()}


def shorthand(step: EmailStep) -> str:
    return step.template


def longhand(value: Any) -> dict[str, Any]:
    if not isinstance(value, str):
        raise InvalidInput(_("Name the e-mail to send."), place="email")
    return {"template": value}


def resolve(step: EmailStep) -> EmailStep:
    return step.model_copy(update={"template": EmailTemplate.slug_of(step.template)})


def panel_context(step: EmailStep) -> dict[str, Any]:
    template = _template(step)
    return {
        "templates": list(EmailTemplate.objects.order_by("name")),
        "template": template,
        "template_url": template.get_absolute_url() if template else "",
        "preview_url": reverse("messaging:template_frame", args=[template.pk]) if template else "",
    }


register(
    StepKind(
        name="email",
        label=gettext_lazy("E-mail"),
        description=gettext_lazy("Sends a personal e-mail to everyone who gets here"),
        icon="envelope",
        schema=EmailStep,
        panel="journeys/steps/email.html",
        check=check,
        hints=hints,
        words=words,
        shorthand=shorthand,
        longhand=longhand,
        act=act,
        freeze=pin,
        preview=preview,
        forecast=forecast,
        figures=figures,
        resolve=resolve,
        panel_context=panel_context,
        order=10,
    )
)
