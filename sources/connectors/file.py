"""Files: CSV, TSV and other delimited text, JSON lines, Parquet and Excel, by path, glob or upload."""

import glob
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import pyarrow as pa
from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field, field_validator

from core.errors import InvalidInput, NotFound, Unavailable
from sources.connectors.base import Access, FoundTable, SourceSettings, TableOptions, TableOptionsForm, UploadsField
from sources.reading.batch import Batch
from sources.reading.delimited import read_delimited
from sources.reading.encoding import known_encoding
from sources.reading.excel import read_excel
from sources.reading.jsonl import read_jsonl
from sources.reading.parquet import read_parquet
from sources.reading.sniff import Dialect, kind_by_name, kind_of, sniff

EDGE_BYTES = 64 * 1024  # of a file's beginning and end, that count for its fingerprint
_ANOTHER_KIND: dict[str, str | Promise] = {
    "excel": gettext_lazy("%s is a workbook, though its ending does not say so; it was read as one."),
    "parquet": gettext_lazy("%s is a Parquet file, though its ending does not say so; it was read as one."),
    "jsonl": gettext_lazy("%s is JSON, though its ending does not say so; it was read as that."),
    "delimited": gettext_lazy("%s is text, though its ending says something else; it was read as that."),
}
HEADERS = (("", gettext_lazy("Find out")), ("true", gettext_lazy("Yes")), ("false", gettext_lazy("No")))
DELIMITERS = (
    ("", gettext_lazy("Find out")),
    (",", gettext_lazy("Comma ,")),
    (";", gettext_lazy("Semicolon ;")),
    ("tab", gettext_lazy("Tab")),
    ("|", gettext_lazy("Bar |")),
    ("whitespace", gettext_lazy("Blanks")),
)


class FileTable(TableOptions):
    """`path` may be a glob (`exports/*.csv`): all files that match are one table, in the order of their names."""

    path: str
    format: str = Field("", pattern="^(delimited|jsonl|parquet|excel)?$")
    delimiter: str = Field("", pattern="^(.?|tab|whitespace|\\\\t)$")
    quote: str | None = Field(None, max_length=1)
    encoding: str = ""
    header: bool | None = None
    names: list[str] = Field([], description="Names for the columns of a file without a header")
    sheet: str = ""

    @field_validator("encoding")
    @classmethod
    def _is_known(cls, value: str) -> str:
        if value:
            try:
                known_encoding(value)
            except InvalidInput as error:
                raise ValueError(error.message) from error
        return value


class FileTableForm(TableOptionsForm):
    delimiter = forms.ChoiceField(label=gettext_lazy("Delimiter"), choices=DELIMITERS, required=False)
    encoding = forms.CharField(
        label=gettext_lazy("Encoding"), required=False, help_text=gettext_lazy("For example utf-8 or windows-1252.")
    )
    header = forms.TypedChoiceField(
        label=gettext_lazy("First row names the columns"),
        choices=HEADERS,
        required=False,
        coerce=lambda value: value == "true",
        empty_value=None,
    )
    sheet = forms.CharField(
        label=gettext_lazy("Sheet"), required=False, help_text=gettext_lazy("Of a workbook; else its first.")
    )
    field_order = ("delimiter", "encoding", "header", "sheet")


class FileSourceForm(forms.Form):
    """`upload`: a list of files; each becomes a table."""

    upload = UploadsField(
        label=gettext_lazy("Files"),
        required=False,
        help_text=gettext_lazy("CSV, TSV, JSON lines, Parquet or Excel. Several at once: each becomes a table."),
    )
    path = forms.CharField(
        label=gettext_lazy("Or a path on the server"),
        required=False,
        help_text=gettext_lazy("For files that are written again and again. exports/*.csv joins all files that match."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("upload") and not data.get("path") and not self.errors:
            self.add_error("upload", _("Choose files, or give a path."))
        return data


class FileConnector:
    name: ClassVar[str] = "file"
    label: ClassVar[str | Promise] = gettext_lazy("Files")
    description: ClassVar[str | Promise] = gettext_lazy(
        "CSV, TSV, JSON lines, Parquet or Excel: uploaded, or read from a folder."
    )
    icon: ClassVar[str] = "file-earmark-spreadsheet"
    secret_fields: ClassVar[tuple[str, ...]] = ()
    source_schema: ClassVar[type[SourceSettings]] = SourceSettings
    table_schema: ClassVar[type[TableOptions]] = FileTable
    source_form: ClassVar[type[forms.Form]] = FileSourceForm
    table_form: ClassVar[type[forms.Form]] = FileTableForm

    def test(self, access: Access) -> None:
        """Nothing to reach: each table says for itself whether its file can be read."""

    def discover(self, access: Access) -> list[FoundTable]:
        return []

    def fingerprint(self, access: Access, table: dict[str, Any]) -> str:
        state = hashlib.blake2b(digest_size=16)
        for path in files_of(table["path"]):
            stat = path.stat()
            state.update(f"{path}\0{stat.st_size}\0".encode("utf-8", "surrogateescape"))
            with readable(str(path)), path.open("rb") as file:
                state.update(file.read(EDGE_BYTES))
                file.seek(max(0, stat.st_size - EDGE_BYTES))
                state.update(file.read(EDGE_BYTES))
            state.update(str(stat.st_mtime_ns).encode())
        return state.hexdigest()

    def size(self, access: Access, table: dict[str, Any]) -> int:
        return sum(path.stat().st_size for path in files_of(table["path"]))

    def read(self, access: Access, table: dict[str, Any], since: Any = None) -> Iterator[Batch]:
        options = FileTable(**table)
        for path in files_of(options.path):
            before = path.stat()
            yield from _read_one(path, options)
            after = path.stat()
            if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
                message = _("%s changed while it was read. Load it again when nothing writes to it any more.")
                raise Unavailable(message % path.name, place=path.name)

    def declared_key(self, access: Access, table: dict[str, Any]) -> list[str]:
        return []

    def local_paths(self, access: Access, table: dict[str, Any]) -> list[str]:
        return [str(table["path"])]


def files_of(path: str) -> list[Path]:
    """The files that a path or glob names, by name. Raises NotFound, InvalidInput for a folder."""
    with readable(path):
        exact = Path(path)
        if exact.is_dir():
            raise InvalidInput(
                _("%s is a folder. Name a file, or all files by a pattern such as *.csv.") % path, place=path
            )
        if exact.is_file():
            return [exact]
        if exact.exists():
            message = _("%s is no file but a pipe or a device. Write its content to a file, and name that.")
            raise InvalidInput(message % path, place=path)
        found = sorted(Path(name) for name in glob.glob(path, recursive=True) if Path(name).is_file())
        if found:
            return found
        if exact.is_symlink():
            exact.stat()  # says whether the link leads nowhere or in a circle
    raise NotFound(_("%s does not exist. Check the path, or put the file there.") % path, place=path)


@contextmanager
def readable(path: str) -> Iterator[None]:
    """What the file system refuses, in words that say what to do."""
    try:
        yield
    except PermissionError as error:
        message = _("%s may not be read. Give the server the right to read it.")
        raise InvalidInput(message % path, place=path) from error
    except FileNotFoundError as error:
        raise NotFound(_("%s does not exist. Check the path, or put the file there.") % path, place=path) from error
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else error
        message = _("%(path)s cannot be read (%(why)s). Check the path, or copy the file to another place.")
        raise InvalidInput(message % {"path": path[:300], "why": why}, place=path[:300]) from error


def _read_one(path: Path, options: FileTable) -> Iterator[Batch]:
    with readable(str(path)):
        kind = kind_of(path, options.format)
        match kind:
            case "jsonl":
                batches: Iterator[Batch] = read_jsonl(path, options.encoding)
            case "parquet":
                batches = read_parquet(path)
            case "excel":
                batches = _renamed(read_excel(path, options.sheet, options.header), options.names)
            case _:
                batches = _renamed(read_delimited(path, dialect_of(path, options)), options.names)
        note = _ANOTHER_KIND.get(kind, "") if not options.format and _is_named_otherwise(path, kind) else ""
        for batch in batches:
            if note:
                batch.notes.append(str(note) % path.name)
            note = ""
            yield batch


def _is_named_otherwise(path: Path, kind: str) -> bool:
    """Endings that say nothing may stand for any text."""
    named = kind_by_name(path)
    return kind != named and bool(named or kind in ("excel", "parquet"))


def dialect_of(path: Path, options: FileTable) -> Dialect:
    return sniff(path, options.encoding, options.delimiter, options.quote, options.header)


def _renamed(batches: Iterator[Batch], names: list[str]) -> Iterator[Batch]:
    for batch in batches:
        if names:
            batch.data = _named(batch.data, names)
        yield batch


def _named(data: pa.Table, names: list[str]) -> pa.Table:
    return data.rename_columns([*names, *data.column_names[len(names) :]][: data.num_columns])
