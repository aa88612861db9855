"""Applying, comparing and writing the workspace file."""

from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import BaseModel

from core import audit
from core.errors import InvalidInput
from core.models import Workspace
from core.roles import Actor, require
from core.sections import ApplyContext, Change, NamesFiles, Section, all_sections
from workspace.document import Document, dump, parse
from workspace.words import signed

PERMISSION = "core.change_workspace"
AUDITED = 200
"""Changed places that one audit row names."""


def read(path: Path) -> Document:
    """Raises InvalidInput when the file is not there, not text, or not a workspace file."""
    try:
        return parse(path.read_text(encoding="utf-8-sig"), path.name)
    except FileNotFoundError as error:
        raise InvalidInput(_("There is no such file."), place=str(path)) from error
    except IsADirectoryError as error:
        raise InvalidInput(_("This is a folder. Name the file in it."), place=str(path)) from error
    except PermissionError as error:
        raise InvalidInput(
            _("The file may not be read. Give yourself the right to read it."), place=str(path)
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(_("The file cannot be read as UTF-8 text."), place=str(path)) from error


def apply(document: Document, context: ApplyContext) -> list[Change]:
    """Makes the workspace as the file says: all of it or, when one part is refused, nothing. Returns what changed."""
    require(context.by, PERMISSION)
    with transaction.atomic():
        changes = _apply(document, context)
        if changes:
            audit.record(
                context.by,
                "workspace.apply",
                Workspace.current(),
                changes=signed(changes[:AUDITED]),
            )
    return changes


def diff(document: Document, context: ApplyContext) -> list[Change]:
    """What `apply` would change. Found out by applying and taking it back, so that parts may rest on each other."""
    require(context.by, PERMISSION)
    with transaction.atomic():
        changes = _apply(document, context)
        transaction.set_rollback(True)
    return changes


def _apply(document: Document, context: ApplyContext) -> list[Change]:
    changes: list[Change] = []
    for section, value in document.sections():
        changes += section.apply(value, context)
    return changes


def export(by: Actor = None, folder: Path | None = None) -> str:
    """The whole workspace as a file. Secrets are written as `${…}` placeholders; what lies in the `folder` that it is
    for, or below, is named from there, so that all can be moved together."""
    require(by, "core.view_workspace")
    values = {section.name: _plain(_exported(section, folder)) for section in all_sections()}
    return dump({name: value for name, value in values.items() if value not in (None, [], {})})


def _exported(section: Section, folder: Path | None) -> Any:
    value = section.export()
    return section.beside(value, folder) if folder and isinstance(section, NamesFiles) else value


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value
