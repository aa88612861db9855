"""What becomes of mails when a server that pipelines misbehaves between two of them."""

import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from messaging.delivery import deliver_due
from messaging.models import Message, State, TemplateVersion
from messaging.services import Origin, Recipient, plan

pytestmark = pytest.mark.django_db


class Server(threading.Thread):
    """Speaks SMTP with PIPELINING. `refused` recipients are not taken, though DATA always gets "354" (RFC 2920 3.1);
    `hang_up_at` numbers the contents, from 1, after which it closes without an answer, each once."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.refused: set[str] = set()
        self.hang_up_at: set[int] = set()
        self.most_connections = 99
        self.contents: list[tuple[str, int]] = []  # recipient and size of the text

    def run(self) -> None:
        for number in range(1000):
            try:
                connection = self.listener.accept()[0]
            except OSError:
                return
            greeting = b"220 hello" if number < self.most_connections else b"421 4.7.0 Too many connections"
            threading.Thread(target=self.talk, args=(connection, greeting), daemon=True).start()

    def talk(self, connection: socket.socket, greeting: bytes) -> None:
        with connection, connection.makefile("rb") as lines:
            connection.sendall(greeting + b"\r\n")
            recipient = ""
            for line in lines:
                command = line.strip().decode()
                if command.upper().startswith("RCPT"):
                    recipient = command[9:-1]
                answer = self.answer(command, recipient)
                connection.sendall(answer)
                if answer.startswith(b"354"):
                    if not self.read_content(lines, recipient):
                        return
                    connection.sendall(b"250 taken\r\n" if recipient not in self.refused else b"554 nobody\r\n")
                if answer.startswith((b"221", b"421")):
                    return

    def answer(self, command: str, recipient: str) -> bytes:
        if command.upper().startswith("EHLO"):
            return b"250-here\r\n250 PIPELINING\r\n"
        if command.upper().startswith("RCPT") and recipient in self.refused:
            return b"550 5.1.1 No such user\r\n"
        return {"DATA": b"354 go on\r\n", "QUIT": b"221 bye\r\n"}.get(command.upper(), b"250 OK\r\n")

    def read_content(self, lines: Any, recipient: str) -> bool:
        size = 0
        while (line := lines.readline()) != b".\r\n":
            if not line:
                return False
            size += len(line)
        self.contents.append((recipient, size))
        if len(self.contents) in self.hang_up_at:
            self.hang_up_at.remove(len(self.contents))
            return False
        return True

    @property
    def taken(self) -> list[str]:
        return sorted(recipient for recipient, size in self.contents if size)


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    server = Server()
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    yield server
    server.listener.close()


def planned(version: TemplateVersion, people: Callable[[int], None], count: int) -> list[str]:
    people(count)
    plan(version, (Recipient(f"p{n}", f"step/p{n}") for n in range(1, count + 1)), Origin("loyal", "mail"))
    return sorted(f"person{n}@shop.example" for n in range(1, count + 1))


def test_a_refused_recipient_gets_no_text_and_the_next_mail_goes_out(
    version: TemplateVersion, people: Callable[[int], None], server: Server
) -> None:
    everybody = planned(version, people, 4)
    server.refused = {everybody[1]}
    report = deliver_due()
    assert (report.accepted, report.refused) == (3, 1)
    assert server.taken == [address for address in everybody if address not in server.refused]


def test_of_a_connection_that_breaks_only_the_mail_without_answer_is_unknown(
    version: TemplateVersion, people: Callable[[int], None], server: Server
) -> None:
    everybody = planned(version, people, 6)
    server.hang_up_at = {2, 4}
    report = deliver_due()
    assert (report.accepted, report.unknown) == (4, 2)
    assert server.taken == everybody
    unknown = set(Message.objects.filter(state=State.UNKNOWN).values_list("address", flat=True))
    assert unknown == {server.contents[1][0], server.contents[3][0]}


def test_many_mails_share_connections_as_far_as_the_server_lets_them(
    version: TemplateVersion, people: Callable[[int], None], server: Server
) -> None:
    everybody = planned(version, people, 300)
    server.most_connections = 2
    assert deliver_due().accepted == 300
    assert server.taken == everybody


def test_an_interrupted_sender_gives_back_what_the_server_never_saw(
    version: TemplateVersion, people: Callable[[int], None], server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    from messaging.smtp import Lane

    everybody = planned(version, people, 10)
    push, left = Lane.push, iter(range(5))

    def push_some(lane: Lane, mail: Any) -> None:  # the moment between two mails is reached by acting inside it
        if next(left, None) is None:
            raise KeyboardInterrupt
        push(lane, mail)

    monkeypatch.setattr(Lane, "push", push_some)
    with pytest.raises(KeyboardInterrupt):
        deliver_due()
    monkeypatch.undo()
    assert not Message.objects.filter(state__in=[State.CLAIMED, State.UNKNOWN]).exists()
    assert Message.objects.filter(state=State.PLANNED).count() == 10 - len(server.taken)
    deliver_due()
    assert server.taken == everybody
