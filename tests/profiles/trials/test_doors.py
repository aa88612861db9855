"""What if: page, form, API and command."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from jobs import runner
from jobs.models import Job
from profiles.config import services
from profiles.models import Profile, Trial, Unification
from profiles.review.queue import Question
from profiles.trials import services as trials
from tests.profiles.trials.conftest import SAME_MAIL
from tests.profiles.trials.test_trials import SAME_CARD, SAME_DAY

ClientOf = Callable[[User], Client]
PAGE = "/customers/unify/trial/"
RULE = "/customers/unify/match/new/"
API = "/api/v1/unification-trial/"
POSTS = [f"{PAGE}start/", f"{PAGE}publish/", f"{PAGE}drop/", f"{API}publish/", f"{API}drop/", API]
MERGE = {"attributes": [{"attribute": "first_name", "trust": ["till.receipts"]}]}


def work() -> None:
    job = Job.objects.active().get(kind="unification.trial")
    assert runner.execute(runner.claim(job.pk) or job) is None


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}export/", API])
def test_strangers_and_sales_see_nothing(
    unified: None, client_of: ClientOf, stranger: User, salesperson: User, path: str
) -> None:
    for user in (stranger, salesperson):
        assert client_of(user).get(path).status_code == 403


@pytest.mark.parametrize("path", POSTS)
def test_who_only_reads_changes_nothing(tried: Trial, client_of: ClientOf, marketer: User, path: str) -> None:
    assert client_of(marketer).get(PAGE).status_code == 200
    assert client_of(marketer).get(API).status_code == 200
    assert client_of(marketer).post(path).status_code == 403
    assert Trial.objects.count() == 1
    assert not Job.objects.active().exists()


def test_the_page_is_empty_at_first(db: None, client_of: ClientOf, analyst: User) -> None:
    assert "Nothing is being tried" in client_of(analyst).get(PAGE).content.decode()


def test_a_rule_is_tried_without_saving(unified: None, client_of: ClientOf, analyst: User) -> None:
    before, client = services.state_of(Unification.current()), client_of(analyst)
    rule = {"rule-0-name": "Same mailbox", "rule-0-active": "on", "rule-0-when-0-what": "contact.email"}
    answer = client.post(RULE, {**rule, "rule-0-when-0-compare": "exact", "try": "1"})
    assert answer.headers["Location"] == PAGE
    page = client.get(PAGE).content.decode()
    assert 'hx-trigger="load delay:1s"' in page
    assert "Cancel" in page
    work()
    assert client.get(PAGE, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    page = client.get(PAGE).content.decode()
    for text in ("Publish", "Drop", "Tried"):
        assert text in page
    assert trials.found().proposal["rules"][-1]["name"] == "Same mailbox"
    assert services.state_of(Unification.current()) == before


def test_a_rule_that_cannot_work_stays_in_the_panel(unified: None, client_of: ClientOf, analyst: User) -> None:
    rule = {"rule-0-name": "Shoes", "rule-0-active": "on", "rule-0-when-0-what": "column:shoe_size"}
    assert client_of(analyst).post(RULE, {**rule, "rule-0-when-0-compare": "exact", "try": "1"}).status_code == 422
    assert not Trial.objects.exists()


def test_what_was_saved_is_tried_before_it_runs(unified: None, client_of: ClientOf, analyst: User) -> None:
    trials.start(merge=MERGE, here=True)
    services.save_unification(rules=SAME_MAIL)
    client_of(analyst).post(f"{PAGE}start/", {"saved": "1"})
    work()
    assert trials.found().proposal == services.state_of(Unification.current())
    assert trials.found().report["after"] != trials.found().report["before"]


def test_trying_again_keeps_the_proposal(unified: None, client_of: ClientOf, analyst: User) -> None:
    trials.start(merge=MERGE, here=True)
    client_of(analyst).post(f"{PAGE}start/")
    assert trials.found().proposal["merge"] == MERGE


def test_every_kind_has_its_examples(unified: None, client_of: ClientOf, viewer: User) -> None:
    trials.start(rules=SAME_CARD, merge=MERGE, here=True)
    client = client_of(viewer)
    split = client.get(f"{PAGE}?kind=split").content.decode()
    assert "1 customer becomes 2" in split
    assert "Were one person" in split
    assert "Nobody." in client.get(f"{PAGE}?kind=joined&page=9").content.decode()
    part = client.get(
        f"{PAGE}?kind=nonsense", headers={"HX-Request": "true", "HX-Target": "trial-examples"}
    ).content.decode()
    assert "<html" not in part
    trials.start(merge=MERGE, here=True)
    changed = client.get(f"{PAGE}?kind=changed").content.decode()
    assert "<td>John</td><td>Jon</td>" in changed


def test_examples_are_paged(asked: list[Question], client_of: ClientOf, analyst: User) -> None:
    trials.start(rules=[{"name": "Nobody", "when": [{"semantic": "contact.phone"}], "active": False}], here=True)
    client = client_of(analyst)
    first, last = (client.get(f"{PAGE}?kind=split&page={n}").content.decode() for n in (1, 99_999))
    assert first.count('trial-example"') == 5
    assert "Page 1 of" in first
    assert 'rel="next"' in first
    assert 'rel="prev"' in last
    assert 'rel="next"' not in last


def test_everybody_who_differs_is_exported(unified: None, client_of: ClientOf, viewer: User) -> None:
    Profile.objects.filter(name="John Smith").update(name="=cmd()")
    trials.start(rules=SAME_CARD, merge=MERGE, here=True)
    answer = client_of(viewer).get(f"{PAGE}export/")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(text)))
    split = [row for row in rows if row["change"] == "split"]
    assert sum(int(row["records"]) for row in split) == 5
    assert len({row["customer"] for row in split}) == 2
    assert "'=cmd()" in {row["name"] for row in split}


def test_it_is_published_and_dropped_from_the_page(tried: Trial, client_of: ClientOf, analyst: User) -> None:
    client = client_of(analyst)
    client.post(f"{PAGE}drop/")
    assert trials.current() is None
    assert client.post(f"{PAGE}drop/").status_code == 302
    trials.start(rules=SAME_MAIL, here=True)
    services.save_unification(default_country="DE")
    assert "Publish anyway" in client.get(PAGE).content.decode()
    client.post(f"{PAGE}publish/")
    assert trials.current() is not None
    client.post(f"{PAGE}start/")
    work()
    assert trials.stale(trials.found()) == []
    client.post(f"{PAGE}publish/")
    assert Unification.current().rules[0]["name"] == "Same mailbox"
    assert Job.objects.active().get().params["full"] is True


def test_a_failed_trial_says_why_and_can_be_tried_again(unified: None, client_of: ClientOf, analyst: User) -> None:
    trials.start(tables=["shop.customers", "gone.away"])
    job = Job.objects.active().get()
    runner.execute(runner.claim(job.pk) or job)
    page = client_of(analyst).get(PAGE).content.decode()
    assert "“Gone · Away” has not been loaded yet" in page
    assert "Try again" in page


def test_the_api_starts_reads_publishes_and_drops(unified: None, client_of: ClientOf, analyst: User) -> None:
    client = client_of(analyst)
    assert client.get(API).status_code == 404
    started = client.post(API, {"rules": SAME_MAIL}, content_type="application/json")
    assert (started.status_code, started.json()["state"], started.json()["changed"]) == (202, "waiting", ["rules"])
    assert client.post(API, {}, content_type="application/json").status_code == 409
    assert client.post(f"{API}publish/").status_code == 409
    work()
    found = client.get(API).json()
    assert (found["state"], found["stale"], found["by"]) == ("done", [], "analyst")
    assert found["report"]["pairs"]["gained"] == 2
    services.save_unification(default_country="DE")
    refused = client.post(f"{API}publish/", {}, content_type="application/json")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "stale")
    published = client.post(f"{API}publish/", {"anyway": True}, content_type="application/json")
    assert published.status_code == 202
    assert Job.objects.get(pk=published.json()["job"]).kind == "refresh"
    trials.start(rules=SAME_MAIL, here=True)
    assert client.post(f"{API}drop/").status_code == 204
    assert client.get(API).status_code == 404


@pytest.mark.parametrize("body", [{"rules": "nonsense"}, {"rules": 5}, {"tables": "x"}, {"groups": [1]}, {"merge": 3}])
def test_hostile_proposals_are_refused(
    unified: None, client_of: ClientOf, analyst: User, body: dict[str, object]
) -> None:
    assert client_of(analyst).post(API, body, content_type="application/json").status_code == 400
    assert not Trial.objects.exists()


def test_the_command_compares(unified: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules, workspace = tmp_path / "rules.yaml", tmp_path / "workspace.yaml"
    rules.write_text(yaml.safe_dump(SAME_MAIL))
    call_command("unify", "compare", rules=rules, json=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["tried"], told["pairs"]["gained"]) == (["rules"], 2)
    workspace.write_text(yaml.safe_dump({"kindred": 1, "unification": {"rules": SAME_DAY, "merge": MERGE}}))
    call_command("unify", "compare", "--file", str(workspace), "--drop")
    assert "Today 4 customers, then" in capsys.readouterr().out
    assert trials.current() is None
    call_command("unify", "compare")
    assert "Today 4 customers, then 4." in capsys.readouterr().out


@pytest.mark.parametrize("text", ["[", "unification: {rules: [{nme: x}]}", "kindred: 1", "- 5", "", "rules:"])
def test_the_command_says_what_is_wrong_with_a_file(unified: None, tmp_path: Path, text: str) -> None:
    path = tmp_path / "file.yaml"
    path.write_text(text)
    for option in ("--file", "--rules"):
        with pytest.raises(CommandError):
            call_command("unify", "compare", option, str(path))
    with pytest.raises(CommandError):
        call_command("unify", "compare", "--file", str(tmp_path / "none.yaml"))


def test_a_trial_without_effect_says_so_and_its_rules_have_no_buttons(
    unified: None, client_of: ClientOf, analyst: User
) -> None:
    trials.start(rules=Unification.current().rules, here=True)
    page = client_of(analyst).get(PAGE).content.decode()
    assert "Nothing would change." in page
    assert 'class="rule-words"' in page
    assert "Switch off" not in page
