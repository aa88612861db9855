"""The workspace file's section for the workspace's own settings."""

from typing import Any

from django.core.exceptions import ValidationError
from pydantic import Field

from core.errors import InvalidInput
from core.models import Workspace
from core.sections import ApplyContext, Change, Strict
from core.settings_services import change_workspace


class WorkspaceSpec(Strict):
    """What is not stated stays as it is."""

    company_name: str | None = Field(None, min_length=1, max_length=200)
    currency: str | None = Field(None, pattern=r"^[A-Z]{3}$")
    default_country: str | None = Field(None, pattern=r"^[A-Z]{2}$")
    time_zone: str | None = None


class WorkspaceSection:
    name = "workspace"
    order = 0
    spec = WorkspaceSpec

    def export(self) -> WorkspaceSpec:
        row = Workspace.current()
        return WorkspaceSpec(**{name: getattr(row, name) for name in WorkspaceSpec.model_fields})

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
