"""Files that people upload: where they are kept, which wait for their columns to be checked, and newer ones."""

import datetime
import re
import shutil
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import InvalidInput, NotFound
from core.roles import Actor, require
from jobs.models import Job
from sources.models import Source, SourceTable
from sources.services import start_load

KEPT_UNUSED = datetime.timedelta(days=1)


def keep_uploads(source: Source, uploads: Iterable[UploadedFile[Any]], *, by: Actor = None) -> None:
    """Stores files for tables of the source. They wait, in this order, until somebody has checked their columns."""
    paths = [str(store_upload(upload, by=by)) for upload in uploads]
    with transaction.atomic():
        locked = Source.objects.select_for_update().get(pk=source.pk)
        source.unchecked = locked.unchecked = [*locked.unchecked, *paths]
        locked.save(update_fields=["unchecked", "updated_at"])


def discard_upload(source: Source, path: str, *, by: Actor = None) -> None:
    """Deletes a file that waits for its columns to be checked. Raises NotFound for any other."""
    require(by, "sources.add_sourcetable")
    with transaction.atomic():
        locked = Source.objects.select_for_update().get(pk=source.pk)
        if path not in locked.unchecked:
            raise NotFound(_("This file does not wait any more."))
        source.unchecked = locked.unchecked = [other for other in locked.unchecked if other != path]
        locked.save(update_fields=["unchecked", "updated_at"])
        audit.record(by, "source.discard_file", source, file=Path(path).name)
        transaction.on_commit(lambda: shutil.rmtree(Path(path).parent, ignore_errors=True))


def store_upload(upload: UploadedFile[Any], *, by: Actor = None) -> Path:
    """Keeps an uploaded file below the media folder, under a name of our own; its path."""
    require(by, "sources.add_source")
    folder = Path(settings.MEDIA_ROOT) / "sources" / uuid.uuid4().hex[:12]
    folder.mkdir(parents=True, exist_ok=True)
    original = Path((upload.name or "").replace("\\", "/")).name
    return _stored(upload, folder / (re.sub(r"[^\w.\-() ]+", "_", original).strip(". ")[-120:] or "upload.csv"))


def _stored(upload: UploadedFile[Any], path: Path) -> Path:
    with path.open("wb") as file:
        for chunk in upload.chunks():
            file.write(chunk)
    return path


def is_upload(table: SourceTable) -> bool:
    """Whether the table is read from files that people uploaded."""
    path = str(table.config.get("path", ""))
    return bool(path) and Path(settings.MEDIA_ROOT) / "sources" in Path(path).parents


def forget_unused() -> int:
    """Deletes uploads that no source names any more: sources were removed, or newer files came; how many. Those of the
    last day stay: their source may be about to be saved."""
    sources = Source.objects.values_list("config", "secrets", "unchecked")
    named = str([*sources, *SourceTable.objects.values_list("config", flat=True)])
    before = (timezone.now() - KEPT_UNUSED).timestamp()
    folders = (Path(settings.MEDIA_ROOT) / "sources").glob("*")
    unused = [path for path in folders if path.name not in named and path.stat().st_mtime < before]
    for path in unused:
        shutil.rmtree(path, ignore_errors=True)
    return len(unused)


def renew_upload(table: SourceTable, upload: UploadedFile[Any], *, add: bool, by: Actor = None) -> Job:
    """Reads the table from a newer file from now on, or (`add`) from this file too, and starts the load. So are
    the tables of the other sheets of its workbook.

    Files that are added are read before older ones, so that of rows with one key the newest counts. Raises InvalidInput
    when the table is not read from uploads.
    """
    require(by, "sources.change_sourcetable")
    if not is_upload(table):
        raise InvalidInput(
            _("%s is not read from an uploaded file. Change its path in the settings.") % table, place="upload"
        )
    stored = store_upload(upload, by=by)
    path = stored
    if add:
        folder = Path(table.config["path"]).parent
        number = 9999 - sum(1 for _file in folder.iterdir())
        stored = stored.rename(folder / f"0{number:04d} {stored.name}")
        path = folder / f"*{stored.suffix}"
    others = table.source.tables.filter(config__path=table.config["path"]).exclude(pk=table.pk)
    with transaction.atomic():
        for each in [*others, table]:
            each.config = each.config | {"path": str(path)}
            each.save(update_fields=["config", "updated_at"])
            audit.record(by, "source_table.file", each, file=stored.name, added=add)
            job = start_load(each, full=True, by=by)
    return job
