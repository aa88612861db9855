"""Arrow files beside the tables of the lake, in which a run of unification leaves to the next one what it need not work
out again. Only what can be missing goes there: without it everything is looked at anew.
"""

import uuid
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
from django.conf import settings

FOLDER = "_unification"


def write(tables: Mapping[str, pa.Table]) -> str:
    """The name by which `read` finds them."""
    name = uuid.uuid4().hex
    for table, rows in tables.items():
        path = _folder() / f"{name}.{table}.arrow"
        path.parent.mkdir(parents=True, exist_ok=True)
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, rows.schema) as writer:
            writer.write_table(rows.combine_chunks())
    return name


def read(name: str, table: str) -> pa.Table | None:
    """Mapped from the file, not copied. None where it is missing."""
    try:
        return pa.ipc.open_file(pa.memory_map(str(_folder() / f"{name}.{table}.arrow"))).read_all()
    except (FileNotFoundError, pa.ArrowInvalid):
        return None


def forget_all_but(name: str) -> None:
    """Whoever reads one of the others at this moment keeps it."""
    for path in _folder().glob("*.arrow"):
        if path.name.partition(".")[0] != name:
            path.unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.LAKE_URL) / FOLDER
