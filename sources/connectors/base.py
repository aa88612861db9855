"""What a connector is: one module per kind of source, with its schema, its forms and its reader."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol
from zoneinfo import available_timezones

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from pydantic import Field, field_validator

from core.forms import countries
from core.sections import Strict
from sources.reading.batch import Batch

SAMPLE_ROWS = 200


class TableOptions(Strict):
    """What every table may say, whatever its source. `time_zone`: of times without one (else the workspace's);
    `country`: of rows that name none, in a column of its own."""

    date_format: str = Field("", description="How dates are written, as a strptime pattern such as %d/%m/%Y")
    time_zone: str = Field("", description="IANA time zone of times that state none")
    country: str = Field(
        "", pattern=r"^([A-Z]{2})?$", description="Country of rows that name none: of their phones too"
    )
    allow_empty: bool = Field(
        False, description="Whether an input without rows may replace rows that were loaded before"
    )

    @field_validator("time_zone")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        if value and value not in available_timezones():
            raise ValueError(gettext("“%s” is not a time zone such as Europe/Berlin.") % value)
        return value


class SourceSettings(Strict):
    """`references`: how a workspace file names the secrets (`{"url": "${LOYALTY_URL}"}`), for writing it again."""

    references: dict[str, str] = {}


@dataclass(frozen=True)
class Access:
    """A source as its connector needs it: checked settings and the secrets in clear."""

    name: str
    config: dict[str, Any]
    secrets: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FoundTable:
    """A table that the connector sees in a source. `config` is its suggested configuration."""

    name: str
    config: dict[str, Any]
    hint: str = ""


class Connector(Protocol):
    """One kind of source.

    `fingerprint` identifies the input as it is now; "" when it cannot be known without reading it (then every refresh
    reads it). `read` yields batches in the order of the input, with bounded memory; `since` is the highest cursor value
    loaded before, or None for everything. All raise InvalidInput or Unavailable with a message that says what to do.
    """

    name: ClassVar[str]
    label: ClassVar[str | Promise]
    description: ClassVar[str | Promise]
    icon: ClassVar[str]
    secret_fields: ClassVar[tuple[str, ...]]
    source_schema: ClassVar[type[SourceSettings]]
    table_schema: ClassVar[type[TableOptions]]
    source_form: ClassVar[type[forms.Form]]
    table_form: ClassVar[type[forms.Form]]

    def test(self, access: Access) -> None: ...

    def discover(self, access: Access) -> list[FoundTable]: ...

    def fingerprint(self, access: Access, table: dict[str, Any]) -> str: ...

    def size(self, access: Access, table: dict[str, Any]) -> int: ...

    def read(self, access: Access, table: dict[str, Any], since: Any = None) -> Iterator[Batch]: ...

    def local_paths(self, access: Access, table: dict[str, Any]) -> list[str]: ...

    def declared_key(self, access: Access, table: dict[str, Any]) -> list[str]:
        """The key columns that the source itself declares; none where it has no such thing."""


class _Uploads(forms.ClearableFileInput):
    allow_multiple_selected = True


class UploadsField(forms.FileField):
    """Several files; cleaned it is a list of them."""

    widget = _Uploads

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if empty := [file.name for file in files if not file.size]:
            names = ", ".join(f"“{name}”" for name in empty)
            message = ngettext(
                "%s has nothing in it. Export it again.", "%s have nothing in them. Export them again.", len(empty)
            )
            raise forms.ValidationError(message % names, "empty")
        return [super(UploadsField, self).clean(file, initial) for file in files] or super().clean(None, None) or []


class TableOptionsForm(forms.Form):
    """Fields that every table has. Left empty they are found out."""

    date_format = forms.CharField(
        label=_("How dates are written"),
        required=False,
        help_text=_("For example %d/%m/%Y. Left empty, it is found out."),
    )
    time_zone = forms.CharField(
        label=_("Time zone"), required=False, help_text=_("Of times that state none, for example Europe/Berlin.")
    )
    country = forms.ChoiceField(
        label=_("Country of its people"),
        required=False,
        choices=lambda: [("", gettext("Not stated")), *countries()],
        help_text=_("Where no column says it. Phone numbers and addresses of this table are read as of there."),
    )
    allow_empty = forms.BooleanField(
        label=_("May become empty"),
        required=False,
        help_text=_("Otherwise an input without rows keeps the rows loaded before."),
    )
