"""A mail server has moods, each about one recipient. The others get their mail once, and nobody gets one twice."""

import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone

from messaging.delivery import deliver_due
from messaging.models import Message, TemplateVersion
from messaging.services import Origin, Recipient, plan
from profiles.models import Profile
from tests.messaging.conftest import person

pytestmark = pytest.mark.django_db
REFUSALS = {
    "greylisted": b"451 4.7.1 Try later\r\n",
    "toobig": b"552 5.3.4 Too big\r\n",
    "shutting": b"421 4.3.2 Shutting down\r\n",
}


class MoodyServer(threading.Thread):
    """Speaks SMTP; a mail to `greylisted@…` and the like is treated as its recipient says, once it has the content."""

    def __init__(self, extension: str) -> None:
        super().__init__(daemon=True)
        self.greeting = f"250-here\r\n250 {extension or 'HELP'}\r\n".encode()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.taken: list[str] = []
        self.calm = False

    def run(self) -> None:
        while True:
            try:
                connection = self.listener.accept()[0]
            except OSError:
                return
            threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def talk(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as lines:
            connection.sendall(b"220 hello\r\n")
            recipient = ""
            for line in lines:
                command = line.strip().decode().upper()
                if command.startswith("RCPT"):
                    recipient = line.strip().decode()[9:-1]
                if command.startswith("EHLO"):
                    connection.sendall(self.greeting)
                elif command == "DATA":
                    connection.sendall(b"354 go on\r\n")
                    if not self.judge(connection, lines, recipient):
                        return
                else:
                    connection.sendall(b"250 OK\r\n")

    def judge(self, connection: socket.socket, lines: Any, recipient: str) -> bool:
        while (line := lines.readline()) != b".\r\n":
            if not line:
                return False
        mood = "calm" if self.calm else recipient.split("@")[0]
        if refusal := REFUSALS.get(mood):
            connection.sendall(refusal)
            return not refusal.startswith(b"421")
        self.taken.append(recipient)
        if mood == "silent":
            time.sleep(3)  # longer than the client waits
        elif mood == "slow":
            time.sleep(0.3)
        if mood in {"silent", "gone"}:
            return False
        connection.sendall(b"250 taken\r\n")
        return True


@pytest.fixture(params=["", "PIPELINING"], ids=["stepwise", "pipelined"])
def server(settings: Any, request: pytest.FixtureRequest) -> Iterator[MoodyServer]:
    server = MoodyServer(request.param)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.listener.getsockname()[1]
    settings.EMAIL_TIMEOUT = 1
    yield server
    server.listener.close()


@pytest.fixture
def plans(version: TemplateVersion) -> Callable[..., list[str]]:
    """Plans a mail to each of these, with somebody ordinary before, between and after."""

    def make(*moods: str) -> list[str]:
        names = ["first", *(name for mood in moods for name in (mood, f"after-{mood}"))]
        emails = [f"{name}@shop.example" for name in names]
        Profile.objects.bulk_create([person(n, email=email) for n, email in enumerate(emails)])
        plan(version, [Recipient(f"p{n}", f"c{n}") for n in range(len(emails))], Origin("loyal", "mail"))
        return emails

    return make


def fate(name: str) -> tuple[str, str, int]:
    message = Message.objects.get(address=f"{name}@shop.example")
    return message.state, message.reason, message.attempts


@pytest.mark.parametrize(
    ("mood", "expected"),
    [
        ("greylisted", ("planned", "", 1)),
        ("toobig", ("refused", "rejected", 1)),
        ("slow", ("accepted", "", 1)),
        ("silent", ("unknown", "", 1)),
        ("gone", ("unknown", "", 1)),
        ("shutting", ("planned", "", 1)),
    ],
)
def test_a_mood_concerns_one_mail_alone(
    mood: str, expected: tuple[str, str, int], server: MoodyServer, plans: Callable[..., list[str]]
) -> None:
    everybody = plans(mood)
    deliver_due()
    assert fate(mood) == expected
    assert fate("first")[0] == fate(f"after-{mood}")[0] == "accepted"
    assert max(Counter(server.taken).values()) == 1
    assert set(everybody) - set(server.taken) <= {f"{mood}@shop.example"}


def test_in_a_bad_day_nobody_gets_a_mail_twice(server: MoodyServer, plans: Callable[..., list[str]]) -> None:
    everybody = plans("greylisted", "gone", "slow", "toobig", "silent")
    deliver_due()
    server.calm = True
    Message.objects.update(due_at=timezone.now())
    assert deliver_due().accepted == 1  # the greylisted one
    assert deliver_due().handled == 0
    assert Counter(server.taken) == Counter(set(everybody) - {"toobig@shop.example"})
    states = Counter(Message.objects.values_list("state", flat=True))
    assert states == {"accepted": len(everybody) - 3, "unknown": 2, "refused": 1}
