"""What a connector needs to reach a source, and what a person may name as a path."""

import os
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from pydantic import ValidationError

from core.errors import InvalidInput
from core.roles import Actor
from core.sections import Strict
from core.shapes import in_words
from sources.connectors.base import Access
from sources.models import Source


def access_of(source: Source) -> Access:
    return Access(source.name, source.config, source.secrets or {})


def checked(schema: type[Strict], config: dict[str, object], place: str) -> dict[str, object]:
    """Settings in the shape of a connector's schema, without what equals its default. Raises InvalidInput per field."""
    try:
        return schema(**config).model_dump(exclude_defaults=True, by_alias=True)
    except ValidationError as error:
        fields = {str(item["loc"][0]) if item["loc"] else "config": [in_words(item)] for item in error.errors()}
        text = "; ".join(f"{name}: {messages[0]}" for name, messages in fields.items())
        raise InvalidInput(_("Some settings are not right: %s") % text, place=place, fields=fields) from error


def allowed_folders() -> list[Path]:
    """Folders below which people may name files: `SOURCE_PATHS`, the uploads and the data folder's `import`."""
    named = [Path(folder) for folder in settings.SOURCE_PATHS]
    return [
        folder.resolve()
        for folder in (*named, Path(settings.MEDIA_ROOT) / "sources", Path(settings.DATA_DIR) / "import")
    ]


def check_path(path: str, by: Actor) -> str:
    """The absolute path. A person may only name files below the allowed folders (a path reads any file of the server);
    the command line, which can read them anyway, is not restricted. Raises InvalidInput."""
    absolute = os.path.abspath(path)
    if by is None:
        return absolute
    folders = allowed_folders()
    fixed = Path(absolute.split("*")[0].split("?")[0].split("[")[0]).resolve()
    if not any(fixed == folder or folder in fixed.parents for folder in folders):
        message = _(
            "%(path)s is not below a folder that sources may read. Put the file below %(folders)s, or upload it."
        )
        values = {"path": path, "folders": " · ".join(str(folder) for folder in folders)}
        raise InvalidInput(message % values, place="path", fields={"path": [message % values]})
    return absolute
