"""The workspace file's section for the workspace's own settings."""

from typing import Any

from django.core.exceptions import ValidationError
from pydantic import Field

from core.errors import InvalidInput
from core.models import Workspace
from core.sections import ApplyContext, Change, Strict
from core.settings_services import change_workspace

PLACE = {"company_name", "currency", "default_country", "time_zone"}


class WorkspaceSpec(Strict):
    """What is not stated stays as it is."""

    company_name: str | None = Field(None, min_length=1, max_length=200)
    currency: str | None = Field(None, pattern=r"^[A-Z]{3}$")
    default_country: str | None = Field(None, pattern=r"^[A-Z]{2}$")
    time_zone: str | None = None
    company_address: str | None = Field(None, max_length=500)
    from_name: str | None = Field(None, max_length=200)
    from_email: str | None = None
    locale: str | None = None
    consent_required: bool | None = None


class WorkspaceSection:
    name = "workspace"
    order = 0
    spec = WorkspaceSpec

    def export(self) -> WorkspaceSpec:
        """Of what holds for e-mails, only what is not as usual."""
        row, usual = Workspace.current(), Workspace()
        stated = {name: getattr(row, name) for name in WorkspaceSpec.model_fields}
        return WorkspaceSpec(**{k: v for k, v in stated.items() if k in PLACE or v != getattr(usual, k)})

    def apply(self, value: Any, context: ApplyContext) -> list[Change]:
        row = Workspace.current()
        stated: dict[str, Any] = value.model_dump(exclude_none=True)
        changes = [
            Change("change", f"workspace.{name}", getattr(row, name), after)
            for name, after in stated.items()
            if getattr(row, name) != after
        ]
        if changes:
            try:
                change_workspace(stated, by=context.by)
            except ValidationError as error:
                raise InvalidInput("; ".join(error.messages), place="workspace") from error
        return changes
