"""What a table of millions must not cost: counting it, sorting it, or a choice among all of its rows."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib import admin as administration
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.admin import ReadOnlyAdmin
from messaging.models import Suppression

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]

GROWING = ["messages", "interactions", "suppressions", "identity-events"]
COUNTS_ALL = re.compile(r"SELECT COUNT\(\*\)(?!.*\bLIMIT \d)")
OURS = [model for model in administration.site._registry if not model.__module__.startswith("django")]
SMALL = {"core.savedview", "sources.source", "sources.sourcecolumn", "profiles.activitytype"}
LARGE = [model for model in OURS if model._meta.label_lower not in SMALL]


@pytest.fixture
def superuser(admin: User, client_of: ClientOf) -> Client:
    User.objects.filter(pk=admin.pk).update(is_staff=True, is_superuser=True)
    return client_of(admin)


@contextmanager
def asked_of(table: str) -> Iterator[list[str]]:
    found: list[str] = []
    with CaptureQueriesContext(connection) as queries:
        yield found
    found += [query["sql"] for query in queries if f'FROM "{table}"' in query["sql"]]


def sorts(statement: str) -> bool:
    """Whether the database would sort rows, even where it could use an index instead."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute(f"EXPLAIN {statement}")
        return any(re.search(r"(^|->  )Sort  \(", line) for (line,) in cursor.fetchall())


@pytest.mark.parametrize("name", GROWING)
def test_the_api_walks_a_table_by_its_index_and_counts_nothing(name: str, admin: User, client_of: ClientOf) -> None:
    client, address = client_of(admin), f"/api/v1/{name}/"
    table = client.get(address).renderer_context["view"].queryset.model._meta.db_table
    with asked_of(table) as asked:
        assert client.get(address).status_code == 200
    assert asked
    assert not [statement for statement in asked if "COUNT(" in statement or sorts(statement)]


def test_the_api_leads_from_page_to_page(admin: User, client_of: ClientOf) -> None:
    Suppression.objects.bulk_create(Suppression(address=f"{n}@a.example", reason="manual") for n in range(5))
    client, seen, address = client_of(admin), [], "/api/v1/suppressions/?page_size=2"
    while address:
        page = client.get(address).json()
        seen += [row["address"][0] for row in page["results"]]
        address = page["next"]
    assert seen == list("43210")


@pytest.mark.parametrize("model", LARGE, ids=lambda model: model._meta.label_lower)
def test_the_administration_neither_counts_nor_sorts_a_table(model: Any, superuser: Client) -> None:
    meta = model._meta
    with asked_of(meta.db_table) as asked:
        assert superuser.get(reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")).status_code == 200
    assert asked
    assert not [statement for statement in asked if COUNTS_ALL.match(statement)]
    assert not [statement for statement in asked if "COUNT(" not in statement and sorts(statement)]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label_lower)
def test_the_administration_changes_nothing_that_a_service_would_check(model: Any) -> None:
    assert isinstance(administration.site._registry[model], ReadOnlyAdmin)
