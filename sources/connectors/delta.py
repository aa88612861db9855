"""Delta Lake tables, read again only when they have a new version."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import unquote

import numpy as np
import pyarrow as pa
from deltalake import DeltaTable, QueryBuilder
from deltalake.exceptions import DeltaError, TableNotFoundError
from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field

from core.errors import InvalidInput, NotFound, Unavailable
from sources.connectors.base import Access, FoundTable, SourceSettings, TableOptions, TableOptionsForm
from sources.reading.batch import Batch, texts_of
from sources.reading.plain import plain, plain_schema

STORES = {"s3", "s3a", "gs", "az", "abfs", "abfss", "adl"}


class DeltaTableOptions(TableOptions):
    """`path`: a folder, or an address such as `s3://bucket/table`."""

    path: str
    version: int | None = Field(None, ge=0, description="A fixed version; the newest without it")


class DeltaTableForm(TableOptionsForm):
    version = forms.IntegerField(
        label=gettext_lazy("Version"),
        required=False,
        min_value=0,
        help_text=gettext_lazy("Left empty: always the newest."),
    )
    field_order = ("version",)


class OptionalJSON(forms.JSONField):
    """Shows nothing where there is nothing; Django's own shows "null"."""

    def prepare_value(self, value: Any) -> Any:
        return "" if value is None else super().prepare_value(value)


class DeltaSourceForm(forms.Form):
    path = forms.CharField(
        label=gettext_lazy("Folder or address of the table"),
        help_text=gettext_lazy("For example /data/lake/orders or s3://bucket/orders."),
    )
    storage_options = OptionalJSON(
        label=gettext_lazy("Access keys"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            'For object stores, for example {"AWS_ACCESS_KEY_ID": "…"}. Stored encrypted, never shown again.'
        ),
    )


class DeltaConnector:
    name: ClassVar[str] = "delta"
    label: ClassVar[str | Promise] = gettext_lazy("Delta Lake")
    description: ClassVar[str | Promise] = gettext_lazy(
        "A Delta Lake table in a folder or an object store, by its version."
    )
    icon: ClassVar[str] = "triangle"
    secret_fields: ClassVar[tuple[str, ...]] = ("storage_options",)
    source_schema: ClassVar[type[SourceSettings]] = SourceSettings
    table_schema: ClassVar[type[TableOptions]] = DeltaTableOptions
    source_form: ClassVar[type[forms.Form]] = DeltaSourceForm
    table_form: ClassVar[type[forms.Form]] = DeltaTableForm

    def test(self, access: Access) -> None:
        """Nothing to reach: each table says for itself whether it can be read."""

    def discover(self, access: Access) -> list[FoundTable]:
        return []

    def fingerprint(self, access: Access, table: dict[str, Any]) -> str:
        state = f"{table['path']}@{_open(access, table).version()}"
        return hashlib.blake2b(state.encode(), digest_size=16).hexdigest()

    def size(self, access: Access, table: dict[str, Any]) -> int:
        actions = pa.table(_open(access, table).get_add_actions(flatten=True))
        return sum(size or 0 for size in actions.column("size_bytes").to_pylist())

    def read(self, access: Access, table: dict[str, Any], since: Any = None) -> Iterator[Batch]:
        name, done, source = Path(table["path"]).name, 0, _open(access, table)
        try:
            # Arrow's own reader of Delta tables knows no deletion vectors.
            stream = pa.RecordBatchReader.from_stream(QueryBuilder().register("t", source).execute("SELECT * FROM t"))
            for batch in stream:
                data = plain(pa.table(batch))
                lines = np.arange(done + 1, done + 1 + data.num_rows)
                done += data.num_rows
                yield Batch(data, name, lines, texts_of(data), data.nbytes)
            if not done:
                yield Batch(plain_schema(stream.schema), name, np.empty(0, np.int64), lambda row: "")
        except (DeltaError, OSError, pa.ArrowException) as error:
            message = _("%(name)s cannot be read any more: a file of it is missing or damaged. (%(why)s)")
            raise Unavailable(message % {"name": name, "why": str(error)[:200]}, place=name) from error

    def declared_key(self, access: Access, table: dict[str, Any]) -> list[str]:
        return []

    def local_paths(self, access: Access, table: dict[str, Any]) -> list[str]:
        """A folder, however it is written."""
        path = str(table["path"])
        scheme, colon, rest = path.partition(":")
        if not colon or "/" in scheme:
            return [path]
        if scheme.lower() == "file":
            return [unquote(rest).removeprefix("//").removeprefix("localhost")]
        if scheme.lower() not in STORES or not rest.startswith("//"):
            message = _("%(path)s cannot be read. Name a folder, or an address that begins with one of %(schemes)s.")
            schemes = ", ".join(f"{store}://" for store in sorted(STORES))
            raise InvalidInput(message % {"path": path, "schemes": schemes}, place="path")
        return []


def _open(access: Access, table: dict[str, Any]) -> DeltaTable:
    options, version = access.secrets.get("storage_options") or None, table.get("version")
    try:
        newest = DeltaTable(table["path"], storage_options=options)
        if version is None or version == newest.version():
            return newest
        if version > newest.version():
            message = _("The Delta table at %(path)s has no version %(version)s; its newest is %(newest)s.")
            values = {"path": table["path"], "version": version, "newest": newest.version()}
            raise InvalidInput(message % values, place=table["path"])
        return DeltaTable(table["path"], version=version, storage_options=options)
    except TableNotFoundError as error:
        raise NotFound(
            _("There is no Delta table at %s. Check the address.") % table["path"], place=table["path"]
        ) from error
    except (DeltaError, OSError) as error:
        message = _("The Delta table at %(path)s cannot be opened. Check the address and the access keys. (%(why)s)")
        raise Unavailable(message % {"path": table["path"], "why": str(error)[:200]}, place=table["path"]) from error
