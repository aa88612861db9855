"""Sends one e-mail to everyone who comes here. Whoever cannot be written to goes on all the same."""

from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from pydantic import Field

from core.errors import InvalidInput
from journeys.kinds import Batch, Problem, Step, StepKind, register
from messaging.models import EmailTemplate, TemplateVersion
from messaging.services import Origin, Recipient, freeze, plan


class EmailStep(Step):
    """`template` is the short name of an e-mail."""

    kind: Literal["email"] = "email"
    template: str = Field("", max_length=200)


def _template(step: EmailStep) -> EmailTemplate | None:
    return EmailTemplate.objects.filter(slug=step.template).first() if step.template else None


def check(step: EmailStep) -> list[Problem]:
    if not step.template:
        return [Problem(step.id, "template", _("Choose the e-mail to send."))]
    template = _template(step)
    if template is None:
        text = _("There is no e-mail “%(name)s”. Choose another one.") % {"name": step.template}
        return [Problem(step.id, "template", text)]
    return [Problem(step.id, "template", text) for text in blocking_problems(template)]


def words(step: EmailStep) -> str:
    template = _template(step)
    return template.name if template else _("No e-mail chosen yet")


def cause(batch: Batch, step: Step, enrolment_id: int) -> str:
    """What makes a message unique: one enrolment gets one message per step, however often the batch is repeated."""
    return f"journey:{batch.journey_id}:v{batch.version_number}:{enrolment_id}:{step.id}"


def act(step: EmailStep, batch: Batch) -> None:
    version = TemplateVersion.objects.get(pk=batch.frozen["template_version"])
    people = (Recipient(p.profile_id, cause(batch, step, p.enrolment_id)) for p in batch.people)
    plan(version, people, Origin(journey_key=batch.journey_slug, step_key=step.id))


def pin(step: EmailStep) -> dict[str, Any]:
    template = EmailTemplate.objects.get(slug=step.template)
    return {"template_version": freeze(template).pk, "name": template.name}


def shorthand(step: EmailStep) -> str:
    return step.template


def longhand(value: Any) -> dict[str, Any]:
    if not isinstance(value, str):
        raise InvalidInput(_("Name the e-mail to send by its short name."), place="email")
    return {"template": value}


def panel_context(step: EmailStep) -> dict[str, Any]:
    return {"templates": EmailTemplate.objects.order_by("name"), "template": _template(step)}


EMAIL = register(
    StepKind(
        name="email",
        label=lazy("E-mail"),
        description=lazy("Sends a personal e-mail to everyone who gets here"),
        icon="envelope",
        schema=EmailStep,
        panel="journeys/steps/email.html",
        check=check,
        words=words,
        shorthand=shorthand,
        longhand=longhand,
        act=act,
        freeze=pin,
        panel_context=panel_context,
        order=10,
    )
)
