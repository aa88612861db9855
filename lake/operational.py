"""Rows of Django models as Arrow: the types come from the model's fields, the rows straight from PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

import pyarrow as pa
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import QuerySet
from psycopg.conninfo import make_conninfo

from lake import specs

_SQL_TYPES = {
    specs.STRING: "text",
    specs.INTEGER: "bigint",
    specs.MONEY: "bigint",
    specs.NUMBER: "double precision",
    specs.BOOLEAN: "boolean",
    specs.DATE: "date",
    specs.TIMESTAMP: "timestamptz",
    specs.LIST: "text[]",
}
_ARROW_TYPES = {
    specs.STRING: pa.string(),
    specs.INTEGER: pa.int64(),
    specs.NUMBER: pa.float64(),
    specs.BOOLEAN: pa.bool_(),
    specs.DATE: pa.date32(),
    specs.TIMESTAMP: pa.timestamp("us", tz="UTC"),
    specs.LIST: pa.list_(pa.string()),
}
_BATCH_ROWS = 50_000


def column_type(queryset: QuerySet[Any], source: str) -> str:
    """The catalog's type of a field or annotation. Keys are strings, JSON is its text."""
    field = _field(queryset, source)
    if field.is_relation or isinstance(field, models.AutoField) or field.primary_key:
        return specs.STRING
    kinds: list[tuple[type[models.Field[Any, Any]] | tuple[type[models.Field[Any, Any]], ...], str]] = [
        (ArrayField, specs.LIST),
        (models.BooleanField, specs.BOOLEAN),
        (models.DateTimeField, specs.TIMESTAMP),
        (models.DateField, specs.DATE),
        (models.IntegerField, specs.INTEGER),
        ((models.FloatField, models.DecimalField), specs.NUMBER),
    ]
    return next((kind for classes, kind in kinds if isinstance(field, classes)), specs.STRING)


def reader(queryset: QuerySet[Any], columns: Mapping[str, str], *, own_rows: bool) -> pa.RecordBatchReader:
    """The rows as a stream; `columns` maps the name of each column to a field, `a__b` path or annotation.

    With `own_rows` they come through Django's connection, which sees what its transaction has not committed yet.
    """
    types = [column_type(queryset, source) for source in columns.values()]
    schema = pa.schema([pa.field(name, _ARROW_TYPES[kind]) for name, kind in zip(columns, types, strict=True)])
    statement = _statement(queryset, list(columns.values()), types)
    stream = _own(statement, schema) if own_rows else _straight(_address(), statement, schema)
    return pa.RecordBatchReader.from_batches(schema, stream)


def _statement(queryset: QuerySet[Any], sources: list[str], types: list[str]) -> str:
    inner, params = queryset.order_by().values_list(*sources).query.sql_with_params()
    with connection.cursor() as cursor:
        rows = cursor.cursor.mogrify(inner, params)
    names = [f"c{index}" for index in range(len(sources))]
    casts = ", ".join(f"{name}::{_SQL_TYPES[kind]}" for name, kind in zip(names, types, strict=True))
    return f"SELECT {casts} FROM ({rows}) AS rows({', '.join(names)})"  # noqa: S608


def _address() -> str:
    """Where Django is connected to. Stated in full: two builds of libpq disagree on where the default socket is."""
    connection.ensure_connection()
    info = connection.connection.info
    secure = {name: value for name, value in connection.get_connection_params().items() if name.startswith("ssl")}
    where = {"host": info.host, "port": info.port, "user": info.user, "password": info.password, "dbname": info.dbname}
    return make_conninfo(**{name: value for name, value in (where | secure).items() if value})


def _straight(address: str, statement: str, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    import adbc_driver_postgresql.dbapi as adbc  # brings pandas with it, which only a mirror has to wait for

    with adbc.connect(address) as source, source.cursor() as cursor:
        cursor.execute(statement)
        for batch in cursor.fetch_record_batch():
            yield pa.RecordBatch.from_arrays(
                [column.cast(field.type) for column, field in zip(batch.columns, schema, strict=True)], schema=schema
            )


def _own(statement: str, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        while rows := cursor.fetchmany(_BATCH_ROWS):
            columns = [
                pa.array(values, field.type) for values, field in zip(zip(*rows, strict=True), schema, strict=True)
            ]
            yield pa.RecordBatch.from_arrays(columns, schema=schema)


def _field(queryset: QuerySet[Any], source: str) -> models.Field[Any, Any]:
    annotated = queryset.query.annotations.get(source)
    if annotated is not None:
        return annotated.output_field
    model: Any = queryset.model
    field: Any = None
    for part in source.split("__"):
        field = model._meta.pk if part == "pk" else model._meta.get_field(part)
        model = field.related_model
    return cast("models.Field[Any, Any]", field)
