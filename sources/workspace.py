"""The section `sources` of the workspace file."""

import os
import re
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import InvalidInput
from core.sections import ApplyContext, Change, at
from sources import services
from sources.access import checked
from sources.connectors import registry
from sources.connectors.shown import shown
from sources.models import Source, SourceColumn, SourceTable
from sources.workspace_entries import ColumnEntry, SourceEntry, TableEntry

_VARIABLE = re.compile(r"\$\{(\w+)\}")


_NOT_OPTIONS = {"name", "label", "key", "active", "columns"}


class SourcesSection:
    name = "sources"
    order = 10
    spec: ClassVar[Any] = list[SourceEntry]

    def export(self) -> list[SourceEntry]:
        return [_source_entry(source) for source in Source.objects.prefetch_related("tables__columns").order_by("pk")]

    def beside(self, value: list[SourceEntry], folder: Path) -> list[SourceEntry]:
        return [_beside(entry, folder) for entry in value]

    def apply(self, value: list[SourceEntry], context: ApplyContext) -> list[Change]:
        changes: list[Change] = []
        for entry in value:
            changes += _SourceApply(entry, context).run()
        return changes


def _beside(entry: SourceEntry, folder: Path) -> SourceEntry:
    tables = [table.model_copy(update={"path": _from(table.path, folder)}) for table in entry.tables]
    url = entry.url
    if url and url.startswith("sqlite:////"):
        url = "sqlite:///" + str(_from(url.removeprefix("sqlite:///"), folder))
    return entry.model_copy(update={"tables": tables, "url": url})


def _from(path: str | None, folder: Path) -> str | None:
    is_below = path is not None and path.startswith(f"{folder}{os.sep}")
    return os.path.relpath(path, folder) if path and is_below else path


def _source_entry(source: Source) -> SourceEntry:
    values: dict[str, Any] = {"name": source.name, "connector": source.connector, "label": source.label or None}
    references = source.config.get("references", {})
    for name in registry.get(source.connector).secret_fields:
        if secret := (source.secrets or {}).get(name):
            values[name] = references.get(name) or _without_secret(source, name, secret)
    values["timeout"] = source.config.get("timeout")
    return SourceEntry(**values, tables=[_table_entry(table) for table in source.tables.all()])


def _without_secret(source: Source, name: str, secret: Any) -> Any:
    """Secrets never get into a file: a placeholder stands for them. An address without a password is none."""
    prefix = re.sub(r"\W+", "_", source.name).upper()
    if isinstance(secret, dict):
        return {key: "${" + f"{prefix}_{key.upper()}" + "}" for key in secret}
    if name == "url" and shown(secret) == secret and "password" not in secret.lower():
        return secret
    return "${" + f"{prefix}_{name.upper()}" + "}"


def _table_entry(table: SourceTable) -> TableEntry:
    columns = {
        column.name: ColumnEntry(
            **{name: getattr(column, name) or "none" for name in services.STATEABLE if column.states(name)},
            sensitive=True if column.is_sensitive else None,
        )
        for column in table.columns.all()
        if column.is_sensitive or any(column.states(name) for name in services.STATEABLE)
    }
    return TableEntry(
        name=table.name,
        label=table.label or None,
        key=table.key or None,
        active=None if table.active else False,
        columns=columns,
        **table.config,
    )


class _SourceApply:
    """Compares one entry with the workspace, and writes the difference."""

    def __init__(self, entry: SourceEntry, context: ApplyContext) -> None:
        self.entry, self.context = entry, context
        self.place = f"sources[{entry.name}]"
        self.changes: list[Change] = []
        self.source = Source.objects.filter(name=entry.name).first()
        with at(self.place):
            self.connector = registry.get(entry.connector)

    def run(self) -> list[Change]:
        secrets, references = self._secrets()
        if self.source is not None and self.source.connector != self.entry.connector:
            raise InvalidInput(
                _("The kind of a source cannot change. Remove it first, or use another name."), place=self.place
            )
        config = {"timeout": self.entry.timeout} if self.entry.timeout is not None else {}
        if self.source is None:
            self.changes.append(Change("add", self.place, None, self.entry.connector))
            with at(self.place):
                self.source = services.create_source(
                    name=self.entry.name,
                    connector=self.entry.connector,
                    label=self.entry.label or "",
                    config=config | ({"references": references} if references else {}),
                    secrets=secrets,
                    by=self.context.by,
                )
        else:
            self._change_source(self.source, secrets, references, config)
        for table in self.entry.tables:
            self._table(table)
        return self.changes

    def _secrets(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Secrets in clear, and how the file names those that come from the environment."""
        stored = (self.source.secrets or {}) if self.source else {}
        secrets: dict[str, Any] = {}
        references: dict[str, Any] = {}
        for name in ("url", "password", "storage_options"):
            given = getattr(self.entry, name)
            if given is None:
                continue
            if name not in self.connector.secret_fields:
                raise InvalidInput(_("A source of this kind has no “%s”.") % name, place=f"{self.place}.{name}")
            if isinstance(given, dict):
                secrets[name] = {
                    key: self._resolved(value, f"{name}.{key}", stored.get(name, {}).get(key))
                    for key, value in given.items()
                }
            else:
                secrets[name] = self._resolved(given, name, stored.get(name))
                if _VARIABLE.search(given):
                    references[name] = given
        if "url" in secrets:
            secrets["url"] = self._relative(secrets["url"])
        return secrets, references

    def _resolved(self, text: str, name: str, stored: str | None) -> str:
        """A file that a person sends could name any secret of this installation, and a server to bring it to."""
        named = _VARIABLE.findall(text)
        closed = [] if self.context.by is None else [name for name in named if name not in settings.WORKSPACE_VARIABLES]
        missing = [variable for variable in named if variable not in os.environ]
        if (closed or missing) and stored is not None:
            return stored
        if closed:
            message = _(
                "A file that is uploaded may not read the environment variable %s. Add this source on its page first, "
                "apply the file on the command line, or let WORKSPACE_VARIABLES name the variable."
            )
            raise InvalidInput(message % closed[0], place=f"{self.place}.{name}")
        if missing:
            message = _("The environment variable %s is not set. Set it and apply the file again.")
            raise InvalidInput(message % missing[0], place=f"{self.place}.{name}")
        return _VARIABLE.sub(lambda found: os.environ[found[1]], text)

    def _relative(self, url: str) -> str:
        """`sqlite:///data/loyalty.db` is relative to the file, `sqlite:////data/loyalty.db` is absolute."""
        if not url.startswith("sqlite:///") or url.startswith("sqlite:////"):
            return url
        return "sqlite:///" + os.path.abspath(self.context.folder / url.removeprefix("sqlite:///"))

    def _change_source(
        self, source: Source, secrets: dict[str, Any], references: dict[str, Any], config: dict[str, Any]
    ) -> None:
        before = len(self.changes)
        if self.entry.label is not None and self.entry.label != source.label:
            self._note("label", source.label, self.entry.label)
        for name, value in secrets.items():
            if value != (source.secrets or {}).get(name):
                self._note(name, "…", "…")
        for name, value in config.items():
            if value != source.config.get(name):
                self._note(name, source.config.get(name), value)
        new_references = references and references != source.config.get("references", {})
        if len(self.changes) > before or new_references:
            config = config | ({"references": references} if references else {})
            with at(self.place):
                services.save_source(source, label=self.entry.label, config=config, secrets=secrets, by=self.context.by)

    def _note(self, name: str, before: Any, after: Any) -> None:
        self.changes.append(Change("change", f"{self.place}.{name}", before, after))

    def _table(self, entry: TableEntry) -> None:
        place = f"{self.place}.tables[{entry.name}]"
        current = self.source.tables.filter(name=entry.name).first() if self.source else None
        config = self._options(entry)
        key = [entry.key] if isinstance(entry.key, str) else entry.key
        columns = {name: column.model_dump(exclude_none=True) for name, column in entry.columns.items()}
        if current is None:
            origin = config.get("path") or config.get("table") or config.get("query")
            found = [Change("add", place, None, origin)]
        else:
            found = _differences(current, place, entry, config, key, columns)
            config = current.config | config
        self.changes += found
        if found or (current is not None and _unstated(current, key, columns)):
            assert self.source is not None
            with at(place):
                services.save_table(
                    self.source,
                    name=entry.name,
                    config=config,
                    key=key,
                    label=entry.label,
                    active=entry.active,
                    columns=columns,
                    by=self.context.by,
                )

    def _options(self, entry: TableEntry) -> dict[str, Any]:
        options = entry.model_dump(exclude_none=True, by_alias=True, exclude=_NOT_OPTIONS)
        if self.entry.connector == "sql" and not {"table", "query"} & set(options):
            options["table"] = entry.name
        if "path" in options and "://" not in options["path"]:
            path = self._resolved(options["path"], "path", None)
            options["path"] = os.path.abspath(self.context.folder / path)
        return checked(self.connector.table_schema, options, f"{self.place}.tables[{entry.name}]")


def _differences(
    table: SourceTable,
    place: str,
    entry: TableEntry,
    config: dict[str, Any],
    key: list[str] | None,
    columns: dict[str, dict[str, Any]],
) -> list[Change]:
    found: list[Change] = []

    def compare(name: str, before: Any, after: Any) -> None:
        if after is not None and before != after:
            found.append(Change("change", f"{place}.{name}", before, after))

    compare("label", table.label, entry.label)
    compare("active", table.active, entry.active)
    compare("key", list(table.key), key)
    for name, value in config.items():
        compare(name, table.config.get(name), value)
    known = {column.name: column for column in table.columns.all()}
    for name, stated in columns.items():
        column = known.get(name) or SourceColumn(name=name, type="")
        for what, value in stated.items():
            before = column.is_sensitive if what == "sensitive" else getattr(column, what)
            same = before == value or (
                what == "semantic" and value == "none" and not before and column.states("semantic")
            )
            if not same:
                compare(f"columns.{name}.{what}", before, value)
    return found


def _unstated(table: SourceTable, key: list[str] | None, columns: dict[str, dict[str, Any]]) -> bool:
    """Whether the file states what so far was only inferred, with the same value: no difference, but it is kept."""
    known = {column.name: column for column in table.columns.all()}
    new_key = bool(key) and "key" not in table.stated
    return new_key or any(
        what != "sensitive" and not known[name].states(what)
        for name, stated in columns.items()
        if name in known
        for what in stated
    )
