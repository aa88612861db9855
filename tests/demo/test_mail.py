"""The local SMTP sink and its reader."""

import smtplib
import subprocess
import sys
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from core.embedded.server import free_port
from demo import mailbox
from demo.sink import Entry, Store, path_of, subject_of
from tests.support.processes import wait_for

Make = Callable[[User], Client]


@pytest.fixture
def folder(settings: Any) -> Path:
    settings.USES_SINK = True
    return Path(settings.DATA_DIR) / "mail"


@pytest.fixture
def sink(folder: Path, settings: Any) -> Iterator[int]:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "demo.sink", str(folder), str(port)], cwd=settings.BASE_DIR)

    def answers() -> bool:
        try:
            smtplib.SMTP("127.0.0.1", port).quit()
        except OSError:
            return False
        return True

    wait_for(answers)
    yield port
    process.terminate()
    process.wait()


def write(to: str, subject: str, html: str = "") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "shop@example.com", to, subject
    message.set_content(".a line that begins with a dot\n..\nend")
    if html:
        message.add_alternative(html, subtype="html")
    return message


def test_mails_arrive_whole_and_in_order(sink: int, folder: Path) -> None:
    with smtplib.SMTP("127.0.0.1", sink) as smtp:
        smtp.send_message(write("josé@example.com", "Grüße, 世界"))
        smtp.send_message(write("li@example.com", "Second"))

    second, first = mailbox.MailRows(folder).all()
    assert (second.subject, first.subject, first.recipients) == ("Second", "Grüße, 世界", "josé@example.com")
    mail = mailbox.read(folder, first.number)
    assert mail
    assert mail.text.splitlines() == [".a line that begins with a dot", "..", "end"]


def test_numbers_go_on_after_a_crash(folder: Path) -> None:
    store = Store(folder)
    store.add(b"Subject: one\r\n\r\n", ["a@example.com"])
    path_of(folder, 1).write_bytes(b"Subject: not in the index\r\n\r\n")

    assert Store(folder).add(b"Subject: three\r\n\r\n", ["b@example.com"]).number == 2


def test_search_finds_all_words_in_recipients_and_subject(folder: Path) -> None:
    store = Store(folder)
    for name in ("Ann", "Bob", "Cleo"):
        store.add(f"Subject: Hello {name}\r\n\r\n".encode(), [f"{name.lower()}@example.com"])

    found = mailbox.MailRows(folder).narrow("hello bob@", ["subject"], [], {}, "")

    assert [entry.subject for entry in found.all()] == ["Hello Bob"]


@pytest.mark.parametrize(
    ("content", "subject"),
    [
        (b"Subject: Plain\r\n\r\nSubject: body", "Plain"),
        (b"To: x\r\nsubject: =?utf-8?q?J=C3=BCrgen?=\r\n folded\r\nX: y\r\n\r\n", "Jürgen folded"),
        (b"To: x\r\n\r\nSubject: body", ""),
        (b"Subject: a\tb\r\n\r\n", "a b"),
    ],
)
def test_subjects_are_one_readable_line(content: bytes, subject: str) -> None:
    assert subject_of(content) == subject


def test_an_index_line_that_was_cut_off_is_left_out() -> None:
    assert Entry.parse("12\t1700000000.0\tann@exa") is None


def test_a_mail_cannot_run_anything_in_the_reader(folder: Path, viewer: User, client_of: Make) -> None:
    evil = '<script>alert(1)</script><img src="http://x.example/p.gif">'
    Store(folder).add(write("a@example.com", "<b>x</b>", evil).as_bytes(), ["a@example.com"])
    client = client_of(viewer)

    page = client.get(reverse("demo:mail", args=[0]))
    frame = client.get(reverse("demo:mail_html", args=[0]))

    assert b"&lt;b&gt;x&lt;/b&gt;" in page.content
    assert b"<script>alert" not in page.content
    policy = frame["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-popups" in policy
    assert "allow-scripts" not in policy
    assert "img-src" not in policy


def test_the_list_shows_what_arrived(folder: Path, viewer: User, client_of: Make) -> None:
    Store(folder).add(b"Subject: Your coupon\r\n\r\n", ["ann@example.com"])

    assert b"Your coupon" in client_of(viewer).get(reverse("demo:mails")).content


def test_strangers_and_workspaces_with_a_real_mail_server_have_no_mailbox(
    folder: Path, stranger: User, viewer: User, client_of: Make, settings: Any
) -> None:
    assert client_of(stranger).get(reverse("demo:mails")).status_code == 403
    settings.USES_SINK = False
    assert client_of(viewer).get(reverse("demo:mails")).status_code == 404
