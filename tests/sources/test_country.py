"""A table whose rows do not name their country can."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.errors import InvalidInput
from sources import services
from sources.models import SourceTable
from tests.sources.conftest import rows

TableOf = Callable[..., SourceTable]
ClientOf = Callable[[User], Client]


def test_it_stands_in_a_column_of_its_own(table_of: TableOf) -> None:
    table = table_of("alumnos.csv", "id,Móvil\n1,600 111 222\n2,600 111 223\n", country="ES")
    services.load_table(table)
    assert [row["country"] for row in rows(table)] == ["ES", "ES"]
    assert table.columns.get(name="country").semantic == "address.country"


def test_what_rows_say_themselves_stays(table_of: TableOf) -> None:
    table = table_of("alumnos.csv", "id,Country\n1,FR\n2,\n", country="ES")
    services.load_table(table)
    assert [row["Country"] for row in rows(table)] == ["FR", "ES"]


def test_it_is_chosen_before_the_table_is_loaded(analyst: User, client_of: ClientOf) -> None:
    client = client_of(analyst)
    upload = SimpleUploadedFile("a.csv", b"id,phone\n1,600111222\n2,600111223\n")
    url = client.post("/sources/add/file/", {"name": "web", "upload": upload}).url
    page = client.get(f"{url}&country=ES")
    assert [column["column"].name for column in page.context["columns"]] == ["id", "phone", "country"]
    client.post(f"{url}&country=ES", {"name": "people"})
    assert SourceTable.objects.get().config["country"] == "ES"


@pytest.mark.parametrize("wrong", ["Spain", "es", "E", "<b>"])
def test_only_codes_of_countries_are_taken(table_of: TableOf, wrong: str) -> None:
    with pytest.raises(InvalidInput, match="country"):
        table_of("a.csv", "id\n1\n", country=wrong)


def test_phones_are_read_as_of_there(table_of: TableOf) -> None:
    from jobs.refresh import refresh
    from lake.queries import snapshot
    from profiles.config import services as unification
    from profiles.models import Profile

    table = table_of("alumnos.csv", "id,first_name,last_name,phone\n1,Ana,Ruiz,600111222\n", key=["id"], country="ES")
    services.load_table(table)
    unification.save_unification(tables=[table.full_name], default_country="DE")
    refresh()
    assert snapshot().has("unified.profiles")
    assert Profile.objects.get().phone == "+34600111222"
