from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from django.contrib.auth.models import Permission, User
from django.core import mail
from django.test import Client

from core.errors import InvalidInput
from core.sections import ApplyContext
from lake.services import stage
from lake.specs import TableSpec
from messaging import checks, consent, preview, starters
from messaging.models import EmailTemplate, Message, Reason, Suppression
from messaging.opt_out_files import export_rows
from messaging.services import Origin, Recipient, freeze, plan
from messaging.workspace import TemplateSpec, TemplatesSection
from profiles.models import Profile
from tests.messaging.conftest import person

ClientOf = Callable[[User], Client]
PLACES = ["", "delivery/", "consent/", "{pk}/", "{pk}/frame/?person=p1", "{pk}/results/"]


@pytest.mark.parametrize("place", PLACES)
def test_a_viewer_sees_and_a_stranger_does_not(
    place: str, template: EmailTemplate, viewer: User, stranger: User, client_of: ClientOf
) -> None:
    path = "/messages/" + place.format(pk=template.pk)
    assert client_of(viewer).get(path).status_code == 200
    assert client_of(stranger).get(path).status_code == 403


@pytest.mark.parametrize(
    "place", ["new/", "{pk}/save/", "{pk}/test/", "{pk}/delete/", "consent/add/", "consent/import/"]
)
def test_a_viewer_changes_nothing(place: str, template: EmailTemplate, viewer: User, client_of: ClientOf) -> None:
    assert client_of(viewer).post("/messages/" + place.format(pk=template.pk), {}).status_code == 403


def test_the_preview_shows_a_real_person_and_runs_no_script(
    template: EmailTemplate, people: Callable[[int], None], viewer: User, client_of: ClientOf
) -> None:
    people(1)
    answer = client_of(viewer).get(f"/messages/{template.pk}/frame/?person=p1")
    assert b"Hi Ann1, Congratulations!" in answer.content
    policy = answer["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert b"Hi Ann1, Congratulations!" in client_of(viewer).get(f"/messages/{template.pk}/frame/").content


def test_who_may_not_see_customers_sees_none_in_a_preview(
    template: EmailTemplate, people: Callable[[int], None], stranger: User, client_of: ClientOf
) -> None:
    people(1)
    stranger.user_permissions.add(Permission.objects.get(codename="view_emailtemplate"))
    for place in ("", "frame/", "?person=p1", "frame/?person=p1"):
        assert b"Ann1" not in client_of(stranger).get(f"/messages/{template.pk}/{place}").content


def test_the_editor_begins_with_somebody_who_would_get_the_mail(template: EmailTemplate) -> None:
    Profile.objects.bulk_create([person(1, loyalty_points=None), person(2)])
    shown = preview.somebody(template, Profile.objects.all())
    assert shown is not None
    assert shown.pk == "p2"


def test_saving_while_typing_answers_with_the_checks(
    template: EmailTemplate, marketer: User, client_of: ClientOf
) -> None:
    values: dict[str, Any] = {
        "name": "Loyal", "subject": "{{ Fist Name }}", "body": "Hi", "purpose": "marketing", "format": "html",
        "defaults_text": "First Name = friend",
    }  # fmt: skip
    answer = client_of(marketer).post(f"/messages/{template.pk}/save/", values, headers={"HX-Request": "true"})
    assert "Did you mean “First name”?" in answer.content.decode()
    template.refresh_from_db()
    assert template.defaults == {"First Name": "friend"}


def test_a_test_mail_goes_to_the_address_given(
    template: EmailTemplate, people: Callable[[int], None], marketer: User, client_of: ClientOf
) -> None:
    people(1)
    values = {"address": "boss@shop.example", "person": "p1"}
    client_of(marketer).post(f"/messages/{template.pk}/test/", values)
    assert mail.outbox[0].to == ["boss@shop.example"]
    assert mail.outbox[0].subject == "20% off for Ann1"


@pytest.mark.parametrize("reason", ["unsubscribed", "suppressed"])
def test_a_test_mail_is_no_way_around_an_unsubscription_or_a_bounce(
    template: EmailTemplate, people: Callable[[int], None], marketer: User, client_of: ClientOf, reason: str
) -> None:
    people(1)
    if reason == "unsubscribed":
        consent.opt_out("gone@shop.example", source="test")
    else:
        Suppression.objects.create(address="gone@shop.example", reason="hard_bounce")
    values = {"address": "Gone@shop.example", "person": "p1"}
    page = client_of(marketer).post(f"/messages/{template.pk}/test/", values, follow=True).content.decode()
    assert mail.outbox == []
    assert f"The test was not sent: {Reason(reason).label}." in page


def test_people_without_a_value_are_announced(template: EmailTemplate) -> None:
    found = [item.text for item in checks.check(template) if item.level == checks.WARNING]
    assert found == ["50% of people have no “First name”. They will not get this e-mail; a default changes that."]


def test_unknown_messages_are_decided_by_a_marketer(
    template: EmailTemplate, marketer: User, viewer: User, client_of: ClientOf
) -> None:
    plan(freeze(template), [Recipient("p1", "x")], Origin("j", "s"))
    Message.objects.update(state="unknown")
    action = {"action": "mark_sent", "row": str(Message.objects.get().pk)}
    assert client_of(viewer).post("/messages/delivery/", action).status_code == 403
    client_of(marketer).post("/messages/delivery/", action)
    assert Message.objects.get().state == "accepted"


def test_an_unsubscription_for_each_purpose_is_kept_and_lifted_alone(db: None) -> None:
    for purpose in ("marketing", "transactional"):
        consent.opt_out("a@shop.example", source="test", purpose=purpose)
    assert sorted(row[2] for row in export_rows()) == ["marketing", "transactional"]
    consent.opt_in("a@shop.example", source="test", purpose="marketing")
    assert [row.purpose for row in Suppression.objects.all()] == ["transactional"]


def test_a_bounced_address_stays_suppressed_when_its_owner_subscribes(db: None) -> None:
    Suppression.objects.create(address="a@shop.example", reason="hard_bounce")
    consent.opt_out("a@shop.example", source="test")
    consent.opt_in("a@shop.example", source="test")
    assert [row.reason for row in Suppression.objects.all()] == ["hard_bounce"]


def test_the_workspace_file_is_applied_once(db: None) -> None:
    section = TemplatesSection()
    spec = TemplateSpec(name="Loyal", subject="Hi {{ First Name }}", body="Hello", defaults={"First Name": "friend"})
    context = ApplyContext(folder=Path())
    assert [change.action for change in section.apply([spec], context)] == ["add"]
    assert section.apply([spec], context) == []
    assert section.export()[0]["defaults"] == {"First Name": "friend"}


@pytest.mark.parametrize(
    ("name", "value"), [("from_email", "a@b.example\r\nBcc: c@d.example"), ("reply_to", "no"), ("subject", "x" * 301)]
)
def test_a_workspace_file_cannot_say_what_the_editor_would_refuse(db: None, name: str, value: str) -> None:
    spec = TemplateSpec(**{"name": "Loyal", "body": "Hello", name: value})  # type: ignore[arg-type]
    with pytest.raises(InvalidInput) as error:
        TemplatesSection().apply([spec], ApplyContext(folder=Path()))
    assert error.value.place == f"templates[Loyal].{name}"
    assert not EmailTemplate.objects.exists()


def test_the_api_refuses_defaults_that_are_no_texts(marketer: User, client_of: ClientOf) -> None:
    for defaults in ([1], "x", None, {"First name": [1]}):
        data = {"name": "New", "subject": "S", "body": "B", "defaults": defaults}
        answer = client_of(marketer).post("/api/v1/templates/", data, content_type="application/json")
        assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, ["defaults"])


def test_the_api_speaks_the_same_verbs(
    template: EmailTemplate, marketer: User, stranger: User, client_of: ClientOf
) -> None:
    answer = client_of(marketer).post("/api/v1/templates/", {"name": "New", "subject": "S", "body": "B"})
    assert answer.status_code == 201
    assert client_of(marketer).get(f"/api/v1/templates/{template.pk}/check/").json()[0]["level"] == "warning"
    assert client_of(stranger).get("/api/v1/messages/").status_code == 403
    refused = client_of(marketer).post("/api/v1/suppressions/", {"address": "nonsense"})
    assert refused.json()["error"]["code"] == "invalid"


@pytest.mark.parametrize("said", [{}, {"as": ""}, {"as": "agian"}, {"as": ["sent"]}])
def test_nothing_is_sent_again_by_a_slip_of_the_pen(
    template: EmailTemplate, marketer: User, client_of: ClientOf, said: dict[str, Any]
) -> None:
    plan(freeze(template), [Recipient("p1", "x")], Origin("j", "s"))
    Message.objects.update(state="unknown")
    path = f"/api/v1/messages/{Message.objects.get().pk}/decide/"
    answer = client_of(marketer).post(path, said, content_type="application/json")
    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, ["as"])
    assert Message.objects.get().state == "unknown"


def test_unknown_messages_are_decided_through_the_api_by_who_may(
    template: EmailTemplate, marketer: User, viewer: User, stranger: User, client_of: ClientOf
) -> None:
    plan(freeze(template), [Recipient("p1", "x")], Origin("j", "s"))
    Message.objects.update(state="unknown")
    path = f"/api/v1/messages/{Message.objects.get().pk}/decide/"
    statuses = [client_of(user).post(path, {"as": "sent"}).status_code for user in (stranger, viewer, marketer)]
    assert statuses == [404, 403, 200]
    assert Message.objects.get().state == "accepted"


def test_delivery_names_who_a_message_is_for_also_without_an_address(
    template: EmailTemplate, people: Callable[[int], None], viewer: User, client_of: ClientOf
) -> None:
    people(1)
    plan(freeze(template), [Recipient("p1", "x"), Recipient("gone", "y")], Origin("j", "s"))
    page = client_of(viewer).get("/messages/delivery/").content.decode()
    assert '<a href="/customers/p1/" data-open>Ann1</a>' in page
    assert '<a href="/customers/gone/" data-open>gone</a>' in page


def test_a_starter_whose_values_nobody_has_says_what_it_needs(
    catalog: None, marketer: User, client_of: ClientOf
) -> None:
    page = client_of(marketer).get("/messages/new/").content.decode()
    assert 'value="loyal"' in page
    writing = stage()
    writing.write(
        TableSpec("unified.profiles", key=["profile_id"]), pa.table({"profile_id": ["p"], "first_name": ["Ann"]})
    )
    writing.publish("test")
    page = client_of(marketer).get("/messages/new/").content.decode()
    assert 'value="loyal"' not in page
    assert "Needs a value called “Loyalty Points”" in page
    assert 'value="letter"' in page


def test_every_starter_is_there_before_there_is_data(marketer: User, client_of: ClientOf, db: None) -> None:
    page = client_of(marketer).get("/messages/new/").content.decode()
    assert all(f'value="{starter.key}"' in page for starter in starters.ALL)
