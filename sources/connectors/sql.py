"""SQL databases: PostgreSQL, MySQL or MariaDB, and SQLite, through SQLAlchemy. Always read-only, with timeouts."""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

import numpy as np
import sqlalchemy as sa
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field, model_validator
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import (
    ArgumentError,
    NoSuchModuleError,
    SQLAlchemyError,
)

from core.errors import InvalidInput, NotFound
from sources.connectors.base import Access, FoundTable, SourceSettings, TableOptions, TableOptionsForm
from sources.connectors.sql_errors import explained
from sources.connectors.sql_types import lenient, odd_columns, read_with
from sources.reading.batch import Batch, texts_of
from sources.reading.native import arrow_table

BATCH_ROWS = 20_000
CONNECT_SECONDS = 10
DEFAULT_SECONDS = 600
SQLITE = b"SQLite format 3\0"
DRIVERS = {
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
    "sqlite": "sqlite",
}
# What else an address may say: nothing that runs statements, reads other settings or opens other files than these.
OPTIONS = {
    "sslmode", "sslrootcert", "sslcert", "sslkey", "channel_binding", "target_session_attrs", "application_name",
    "host", "hostaddr", "port", "unix_socket", "ssl_ca", "ssl_cert", "ssl_key", "charset",
}  # fmt: skip
SOCKETS = "/var/run/postgresql"  # where PostgreSQL's own library looks when no host is named
_HOST = re.compile(r"[\w.:-]+")
_COLON = re.compile(r"(?<![:\w\\]):(?=\w)")  # what SQLAlchemy would take for a parameter


class SqlSource(SourceSettings):
    """`timeout`: seconds that one statement may take."""

    timeout: int = Field(DEFAULT_SECONDS, ge=1, le=24 * 3600)


class SqlTable(TableOptions):
    """A table (or view) or a query; with a `cursor` column only rows beyond its highest value are read next time."""

    table: str = ""
    db_schema: str = Field("", alias="schema")
    query: str = ""
    cursor: str = ""

    model_config = {"extra": "forbid", "populate_by_name": True}

    @model_validator(mode="after")
    def _one_of_both(self) -> "SqlTable":
        if bool(self.table) == bool(self.query):
            raise ValueError(_("Name either a table or a query."))
        return self


class SqlTableForm(TableOptionsForm):
    table = forms.CharField(label=gettext_lazy("Table or view"), required=False)
    query = forms.CharField(
        label=gettext_lazy("Or a query"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )
    cursor = forms.CharField(
        label=gettext_lazy("Column that only grows"),
        required=False,
        help_text=gettext_lazy(
            "A number or time of the last change. Then only new and changed rows are read; deleted ones are noticed"
            " when you load the table by hand."
        ),
    )
    field_order = ("table", "query", "cursor")


class SqlSourceForm(forms.Form):
    """Either `url`, or `upload`: a SQLite file that becomes one."""

    url = forms.CharField(
        label=gettext_lazy("Address"),
        required=False,
        help_text=gettext_lazy(
            "postgresql://user@host/database, mysql://user@host/database or sqlite:////path/file.db"
        ),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("Stored encrypted, never shown again."),
    )
    upload = forms.FileField(
        label=gettext_lazy("Or a SQLite file"),
        required=False,
        help_text=gettext_lazy("A database in one file, such as till.sqlite or till.db."),
    )

    def clean_upload(self) -> UploadedFile[Any] | None:
        upload: UploadedFile[Any] | None = self.cleaned_data.get("upload") or None
        if upload and not upload.read(len(SQLITE)) == SQLITE:
            raise forms.ValidationError(_("This is not a SQLite database. Other files are added as Files."))
        if upload:
            upload.seek(0)
        return upload

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("url") and not data.get("upload") and not self.errors:
            self.add_error("url", _("Give the address of a database, or choose a SQLite file."))
        return data


class SqlConnector:
    name: ClassVar[str] = "sql"
    label: ClassVar[str | Promise] = gettext_lazy("SQL database")
    description: ClassVar[str | Promise] = gettext_lazy(
        "PostgreSQL, MySQL, MariaDB or SQLite: a table, a view or a query."
    )
    icon: ClassVar[str] = "database"
    secret_fields: ClassVar[tuple[str, ...]] = ("url", "password")
    source_schema: ClassVar[type[SourceSettings]] = SqlSource
    table_schema: ClassVar[type[TableOptions]] = SqlTable
    source_form: ClassVar[type[forms.Form]] = SqlSourceForm
    table_form: ClassVar[type[forms.Form]] = SqlTableForm

    def test(self, access: Access) -> None:
        with connected(access) as connection:
            connection.execute(sa.text("SELECT 1"))

    def discover(self, access: Access) -> list[FoundTable]:
        with connected(access) as connection:
            inspector = sa.inspect(connection)
            names = [*inspector.get_table_names(), *inspector.get_view_names()]
            return [FoundTable(name, {"table": name}) for name in sorted(names)]

    def fingerprint(self, access: Access, table: dict[str, Any]) -> str:
        """A SQLite file by its size and time of change; servers must be asked."""
        path = sqlite_path(access)
        if path is None or not path.is_file():
            return ""
        stats = [file.stat() for file in (path, path.with_name(path.name + "-wal")) if file.exists()]
        return ":".join(f"{stat.st_size}.{stat.st_mtime_ns}" for stat in stats)

    def size(self, access: Access, table: dict[str, Any]) -> int:
        return 0

    def read(self, access: Access, table: dict[str, Any], since: Any = None) -> Iterator[Batch]:
        options, done = SqlTable(**table), 0
        with (
            connected(access) as connection,
            closing(
                connection.execution_options(stream_results=True, yield_per=BATCH_ROWS).execute(
                    _statement(options, since)
                )
            ) as result,
        ):
            names, readers = list(result.keys()), odd_columns(connection, options, result)
            for rows in result.partitions(BATCH_ROWS):
                data = arrow_table(names, read_with(readers, rows))
                lines = np.arange(done + 1, done + 1 + data.num_rows)
                done += data.num_rows
                yield Batch(
                    data,
                    options.table or options.query[:60],
                    lines,
                    texts_of(data),
                    data.nbytes,
                )
            if not done:
                yield Batch(arrow_table(names, []), options.table, np.empty(0, np.int64), lambda row: "")

    def declared_key(self, access: Access, table: dict[str, Any]) -> list[str]:
        options = SqlTable(**table)
        if not options.table:
            return []
        with connected(access) as connection:
            inspector = sa.inspect(connection)
            if options.table not in inspector.get_table_names(schema=options.db_schema or None):
                return []
            return list(inspector.get_pk_constraint(options.table, options.db_schema or None)["constrained_columns"])

    def local_paths(self, access: Access, table: dict[str, Any]) -> list[str]:
        """A SQLite file; of servers the files and sockets that the address names: whoever runs on this machine may be
        let in there without a password."""
        path = sqlite_path(access)
        return _named_here(address(access)) if path is None else [str(path)]


def address(access: Access) -> URL:
    """The address with driver and password. Raises InvalidInput."""
    try:
        url = make_url(access.secrets.get("url", ""))
    except (ArgumentError, ValueError) as error:
        raise InvalidInput(
            _("The address of %s is not one. Write it as postgresql://user@host/database.") % access.name, place="url"
        ) from error
    driver = DRIVERS.get(url.get_backend_name()) or DRIVERS.get(url.drivername)
    if driver is None:
        raise InvalidInput(
            _("“%s” databases are not supported. Use PostgreSQL, MySQL, MariaDB or SQLite.") % url.drivername,
            place="url",
        )
    if unknown := sorted(set(url.query) - OPTIONS):
        message = _("The address of %(name)s says “%(option)s”, which is not understood. Leave it out.")
        raise InvalidInput(message % {"name": access.name, "option": unknown[0]}, place="url")
    password = access.secrets.get("password")
    return url.set(drivername=driver, password=password) if password else url.set(drivername=driver)


def _named_here(url: URL) -> list[str]:
    stated = {name: ",".join(texts) for name, texts in url.normalized_query.items()}
    stated_hosts = [url.host or "", *(stated.get(name, "") for name in ("host", "hostaddr"))]
    hosts = [host for listed in stated_hosts for host in listed.split(",")]
    named = [host for host in hosts if host and not _HOST.fullmatch(host)]
    named += [text for name, text in stated.items() if name not in ("host", "hostaddr") and "/" in text]
    is_nowhere = url.get_backend_name() == "postgresql" and not any(hosts)
    return [*named, SOCKETS] if is_nowhere else named


def sqlite_path(access: Access) -> Path | None:
    url = address(access)
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


@contextmanager
def connected(access: Access) -> Iterator[Connection]:
    """A connection in a read-only transaction. Every failure becomes an error that says what to do."""
    seconds = int(access.config.get("timeout") or DEFAULT_SECONDS)
    engine = _engine(address(access), seconds)
    try:
        with engine.connect() as connection:
            lenient(connection)
            _restrict(connection, seconds)
            yield connection
    except (SQLAlchemyError, NoSuchModuleError) as error:
        raise explained(error, access, seconds) from error
    finally:
        engine.dispose()


def _engine(url: URL, seconds: int) -> Engine:
    match url.get_backend_name():
        case "postgresql":
            options = f"-c statement_timeout={seconds * 1000} -c default_transaction_read_only=on"
            options += " -c DateStyle=ISO -c TimeZone=UTC"
            extra: dict[str, Any] = {"connect_timeout": CONNECT_SECONDS, "options": options}
        case "sqlite":
            path = Path(url.database or "")
            if not path.is_file():
                raise NotFound(_("There is no database file %s. Check the path.") % path, place="url")
            url = url.set(database=f"file:{quote(str(path))}", query={"mode": "ro", "uri": "true"})
            extra = {"timeout": CONNECT_SECONDS}
        case _:
            extra = {"connect_timeout": CONNECT_SECONDS, "read_timeout": seconds + 5, "charset": "utf8mb4"}
    return sa.create_engine(url, connect_args=extra, poolclass=sa.NullPool)


def _restrict(connection: Connection, seconds: int) -> None:
    if connection.dialect.name in ("mysql", "mariadb"):
        connection.execute(sa.text("SET SESSION TRANSACTION READ ONLY"))
        is_maria = getattr(connection.dialect, "is_mariadb", False)
        limit = f"max_statement_time = {seconds}" if is_maria else f"max_execution_time = {seconds * 1000}"
        connection.execute(sa.text(f"SET SESSION {limit}"))
        connection.commit()
    if connection.dialect.name == "sqlite":
        connection.execute(sa.text("PRAGMA query_only = ON"))


def _statement(options: SqlTable, since: Any) -> sa.Select[Any]:
    if options.query:
        query = _COLON.sub(r"\:", options.query.strip().rstrip(";"))
        rows: Any = sa.text(f"({query}\n) AS kindred_rows")
    else:
        rows = sa.table(options.table, schema=options.db_schema or None)
    statement = sa.select(sa.text("*")).select_from(rows)
    if options.cursor:
        cursor: sa.ColumnClause[Any] = sa.column(options.cursor)
        statement = statement.order_by(cursor)
        if since is not None:
            # Without a type of its own the database reads it as what the column is: a time, a number, a text.
            statement = statement.where(cursor >= sa.bindparam("since", since, type_=sa.types.NullType()))
    return statement
