"""A catalog, some people and an e-mail that messages are tested with."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from select import select
from typing import IO, Any

import pyarrow as pa
import pytest

from lake.services import stage
from lake.specs import ColumnSpec, TableSpec
from messaging.models import EmailTemplate, TemplateVersion
from messaging.services import freeze
from profiles.models import Profile
from tests.support.forks import Fork

LOYAL = (
    "Hi {{First Name}}, Congratulations! You have earned more than {{Loyalty Points}} loyalty points and become one of "
    "our loyal customers. As a token of our appreciation, we would like to offer you a 20% off coupon for your next "
    "purchase. Just use the code LOYAL20 at the checkout and enjoy the discount. Thank you for choosing us and we hope "
    "to see you soon. Your friends at {{Company Name}}"
)


def person(number: int, **changes: Any) -> Profile:
    values = {"first_name": f"Ann{number}", "email": f"person{number}@shop.example", "loyalty_points": 1000 + number}
    values |= changes
    return Profile(
        id=f"p{number}",
        name=str(values["first_name"] or ""),
        email=str(values["email"] or ""),
        attributes={name: value for name, value in values.items() if value is not None},
    )


@pytest.fixture
def catalog(db: None) -> None:
    rows = pa.table(
        {
            "profile_id": ["p1", "p2"],
            "first_name": ["Ann1", None],
            "email": ["person1@shop.example", "person2@shop.example"],
            "loyalty_points": pa.array([1001, 1002], pa.int64()),
            "spend": pa.array([123456, None], pa.int64()),
        }
    )
    columns = [
        ColumnSpec("first_name", label="First name"),
        ColumnSpec("loyalty_points", label="Loyalty points"),
        ColumnSpec("spend", "money", label="Spend (90 days)", currency="EUR"),
    ]
    writing = stage()
    writing.write(TableSpec("unified.profiles", key=["profile_id"], columns=columns), rows)
    writing.publish("test")


@pytest.fixture
def people(db: None) -> Callable[[int], None]:
    def make(count: int) -> None:
        Profile.objects.bulk_create([person(number) for number in range(1, count + 1)])

    return make


@pytest.fixture
def template(catalog: None) -> EmailTemplate:
    return EmailTemplate.objects.create(name="Loyal customers", subject="20% off for {{ First Name }}", body=LOYAL)


@pytest.fixture
def version(template: EmailTemplate) -> TemplateVersion:
    return freeze(template)


# It delivers again and again, since the database may take a moment to notice that the one before is gone.
_SENDER = """
import traceback
from messaging.delivery import deliver_due
while True:
    try:
        deliver_due()
    except Exception:  # as a job that failed is tried again
        traceback.print_exc()
"""


@pytest.fixture
def new_sender(forks: Callable[[str], Fork], settings: Any) -> Callable[[], Fork]:
    """`new_sender()`, once the test's mail server is known: a process that delivers from this test's database."""
    return lambda: forks(_SENDER)


class Sink:
    def __init__(self, port: int, path: Path, dots: IO[str]) -> None:
        self.port, self.path, self.dots = port, path, dots

    @property
    def taken(self) -> list[str]:
        """Recipients, one per mail that the server accepted."""
        return [line.split()[1] for line in self.path.read_text().splitlines()]

    def wait_for(self, mails: int) -> None:
        """Blocks until the server took so many more mails; fails when it took none for a minute."""
        left = 2 * mails  # a dot and a line end each
        while left > 0:
            assert select([self.dots], [], [], 60)[0], "nobody sends"
            left -= len(os.read(self.dots.fileno(), left))


@pytest.fixture(params=["", "PIPELINING"], ids=["stepwise", "pipelined"])
def sink(tmp_path: Path, settings: Any, request: pytest.FixtureRequest) -> Iterator[Sink]:
    with running_sink(tmp_path / "mails", settings, *request.param.split()) as found:
        yield found


@contextmanager
def running_sink(path: Path, settings: Any, *extensions: str) -> Iterator[Sink]:
    path.touch()
    command = [sys.executable, "-m", "tests.messaging.sink", "0", str(path), *extensions]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout
        port = int(process.stdout.readline())
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        try:
            yield Sink(port, path, process.stdout)
        finally:
            process.kill()
