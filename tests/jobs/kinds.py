"""Work for tests, importable by a real worker."""

from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from core.errors import InvalidInput
from jobs.registry import Context, job_kind


@job_kind("tests.misread", "Misread a name", "rows")
def misread(context: Context) -> dict[str, Any]:
    return {"number": int("Miller")}


@job_kind("tests.add", "Add numbers", "numbers")
def add(context: Context, a: int, b: int) -> dict[str, Any]:
    context.progress(1, 2, "adding")
    return {"sum": a + b}


@job_kind("tests.refuse", "Refuse", "rows")
def refuse(context: Context) -> dict[str, Any]:
    raise InvalidInput("Line 7 has no key.", place="customers.csv:7")


@job_kind("tests.break", "Break", "rows")
def break_(context: Context) -> dict[str, Any]:
    raise ZeroDivisionError("by nothing")


@job_kind("tests.take_twice", "Take a name twice", "rows")
def take_twice(context: Context) -> dict[str, Any]:
    name = "@".join(("ann", "shop.example"))  # in two, as a log quotes lines of code
    with transaction.atomic():
        for _time in range(2):
            User.objects.create(username=name)
    return {}


@job_kind("tests.hang_once", "Hang the first time", "rows")
def hang_once(context: Context, told: str, wait: str) -> dict[str, Any]:
    """Tells that it has begun, then waits for ever; a second attempt goes through."""
    with Path(told).open("a") as file:
        file.write(f"attempt {context.attempt}\n")  # type: ignore[attr-defined]
    if context.attempt == 1:  # type: ignore[attr-defined]
        Path(wait).read_text()  # a pipe that nobody writes to
    return {"attempt": context.attempt}  # type: ignore[attr-defined]
