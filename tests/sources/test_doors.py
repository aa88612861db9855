"""Pages, API and admin: what each role may do, and that secrets stay secret."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from core import home
from core.errors import InvalidInput
from core.home import StoryStep
from core.sections import ApplyContext
from jobs.models import Job
from lake.specs import OWN_NAMESPACES
from sources import services, uploads
from sources.models import Source, SourceTable
from sources.workspace import SourcesSection
from sources.workspace_entries import SourceEntry
from tests.sources.conftest import rows

TableOf = Callable[..., SourceTable]
ClientOf = Callable[[User], Client]
CSV = b"Customer ID,First Name,Email\n1,Ann,a@x.de\n2,Bob,b@x.de\n3\n"


@pytest.fixture
def loaded(table_of: TableOf) -> SourceTable:
    table = table_of("customers.csv", CSV)
    services.load_table(table)
    return table


@pytest.fixture
def secret(db: None, tmp_path: Any) -> Source:
    return services.create_source(
        name="erp", connector="sql", secrets={"url": "postgresql://me:hunter2@127.0.0.1:1/crm", "password": "hunter3"}
    )


PAGES = ["/sources/", "/sources/shop/", "/sources/shop/tables/customers/", "/sources/shop/tables/customers/loads/"]


@pytest.mark.parametrize("path", PAGES)
def test_pages_open_for_viewers_and_not_for_strangers(
    loaded: SourceTable, viewer: User, stranger: User, client_of: ClientOf, path: str
) -> None:
    assert client_of(viewer).get(path).status_code == 200
    assert client_of(stranger).get(path).status_code == 403


@pytest.mark.parametrize(
    "path", ["/sources/add/", "/sources/add/file/", "/sources/shop/edit/", "/sources/shop/tables/customers/edit/"]
)
def test_only_analysts_and_administrators_change_sources(
    loaded: SourceTable, analyst: User, marketer: User, client_of: ClientOf, path: str
) -> None:
    assert client_of(analyst).get(path).status_code == 200
    assert client_of(marketer).get(path).status_code == 403


def test_rows_set_aside_are_shown_and_downloaded_by_analysts_only(
    loaded: SourceTable, analyst: User, viewer: User, client_of: ClientOf
) -> None:
    page = client_of(analyst).get("/sources/shop/tables/customers/set-aside/")
    assert "Wrong number of columns" in page.content.decode()
    download = client_of(analyst).get("/sources/shop/tables/customers/set-aside.csv")
    assert b"customers.csv,4,,ragged" in b"".join(download.streaming_content)  # type: ignore[arg-type]
    assert client_of(viewer).get("/sources/shop/tables/customers/set-aside/").status_code == 403


def test_a_file_becomes_a_table_in_the_browser(analyst: User, client_of: ClientOf) -> None:
    client = client_of(analyst)
    answer = client.post("/sources/add/file/", {"name": "web", "upload": SimpleUploadedFile("../Kun den.csv", CSV)})
    assert answer.status_code == 302
    page = client.get(answer.url)
    assert "the column is called" in page.content.decode()
    saved = client.post(answer.url, {"name": "customers", "type-0": "string", "semantic-1": "none", "key-0": "on"})
    assert saved.status_code == 302
    table = SourceTable.objects.get(name="customers")
    assert table.key == ["Customer ID"]
    assert table.columns.get(name="First Name").states("semantic")
    assert Job.objects.filter(kind="sources.load", params__table=table.pk).exists()
    services.load_table(table)
    assert client.get(saved.url).status_code == 200


@pytest.mark.parametrize(("typed", "shown"), [("Abos Deutschland", "Abos Deutschland"), ("web_shop", "Web shop")])
def test_a_source_is_called_as_it_was_typed(analyst: User, client_of: ClientOf, typed: str, shown: str) -> None:
    client_of(analyst).post("/sources/add/file/", {"name": typed, "upload": SimpleUploadedFile("a.csv", CSV)})
    assert str(Source.objects.get()) == shown


@pytest.mark.usefixtures("loaded")
def test_the_identifier_of_another_source_can_be_chosen(table_of: TableOf, analyst: User, client_of: ClientOf) -> None:
    orders = table_of("orders.csv", "order,buyer\n1,1\n2,2\n")
    services.load_table(orders)
    page = client_of(analyst).get(f"/sources/shop/tables/orders/columns/{orders.columns.get(name='buyer').pk}/")
    assert b'value="id.shop_customer"' in page.content


def test_several_files_are_checked_one_after_the_other(analyst: User, client_of: ClientOf) -> None:
    client = client_of(analyst)
    files = [SimpleUploadedFile(name, CSV) for name in ("people.csv", "visits (2).csv")]
    first = client.post("/sources/add/file/", {"name": "gym", "upload": files})
    second = client.post(first.url, {"name": "people"})
    assert "visits+%282%29.csv" in second.url
    assert client.post(second.url, {"name": "visits"}).url == "/sources/gym/tables/visits/"
    assert set(SourceTable.objects.values_list("name", flat=True)) == {"people", "visits"}


def test_files_that_were_left_half_way_are_offered_again(analyst: User, client_of: ClientOf) -> None:
    client = client_of(analyst)
    files = [SimpleUploadedFile(name, CSV) for name in ("people.csv", "visits.csv", "mistake.csv")]
    first = client.post("/sources/add/file/", {"name": "gym", "upload": files})
    client.post(first.url, {"name": "people"})
    for page in ("/sources/gym/", "/sources/gym/tables/add/"):
        text = client.get(page).content.decode()
        assert "people.csv</span>" not in text
        assert "visits.csv</span>" in text
        assert "mistake.csv</span>" in text
    assert "Check the columns" in client.get("/sources/").content.decode()
    assert "2 uploaded files of Gym wait for their columns" in client.get("/").content.decode()
    source = Source.objects.get(name="gym")
    mistake = source.unchecked[1]
    assert client.post("/sources/gym/discard-file/", {"path": mistake}).status_code == 303
    assert client.post("/sources/gym/discard-file/", {"path": "/etc/passwd"}).status_code == 303
    source.refresh_from_db()
    assert [Path(path).name for path in source.unchecked] == ["visits.csv"]


def test_access_keys_that_there_are_not_are_an_empty_field(analyst: User, client_of: ClientOf) -> None:
    assert ">null<" not in re.sub(r"\s", "", client_of(analyst).get("/sources/add/delta/").content.decode())


def test_only_who_adds_tables_discards_files(shop: Source, viewer: User, client_of: ClientOf) -> None:
    shop.unchecked = ["uploads/a.csv"]
    shop.save()
    assert client_of(viewer).post("/sources/shop/discard-file/", {"path": "uploads/a.csv"}).status_code == 403
    assert "a.csv" not in client_of(viewer).get("/sources/shop/").content.decode()


def test_a_sqlite_file_is_a_source_of_its_own(analyst: User, client_of: ClientOf, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "till.db")) as till:
        till.execute("CREATE TABLE accounts (konto INTEGER PRIMARY KEY, mail TEXT)")
        till.commit()
    client = client_of(analyst)
    text = client.post("/sources/add/sql/", {"name": "no", "upload": SimpleUploadedFile("a.db", CSV)}).content.decode()
    assert "not a SQLite database" in text
    upload = SimpleUploadedFile("till.db", (tmp_path / "till.db").read_bytes())
    answer = client.post("/sources/add/sql/", {"name": "till", "upload": upload})
    assert "accounts" in client.get(answer.url).content.decode()
    page = client.get(f"{answer.url}?table=accounts").content.decode()
    assert re.search(r'name="key-0"\s+checked', page)


@pytest.mark.parametrize(("how", "expected"), [("replace", {"9", "1"}), ("add", {"9", "1", "2"})])
def test_a_newer_file_takes_the_place_of_the_old_one_or_is_added(
    shop: Source, analyst: User, client_of: ClientOf, how: str, expected: set[str]
) -> None:
    old = uploads.store_upload(SimpleUploadedFile("visits.csv", b"visit,minutes\n1,10\n2,20\n"))
    table = services.save_table(shop, name="visits", config={"path": str(old)}, key=["visit"])
    services.load_table(table)
    page = "/sources/shop/tables/visits/file/"
    upload = SimpleUploadedFile("visits.csv", b"visit,minutes\n9,90\n1,11\n")
    client = client_of(analyst)
    assert client.get(page).status_code == 200
    assert client.post(page, {"upload": upload, "how": how}).status_code == 303
    table.refresh_from_db()
    services.load_table(table)
    found = rows(table)
    assert {row["visit"] for row in found} == expected
    assert {row["visit"]: row["minutes"] for row in found}["1"] == 11


def test_only_uploads_are_renewed_by_a_file(loaded: SourceTable, analyst: User, client_of: ClientOf) -> None:
    form = {"upload": SimpleUploadedFile("a.csv", CSV), "how": "replace"}
    answer = client_of(analyst).post("/sources/shop/tables/customers/file/", form)
    assert "not read from an uploaded file" in answer.content.decode()


def test_a_column_is_corrected_in_the_browser(loaded: SourceTable, analyst: User, client_of: ClientOf) -> None:
    column = loaded.columns.get(name="First Name")
    client_of(analyst).post(
        f"/sources/shop/tables/customers/columns/{column.pk}/",
        {"type": "string", "semantic": "person.full_name", "label": "Name"},
    )
    services.load_table(loaded)
    column.refresh_from_db()
    assert (column.semantic, column.label) == ("person.full_name", "Name")


def test_secrets_are_on_no_page_and_in_no_answer(secret: Source, admin: User, client_of: ClientOf) -> None:
    admin.is_staff = admin.is_superuser = True
    admin.save()
    client = client_of(admin)
    for path in (
        "/sources/erp/",
        "/sources/erp/edit/",
        "/api/v1/sources/",
        "/api/v1/sources/erp/",
        f"/admin/sources/source/{secret.pk}/change/",
    ):
        text = client.get(path).content.decode()
        assert "hunter" not in text, path


@pytest.mark.parametrize("name", [*OWN_NAMESPACES, "Unified"])
def test_no_source_is_called_as_our_own_tables_are(
    analyst: User, client_of: ClientOf, tmp_path: Path, name: str
) -> None:
    client, told = client_of(analyst), "own tables"
    page = client.post("/sources/add/file/", {"name": name, "path": str(tmp_path)})
    assert (page.status_code, told in page.content.decode()) == (422, True)
    data = {"name": name, "connector": "file"}
    answer = client.post("/api/v1/sources/", data, content_type="application/json")
    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, ["name"])
    with pytest.raises(InvalidInput, match=told):
        SourcesSection().apply([SourceEntry(**data)], ApplyContext(tmp_path))
    assert not Source.objects.exists()


def test_a_source_may_be_called_as_companies_call_theirs(analyst: User) -> None:
    assert services.create_source(name="crm", connector="file", by=analyst).name == "crm"


@pytest.mark.parametrize("config", [[1], "x", 5, True, None, [{"a": 1}]])
def test_the_api_refuses_settings_of_another_shape(analyst: User, client_of: ClientOf, config: object) -> None:
    client, data = client_of(analyst), {"name": "erp", "connector": "file", "config": config}
    answer = client.post("/api/v1/sources/", data, content_type="application/json")
    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, ["config"])
    Source.objects.create(name="erp", connector="file")
    table = {"source": "erp", "name": "people", "config": config}
    answer = client.post("/api/v1/source-tables/", table, content_type="application/json")
    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, ["config"])


def test_a_source_that_does_not_answer_is_not_kept(analyst: User, client_of: ClientOf) -> None:
    answer = client_of(analyst).post(
        "/sources/add/sql/", {"name": "erp", "url": "postgresql://me@127.0.0.1:1/x", "password": "p"}
    )
    assert answer.status_code == 422
    assert "does not answer" in answer.content.decode()
    assert list(answer.context["own"].errors) == ["url"]
    assert not Source.objects.exists()


def test_the_api_makes_a_table_states_types_and_reads_the_quarantine(
    shop: Source, analyst: User, client_of: ClientOf
) -> None:
    client = client_of(analyst)
    path = client.post("/api/v1/sources/upload/", {"file": SimpleUploadedFile("a.csv", CSV)}).json()["path"]
    seen = client.post("/api/v1/sources/shop/preview/", {"path": path}, content_type="application/json").json()
    assert [column["semantic"] for column in seen["columns"]] == [
        "id.shop_customer",
        "person.first_name",
        "contact.email",
    ]
    made = client.post(
        "/api/v1/source-tables/",
        {"source": "shop", "name": "people", "config": {"path": path}, "columns": {"Email": {"semantic": "none"}}},
        content_type="application/json",
    )
    assert made.status_code == 201, made.content
    services.load_table(SourceTable.objects.get(name="people"))
    quarantine = f"/api/v1/source-tables/{made.json()['id']}/quarantine/"
    assert client.get(quarantine).json()["count"] == 1
    for offset in ("9" * 30, "9" * 5_000, "-1", "x"):
        assert client.get(quarantine, {"offset": offset}).status_code == 200
    assert client.get("/api/v1/loads/").json()["count"] == 1


@pytest.mark.parametrize(("role", "status"), [("analyst", 202), ("viewer", 403), ("stranger", 403)])
def test_loading_through_the_api_needs_the_permission(
    loaded: SourceTable, request: pytest.FixtureRequest, client_of: ClientOf, role: str, status: int
) -> None:
    client = client_of(request.getfixturevalue(role))
    assert client.post(f"/api/v1/source-tables/{loaded.pk}/load/").status_code == status


def test_a_removed_source_takes_its_data_along(loaded: SourceTable, admin: User, client_of: ClientOf) -> None:
    from lake.queries import snapshot

    client_of(admin).post("/sources/shop/remove/")
    assert not Source.objects.exists()
    assert snapshot().names() == []


def test_the_list_of_sources_costs_few_queries(
    loaded: SourceTable, viewer: User, client_of: ClientOf, django_assert_max_num_queries: Any
) -> None:
    client = client_of(viewer)
    client.get("/sources/")
    with django_assert_max_num_queries(14):
        client.get("/sources/")


def test_a_file_without_rows_and_one_that_cannot_be_read_say_what_to_do(client_of: ClientOf, analyst: User) -> None:
    client = client_of(analyst)
    for name, content, said in (("rows.csv", b"a,b\n", "no rows yet"), ("leaflet.csv", b"%PDF-1.4", "another file")):
        upload = SimpleUploadedFile(name, content)
        answer = client.post("/sources/add/file/", {"name": name[:4], "upload": upload})
        page = client.get(answer.headers["Location"])
        assert said in page.content.decode()
        assert ("First rows" in page.content.decode()) is False


def test_records_are_counted_with_the_sources_that_they_are_from(loaded: SourceTable, viewer: User) -> None:
    services.create_source(name="begun", connector="file")
    (told,) = [kpi for kpi in home.kpis(viewer) if kpi.label == "Source records"]
    assert (told.value, told.hint) == ("2", "from 1 source")


def test_a_load_names_its_table(table_of: TableOf, client_of: ClientOf, analyst: User) -> None:
    table = table_of("orders.csv", CSV)
    job = services.start_load(table, by=analyst)
    page = client_of(analyst).get(job.get_absolute_url()).content.decode()
    assert f'<a href="{table.get_absolute_url()}">Orders of Shop</a>' in page


def test_an_uploaded_file_that_cannot_be_read_is_discarded_where_it_is_said(client_of: ClientOf, analyst: User) -> None:
    client, file = client_of(analyst), SimpleUploadedFile("photo.csv", b"\x89PNG\r\n\x1a\n" + bytes(99))
    page = client.post("/sources/add/file/", {"name": "shop", "upload": file}, follow=True).content.decode()
    (path,) = Source.objects.get().unchecked
    assert f'name="path" value="{path}"' in page
    assert "Discard this file" in page
    client.post("/sources/shop/discard-file/", {"path": path})
    assert Source.objects.get().unchecked == []


def test_an_empty_file_is_named_and_no_source_is_made(client_of: ClientOf, analyst: User) -> None:
    uploads_ = [SimpleUploadedFile("none.csv", b""), SimpleUploadedFile("some.csv", CSV)]
    answer = client_of(analyst).post("/sources/add/file/", {"name": "shop", "upload": uploads_})
    assert "“none.csv” has nothing in it. Export it again." in answer.content.decode()
    assert not Source.objects.exists()


def test_rows_that_no_refresh_has_read_yet_lead_to_one(
    loaded: SourceTable, client_of: ClientOf, analyst: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home, "_story", [lambda user: StoryStep(4, "Send", "Draw it.", "/journeys/", "Draw", False)])
    page = client_of(analyst).get(loaded.get_absolute_url()).content.decode()
    assert "follow with the next refresh" in page
    assert 'action="/jobs/refresh/"' in page
    Job.objects.create(kind="refresh", state=Job.State.DONE, finished_at=timezone.now())
    assert "rows are in" not in client_of(analyst).get(loaded.get_absolute_url()).content.decode()


def test_a_table_that_failed_leads_to_the_reasons(table_of: TableOf, client_of: ClientOf, analyst: User) -> None:
    table = table_of("orders.csv", b"id,paid\n1,soon\n2,later\n", columns={"paid": {"type": "integer"}})
    with pytest.raises(InvalidInput):
        services.load_table(table)
    client = client_of(analyst)
    assert (
        'href="/sources/shop/tables/orders/set-aside/">See the reasons'
        in client.get(table.get_absolute_url()).content.decode()
    )
    assert "The others were loaded" not in client.get("/sources/shop/tables/orders/set-aside/").content.decode()


def test_the_columns_of_json_are_shown_as_people_write_them(client_of: ClientOf, analyst: User) -> None:
    file = SimpleUploadedFile("visits.jsonl", b'{"id": 1, "tags": ["bike", "sale"], "known": true}\n')
    page = client_of(analyst).post("/sources/add/file/", {"name": "web", "upload": file}, follow=True).content.decode()
    assert "bike, sale" in page
    assert "<span>Yes</span>" in page


def test_a_sign_that_no_text_has_is_refused_in_names_too(shop: Source, analyst: User, client_of: ClientOf) -> None:
    body = r'{"secrets": {"\u0000": "x"}}'
    answer = client_of(analyst).patch("/api/v1/sources/shop/", body, content_type="application/json")
    assert answer.status_code == 400
    assert "a sign in it that no text has" in answer.json()["error"]["message"]
