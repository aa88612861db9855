"""A measure is made by keyboard."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from measures.models import Measure, MeasureValue

# How far each label below a chart reaches into the next one, in pixels; the chart draws itself.
COVERED = """chart => {
  const axis = chart.chart.scales.x, pen = chart.chart.ctx;
  pen.font = `12px ${getComputedStyle(document.body).fontFamily}`;
  const shown = axis.ticks.map((tick, i) => [axis.getPixelForTick(i), Math.max(...[tick.label].flat().map((line) => pen.measureText(line).width))]);
  return Math.max(...shown.slice(1).map(([x, wide], i) => shown[i][0] + shown[i][1] / 2 - (x - wide / 2)));
}"""  # noqa: E501

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.usefixtures("orders")
def test_conditions_are_built_as_soon_as_a_table_is_chosen(
    page_of: Callable[[User, str], Page], marketer: User
) -> None:
    page = page_of(marketer, "/measures/new/")
    page.get_by_label("Name").fill("Paid orders")
    page.get_by_label("Calculate with").select_option("shop.orders")
    page.get_by_role("button", name="Add condition").press("Enter")
    page.keyboard.type("nothing like it")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("New measure")
    page.keyboard.press("Control+a")
    page.keyboard.type("status")
    page.keyboard.press("Enter")
    page.keyboard.type("paid")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    expect(page.get_by_role("button", name="Add condition")).to_be_focused()
    page.keyboard.press("Control+y")
    page.keyboard.press("Control+y")
    page.get_by_role("button", name="Save measure").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Paid orders")
    assert Measure.objects.get().where == {"all": [{"attribute": "status", "op": "eq", "value": "paid"}]}


@pytest.mark.parametrize(("width", "count"), [(320, 2), (390, 9), (1000, 9)])
@pytest.mark.usefixtures("orders")
def test_times_of_refreshes_in_one_minute_stand_side_by_side_below_a_chart(
    page_of: Callable[[User, str], Page], marketer: User, width: int, count: int
) -> None:
    measure = Measure.objects.create(name="Orders", slug="orders", of="business", function="count", table="shop.orders")
    for second in range(count):
        at = datetime(2026, 12, 1, 12, 0, second, tzinfo=UTC)
        MeasureValue.objects.create(measure=measure, at=at, value=second, type="integer")
    page = page_of(marketer, "/messages/")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(page.url.replace("/messages/", measure.get_absolute_url()))
    expect(page.locator("kindred-chart canvas")).to_be_visible()
    chart = page.locator("kindred-chart")
    assert len(chart.evaluate("chart => chart.chart.scales.x.ticks")) > 1
    assert chart.evaluate(COVERED) < 0
