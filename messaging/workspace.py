"""E-mails in the workspace file."""

from typing import Any, Literal

from pydantic import Field

from core.definitions import Known, Named, stated_slug
from core.sections import ApplyContext, Change, at
from messaging import services
from messaging.models import EmailTemplate


class TemplateSpec(Named):
    """One e-mail. What is left out stays as it is."""

    subject: str = ""
    preview_text: str = ""
    format: Literal["html", "mjml"] = "html"
    purpose: Literal["marketing", "transactional"] = "marketing"
    body: str = ""
    text: str = ""
    defaults: dict[str, str] = Field(default_factory=dict)
    from_name: str = ""
    from_email: str = ""
    reply_to: str = ""


class TemplatesSection:
    name = "templates"
    order = 70
    spec = list[TemplateSpec]

    def export(self) -> list[dict[str, Any]]:
        specs = []
        for template in EmailTemplate.objects.order_by("name", "pk"):
            values = {name: getattr(template, name) for name in TemplateSpec.model_fields}
            specs.append(TemplateSpec(**values | {"slug": stated_slug(template)}).model_dump(exclude_defaults=True))
        return specs

    def apply(self, value: list[TemplateSpec], context: ApplyContext) -> list[Change]:
        known = Known("templates", EmailTemplate.objects.all())
        return [change for spec in value for change in self._apply_one(spec, known.find(spec), context)]

    def _apply_one(self, spec: TemplateSpec, template: EmailTemplate | None, context: ApplyContext) -> list[Change]:
        stated = spec.model_dump(exclude_unset=True)
        path = f"templates[{spec.name}]"
        if template is None:
            with at(path):
                services.save_template(EmailTemplate(**spec.model_dump()), by=context.by)
            return [Change("add", path, None, stated)]
        changes = [
            Change("change", f"{path}.{name}", getattr(template, name), value)
            for name, value in stated.items()
            if getattr(template, name) != value
        ]
        if changes:
            for name, value in stated.items():
                setattr(template, name, value)
            with at(path):
                services.save_template(template, by=context.by)
        return changes
