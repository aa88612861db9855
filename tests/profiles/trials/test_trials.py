"""What if: another configuration beside the live result, until it is published or dropped."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from core.errors import Cancelled, Conflict, InvalidInput, NotAllowed, NotFound
from core.models import AuditEntry
from jobs import runner
from jobs import services as jobs
from jobs.models import Job
from jobs.refresh import StageReport
from lake.queries import snapshot
from profiles.config import services
from profiles.decisions import services as decisions
from profiles.models import IdentityEvent, Profile, Trial, Unification, UnificationRun
from profiles.review import queue as review_queue
from profiles.review.queue import Question
from profiles.running.stage import described
from profiles.tables import LINKS, TRIAL_CASES, TRIAL_CHANGES, TRIAL_EXAMPLES, TRIAL_LINKS, TRIED
from profiles.trials import run as trial_run
from profiles.trials import services as trials
from profiles.unify.judging.partitions import KINDS
from profiles.unify.judging.quality import Stratum, precision
from profiles.unify.judging.whatif import strata_after
from segments import services as segments
from tests.profiles.conftest import CUSTOMERS, put
from tests.profiles.running.test_stage import person_of, rows
from tests.profiles.trials.conftest import SAME_MAIL

Run = Callable[[], list[StageReport]]
Record = tuple[str, str, str]
SAME_CARD = [{"name": "Same card", "when": [{"semantic": "id.loyalty_card"}]}]
SAME_DAY = [{"name": "Born on the same day", "when": [{"semantic": "person.birth_date"}]}]


def people(table: str) -> set[frozenset[Record]]:
    """The partition of records that a table of links says."""
    found: dict[str, set[Record]] = defaultdict(set)
    for row in rows(table):
        found[row["profile_id"]].add((row["source"], row["table"], row["record_id"]))
    return {frozenset(records) for records in found.values()}


def live() -> dict[str, Any]:
    """All that readers see, but for the trial's own tables."""
    now = snapshot()
    return {
        "tables": {name: now.version_of(name) for name in now.names() if name not in TRIED},
        "served": list(Profile.objects.order_by("pk").values_list("pk", "digest")),
        "configuration": services.state_of(Unification.current()),
        "runs": UnificationRun.objects.count(),
        "events": IdentityEvent.objects.count(),
    }


def test_it_tells_who_would_change_and_leaves_all_as_it_is(unified: None) -> None:
    before = live()
    report = trials.start(rules=SAME_MAIL, here=True).report
    assert live() == before
    assert report["kinds"]["reshuffled"] == {"cases": 1, "before": 2, "after": 2, "records": 4}  # T1 has no mail
    assert report["pairs"] == {"kept": 2, "gained": 2, "lost": 2}
    assert (report["before"]["people"], report["after"]["people"]) == (4, 4)


def test_who_is_joined_and_who_is_split(unified: None) -> None:
    report = trials.start(rules=SAME_CARD, here=True).report
    assert report["kinds"]["split"] == {"cases": 2, "before": 2, "after": 4, "records": 5}
    assert report["kinds"]["joined"]["cases"] == 0
    assert {rule["name"]: rule["gained"] for rule in report["rules"]}.get("Same card", 0) == 0
    assert sum(rule["lost"] for rule in report["rules"]) >= 2


def brute(one: set[frozenset[Record]], other: set[frozenset[Record]]) -> dict[str, int]:
    """Pairs of records, counted one by one."""

    def pairs(found: set[frozenset[Record]]) -> set[frozenset[Record]]:
        return {frozenset(pair) for records in found for pair in combinations(sorted(records), 2)}

    before, after = pairs(one), pairs(other)
    return {"kept": len(before & after), "gained": len(after - before), "lost": len(before - after)}


@pytest.mark.parametrize(
    "rules",
    [
        [{"name": "Mail and name", "when": [{"semantic": "contact.email"}, {"semantic": "person.last_name"}]}],
        [{"name": "Same phone", "when": [{"semantic": "contact.phone"}]}],
        SAME_DAY,
        "suggest",
    ],
)
def test_its_numbers_are_those_of_its_links(asked: list[Question], rules: Any) -> None:
    report = trials.start(rules=rules, here=True).report
    before, after = people(LINKS), people(TRIAL_LINKS)
    assert report["pairs"] == brute(before, after)
    assert report["kinds"]["same"]["cases"] >= len(before & after)
    cases = rows(TRIAL_CASES)
    assert Counter(row["kind"] for row in {row["case"]: row for row in cases}.values()) == {
        kind: report["kinds"][kind]["cases"] for kind in KINDS[1:] if report["kinds"][kind]["cases"]
    }
    for row in rows(TRIAL_EXAMPLES):
        ends = {(*row[f"{side}_table"].split(".", 1), row[f"{side}_id"]) for side in ("left", "right")}
        joined = {name: any(ends <= person for person in side) for name, side in (("b", before), ("a", after))}
        assert joined == {"b": not row["is_gained"], "a": row["is_gained"]}


@pytest.mark.parametrize("rules", [SAME_MAIL, SAME_CARD, "suggest"])
def test_publishing_makes_what_it_said(unified: None, run: Run, rules: Any) -> None:
    trial = trials.start(rules=rules, here=True)
    said, ids = people(TRIAL_LINKS), {row["record_id"]: row["profile_id"] for row in rows(TRIAL_LINKS)}
    job = trials.publish(trial)
    runner.execute(runner.claim(job.pk) or job)
    assert people(LINKS) == said
    assert {row["record_id"]: row["profile_id"] for row in rows(LINKS)} == ids
    assert services.state_of(Unification.current())["rules"] == trial.proposal["rules"]
    assert trials.current() is None
    assert not set(TRIED) & set(snapshot().names())
    assert list(AuditEntry.objects.filter(verb__startswith="trial.").values_list("verb", flat=True).order_by("pk")) == [
        "trial.start",
        "trial.publish",
    ]


def test_other_merging_changes_values_and_nobody(unified: None) -> None:
    merge = {"attributes": [{"attribute": "first_name", "trust": ["till.receipts"]}]}
    report = trials.start(merge=merge, here=True).report
    assert report["pairs"]["gained"] == report["pairs"]["lost"] == 0
    assert {row["name"]: row["people"] for row in report["changed"]["attributes"]} == {"first_name": 1, "full_name": 1}
    assert report["changed"]["people"] == 1
    john = person_of("shop", "C1")
    told = {row["attribute"]: (row["profile_id"], row["before"], row["after"]) for row in rows(TRIAL_CHANGES)}
    assert told["first_name"] == (john, "John", "Jon")


def test_an_attribute_that_goes_is_named_and_changes_nobody(unified: None) -> None:
    report = trials.start(merge={"attributes": [{"attribute": "tier", "exclude": True}]}, here=True).report
    assert (report["changed"]["people"], report["changed"]["lost"]) == (0, ["Tier"])


def test_another_order_of_trust_and_fewer_tables(unified: None) -> None:
    report = trials.start(tables=["till.receipts", "shop.customers"], here=True).report
    assert report["records"] == {"both": 5, "new": 0, "gone": 2}
    assert {row["name"] for row in report["changed"]["attributes"]} >= {"first_name"}


def test_records_that_came_since_are_not_compared(unified: None) -> None:
    put("till.receipts", "till_id", [{"till_id": "T9", "full_name": "Ann New", "phone": "2125559999", "card": "x9"}])
    report = trials.start(here=True).report
    assert report["records"] == {"both": 6, "new": 1, "gone": 1}
    assert report["kinds"]["joined"]["cases"] == report["kinds"]["split"]["cases"] == 0


def test_it_can_be_tried_before_anything_was_unified(retailer: None) -> None:
    report = trials.start(here=True).report
    assert (report["before"]["people"], report["after"]["people"], report["records"]["both"]) == (0, 4, 0)


def test_the_evidence_says_how_probably_a_change_is_right(asked: list[Question]) -> None:
    before = trials.start(here=True).report["quality"]
    assert before["before"] == before["after"]
    loose = trials.start(rules=[{"name": "City", "when": [{"semantic": "address.postcode"}]}], here=True).report
    assert loose["pairs"]["gained"] > 0
    assert loose["quality"]["shares"]["gained"] < 0.5 < loose["quality"]["shares"]["kept"]
    assert loose["quality"]["after"] < loose["quality"]["before"]


def test_answers_to_the_sample_say_which_rules_follow_them(asked: list[Question]) -> None:
    for question in review_queue.questions(mode="sample"):
        verdict = "join" if question.pair.left_id == question.pair.right_id else "apart"
        decisions.decide([question.pair], verdict, origin="sample")
    loose = [{"name": "City", "when": [{"semantic": "address.postcode"}]}]
    answers = trials.start(rules=loose, here=True).report["quality"]["answers"]
    assert answers["count"] == len(review_queue.questions(mode="sample"))
    assert answers["after"]["followed"] < answers["before"]["followed"] <= answers["count"]


def test_strata_are_divided_as_their_sample_is() -> None:
    strata = [Stratum("joined:0.9", True, 100), Stratum("apart:0.1", False, 40)]
    drawn = ["joined:0.9"] * 4 + ["apart:0.1"] * 4
    joined, answers = (
        [True, True, True, False, True, False, False, False],
        [True, True, False, False, True] + [None] * 3,
    )
    found = strata_after(strata, drawn, np.array(joined), answers, 7)
    assert [(s.name, s.joined, s.size, s.answered, s.right) for s in found] == [
        ("joined:0.9", True, 75, 3, 2),
        ("joined:0.9", False, 25, 1, 0),
        ("apart:0.1", True, 10, 1, 1),
        ("apart:0.1", False, 30, 0, 0),
        ("beyond", True, 7, 0, 0),
    ]
    assert precision(found) is None  # five answers are too few


def test_a_failed_trial_leaves_the_live_result(unified: None) -> None:
    before = live()
    trials.start(tables=["shop.customers", "gone.away"])
    job = Job.objects.get(kind="unification.trial")
    assert isinstance(runner.execute(runner.claim(job.pk) or job), InvalidInput)
    assert live() == before
    trial = trials.found()
    assert (trials.state_of(trial), trials.stale(trial)) == ("failed", [])
    with pytest.raises(Conflict):
        trials.publish(trial)
    trials.start(rules=SAME_MAIL, here=True)  # it takes the place of the failed one
    assert Trial.objects.count() == 1


def test_a_cancelled_trial_leaves_the_live_result(unified: None, monkeypatch: pytest.MonkeyPatch) -> None:
    before = live()
    trials.start(rules=SAME_MAIL)
    job = runner.claim(Job.objects.get(kind="unification.trial").pk)
    assert job is not None
    jobs.cancel(job)
    monkeypatch.setattr(runner, "WRITE_EVERY_SECONDS", 0.0)
    assert isinstance(runner.execute(job), Cancelled)
    assert live() == before
    assert not set(TRIED) & set(snapshot().names())
    assert trials.state_of(trials.found()) == "cancelled"


def test_a_trial_that_is_dropped_while_it_runs_leaves_nothing(unified: None, monkeypatch: pytest.MonkeyPatch) -> None:
    before = live()
    trial = trials.start(rules=SAME_MAIL)
    job = runner.claim(trial.job.pk if trial.job else 0)
    assert job is not None

    def dropped_meanwhile(*args: Any) -> Any:
        trials.drop(trials.found())
        return described(*args)

    monkeypatch.setattr(trial_run, "described", dropped_meanwhile)
    assert isinstance(runner.execute(job), Cancelled)
    assert live() == before
    assert not set(TRIED) & set(snapshot().names())
    assert trials.current() is None


def test_one_runs_at_a_time(unified: None, analyst: User) -> None:
    trials.start(rules=SAME_MAIL, by=analyst)
    with pytest.raises(Conflict, match="already running, started by analyst"):
        trials.start(rules=SAME_CARD)
    trials.drop(trials.found())
    assert Job.objects.get(kind="unification.trial").state == Job.State.CANCELLED
    trials.start(rules=SAME_CARD)


@pytest.mark.parametrize("what", ["configuration", "live", "data", "decisions"])
def test_it_says_when_the_comparison_may_no_longer_hold(tried: Trial, run: Run, what: str) -> None:
    assert trials.stale(tried) == []
    if what == "configuration":
        services.save_unification(default_country="DE")
    elif what == "live":
        Unification.objects.update(values={"person.first_name": {"ignore": ["Ann"]}})
        run()
        Unification.objects.update(values={})
    elif what == "data":
        put("shop.customers", "customer_id", CUSTOMERS[:3])
    else:
        pair = decisions.Pair.of(("shop.customers", "C1"), ("shop.customers", "C3"))
        decisions.decide([pair], "apart")
    assert trials.stale(trials.found()) == [what]
    config = services.state_of(Unification.current())
    with pytest.raises(Conflict) as refused:
        trials.publish(trials.found())
    assert refused.value.code == "stale"
    assert services.state_of(Unification.current()) == config
    trials.publish(trials.found(), anyway=True)
    assert Unification.current().rules[0]["name"] == "Same mailbox"


def test_a_run_under_way_keeps_it_and_the_configuration(tried: Trial) -> None:
    services.run_unification()
    with pytest.raises(Conflict):
        trials.publish(tried)
    assert trials.found().is_done
    assert Unification.current().rules[0]["name"] != "Same mailbox"


def test_what_could_not_be_saved_is_not_tried(unified: None) -> None:
    with pytest.raises(InvalidInput):
        trials.start(rules=[{"name": "Shoes", "when": [{"column": "shoe_size"}]}])
    segments.save(name="Johns", rule={"all": [{"attribute": "first_name", "op": "eq", "value": "John"}]})
    with pytest.raises(Conflict, match="Johns"):
        trials.start(merge={"attributes": [{"attribute": "first_name", "exclude": True}]})
    services.save_unification(tables=[])
    with pytest.raises(InvalidInput):
        trials.start()
    with pytest.raises(NotFound):
        trials.found()


def test_only_who_may_starts_publishes_and_drops(tried: Trial, marketer: User, viewer: User) -> None:
    for user in (marketer, viewer):
        for verb in (lambda by: trials.start(by=by), lambda by: trials.publish(tried, by=by)):
            with pytest.raises(NotAllowed):
                verb(user)
        with pytest.raises(NotAllowed):
            trials.drop(tried, by=user)
    assert trials.found() == tried


def test_old_ones_are_forgotten(tried: Trial) -> None:
    assert trials.forget_old(timezone.now() + datetime.timedelta(days=13)) == 0
    assert trials.forget_old(timezone.now() + datetime.timedelta(days=15)) == 1
    assert trials.current() is None
    assert not set(TRIED) & set(snapshot().names())
