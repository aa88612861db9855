"""Pages, API, command and workspace file: the same verbs, the same permissions."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from core.errors import Conflict, InvalidInput, NotAllowed
from core.models import AuditEntry
from core.sections import ApplyContext
from journeys import runtime, services
from journeys.entering import enrol
from journeys.models import Enrolment, Journey
from journeys.upkeep import refresh_entries
from journeys.workspace import JourneySpec, JourneysSection
from messaging import consent
from messaging.analytics import Audience, totals
from messaging.delivery import deliver_due
from messaging.models import EmailTemplate, Message, Reason
from profiles.models import Profile
from segments.models import Segment
from segments.usage import segments as segment_uses
from tests.journeys.world import (
    EMAIL,
    END,
    NOW,
    WAIT,
    branch,
    draw,
    make_segment,
    make_template,
    publish_members,
    publish_people,
)

ClientOf = Callable[[User], Client]
SPEC = {
    "name": "Reward",
    "start": {"segment": "loyal-customers", "joining": "also_later"},
    "steps": [
        {"email": "loyal-coupon"},
        {"wait": "3 days"},
        {
            "branch": [
                {"label": "Rome", "if": {"all": [{"attribute": "city", "op": "eq", "value": "Rome"}]}, "then": ["end"]}
            ]
        },
        {"email": "loyal-coupon", "label": "Again"},
    ],
    "state": "live",
    "conversion": {"activity": "order", "within_days": 7},
}


def test_the_dry_run_says_who_would_not_get_the_mail_as_sending_does(
    ready: User, people: list[str], client_of: ClientOf
) -> None:
    Profile.objects.filter(pk=people[0]).update(email="")
    Profile.objects.filter(pk__in=people[1:3]).update(attributes={})
    Profile.objects.filter(pk__in=[people[2], people[3]]).update(email="ada4@people.example")
    Profile.objects.filter(pk=people[9]).update(email="ada4@people.example", attributes={})
    Profile.objects.filter(pk=people[5]).update(email="nobody")
    consent.opt_out("ada6@people.example", source="test")
    consent.suppress("ada7@people.example")
    journey = draw(EMAIL, END)
    found = post(client_of(ready), f"/journeys/{journey.slug}/dry-run/").json()["steps"]["mail"]
    assert Message.objects.count() == 0
    enrol(services.publish(journey, by=ready, now=NOW), NOW)
    while runtime.advance(NOW):
        pass
    deliver_due()
    happened = totals(Audience(journey.slug)).by_reason
    assert found["not_sent"] == {str(Reason(reason).label): count for reason, count in happened.items()}
    assert sum(happened.values()) == 8
    assert len(happened) == 6


def test_several_journeys_are_paused_at_once_and_those_that_cannot_be_are_named(
    ready: User, viewer: User, client_of: ClientOf
) -> None:
    live, draft = draw(EMAIL, WAIT, by=ready), draw(EMAIL, by=ready)
    services.rename(draft, "Only a draft", "", by=ready)
    services.publish(live, by=ready)
    action = {"action": "pause", "row": [str(live.pk), str(draft.pk)]}
    assert client_of(viewer).post("/journeys/", action).status_code == 403
    page = client_of(ready).post("/journeys/", action, follow=True).content.decode()
    assert "1 journey is paused." in page
    assert "Only a draft: This is not possible: the journey is draft." in page
    assert sorted(Journey.objects.values_list("state", flat=True)) == ["draft", "paused"]


def post(client: Client, path: str, **body: Any) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json")


@pytest.mark.parametrize(
    "path", ["", "{slug}/", "{slug}/?edit=1", "{slug}/results/", "{slug}/people/", "{slug}/history/"]
)
def test_pages_open_for_roles_and_for_nobody_else(
    ready: User, viewer: User, stranger: User, client_of: ClientOf, path: str
) -> None:
    journey = draw(EMAIL, branch([WAIT], cities=["Rome"]), END)
    enrol(services.publish(journey, by=ready, now=NOW), NOW)
    runtime.advance(NOW)
    url = "/journeys/" + path.format(slug=journey.slug)
    assert client_of(ready).get(url).status_code == 200
    assert client_of(viewer).get(url).status_code == 200
    assert client_of(stranger).get(url).status_code == 403
    assert Client().get(url).status_code == 302


@pytest.mark.parametrize(
    "verb", ["publish", "pause", "resume", "stop", "duplicate", "discard", "delete", "draft", "goal"]
)
def test_only_those_who_may_change_a_journey_do(ready: User, viewer: User, client_of: ClientOf, verb: str) -> None:
    journey = draw(EMAIL)
    assert client_of(viewer).post(f"/journeys/{journey.slug}/{verb}/").status_code == 403
    journey.refresh_from_db()
    assert journey.state == "draft"
    assert Journey.objects.count() == 1


@pytest.mark.parametrize("verb", [services.publish, services.duplicate, services.delete, services.discard_draft])
def test_services_refuse_who_may_not(ready: User, viewer: User, verb: Callable[..., Any]) -> None:
    with pytest.raises(NotAllowed):
        verb(draw(EMAIL), by=viewer)


def test_a_journey_is_made_drawn_and_published_in_the_browser(ready: User, client_of: ClientOf) -> None:
    client = client_of(ready)
    assert client.post("/journeys/new/", {"name": "Welcome"}).status_code == 303
    steps = [{**EMAIL, "id": "a"}, {**branch([WAIT], cities=["Rome"]), "id": "b"}, END]
    answer = post(client, "/journeys/welcome/draft/", revision=0, start={"segment": "loyal-customers"}, steps=steps)
    assert answer.json()["problems"] == []
    assert answer.json()["revision"] == 1
    assert answer.json()["cards"]["b"]["exits"] == ["Rome", "Everyone else"]
    assert client.post("/journeys/welcome/publish/").status_code == 302
    assert Journey.objects.get(slug="welcome").state == "live"
    assert set(AuditEntry.objects.values_list("verb", flat=True)) >= {
        "journey.create",
        "journey.edit",
        "journey.publish",
    }


def test_a_draft_with_problems_is_kept_and_not_published(ready: User, client_of: ClientOf) -> None:
    journey = draw({**EMAIL, "template": ""}, segment="")
    client = client_of(ready)
    answer = post(
        client, f"/journeys/{journey.slug}/draft/", start={"segment": "gone"}, steps=[EMAIL, {**WAIT, "amount": 0}]
    )
    assert {(p["step"], p["field"]) for p in answer.json()["problems"]} == {("start", "segment"), ("wait", "amount")}
    client.post(f"/journeys/{journey.slug}/publish/")
    journey.refresh_from_db()
    assert journey.state == "draft"


def test_a_second_editor_is_told_instead_of_overwriting(ready: User, client_of: ClientOf) -> None:
    journey = draw(EMAIL)
    client, url = client_of(ready), f"/journeys/{journey.slug}/draft/"
    assert post(client, url, revision=0, start={}, steps=[WAIT]).status_code == 200
    assert post(client, url, revision=0, start={}, steps=[END]).status_code == 409


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{",
        '{"start": {}, "steps": 3}',
        '{"start": {}, "steps": [{"kind": "rocket"}]}',
        '{"start": {"x": 1}, "steps": []}',
        '{"start":' * 3_000,
        '{"start": {}, "steps": [], "x": "\\ud800"}',
    ],
)
def test_a_broken_draft_is_refused(ready: User, client_of: ClientOf, body: str) -> None:
    journey = draw(EMAIL)
    answer = client_of(ready).post(f"/journeys/{journey.slug}/draft/", body, content_type="application/json")
    assert answer.status_code == 400
    journey.refresh_from_db()
    assert journey.revision == 0


def test_an_email_with_an_unknown_token_stands_against_publishing(ready: User, template: EmailTemplate) -> None:
    template.body = "<p>{{Shoe size}}</p>"
    template.save()
    found = services.validate(services.drafts.graphs.parse(draw(EMAIL).draft))
    assert [problem.step for problem in found] == ["mail"]
    assert "Shoe size" in found[0].message


@pytest.mark.parametrize(
    "step", [EMAIL, WAIT, {**WAIT, "mode": "until"}, {**WAIT, "mode": "at"}, END, branch([WAIT], cities=["Rome"])]
)
def test_every_kind_has_a_panel(ready: User, client_of: ClientOf, step: dict[str, Any]) -> None:
    journey = draw(EMAIL)
    bare = {**step, "branches": [{"label": "x", "rule": {}}]} if "branches" in step else step
    bare.pop("otherwise", None)
    answer = post(client_of(ready), f"/journeys/{journey.slug}/panel/", id=step["id"], step=bare, can_edit=True)
    assert b"data-field" in answer.content
    assert answer.status_code == 200


def test_a_step_without_any_e_mail_leads_to_a_new_one(marketer: User, client_of: ClientOf) -> None:
    journey = draw(EMAIL)
    answer = post(client_of(marketer), f"/journeys/{journey.slug}/panel/", id="mail", step=EMAIL, can_edit=True)
    assert 'href="/messages/new/"' in answer.content.decode()


def test_the_dry_run_counts_and_sends_nothing(ready: User, client_of: ClientOf) -> None:
    journey = draw(EMAIL, branch([{**EMAIL, "id": "rome"}], [END], cities=["Rome", "Paris"]), {**WAIT, "id": "last"})
    found = post(client_of(ready), f"/journeys/{journey.slug}/dry-run/").json()
    assert found["audience"] == 30
    assert found["steps"]["fork"] | {"people": 30, "exits": [10, 10, 10]} == found["steps"]["fork"]
    assert found["steps"]["last"]["people"] == 20
    assert not Message.objects.exists()
    assert not Enrolment.objects.exists()


def test_one_person_is_walked_through(ready: User, client_of: ClientOf) -> None:
    journey = draw(EMAIL, branch([WAIT], cities=["Rome"]), END)
    page = client_of(ready).get(f"/journeys/{journey.slug}/walk/?profile=p000000").content.decode()
    assert "Subject: Hi Ada0" in page
    assert "fork:0" in page
    assert not Message.objects.exists()


def test_the_person_panel_shows_the_way(ready: User, client_of: ClientOf) -> None:
    journey = draw(EMAIL, WAIT)
    enrol(services.publish(journey, by=ready, now=NOW), NOW)
    runtime.advance(NOW)
    run = Enrolment.objects.order_by("pk")[0]
    assert b"Loyal coupon" in client_of(ready).get(f"/journeys/{journey.slug}/people/{run.pk}/").content


def test_publishing_again_without_a_change_is_refused(ready: User) -> None:
    journey = draw(EMAIL, joining="also_later")
    services.publish(journey, by=ready)
    with pytest.raises(Conflict):
        services.publish(journey, by=ready)


def test_what_was_published_cannot_be_deleted(ready: User) -> None:
    journey = draw(EMAIL)
    services.publish(journey, by=ready)
    with pytest.raises(Conflict):
        services.delete(journey, by=ready)


def test_a_segment_knows_the_journeys_that_use_it(ready: User, segment: Segment) -> None:
    journey = draw(EMAIL)
    assert [use.label for use in segment_uses.of(segment.slug) if use.kind == "Journey"] == [journey.name]


def test_the_api_draws_publishes_and_reports(ready: User, viewer: User, stranger: User, client_of: ClientOf) -> None:
    client = client_of(ready)
    draft = {"start": {"segment": "loyal-customers"}, "steps": [EMAIL, END]}
    made = post(client, "/api/v1/journeys/", name="By API", draft=draft, conversion_activity="order")
    assert made.status_code == 201
    assert client.get("/api/v1/journeys/by-api/problems/").json() == []
    assert post(client, "/api/v1/journeys/by-api/publish/").json()["state"] == "live"
    assert post(client, "/api/v1/journeys/by-api/publish/").status_code == 409
    assert post(client_of(viewer), "/api/v1/journeys/by-api/stop/").status_code == 403
    assert client_of(stranger).get("/api/v1/journeys/").status_code == 403
    enrol(Journey.objects.get().latest(), NOW)
    assert client_of(viewer).get("/api/v1/journeys/by-api/people/?show=waiting&step=mail").json()["count"] == 30
    assert client_of(viewer).get("/api/v1/journeys/by-api/steps/").json()["mail"]["waiting"] == 30
    assert client_of(viewer).get("/api/v1/journeys/by-api/results/").json()["people"]["entered"] == 30
    assert post(client, "/api/v1/journeys/by-api/stop/").json()["state"] == "stopped"


def test_the_api_refuses_a_broken_graph_in_its_one_shape(ready: User, client_of: ClientOf) -> None:
    answer = post(
        client_of(ready), "/api/v1/journeys/", name="x", draft={"start": {}, "steps": [{"id": "a", "kind": "rocket"}]}
    )
    assert answer.status_code == 400
    assert "rocket" in answer.json()["error"]["message"]


def apply(*specs: dict[str, Any]) -> list[str]:
    values = [JourneySpec.model_validate(spec) for spec in specs]
    return [change.path for change in JourneysSection().apply(values, ApplyContext(Path()))]


def test_the_workspace_file_makes_and_publishes_once(ready: User) -> None:
    assert apply(SPEC) == ["journeys[Reward]"]
    assert apply(SPEC) == []
    journey = Journey.objects.get()
    assert (journey.state, journey.versions.count(), journey.conversion_days) == ("live", 1, 7)
    exported = JourneysSection().export()[0].model_dump(exclude_defaults=True)
    assert exported["steps"] == SPEC["steps"]
    assert apply(exported) == []


def test_a_changed_file_publishes_a_new_version(ready: User) -> None:
    apply(SPEC)
    assert apply({**SPEC, "steps": SPEC["steps"][:2]}) == ["journeys[Reward].steps"]
    assert Journey.objects.get().versions.count() == 2


def test_the_file_may_call_segments_and_emails_by_their_names(ready: User) -> None:
    named = {**SPEC, "start": {**SPEC["start"], "segment": "loyal customers"}}
    named["steps"] = [{"email": "Loyal coupon"}, *SPEC["steps"][1:]]
    apply(named)
    assert apply(named) == apply(SPEC) == []


def test_the_file_names_the_place_of_a_mistake(ready: User) -> None:
    with pytest.raises(InvalidInput) as error:
        apply({**SPEC, "steps": [{"email": "loyal-coupon"}, {"wait": "soon"}]})
    assert error.value.place == "journeys[Reward].steps[1].wait"


def test_a_file_may_publish_before_anything_is_loaded(marketer: User) -> None:
    make_segment()
    make_template()
    apply(SPEC)
    version = Journey.objects.get().latest()
    assert version is not None
    assert version.frozen is None
    publish_people(6)
    publish_members("loyal-customers", ["p000001"])
    assert refresh_entries(NOW) == 1
    runtime.advance(NOW)
    assert Message.objects.get().template_version.tokens


def test_what_cannot_be_pinned_later_lets_nobody_in_and_says_so(marketer: User) -> None:
    make_segment()
    EmailTemplate.objects.create(name="Loyal coupon", subject="Hi", body="{{Shoe size}}")
    apply(SPEC)
    publish_people(6)
    publish_members("loyal-customers", ["p000001"])
    assert refresh_entries(NOW) == 0
    version = Journey.objects.get().latest()
    assert version is not None
    assert "Shoe size" in version.troubles.get().message


def test_the_command_lists_publishes_and_stops(ready: User) -> None:
    journey = draw(EMAIL, WAIT)
    out = StringIO()
    call_command("journey", "publish", journey.slug, stdout=out)
    call_command("journey", "list", stdout=out)
    call_command("journey", "stop", journey.slug, stdout=out)
    assert f"{journey.slug}\tlive\t0" in out.getvalue()
    with pytest.raises(CommandError, match="Known: campaign"):
        call_command("journey", "publish", "ghost")


def test_the_list_says_why_messages_were_not_sent(ready: User, people: list[str], client_of: ClientOf) -> None:
    journey = draw(EMAIL, END)
    enrol(services.publish(journey, by=ready, now=NOW), NOW)
    runtime.advance(NOW)
    skipped = Message.objects.order_by("pk").values_list("pk", flat=True)[:3]
    Message.objects.filter(pk__in=skipped[:2]).update(state="skipped", reason="unsubscribed")
    Message.objects.filter(pk=skipped[2]).update(state="refused", reason="mailbox")
    page = client_of(ready).get("/journeys/").content.decode()
    assert f'href="{journey.get_absolute_url()}results/#not-sent"' in page
    assert 'title="Unsubscribed: 2, Mailbox does not exist: 1"' in page


def test_a_journey_starts_with_the_segment_that_it_was_asked_for(ready: User, client_of: ClientOf) -> None:
    client, segment = client_of(ready), Segment.objects.get()
    page = client.get(segment.get_absolute_url()).content.decode()
    address = f"/journeys/new/?segment={segment.slug}"
    assert f'hx-get="{address}"' in page
    assert f"members of “{segment.name}”" in client.get(address).content.decode()
    assert client.post(address, {"name": "Welcome"}).status_code == 303
    assert Journey.objects.get().draft["start"]["segment"] == segment.slug
