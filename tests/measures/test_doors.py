"""Measures through pages, API and the workspace file."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jobs.models import Job
from jobs.runner import claim, execute
from lake.queries import snapshot
from lake.specs import ColumnInfo
from measures.distribution import edges, example_rows
from measures.models import Measure
from measures.services import VALUES_KIND, Example, calculate, save_measure

FORM = {
    "name": "Spend", "of": "customer", "function": "sum", "what": "shop.orders\ttotal", "last": "", "unit": "days",
    "where": "", "description": "",
}  # fmt: skip


def spent() -> Measure:
    return Measure(name="Spend", of="customer", function="sum", table="shop.orders", column="total")


@pytest.mark.usefixtures("orders")
def test_a_measure_is_made_in_the_browser(client_of: Any, marketer: Any) -> None:
    client: Client = client_of(marketer)
    answer = client.post(reverse("measures:create"), FORM)
    assert answer.status_code == 302
    made = Measure.objects.get()
    assert (made.table, made.column, made.created_by) == ("shop.orders", "total", marketer)
    assert "Being calculated" in client.get(answer.headers["Location"]).content.decode()


@pytest.mark.usefixtures("orders")
def test_a_saved_measure_is_calculated_at_once_with_what_is_saved_meanwhile(client_of: Any, marketer: Any) -> None:
    spend = save_measure(spent(), by=marketer)
    save_measure(Measure(name="Orders", of="customer", function="count", table="shop.orders"), by=marketer)
    job = claim(Job.objects.get(kind=VALUES_KIND).pk)
    assert job is not None
    assert execute(job) is None
    assert {a.label for a in snapshot().attributes()} >= {"Spend", "Orders"}
    assert spend.values.exists()
    waiting = client_of(marketer).get(spend.get_absolute_url(), headers={"HX-Request": "true"})
    assert waiting.headers["HX-Redirect"] == spend.get_absolute_url()


def test_a_measure_of_data_that_is_not_loaded_waits_for_it(marketer: Any) -> None:
    save_measure(spent(), by=marketer)
    assert not Job.objects.exists()


@pytest.mark.usefixtures("orders")
def test_the_result_is_shown_before_saving(client_of: Any, marketer: Any) -> None:
    answer = client_of(marketer).post(reverse("measures:try_out"), FORM | {"name": ""})
    assert b"$1,149.50" in answer.content
    assert not Measure.objects.exists()


@pytest.mark.usefixtures("orders")
def test_a_calculation_that_does_not_fit_keeps_what_was_typed(client_of: Any, marketer: Any) -> None:
    answer = client_of(marketer).post(reverse("measures:create"), FORM | {"what": "shop.orders\tstatus"})
    assert answer.status_code == 422
    assert b'value="Spend"' in answer.content


@pytest.mark.usefixtures("orders")
def test_the_page_shows_value_spread_and_people(client_of: Any, marketer: Any) -> None:
    client: Client = client_of(marketer)
    client.post(reverse("measures:create"), FORM)
    calculate()
    assert b"Spend" in client.get(reverse("measures:list")).content
    page = client.get(reverse("measures:detail", args=["spend"])).content
    assert b"$1,149.50" in page
    assert b"$389.83" in page  # the average of 1,149.50, 20.00 and 0


@pytest.mark.usefixtures("orders")
def test_ranges_of_the_spread_are_round(client_of: Any, marketer: Any) -> None:
    spend = save_measure(spent(), by=marketer)
    orders = save_measure(Measure(name="Orders", of="customer", function="count", table="shop.orders"), by=marketer)
    calculate()
    client: Client = client_of(marketer)
    spread = client.get(spend.get_absolute_url()).context["spread"]
    assert spread["labels"][:3] == ["$0", "$100", "$200"]
    assert spread["series"][0]["values"] == [2, *[0] * 10, 1, 0]  # 0, 20.00 and 1,149.50
    spread = client.get(orders.get_absolute_url()).context["spread"]
    assert (spread["labels"], spread["series"][0]["values"]) == (["0", "1", "2", "more"], [1, 1, 0, 1])


@pytest.mark.usefixtures("orders")
def test_a_measure_without_a_value_offers_to_be_calculated(client_of: Any, marketer: Any, viewer: Any) -> None:
    client: Client = client_of(marketer)
    there = client.post(reverse("measures:create"), FORM).headers["Location"]
    Job.objects.all().delete()
    page = client.get(there)
    assert page.status_code == 200
    assert b"Not calculated yet" in page.content
    assert b"Refresh now" in page.content
    assert b"Refresh now" not in client_of(viewer).get(reverse("measures:detail", args=["spend"])).content


def test_conditions_are_built_without_writing_json(orders: None, page_of: Any, marketer: Any) -> None:
    page = page_of(marketer, "/measures/new/")
    page.get_by_label("Calculate with").select_option("shop.orders\ttotal")
    page.get_by_role("button", name="Add condition").wait_for()
    assert not page.get_by_label("The rule as text (JSON)").is_visible()


@pytest.mark.usefixtures("orders")
def test_the_api_makes_and_deletes(client_of: Any, analyst: Any) -> None:
    client: Client = client_of(analyst)
    body = {"name": "Orders", "function": "count", "table": "shop.orders"}
    assert client.post("/api/v1/measures/", body, content_type="application/json").status_code == 201
    assert client.get("/api/v1/measures/").json()["results"][0]["slug"] == "orders"
    assert client.delete("/api/v1/measures/orders/").status_code == 204


@pytest.mark.usefixtures("orders")
def test_viewers_look_and_strangers_do_not(client_of: Any, viewer: Any, stranger: Any) -> None:
    assert client_of(viewer).get(reverse("measures:list")).status_code == 200
    assert client_of(viewer).get(reverse("measures:create")).status_code == 403
    assert client_of(viewer).post("/api/v1/measures/", {}).status_code == 403
    assert client_of(stranger).get(reverse("measures:list")).status_code == 403
    assert client_of(stranger).get("/api/v1/measures/").status_code == 403


@pytest.mark.usefixtures("orders")
def test_a_measure_of_time_shows_the_latest(client_of: Any, marketer: Any) -> None:
    last = Measure(name="Last order", of="customer", function="last", table="shop.orders", column="ordered_at")
    save_measure(last, by=marketer)
    calculate()
    answer = client_of(marketer).get("/measures/last-order/")
    page, spread = answer.content.decode(), answer.context["spread"]
    assert "Latest values" in page
    assert "Latest of all customers" in page
    assert "May 31, 2026" in page[page.index("Latest of all customers") :]
    assert (spread["labels"][0], spread["labels"][-1]) == ("Mar 2025", "May 2026")
    assert spread["series"][0]["values"] == [1, *[0] * 13, 1]
    assert "May 31, 2026" in client_of(marketer).get("/measures/").content.decode()
    assert page.index("/customers/p1/") < page.index("/customers/p2/")


@pytest.mark.usefixtures("orders")
def test_the_page_of_a_measure_says_where_it_is_used_and_what_comes_next(client_of: Any, marketer: Any) -> None:
    from segments.models import Segment

    spend, page = save_measure(spent(), by=marketer), client_of(marketer)
    assert "Make a segment with it" in page.get(spend.get_absolute_url()).content.decode()
    rule = {"all": [{"attribute": "Spend", "op": "more_than", "value": 100}]}
    segment = Segment.objects.create(name="Big spenders", slug="big-spenders", rule=rule)
    assert (
        f'<a href="{segment.get_absolute_url()}">Big spenders</a>'
        in page.get(spend.get_absolute_url()).content.decode()
    )


def test_conditions_that_nest_without_end_are_refused_in_the_form(client_of: Any, marketer: Any) -> None:
    body = {"name": "Deep", "of": "customer", "function": "count", "where": "[" * 100_000}
    answer = client_of(marketer).post("/measures/new/", body)
    assert answer.status_code < 500
    assert "These conditions cannot be read" in answer.content.decode()


@pytest.mark.usefixtures("orders")
def test_the_audit_tells_a_measure_in_the_words_of_its_page(client_of: Any, marketer: Any, admin: Any) -> None:
    measure = spent()
    measure.within = {"last": 30, "unit": "days"}
    measure.where = {"all": [{"attribute": "total", "op": "gt", "value": 5}]}
    save_measure(measure, by=marketer)
    page = client_of(admin).get("/core/audit/").content.decode()
    words = "Sum of “Total” in Orders, in the last 30 days, where Total is more than 5 USD"
    assert f"{words}, for each customer" in page
    assert words in client_of(marketer).get(measure.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_decimals_of_values_stand_below_each_other() -> None:
    rows = example_rows(Example("number", "", values=[("a", 1204.5), ("b", 3.25), ("c", 7)]))["rows"]
    assert [row["value"] for row in rows] == ["1,204.50", "3.25", "7.00"]


def test_ranges_have_the_decimals_of_the_finest() -> None:
    assert edges(ColumnInfo("value", "number", ""), [0.0, 0.25, 0.5]) == ["0.00", "0.25", "0.50"]
    assert edges(ColumnInfo("value", "money", "", currency="EUR"), [0, 250]) == ["€0.00", "€2.50"]
    assert edges(ColumnInfo("value", "money", "", currency="JPY"), [0, 250]) == ["¥0", "¥250"]


def test_a_measure_begins_with_loading_data(client_of: Any, admin: Any) -> None:
    page = client_of(admin).get(reverse("measures:create")).content.decode()
    assert "Nothing is loaded yet" in page
    assert reverse("sources:add") in page
    assert "Save measure" not in page
