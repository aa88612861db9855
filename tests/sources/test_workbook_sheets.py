"""The sheets of an uploaded workbook are tables of their own, without uploading it again."""

import io
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from sources import services
from sources.models import SourceTable
from tests.sources.conftest import rows

ClientOf = Callable[[User], Client]


def book(pupils: int = 2) -> SimpleUploadedFile:
    made = Workbook()
    made.active.title = "Alumnos"
    for row in (["Nº", "Nombre"], *([f"A{n}", f"Ana {n}"] for n in range(pupils))):
        made.active.append(row)
    sheet = made.create_sheet("Matrículas")
    for row in (["Nº matrícula", "Curso"], ["M1", "JP"], ["M2", "DE"]):
        sheet.append(row)
    file = io.BytesIO()
    made.save(file)
    return SimpleUploadedFile("escuela.xlsx", file.getvalue())


@pytest.fixture
def school(analyst: User, client_of: ClientOf) -> Client:
    """A workbook whose first sheet became a table."""
    client = client_of(analyst)
    first = client.post("/sources/add/file/", {"name": "escuela", "upload": book()})
    client.post(first.url, {"name": "alumnos"})
    return client


def test_the_sheets_stand_above_the_columns(analyst: User, client_of: ClientOf) -> None:
    client = client_of(analyst)
    first = client.get(client.post("/sources/add/file/", {"name": "escuela", "upload": book()}).url)
    other = first.context["sheets"][1]
    assert (other["name"], other["here"]) == ("Matrículas", False)

    page = client.get(other["url"])
    assert [column["column"].name for column in page.context["columns"]] == ["Nº matrícula", "Curso"]
    assert page.context["form"].data["name"] == "matrículas"


def test_what_no_table_reads_yet_is_offered(school: Client) -> None:
    ((sheet, url),) = school.get("/sources/escuela/tables/add/").context["sheets"]
    assert sheet.name == "Matrículas"

    school.post(url, {"name": "matriculas"})
    table = SourceTable.objects.get(name="matriculas")
    services.load_table(table)
    assert [row["Curso"] for row in rows(table)] == ["JP", "DE"]
    assert school.get("/sources/escuela/tables/add/").context["sheets"] == []


def test_a_newer_workbook_is_read_by_the_tables_of_all_its_sheets(school: Client) -> None:
    ((_sheet, url),) = school.get("/sources/escuela/tables/add/").context["sheets"]
    school.post(url, {"name": "matriculas"})
    before = set(SourceTable.objects.values_list("config__path", flat=True))

    school.post("/sources/escuela/tables/matriculas/file/", {"upload": book(pupils=5), "how": "replace"})

    after = set(SourceTable.objects.values_list("config__path", flat=True))
    assert len(after) == 1
    assert after != before
    table = SourceTable.objects.get(name="alumnos")
    services.load_table(table)
    assert len(rows(table)) == 5


def test_a_file_without_sheets_offers_none(analyst: User, client_of: ClientOf) -> None:
    client = client_of(analyst)
    upload = SimpleUploadedFile("a.csv", b"id,name\n1,Ann\n2,Bob\n")
    page = client.get(client.post("/sources/add/file/", {"name": "web", "upload": upload}).url)
    assert page.context["sheets"] == []
