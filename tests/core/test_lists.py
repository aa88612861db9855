"""What every list page can do, through a list of audit rows and one in memory."""

import csv
import io
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from core import formats
from core.list_cells import cell
from core.lists import Choice, Column, ListPage, MemoryRows
from core.models import AuditEntry, SavedView, Workspace

URL = "/core/audit/"
PART = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "list-audit"}


@pytest.fixture
def entries(admin):
    names = ["Loyal customers", "Zürich shoppers", "=HYPERLINK(1)"]
    for number, name in enumerate(names):
        AuditEntry.objects.create(user=admin, verb="segment.publish", kind="segment", target=str(number), label=name)
    return AuditEntry.objects.order_by("pk")


@pytest.fixture
def audit(entries, admin, client_of):
    return client_of(admin)


def labels(response):
    return [row[0] for row in csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig")))][1:]


def names(audit, **query):
    return labels(audit.get(URL, {"columns": "label", "export": "csv"} | query))


def test_search_finds_rows_that_have_every_word(audit):
    assert names(audit, q="customers loyal") == ["Loyal customers"]


def test_sort_goes_both_ways_and_ignores_unknown_columns(audit):
    assert names(audit, sort="label", q="o")[-1] == "Zürich shoppers"
    assert names(audit, sort="-label", q="o")[0] == "Zürich shoppers"
    assert audit.get(URL, {"sort": "user__password"}).status_code == 200


def test_filters_narrow_and_unknown_values_are_ignored(audit, viewer):
    AuditEntry.objects.create(user=viewer, verb="other", kind="x", target="1", label="Other")
    assert names(audit, user=str(viewer.pk)) == ["Other"]
    assert len(names(audit, user="nobody")) == 4
    assert names(audit, at_from="2999-01-01") == []


def test_days_are_those_of_the_workspace_and_whole(audit, entries):
    Workspace.objects.update_or_create(pk=1, defaults={"time_zone": "Asia/Kolkata"})  # 5:30 ahead of UTC
    for entry, at in zip(entries, ("2024-05-01 18:29", "2024-05-01 18:30", "2024-05-02 18:30"), strict=True):
        AuditEntry.objects.filter(pk=entry.pk).update(at=f"{at}:00Z")
    assert names(audit, at_from="2024-05-02", at_to="2024-05-02") == ["Zürich shoppers"]
    assert len(names(audit, at_from="2024-05-02", at_to="9998-12-31")) == 2
    assert len(names(audit, at_from="0001-01-01", at_to="9999-12-31")) == 3


def test_days_are_found_by_their_index(audit):
    with CaptureQueriesContext(connection) as queries:
        audit.get(URL, {"at_from": "2024-05-01", "at_to": "2024-05-02"})
    asked = next(query["sql"] for query in queries if query["sql"].startswith('SELECT "core_auditentry"."id"'))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {asked}")
        assert any("Index Cond" in line and "at >=" in line for (line,) in cursor.fetchall())


def test_a_file_holds_nothing_a_spreadsheet_would_run(audit):
    assert "'=HYPERLINK(1)" in names(audit)


def test_htmx_gets_the_very_fragment_that_the_page_includes(audit):
    part = audit.get(URL, **PART).content.decode()
    assert part.lstrip().startswith('<section class="list"')
    assert "Loyal customers" in part
    assert "<html" not in part


def test_pages_and_sizes_outside_the_range_are_brought_back(audit):
    response = audit.get(URL, {"page": "999", "size": "7"})
    assert "1–3 of 3" in response.content.decode()


def test_a_view_is_saved_for_one_person_alone(audit, admin, viewer, client_of):
    audit.post(f"{URL}?q=loyal&page=2", {"save_view": "Mine"})
    view = SavedView.objects.get()
    assert (view.user, view.list, view.query) == (admin, "audit", "q=loyal")
    audit.post(URL, {"delete_view": "999"})
    viewer.user_permissions.set([])
    client_of(viewer).post(URL, {"delete_view": view.pk})
    assert SavedView.objects.exists()
    audit.post(URL, {"delete_view": view.pk})
    assert not SavedView.objects.exists()


def test_more_rows_take_no_more_queries(audit, admin, django_assert_max_num_queries):
    for number in range(40):
        AuditEntry.objects.create(user=admin, verb="x", kind="x", target=str(number), label="More")
    audit.get(URL)
    with django_assert_max_num_queries(14):
        audit.get(URL)


def test_an_unknown_bulk_action_is_refused(audit):
    assert audit.post(URL, {"action": "drop"}).status_code == 403


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        ("percent", [0.38, 0.596, None, 0.9999, 1], ["38.0%", "59.6%", "–", "&gt;99.9%", "100.0%"]),
        ("percent", [0.38, 0.5], ["38%", "50%"]),
        ("number", [2, 1.9, 1_000], ["2.0", "1.9", "1,000.0"]),
        ("number", [2, 300, 7.001], ["2", "300", "7"]),
    ],
)
def test_all_numbers_under_a_column_have_equally_many_decimals(kind, values, expected):
    page = ListPage("memory", [Column("it", "It", kind)], key=lambda row: str(row["id"]))
    request = RequestFactory().get("/")
    request.user = type("Nobody", (), {"is_authenticated": False, "has_perm": lambda *a: False})()
    rows = page.state(request, MemoryRows([{"id": n, "it": value} for n, value in enumerate(values)])).rows
    assert [re.sub("<[^>]+>", "", cells[0].html) for _key, _url, cells in rows] == expected


@pytest.fixture
def memory():
    rows = [
        {"id": 1, "name": "Zoë", "size": None},
        {"id": 2, "name": "adam", "size": 5},
        {"id": 3, "name": "Bo", "size": 9},
    ]
    columns = [Column("name", "Name"), Column("size", "Size", "number")]
    page = ListPage("memory", columns, ["name"], [Choice("name", "Name", choices=[("Bo", "Bo")])], default_sort="name")

    def ids(**query):
        request = RequestFactory().get("/", query)
        request.user = type("Nobody", (), {"is_authenticated": False, "has_perm": lambda *a: False})()
        return [int(key) for key, _url, _cells in page.state(request, MemoryRows(rows)).rows]

    return ids


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, [2, 3, 1]),
        ({"q": "ZOE"}, [1]),
        ({"sort": "size"}, [1, 2, 3]),
        ({"sort": "-size"}, [3, 2, 1]),
        ({"name": "Bo"}, [3]),
    ],
)
def test_rows_in_memory_are_searched_sorted_and_filtered_alike(memory, query, expected):
    assert memory(**query) == expected


def test_a_number_beyond_all_decimals_stands_in_a_list_too() -> None:
    assert formats.decimals([1e30, 1.5, float("nan"), float("inf"), None]) == 1
    assert formats.decimals([-1e30]) == 0


def test_picked_rows_are_exported_in_the_order_and_columns_of_the_list(audit, entries):
    picked = [str(entries[0].pk), str(entries[2].pk)]
    answer = audit.post(f"{URL}?columns=label&sort=label", {"action": "export", "row": picked})
    assert labels(answer) == ["'=HYPERLINK(1)", "Loyal customers"]
    assert answer["Content-Disposition"] == 'attachment; filename="audit.csv"'


def test_rows_that_have_moved_to_another_page_are_exported_too(audit, admin, entries):
    picked = str(entries[0].pk)
    for number in range(30):
        AuditEntry.objects.create(user=admin, verb="other", kind="x", target=str(number), label="Newer")
    answer = audit.post(f"{URL}?columns=label&size=25", {"action": "export", "row": [picked, "0", "nobody"]})
    assert labels(answer) == ["Loyal customers"]


def test_everything_is_all_that_matches(audit):
    answer = audit.post(f"{URL}?columns=label&q=shoppers", {"action": "export", "row": "1", "everything": "1"})
    assert labels(answer) == ["Zürich shoppers"]


def test_who_may_not_see_a_list_takes_nothing_along(entries, stranger, client_of):
    assert client_of(stranger).post(URL, {"action": "export", "everything": "1"}).status_code == 403


def test_a_list_that_is_not_exported_refuses():
    page = ListPage(name="plain", columns=[Column("name", "Name")], export=False)
    request = RequestFactory().post("/", {"action": "export", "row": "1"})
    with pytest.raises(PermissionDenied):
        page.response(request, [{"id": 1, "name": "x"}], "x.html")


def test_long_tags_take_more_than_one_line() -> None:
    column = Column("tags", "Tags", "tags")
    assert cell(column, {"tags": ["Shop", "Till"]}, "").css == "nowrap"
    assert cell(column, {"tags": ["Loyalty · Members: full_name", "Till · Customers: name"]}, "").css == ""
