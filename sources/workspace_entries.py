"""What the workspace file says about sources."""

from typing import Annotated

from pydantic import AfterValidator, Field

from core.sections import Strict
from sources.reading.batch import tidy

ColumnName = Annotated[str, Field(max_length=250), AfterValidator(tidy)]


class ColumnEntry(Strict):
    type: str | None = None
    semantic: str | None = Field(None, max_length=60)
    currency: str | None = None
    format: str | None = Field(
        None,
        max_length=60,
        description="A date pattern (%d/%m/%Y), iso, epoch_s, epoch_ms, epoch_us or days; the decimal mark of numbers; "
        "minor for money in the smallest unit (1050 for 10.50).",
    )
    label: str | None = Field(None, max_length=250)
    sensitive: bool | None = None


class TableEntry(Strict):
    """One table. Which of the options apply depends on the connector; what is not stated is found out."""

    name: str = Field(max_length=120)
    label: str | None = Field(None, max_length=200)
    key: list[ColumnName] | ColumnName | None = None
    active: bool | None = None
    columns: dict[ColumnName, ColumnEntry] = {}
    path: str | None = None
    format: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    encoding: str | None = None
    header: bool | None = None
    names: list[str] | None = None
    sheet: str | None = None
    table: str | None = None
    db_schema: str | None = Field(None, alias="schema")
    query: str | None = None
    cursor: str | None = None
    version: int | None = None
    date_format: str | None = None
    time_zone: str | None = None
    country: str | None = None
    allow_empty: bool | None = None

    model_config = {"extra": "forbid", "populate_by_name": True}


class SourceEntry(Strict):
    """One source. `url`, `password` and `storage_options` may name environment variables: ${LOYALTY_URL}."""

    name: str = Field(max_length=200)
    connector: str
    label: str | None = Field(None, max_length=200)
    url: str | None = None
    password: str | None = None
    storage_options: dict[str, str] | None = None
    timeout: int | None = None
    tables: list[TableEntry] = []
