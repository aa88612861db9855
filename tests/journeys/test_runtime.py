"""People walk in sets: once each, whatever happens, and the numbers always add up."""

from collections import Counter
from datetime import datetime
from typing import Any

import psycopg
import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from journeys import entering, queries, runtime, services
from journeys.analytics import results
from journeys.entering import enrol
from journeys.models import Enrolment, Journey, JourneyVersion, StepFlow, StepTrouble
from journeys.upkeep import WALK_LOCK, follow_merged, refresh_entries, run_due
from messaging.delivery import deliver_due
from messaging.models import EmailTemplate, Message
from profiles.models import Profile, ProfileRedirect
from tests.journeys.world import EMAIL, END, NOW, WAIT, branch, draw, later, person_id, publish_members
from tests.support.database import address


def live(journey: Journey, by: User) -> JourneyVersion:
    version = services.publish(journey, by=by, now=NOW)
    enrol(version, NOW)
    return version


def walk(now: datetime) -> None:
    while runtime.advance(now, 7):
        pass


def standing(journey: Journey) -> Counter[tuple[str, str]]:
    return Counter(Enrolment.objects.filter(journey=journey).values_list("step", "state"))


def check_sums(journey: Journey) -> None:
    """The counts of the movements, and the rows themselves, tell the same story."""
    versions = JourneyVersion.objects.filter(journey=journey)
    found = queries.standings(versions)
    entered = found.pop("start").entered if "start" in found else 0
    assert Enrolment.objects.filter(journey=journey).count() == entered
    for step, place in found.items():
        rows = Enrolment.objects.filter(journey=journey, step=step)
        assert place.waiting == rows.filter(state="active").count()
        assert place.entered == place.waiting + place.passed + place.done + place.left + place.stopped
        assert sum(place.exits.values()) == place.passed
        assert queries.people_at(versions, step, "passed").count() == place.passed
    whole = queries.numbers(Journey.objects.filter(pk=journey.pk)).get(journey.pk, queries.Numbers())
    states = Counter(Enrolment.objects.filter(journey=journey).values_list("state", flat=True))
    assert (whole.active, whole.done, whole.left, whole.stopped) == tuple(states[state] for state in Enrolment.State)
    assert whole.entered == sum(states.values())


def test_everyone_gets_one_message_and_waits(ready: User) -> None:
    journey = draw(EMAIL, WAIT, END)
    live(journey, ready)
    walk(NOW)
    assert standing(journey) == {("wait", "active"): 30}
    assert Message.objects.count() == 30
    assert Enrolment.objects.filter(journey=journey, due_at=later(days=3)).count() == 30
    check_sums(journey)


def test_the_wait_ends_and_the_journey_is_completed(ready: User) -> None:
    journey = draw(EMAIL, WAIT, END)
    live(journey, ready)
    walk(NOW)
    walk(later(days=2, hours=23))
    assert standing(journey) == {("wait", "active"): 30}
    walk(later(days=3))
    assert standing(journey) == {("end", "done"): 30}
    deliver_due()
    walk(later(days=3))
    journey.refresh_from_db()
    assert journey.state == "completed"
    check_sums(journey)


def test_a_journey_that_everybody_came_through_can_be_stopped_while_mails_wait(ready: User) -> None:
    journey = draw(EMAIL, END)
    live(journey, ready)
    walk(NOW)
    assert deliver_due(limit=10).accepted == 10
    walk(NOW)
    services.pause(journey, by=ready)
    services.resume(journey, by=ready)
    services.stop(journey, by=ready, now=NOW)
    assert deliver_due().handled == 0
    assert Counter(Message.objects.values_list("state", flat=True)) == {"accepted": 10, "skipped": 20}
    check_sums(journey)


def test_a_branch_parts_people_by_the_first_rule_they_meet(ready: User) -> None:
    rome = {**EMAIL, "id": "rome"}
    journey = draw(branch([rome], [{**WAIT, "id": "paris"}], cities=["Rome", "Paris"]), {**WAIT, "id": "join"})
    live(journey, ready)
    walk(NOW)
    assert standing(journey) == {("paris", "active"): 10, ("join", "active"): 20}
    exits = queries.standings(journey.versions.all())["fork"].exits
    assert exits == {0: 10, 1: 10, 2: 10}
    check_sums(journey)


def test_present_members_enter_once_and_later_ones_do_not(ready: User, people: list[str]) -> None:
    publish_members("loyal-customers", people[:10])
    version = live(draw(WAIT), ready)
    publish_members("loyal-customers", people)
    assert enrol(version, later(days=1)) == 0
    assert Enrolment.objects.count() == 10


def test_members_who_join_later_enter_at_the_refresh(ready: User, people: list[str]) -> None:
    publish_members("loyal-customers", people[:10])
    live(draw(WAIT, joining="also_later"), ready)
    publish_members("loyal-customers", people[5:])
    assert refresh_entries(later(days=1)) == 20
    assert refresh_entries(later(days=2)) == 0
    assert Enrolment.objects.count() == 30


@pytest.mark.parametrize(("reentry", "entered"), [(True, 3), (False, 0)])
def test_who_left_and_came_back_enters_again_only_where_wanted(
    ready: User, people: list[str], reentry: bool, entered: int
) -> None:
    journey = draw(WAIT, joining="also_later", reentry=reentry)
    version = live(journey, ready)
    assert enrol(version, later(days=1)) == 0
    walk(later(days=4))
    publish_members("loyal-customers", people[:3], since=later(days=5))
    assert enrol(version, later(days=6)) == entered
    assert enrol(version, later(days=7)) == 0
    check_sums(journey)


def test_a_journey_published_before_there_are_members_starts_with_the_first(ready: User, people: list[str]) -> None:
    publish_members("loyal-customers", [])
    version = live(draw(EMAIL, WAIT), ready)
    assert Enrolment.objects.count() == 0
    publish_members("loyal-customers", people[:4])
    assert refresh_entries(later(hours=1)) == 4
    version.refresh_from_db()
    assert version.enrolled_at == later(hours=1)


def test_nobody_moves_or_enters_while_paused(ready: User) -> None:
    journey = draw(EMAIL, WAIT, END, joining="also_later")
    version = live(journey, ready)
    services.pause(journey, by=ready)
    walk(NOW)
    assert Message.objects.count() == 0
    assert enrol(version, NOW) == 0
    services.resume(journey, by=ready)
    walk(NOW)
    assert Message.objects.count() == 30


def test_pausing_holds_what_is_planned_until_it_goes_on(ready: User) -> None:
    journey = draw(EMAIL, WAIT, END)
    live(journey, ready)
    walk(NOW)
    services.pause(journey, by=ready)
    assert deliver_due().handled == 0
    assert results(journey).whole.waiting == 30
    services.resume(journey, by=ready)
    assert deliver_due().accepted == 30
    check_sums(journey)


def test_stopping_ends_every_run_and_skips_what_is_planned(ready: User) -> None:
    journey = draw(EMAIL, WAIT, END)
    live(journey, ready)
    walk(NOW)
    services.stop(journey, by=ready, now=NOW)
    walk(later(days=30))
    assert standing(journey) == {("wait", "stopped"): 30}
    assert set(Message.objects.values_list("state", "reason")) == {("skipped", "stopped")}
    check_sums(journey)


def test_people_stay_on_their_version_and_new_ones_take_the_new_one(ready: User, people: list[str]) -> None:
    publish_members("loyal-customers", people[:10])
    journey = draw(WAIT, {**EMAIL, "id": "old"}, joining="also_later")
    live(journey, ready)
    changed = draw(WAIT, {**EMAIL, "id": "new"}, joining="also_later")
    services.save_draft(journey, services.drafts.graphs.parse(changed.draft), by=ready)
    live(journey, ready)
    publish_members("loyal-customers", people)
    refresh_entries(later(hours=1))
    walk(later(days=4))
    assert Counter(Message.objects.values_list("step_key", flat=True)) == {"old": 10, "new": 20}


def test_what_was_published_is_sent_even_when_the_e_mail_changes(ready: User, template: EmailTemplate) -> None:
    live(draw(EMAIL), ready)
    template.subject = "Changed"
    template.save()
    walk(NOW)
    assert set(Message.objects.values_list("template_version__subject", flat=True)) == {"Hi {{First name}}"}


def test_a_step_in_trouble_keeps_its_people_and_holds_up_nobody_else(ready: User) -> None:
    broken, fine = draw(branch([EMAIL], cities=["Rome"])), draw(EMAIL)
    version = live(broken, ready)
    live(fine, ready)
    graph = version.graph
    graph["steps"][0]["branches"][0]["rule"] = {"all": [{"attribute": "shoe_size", "op": "eq", "value": 1}]}
    JourneyVersion.objects.filter(pk=version.pk).update(graph=graph, published_at=later(seconds=1))
    walk(NOW)
    assert standing(broken) == {("fork", "active"): 30}
    assert standing(fine) == {("mail", "done"): 30}
    assert "shoe_size" in StepTrouble.objects.get().message


def test_trouble_is_tried_again_later_and_forgotten_when_solved(ready: User) -> None:
    journey = draw(WAIT, END)
    version = live(journey, ready)
    runtime.note_trouble(version.pk, "wait", later(days=3), "no answer")
    assert runtime.advance(later(days=3)) == 0
    walk(later(days=3, minutes=1))
    assert standing(journey) == {("end", "done"): 30}
    assert not StepTrouble.objects.exists()


def test_merged_customers_go_on_as_one(ready: User) -> None:
    journey = draw(WAIT, END)
    live(journey, ready)
    ProfileRedirect.objects.create(old_id=person_id(1), target=person_id(0))
    ProfileRedirect.objects.create(old_id=person_id(2), target="someone-new")
    assert follow_merged(NOW) == 1
    assert Enrolment.objects.get(profile_id=person_id(1)).reason == "merged"
    assert Enrolment.objects.get(profile_id="someone-new").state == "active"
    check_sums(journey)


def test_customers_who_are_taken_apart_go_on_on_their_own_and_do_not_enter_again(
    ready: User, people: list[str]
) -> None:
    journey = draw(EMAIL, WAIT, END, joining="also_later")
    live(journey, ready)
    ProfileRedirect.objects.create(old_id=person_id(1), target="kept")
    Profile.objects.filter(pk=person_id(1)).update(id="kept")
    publish_members("loyal-customers", [people[0], *people[2:]])
    refresh_entries(later(hours=1))
    assert Enrolment.objects.get(profile_id="kept").state == "active"
    Profile.objects.filter(pk="kept").update(id=person_id(1))
    ProfileRedirect.objects.all().delete()
    publish_members("loyal-customers", people)
    assert refresh_entries(later(hours=2)) == 0
    assert Enrolment.objects.get(profile_id=person_id(1)).state == "active"
    assert not Enrolment.objects.filter(profile_id="kept").exists()
    check_sums(journey)


def test_a_branch_asks_about_the_customer_that_a_merged_one_has_become(ready: User) -> None:
    """Between the publication of a merge and the end of the refresh, runs still have the old id."""
    journey = draw(branch([{**WAIT, "id": "rome"}], cities=["Rome"]), END)
    live(journey, ready)
    Enrolment.objects.filter(profile_id=person_id(0)).update(profile_id="before")
    ProfileRedirect.objects.create(old_id="before", target=person_id(0))
    walk(NOW)
    assert standing(journey) == {("rome", "active"): 10, ("end", "done"): 20}


def test_the_counters_are_as_many_as_the_ways_to_move_and_not_as_the_moves(ready: User) -> None:
    journey = draw(EMAIL, WAIT, END)
    live(journey, ready)
    while runtime.advance(NOW, 1):
        pass
    assert sorted(StepFlow.objects.values_list("step", "event", "people")) == [
        ("mail", "entered", 30), ("mail", "passed", 30), ("start", "passed", 30), ("wait", "entered", 30)
    ]  # fmt: skip


def test_a_move_costs_the_same_statements_for_any_number_of_people(
    ready: User, django_assert_max_num_queries: Any
) -> None:
    live(draw(EMAIL, WAIT), ready)
    with django_assert_max_num_queries(14):
        assert runtime.advance(NOW) == 30


def test_one_process_walks_at_a_time(ready: User) -> None:
    live(draw(WAIT), ready)
    with psycopg.connect(**address()) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [WALK_LOCK])
        assert run_due(lambda: later(days=9)) == 0
        other.execute("SELECT pg_advisory_unlock(%s)", [WALK_LOCK])
    assert run_due(lambda: later(days=9)) == 30


@pytest.mark.django_db(transaction=True)
def test_a_journey_can_be_paused_while_its_members_are_read(ready: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading the members of a large segment takes a while: nobody waits for it, and what was decided holds."""
    version = services.publish(draw(EMAIL), by=ready, now=NOW)
    read = entering.member_batches

    def pause_first(snap: Any, segment: str) -> Any:  # the moment is reached by acting inside it
        with psycopg.connect(**address()) as other:
            other.execute("SET lock_timeout = '5s'")
            other.execute("UPDATE journeys_journey SET state = 'paused'")
        return read(snap, segment)

    monkeypatch.setattr(entering, "member_batches", pause_first)
    assert enrol(version, NOW) == 0
    assert not Enrolment.objects.exists()


STEPS = st.recursive(
    st.sampled_from(["email", "wait", "end"]).map(lambda kind: [kind]),
    lambda inner: st.tuples(st.lists(inner, min_size=2, max_size=3), inner).map(lambda t: [t[0], *t[1]]),
    max_leaves=6,
)


def closes(step: dict[str, Any]) -> bool:
    paths = [path["steps"] for path in step.get("branches", [])] + [step.get("otherwise", [])]
    return step["kind"] == "end" or ("branches" in step and all(path and closes(path[-1]) for path in paths))


def steps_of(drawn: list[Any]) -> list[dict[str, Any]]:
    """Steps up to the first that nobody leaves: what follows it could not be reached."""
    made: list[dict[str, Any]] = []
    for item in drawn:
        if isinstance(item, list):
            made.append({**branch(*[steps_of(path) for path in item[1:]], rest=steps_of(item[0])), "id": ""})
        else:
            made.append({"kind": item, "template": "loyal-coupon"} if item == "email" else {"kind": item})
        if closes(made[-1]):
            break
    return made


@settings(
    max_examples=12, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(drawn=STEPS, pauses=st.lists(st.integers(0, 3), max_size=3))
def test_in_any_journey_every_person_is_somewhere_exactly_once(
    ready: User, drawn: list[Any], pauses: list[int]
) -> None:
    journey = draw(*steps_of(drawn))
    version = services.publish(journey, by=ready, now=NOW)
    enrol(version, NOW)
    for day in sorted(pauses):
        runtime.advance(later(days=day), 4)
        check_sums(journey)
    for day in range(3, 12):
        walk(later(days=day))
    assert set(Enrolment.objects.filter(journey=journey).values_list("state", flat=True)) == {"done"}
    planned = Message.objects.filter(journey_key=journey.slug)
    passed = queries.standings(journey.versions.all())
    mails = [step["id"] for step in version.graph["steps"] if step["kind"] == "email"]
    assert planned.count() == sum(passed[mail].passed for mail in mails if mail in passed)
    assert planned.values("cause").distinct().count() == planned.count()
    check_sums(journey)
