"""Sending through a provider's HTTP API, as Anymail speaks it, to a provider of the test's own on this machine."""

import json
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import include, path

from core.embedded.server import free_port
from messaging import provider
from messaging.delivery import DeliveryReport, deliver_due
from messaging.models import Interaction, Message, Suppression, TemplateVersion
from messaging.services import Origin, Recipient, plan

pytestmark = pytest.mark.django_db
BACKEND, SECRET = "anymail.backends.postmark.EmailBackend", "sixteen-letters-or-more"
urlpatterns = [*provider.door(BACKEND, SECRET), path("", include("cdp_site.urls"))]
INACTIVE = (
    "You tried to send to recipient(s) that have been marked as inactive. Found inactive addresses: "
    "person1@shop.example, person2@shop.example. "
    "Inactive recipients are ones that have generated a hard bounce or a spam complaint."
)


@dataclass
class Postmark:
    """Keeps what it was sent. `status` and `body` answer instead of "OK"; `delay_seconds` makes the answer late."""

    url: str = ""
    mails: list[dict[str, Any]] = field(default_factory=list)
    status: int = 200
    body: dict[str, Any] | None = None
    delay_seconds: float = 0

    def answer(self, asked: dict[str, Any]) -> bytes:
        self.mails.append(asked)
        time.sleep(self.delay_seconds)
        taken = {"ErrorCode": 0, "Message": "OK", "MessageID": f"m{len(self.mails)}", "To": asked["To"]}
        return json.dumps(taken if self.body is None else self.body).encode()


@pytest.fixture
def postmark(settings: Any) -> Iterator[Postmark]:
    here = Postmark()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = here.answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(here.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    here.url = f"http://127.0.0.1:{server.server_port}/"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.EMAIL_BACKEND = BACKEND
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "token", "POSTMARK_API_URL": here.url, "REQUESTS_TIMEOUT": 1}
    yield here
    server.shutdown()
    server.server_close()


@pytest.fixture
def send(version: TemplateVersion, people: Callable[[int], None]) -> Callable[[], DeliveryReport]:
    people(2)
    plan(version, [Recipient("p1", "c/p1"), Recipient("p2", "c/p2")], Origin("loyal", "mail"))
    return deliver_due


def states() -> list[str]:
    return list(Message.objects.order_by("profile_id").values_list("state", flat=True))


def test_it_hands_mails_over(postmark: Postmark, send: Callable[[], DeliveryReport]) -> None:
    assert send().accepted == 2
    first = next(asked for asked in postmark.mails if asked["To"] == "person1@shop.example")
    headers = {header["Name"]: header["Value"] for header in first["Headers"]}
    assert "1001 loyalty points" in first["TextBody"].replace("1,001", "1001")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert first["Metadata"]["kindred_message"]


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (422, {"ErrorCode": 406, "Message": INACTIVE}, "refused"),
        (422, {"ErrorCode": 406, "Message": "Some are inactive, no word which."}, "unknown"),
        (413, {"ErrorCode": 1, "Message": "Too large"}, "refused"),
        (429, {"Message": "Slow down"}, "planned"),
        (500, {"Message": "Oops"}, "unknown"),
        (200, {"nothing": "known"}, "unknown"),
    ],
)
def test_an_answer_decides_what_becomes_of_a_mail(
    postmark: Postmark, send: Callable[[], DeliveryReport], status: int, body: dict[str, Any], expected: str
) -> None:
    postmark.status, postmark.body = status, body
    send()
    assert states() == [expected, expected]
    send()
    assert len(postmark.mails) == 2  # nothing is sent again by itself, or before its time


def test_no_answer_after_the_hand_over_leaves_a_mail_unknown(
    postmark: Postmark, send: Callable[[], DeliveryReport]
) -> None:
    postmark.delay_seconds = 1.5
    assert send().unknown == 2
    assert len(postmark.mails) == 2


@pytest.mark.parametrize("status", [401, 403])
def test_mails_wait_while_the_provider_refuses_the_account(
    postmark: Postmark, send: Callable[[], DeliveryReport], status: int
) -> None:
    postmark.status, postmark.body = status, {"ErrorCode": 10, "Message": "Bad token"}
    assert "Bad token" in send().trouble
    assert (states(), len(postmark.mails)) == (["planned", "planned"], 1)
    postmark.status, postmark.body = 200, None
    assert send().accepted == 2


def test_mails_wait_while_the_provider_cannot_be_reached(
    postmark: Postmark, send: Callable[[], DeliveryReport], settings: Any
) -> None:
    settings.ANYMAIL |= {"POSTMARK_API_URL": f"http://127.0.0.1:{free_port()}/"}
    assert send().trouble
    assert states() == ["planned", "planned"]


def test_mails_wait_where_the_provider_cannot_say_what_they_say(
    postmark: Postmark, send: Callable[[], DeliveryReport], settings: Any
) -> None:
    settings.ANYMAIL |= {"POSTMARK_SEND_DEFAULTS": {"send_at": "2030-01-01"}}
    assert "send_at" in send().trouble
    assert (states(), postmark.mails) == (["planned", "planned"], [])


def test_any_backend_of_anymail_sends(send: Callable[[], DeliveryReport], settings: Any) -> None:
    settings.EMAIL_BACKEND = "anymail.backends.test.EmailBackend"
    assert send().accepted == 2
    sent: list[Any] = list(mail.outbox)
    assert [list(one.anymail_test_params["metadata"]) for one in sent] == [["kindred_message"]] * 2


REPORTS: dict[str, tuple[dict[str, Any], list[str], list[str]]] = {
    "delivery": ({"RecordType": "Delivery", "DeliveredAt": "2026-03-01T09:00:00Z"}, ["delivered"], []),
    "bounce": ({"RecordType": "Bounce", "Type": "HardBounce", "TypeCode": 1}, ["bounce"], ["hard_bounce"]),
    "complaint": (
        {"RecordType": "SpamComplaint", "Type": "SpamComplaint", "TypeCode": 512},
        ["complaint"],
        ["complaint"],
    ),
}


@pytest.mark.parametrize("kind", REPORTS)
@pytest.mark.parametrize("password", ["right", "wrong", ""])
def test_a_report_is_believed_from_the_provider_alone(
    postmark: Postmark, send: Callable[[], DeliveryReport], settings: Any, kind: str, password: str
) -> None:
    send()
    settings.ROOT_URLCONF, settings.ANYMAIL = __name__, settings.ANYMAIL | {"WEBHOOK_SECRET": "us:right"}
    report, interactions, suppressions = REPORTS[kind]
    sent = postmark.mails[0]
    event = report | {"MessageID": "m1", "Email": sent["To"], "Metadata": sent["Metadata"]}
    headers = {"authorization": "Basic " + b64encode(f"us:{password}".encode()).decode()} if password else {}
    answer = Client(enforce_csrf_checks=True).post(
        f"/t/events/{SECRET}/postmark/tracking/", event, content_type="application/json", headers=headers
    )
    is_theirs = password == "right"
    assert answer.status_code == (200 if is_theirs else 400)
    assert list(Interaction.objects.values_list("kind", flat=True)) == (interactions if is_theirs else [])
    assert list(Suppression.objects.values_list("reason", flat=True)) == (suppressions if is_theirs else [])
