"""Numbers, money and times as a reader expects them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from core import formats
from core.templatetags.kindred import spark_points

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "minor", "currency", "expected"),
    [
        ("en", 123_456, "EUR", "€1,234.56"),
        ("de", 123_456, "EUR", "1.234,56\xa0€"),
        ("en", 1050, "JPY", "¥1,050"),
        ("en", None, "EUR", "–"),
    ],
)
def test_money_is_in_minor_units_and_follows_the_language(language, minor, currency, expected):
    with translation.override(language):
        assert formats.money(minor, currency) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("+12125550123", "+1 212-555-0123"),
        ("+49301234567", "+49 30 1234567"),
        ("+1", "+1"),
        ("ext. 7", "ext. 7"),
        (None, "–"),
    ],
)
def test_a_phone_number_is_read_in_groups(value, expected):
    assert formats.phone(value) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (formats.number(1_234_567.5), "1,234,567.5"),
        (formats.percent(0.12345), "12.3%"),
        (formats.percent(0.9998), ">99.9%"),
        (formats.percent(0.9993), "99.9%"),
        (formats.percent(1), "100%"),
        (formats.percent(0.0002), "<0.1%"),
        (formats.percent(0.0), "0%"),
        (formats.percent(-0.05), "-5%"),
        (formats.percent(None), "–"),
        (formats.size(1_500_000), "1.5 MB"),
        (formats.size(999), "999 B"),
        (formats.duration(75), "1 min 15 s"),
        (formats.duration(7260), "2 h 1 min"),
        (formats.initials("Ana María López"), "AL"),
        (formats.initials("  "), "?"),
        (formats.plain([1, None, "x"]), "1, –, x"),
    ],
)
def test_values_read_as_people_write_them(text, expected):
    assert text == expected


@pytest.mark.parametrize(
    ("passed", "words"),
    [(timedelta(seconds=3), "just now"), (timedelta(hours=2), "2 hours ago"), (timedelta(hours=-5), "in 5 hours")],
)
def test_a_moment_is_told_relative_to_now(passed, words):
    assert formats.ago_text(NOW - passed, NOW) == words


def test_the_exact_time_is_on_hover():
    html = formats.ago(NOW - timedelta(days=1), NOW)
    assert 'datetime="2026-02-28T12:00:00+00:00"' in html
    assert "UTC" in html
    assert ">1 day ago<" in html


def test_two_moments_of_one_minute_are_told_apart():
    apart = [NOW, NOW + timedelta(minutes=1)]
    assert formats.moments(apart) == ["03/01/2026 noon", "03/01/2026 12:01 p.m."]
    near = formats.moments([NOW, NOW + timedelta(seconds=20), NOW + timedelta(hours=1)])
    assert len(set(near)) == 3
    assert "12:00:20" in near[1]
    with translation.override("de"):
        assert formats.moments([NOW, NOW + timedelta(seconds=20)])[1] == "01.03.2026, 12:00:20"


@pytest.mark.parametrize("values", [[], [5], [5, 900], [None, 5, 6]])
def test_no_trend_is_drawn_of_fewer_than_three_values(values):
    assert spark_points(values) == ""


def test_a_trend_begins_at_zero_so_that_a_small_change_looks_small():
    heights = [float(point.split(",")[1]) for point in spark_points([1000, 1010, 1005]).split()]
    assert max(heights) - min(heights) < 1  # of 30
    heights = [float(point.split(",")[1]) for point in spark_points([0, 500, 1000]).split()]
    assert heights == [28.0, 15.0, 2.0]
    assert spark_points([0, None, 0, 0]) == "0.0,28.0 66.7,28.0 100.0,28.0"


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("ann_b@shop.example", "ann_b<wbr>@shop.example"),
        ("Path: /srv/data/kindred.yaml", "Path: /<wbr>srv/<wbr>data/<wbr>kindred.yaml"),
        ("<b>", "&lt;b&gt;"),
        ("", ""),
    ],
)
def test_long_words_go_on_in_a_new_line_where_people_would_break_them(words, shown):
    assert formats.breakable(words) == shown
