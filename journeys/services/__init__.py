"""The verbs of journeys."""

from journeys.services.drafts import (
    create,
    delete,
    discard_draft,
    duplicate,
    hints,
    rename,
    save_draft,
    set_goal,
    validate,
)
from journeys.services.lifecycle import has_changes, pause, publish, resume, stop

__all__ = [
    "create",
    "delete",
    "discard_draft",
    "duplicate",
    "has_changes",
    "hints",
    "pause",
    "publish",
    "rename",
    "resume",
    "save_draft",
    "set_goal",
    "stop",
    "validate",
]
