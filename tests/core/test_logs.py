"""What operators read of an error holds no values of people."""

import logging
import sys

import pytest

from core.logs import Lines


def told(error: Exception) -> str:
    try:
        raise error
    except Exception:
        record = logging.LogRecord("sources", logging.ERROR, "a.py", 1, "Loading %s failed.", (7,), sys.exc_info())
        return Lines().format(record)


@pytest.mark.parametrize(
    ("says", "left"),
    [
        ("invalid literal for int() with base 10: 'Ann Lee'", "invalid literal for int() with base 10: …"),
        ('syntax for type "date": "Ann"\nLINE 1: Ann', "syntax for type …"),
        ("Key (address)=(ann@shop.example) already exists.", "Key … already exists."),
        ("no room for ann.lee@shop.example here", "no room for … here"),
        ("calling +49 151 2345678 failed", "calling … failed"),
        ("out of memory", "out of memory"),
        ('constraint "cards_key" in column "card": "Ann"', 'constraint "cards_key" in column "card": …'),
    ],
)
def test_the_log_tells_an_error_without_the_value_that_it_quotes(says: str, left: str) -> None:
    text = told(ValueError(says))
    assert text.endswith(f"ValueError: {left}")
    assert "test_logs.py" in text
    assert "Ann" not in text.split("Traceback")[1].replace("test_logs.py", "")


def test_causes_are_told_in_the_same_way() -> None:
    error = RuntimeError("loading ended")
    error.__cause__ = KeyError("ann@shop.example")
    text = told(error)
    assert "KeyError: …" in text
    assert "direct cause" in text
    assert "ann@" not in text
