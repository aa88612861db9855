"""Arrow files beside the tables of the lake, in which a run of unification leaves to the next one what it need not work
out again. Only what can be missing goes there: without it everything is looked at anew.
"""

import os
import shutil
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
from django.conf import settings

FOLDER = "_unification"


def write(tables: Mapping[str, pa.Table], again: Sequence[str] = (), before: str = "") -> str:
    """The name by which `read` finds them, and those of `again`, which are as they were under the name `before`."""
    name = uuid.uuid4().hex
    _folder().mkdir(parents=True, exist_ok=True)
    for table in again:
        _keep_on(_path(before, table), _path(name, table))
    for table, rows in tables.items():
        with pa.OSFile(str(_path(name, table)), "wb") as sink, pa.ipc.new_file(sink, rows.schema) as writer:
            writer.write_table(rows.combine_chunks())
    return name


def read(name: str, table: str) -> pa.Table | None:
    """Mapped from the file, not copied. None where it is missing."""
    try:
        return pa.ipc.open_file(pa.memory_map(str(_path(name, table)))).read_all()
    except (FileNotFoundError, pa.ArrowInvalid):
        return None


def forget_all_but(name: str) -> None:
    """Whoever reads one of the others at this moment keeps it."""
    for path in _folder().glob("*.arrow"):
        if path.name.partition(".")[0] != name:
            path.unlink(missing_ok=True)


def _keep_on(old: Path, new: Path) -> None:
    """One file with two names, where the disk knows such; what is missing stays so."""
    try:
        os.link(old, new)
    except FileNotFoundError:
        return
    except OSError:
        shutil.copyfile(old, new)


def _path(name: str, table: str) -> Path:
    return _folder() / f"{name}.{table}.arrow"


def _folder() -> Path:
    return Path(settings.LAKE_URL) / FOLDER
