"""The verbs of data sources. Each checks the permission, writes in one transaction and leaves an audit row."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import Conflict, InvalidInput
from core.roles import Actor, require
from jobs.models import Job
from jobs.registry import Context
from jobs.services import enqueue
from lake.models import Relationship
from lake.services import stage
from lake.specs import OWN_NAMESPACES
from sources import semantics
from sources.access import access_of, check_path, checked
from sources.connectors import registry
from sources.connectors.base import Access
from sources.connectors.shown import server_of
from sources.loading.load import load_tables
from sources.models import Load, Source, SourceColumn, SourceTable, safe_name
from sources.usage import refuse_used
from sources.values.numbers import CURRENCIES, EXPONENTS
from sources.values.plan import FORMATS, MINOR

LOAD_KIND = "sources.load"
STATEABLE = ("type", "semantic", "currency", "format", "label")


def create_source(
    *,
    name: str,
    connector: str,
    label: str = "",
    config: Mapping[str, Any] | None = None,
    secrets: Mapping[str, Any] | None = None,
    by: Actor = None,
) -> Source:
    """Raises InvalidInput for a name that is taken, by a source or by the product's own tables, or that holds other
    characters than letters, digits, blanks, - and _."""
    require(by, "sources.add_source")
    kind = registry.get(connector)
    _check_name(name)
    if name.strip().lower() in OWN_NAMESPACES:
        message = _("Kindred’s own tables are called “%(name)s.…”. Choose another name, for example “%(name)s_source”.")
        _refuse(message % {"name": name}, "name")
    if Source.objects.filter(name__iexact=name).exists():
        _refuse(_("There is a source called “%s” already. Choose another name.") % name, "name")
    values = checked(kind.source_schema, dict(config or {}), name)
    source = Source(
        name=name,
        label=label,
        connector=connector,
        config=values,
    )
    source.secrets = dict(secrets or {})
    source.created_by = source.updated_by = by
    _check_paths(source, {}, by)
    with transaction.atomic():
        source.save()
        audit.record(by, "source.add", source, connector=connector)
    return source


def save_source(
    source: Source,
    *,
    label: str | None = None,
    config: Mapping[str, Any] | None = None,
    secrets: Mapping[str, Any] | None = None,
    by: Actor = None,
) -> Source:
    """Changes what is given. A secret that is given replaces the old one; others stay."""
    require(by, "sources.change_source")
    kind = registry.get(source.connector)
    if label is not None:
        source.label = label
    if config is not None:
        source.config = checked(kind.source_schema, source.config | dict(config), source.name)
    if secrets:
        given = {name: value for name, value in secrets.items() if value}
        _check_server(source.secrets or {}, given, by)
        source.secrets = (source.secrets or {}) | given
    _check_paths(source, {}, by)
    source.updated_by = by
    with transaction.atomic():
        source.save()
        audit.record(by, "source.change", source, secrets=sorted(secrets or {}))
    return source


def save_table(
    source: Source,
    *,
    name: str,
    config: Mapping[str, Any],
    key: list[str] | None = None,
    label: str | None = None,
    active: bool | None = None,
    columns: Mapping[str, Mapping[str, Any]] | None = None,
    by: Actor = None,
) -> SourceTable:
    """Makes the table, or changes it when the source has one of this name. What is None stays as it is.

    `config` is the whole configuration. `columns` states types and meanings, by column name; see `state_columns`.
    """
    require(by, "sources.change_sourcetable")
    _check_name(name)
    values = checked(registry.get(source.connector).table_schema, dict(config), f"{source.name}.{name}")
    _check_paths(source, values, by)
    if "path" in values and "://" not in str(values["path"]):
        values["path"] = check_path(str(values["path"]), by)
    with transaction.atomic():
        table, created = SourceTable.objects.select_for_update().get_or_create(source=source, name=name)
        table.config = values
        table.active = table.active if active is None else active
        if label is not None:
            table.label = label
        if key is not None:
            table.key = list(key)
            table.stated = sorted({*table.stated, "key"} if key else set(table.stated) - {"key"})
        table.save()
        _state(table, columns or {})
        _checked_upload(source, str(values.get("path", "")))
        audit.record(by, "source_table.add" if created else "source_table.change", table, key=table.key)
    return table


def _checked_upload(source: Source, path: str) -> None:
    """The columns of this file are checked: it waits no longer."""
    if path in source.unchecked:
        source.unchecked = [other for other in source.unchecked if other != path]
        source.save(update_fields=["unchecked", "updated_at"])


def state_columns(table: SourceTable, columns: Mapping[str, Mapping[str, Any]], *, by: Actor = None) -> None:
    """States `type`, `semantic`, `currency`, `format`, `label` or `sensitive` of columns; a stated value always wins.

    "" takes a statement back: the value is inferred again. `semantic="none"` states that a column has no meaning.
    Raises InvalidInput for an unknown type, meaning or currency. It takes effect at the next load.
    """
    require(by, "sources.change_sourcecolumn")
    with transaction.atomic():
        _state(table, columns)
        audit.record(by, "source_table.columns", table, columns=sorted(columns))


def _state(table: SourceTable, columns: Mapping[str, Mapping[str, Any]]) -> None:
    known = {column.name: column for column in table.columns.all()}
    for name, values in columns.items():
        column = known.get(name) or SourceColumn(table=table, name=name, position=len(known))
        known[name] = column
        _check_column(name, values)
        for what in STATEABLE:
            if what in values:
                value = str(values[what] or "")
                setattr(column, what, value or getattr(column, what) if what in ("type",) else value)
                stated = {*column.stated, what} if value else set(column.stated) - {what}
                column.stated = sorted(stated)
        _check_format(column)
        if "sensitive" in values:
            column.is_sensitive = bool(values["sensitive"])
        column.save()


def _check_column(name: str, values: Mapping[str, Any]) -> None:
    place = f"columns.{name}"
    if values.get("type") and values["type"] not in SourceColumn.Type.values:
        names = ", ".join(SourceColumn.Type.values)
        raise InvalidInput(
            _("“%(type)s” is not a type. Choose one of: %(names)s.") % {"type": values["type"], "names": names},
            place=f"{place}.type",
        )
    if values.get("semantic") and not semantics.is_semantic(str(values["semantic"])):
        names = ", ".join([*semantics.SEMANTIC_TYPES, "id.…", "none"])
        message = _("“%(semantic)s” is not a meaning. Choose one of: %(names)s.")
        raise InvalidInput(message % {"semantic": values["semantic"], "names": names}, place=f"{place}.semantic")
    if values.get("currency") and str(values["currency"]) not in {*CURRENCIES, *EXPONENTS}:
        raise InvalidInput(
            _("“%s” is not a currency code such as USD or EUR.") % values["currency"], place=f"{place}.currency"
        )


def _check_format(column: SourceColumn) -> None:
    place, given = f"columns.{column.name}.format", column.format if column.states("format") else ""
    if given and given not in FORMATS and not re.search("%[A-Za-z]", given):
        message = _(
            "“%(given)s” is no way to write values. Use a date pattern such as %%d/%%m/%%Y, or one of: %(known)s."
        )
        raise InvalidInput(message % {"given": given, "known": ", ".join(sorted(FORMATS))}, place=place)
    if given == MINOR and not (column.states("type") and column.type == SourceColumn.Type.MONEY):
        raise InvalidInput(_("Only money has a smallest unit: state the type money, too."), place=place)


def load_table(table: SourceTable, context: Context | None = None, *, full: bool = False) -> Load:
    """Loads one table here and now, and publishes it; its newest load. With unchanged input nothing happens.

    Raises what went wrong; the data loaded before stays visible.
    """
    outcomes = load_tables([table], context, full=full)
    if outcomes and outcomes[0].error is not None:
        raise outcomes[0].error
    if outcomes:
        return outcomes[0].load
    unchanged = Load(table=table, state=Load.State.UNCHANGED, message=_("The input has not changed."))
    unchanged.finish(Load.State.UNCHANGED, rows_loaded=table.rows)
    return unchanged


def start_load(table: SourceTable, *, full: bool = False, by: Actor = None) -> Job:
    """Asks the workers for a load. While one is under way, that one is returned."""
    require(by, "sources.add_load")
    job = enqueue(LOAD_KIND, {"table": table.pk, "full": full}, key=f"load:{table.pk}", by=by)
    audit.record(by, "source_table.load", table, full=full)
    return job


def remove_table(table: SourceTable, *, by: Actor = None) -> None:
    """Forgets a table, its data and its relationships. Raises InUse while something needs it."""
    require(by, "sources.delete_sourcetable")
    refuse_used(str(table), [table])
    _remove([table])
    audit.record(by, "source_table.remove", table)
    table.delete()


def remove_source(source: Source, *, by: Actor = None) -> None:
    """Forgets a source with all its tables and their data. Raises InUse while something needs one of them."""
    require(by, "sources.delete_source")
    found = list(source.tables.select_related("source"))
    refuse_used(str(source), found)
    with transaction.atomic():
        _remove(found)
        audit.record(by, "source.remove", source)
        source.delete()


def _remove(tables: list[SourceTable]) -> None:
    busy = Job.objects.active().filter(key__in=[f"load:{table.pk}" for table in tables])
    if busy.exists():
        raise Conflict(_("A load is still running. Cancel it first."))
    work = stage()
    for table in tables:
        work.drop(table.full_name)
        work.drop(table.quarantine_name)
        Relationship.objects.filter(from_table=table.full_name).delete()
        Relationship.objects.filter(to_table=table.full_name).delete()
    work.publish(_("Removed %s") % ", ".join(table.full_name for table in tables))


def test_source(source: Source) -> None:
    """Raises InvalidInput or Unavailable when the source cannot be reached."""
    registry.get(source.connector).test(access_of(source))


def table_name_of(path: str) -> str:
    """A name for a table that is read from a file: `Customers (2).csv` → `customers_2`."""
    stem = Path(path.replace("*", "")).stem
    return re.sub(r"[\W_]+", "_", stem).strip("_-").lower()[:60] or "table"


def _check_name(name: str) -> None:
    try:
        safe_name(name)
    except ValidationError as error:
        raise InvalidInput(str(error.message), place="name", fields={"name": [str(error.message)]}) from error


def _check_server(stored: Mapping[str, Any], given: Mapping[str, Any], by: Actor) -> None:
    """A password goes to no other server than the one that it was stored for, unless it is typed again."""
    if by is None or "url" not in given or not stored.get("password") or given.get("password"):
        return
    if server_of(given["url"]) != server_of(stored.get("url", "")):
        _refuse(_("This address leads to another server. Type the password again."), "password")


def _check_paths(source: Source, table: Mapping[str, Any], by: Actor) -> None:
    access = Access(source.name, source.config, source.secrets or {})
    kind = registry.get(source.connector)
    if source.connector == "sql" or table:
        for path in kind.local_paths(access, dict(table)):
            check_path(path, by)


def _refuse(message: str, field: str) -> None:
    raise InvalidInput(message, place=field, fields={field: [message]})
