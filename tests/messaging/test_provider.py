"""What a mail provider reports, through the address it reports to and through Anymail's signal."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from anymail.signals import AnymailTrackingEvent, tracking
from django.core import mail
from django.test import Client
from django.urls import include, path
from django.utils import timezone

from messaging import provider, signing
from messaging.analytics import Audience, results
from messaging.delivery import deliver_due
from messaging.models import Consent, Interaction, Message, State, Suppression, TemplateVersion
from messaging.services import Origin, Recipient, plan
from tests.messaging.conftest import person

pytestmark = pytest.mark.django_db
BACKEND, SECRET = "anymail.backends.postmark.EmailBackend", "sixteen-letters-or-more"
urlpatterns = [*provider.door(BACKEND, SECRET), path("", include("cdp_site.urls"))]


@pytest.fixture
def message(version: TemplateVersion, people: Callable[[int], None]) -> Message:
    people(1)
    plan(version, [Recipient("p1", "c/p1")], Origin("loyal", "mail"))
    deliver_due()
    return Message.objects.get()


def report(message: Message, kind: str, times: int = 2, **more: Any) -> None:
    """As a provider does it: more than once."""
    token = signing.sign(signing.MESSAGE_ID, message.pk)
    for _time in range(times):
        event = AnymailTrackingEvent(event_type=kind, **({"metadata": {"kindred_message": token}} | more))
        tracking.send(sender=None, event=event, esp_name="Postmark")


def kinds() -> list[str]:
    return list(Interaction.objects.values_list("kind", flat=True))


@pytest.mark.parametrize(("reason", "suppressed"), [("bounced", ["hard_bounce"]), ("other", []), (None, [])])
def test_a_bounce_counts_once_and_a_permanent_one_ends_it(
    message: Message, reason: str | None, suppressed: list[str]
) -> None:
    report(message, "bounced", reject_reason=reason, mta_response="550 5.1.1 No such user")
    assert kinds() == ["bounce"]
    assert list(Suppression.objects.values_list("reason", flat=True)) == suppressed
    assert (results(Audience("loyal")).bounced, results(Audience("loyal")).delivered) == (1, 0)


def test_complaints_deliveries_and_unsubscriptions(message: Message) -> None:
    at = timezone.now() - timedelta(hours=1)
    for kind in ("delivered", "complained", "unsubscribed", "opened", "clicked", "unknown"):
        report(message, kind, timestamp=at)
    assert sorted(kinds()) == ["complaint", "delivered", "unsubscribe"]
    assert Interaction.objects.get(kind="delivered").at == at
    assert sorted(Suppression.objects.values_list("reason", flat=True)) == ["complaint", "unsubscribed"]
    assert Consent.objects.get().source == "Postmark"


def test_the_message_id_names_the_mail_where_metadata_is_lost(message: Message) -> None:
    report(message, "delivered", metadata={}, message_id=mail.outbox[0].extra_headers["Message-ID"])
    assert kinds() == ["delivered"]


@pytest.mark.parametrize("token", ["", "1", "x" * 24, None])
def test_events_about_other_mails_change_nothing(message: Message, token: str | None) -> None:
    report(message, "complained", metadata={"kindred_message": token}, message_id=token)
    assert kinds() == []


def test_only_who_knows_the_secret_may_report(message: Message, settings: Any) -> None:
    settings.ROOT_URLCONF = __name__
    token = getattr(mail.outbox[0], "metadata")["kindred_message"]  # noqa: B009
    event = {"RecordType": "Delivery", "MessageID": "m", "Recipient": message.address,
             "DeliveredAt": "2026-03-01T09:00:00Z", "Metadata": {"kindred_message": token}}  # fmt: skip

    def post(secret: str) -> int:
        return Client(enforce_csrf_checks=True).post(
            f"/t/events/{secret}/postmark/tracking/", event, content_type="application/json"
        ).status_code  # fmt: skip

    assert post("something-else-entirely") == 404
    assert kinds() == []
    assert post(SECRET) == 200
    assert kinds() == ["delivered"]


@pytest.mark.parametrize(
    ("backend", "secret"), [("django.core.mail.backends.smtp.EmailBackend", SECRET), (BACKEND, ""), (BACKEND, "short")]
)
def test_without_a_provider_and_a_secret_there_is_no_door(backend: str, secret: str) -> None:
    assert provider.door(backend, secret) == []


def test_a_bounce_of_what_was_refused_before_is_not_taken_from_what_was_sent(
    message: Message, version: TemplateVersion
) -> None:
    """Some providers report a mail that they refused at once as a bounce too."""
    person(2).save()
    plan(version, [Recipient("p2", "c/p2")], Origin("loyal", "mail"))
    refused = Message.objects.get(profile_id="p2")
    Message.objects.filter(pk=refused.pk).update(state=State.REFUSED, reason="rejected", settled_at=timezone.now())
    report(refused, "rejected", reject_reason="invalid")
    found = results(Audience("loyal"))
    assert (found.sent, found.bounced, found.delivered) == (1, 0, 1)
