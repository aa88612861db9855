"""The review queue: page, list, command, lists by file."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from jobs.refresh import refresh
from lake.queries import snapshot
from profiles.config import services
from profiles.decisions import services as decisions
from profiles.decisions.services import PAIR, Pair
from profiles.models import Decision, Profile
from profiles.review import queue as review_queue
from profiles.review.pair_words import fields, reason_words
from profiles.review.queue import Details, Question
from profiles.tables import LINKS
from tests.profiles.conftest import put
from tests.profiles.decisions.test_deciding import HEAD

ClientOf = Callable[[User], Client]
PATH = "/customers/unify/review/"
PAGES = [PATH, PATH + "?mode=sample", PATH + "list/", "/customers/unify/decisions/", "/api/v1/review/"]


def form(question: Question, verdict: str) -> dict[str, str]:
    pair = {name: getattr(question.pair, name) for name in PAIR}
    return pair | {"number": str(question.number), "verdict": verdict, "mode": "queue"}


def test_the_page_asks_takes_an_answer_and_takes_it_back(
    asked: list[Question], client_of: ClientOf, analyst: User
) -> None:
    client, first = client_of(analyst), asked[0]
    page = client.get(PATH).content.decode()
    assert first.pair.left_id in page
    assert "Speaks for one person" in page
    part = client.post(PATH + "answer/", form(first, "join"), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert f'name="number" value="{asked[1].number}"' in part
    kept = Decision.objects.get()
    assert (kept.verdict, kept.origin, kept.by, kept.probability) == ("join", "review", analyst, first.probability)
    assert "takes effect with the next run" in client.get(PATH).content.decode()
    assert f'name="number" value="{first.number}"' not in client.get(PATH).content.decode()
    act = re.findall(r'name="act" value="(\w+)"', part)[0]
    again = client.post(PATH + "undo/", {"act": act, "number": first.number}, headers={"HX-Request": "true"})
    assert f'name="number" value="{first.number}"' in again.content.decode()
    assert not Decision.objects.exists()


def test_a_card_links_to_those_who_are_customers(
    asked: list[Question], run: Callable[[], object], client_of: ClientOf, analyst: User
) -> None:
    services.save_unification(tables=["one.people", {"table": "two.people", "unmatched": False}])
    run()
    client, told, links = client_of(analyst), set(), set()
    for question in review_queue.questions(mode="queue"):
        page = client.get(PATH, {"at": question.number}).content.decode()
        links |= set(re.findall(r'href="(/customers/p[a-z2-7]{15}/)"', page))
        told |= set(re.findall("(First|Second): no customer yet", page))
    assert told
    assert {client.get(link).status_code for link in links} == {200}
    found = client.get("/api/v1/review/", {"page_size": 100}).json()["results"]
    named = {question[side] for question in found for side in ("left_profile", "right_profile")}
    assert None in named
    assert {client.get(f"/api/v1/customers/{pk}/").status_code for pk in named - {None}} == {200}


def test_it_works_without_scripts(asked: list[Question], client_of: ClientOf, analyst: User) -> None:
    answer = client_of(analyst).post(PATH + "answer/", form(asked[0], "apart"))
    assert answer.status_code == 303
    assert "undo=" in answer.headers["Location"]
    assert client_of(analyst).get(answer.headers["Location"]).status_code == 200


def test_an_answer_to_a_question_of_an_older_run_is_not_taken(
    asked: list[Question], client_of: ClientOf, analyst: User
) -> None:
    data = form(asked[0], "join") | {"left_id": "somebody else"}
    assert client_of(analyst).post(PATH + "answer/", data).status_code == 303
    assert not Decision.objects.exists()


def test_many_are_answered_at_once(asked: list[Question], client_of: ClientOf, analyst: User) -> None:
    numbers = [str(question.number) for question in asked[:3]]
    client_of(analyst).post(PATH + "list/", {"action": "apart", "row": numbers})
    assert Decision.objects.filter(verdict="apart").count() == len(numbers)
    left = client_of(analyst).get(PATH + "list/?export=csv")
    text = b"".join(left.streaming_content).decode() if left.streaming else left.content.decode()
    assert len(text.splitlines()) == 1 + len(asked) - len(numbers)


def test_the_list_names_the_people_and_finds_them(asked: list[Question], client_of: ClientOf, analyst: User) -> None:
    name = Profile.objects.get(pk=asked[0].left_profile).name
    page = client_of(analyst).get(PATH + "list/", {"q": name}).content.decode()
    assert f"{name}<span" in page
    assert asked[0].pair.left_id in page
    assert "Nothing matches" in client_of(analyst).get(PATH + "list/", {"q": "nobody of that name"}).content.decode()


def test_a_decided_pair_is_gone_after_the_next_run(
    asked: list[Question], run: Callable[[], object], client_of: ClientOf, analyst: User
) -> None:
    client_of(analyst).post(PATH + "answer/", form(asked[0], "unsure"))
    client_of(analyst).post(PATH + "answer/", form(asked[1], "join"))
    run()
    pairs = [question.pair for question in review_queue.questions(mode="queue")]
    assert asked[0].pair not in pairs
    assert asked[1].pair not in pairs


@pytest.mark.parametrize("full", [False, True])
def test_what_follows_from_an_answer_about_other_records_is_not_asked(asked: list[Question], full: bool) -> None:
    """Two customers are two people: by a record of one of them that nobody asked about."""
    now = snapshot()
    links = now.arrow(now.table(LINKS)).to_pylist()
    names = [(row["profile_id"], (f"{row['source']}.{row['table']}", row["record_id"])) for row in links]
    question, record = next(
        (q, record)
        for q in asked
        for profile, record in names
        if not q.is_joined and profile == q.left_profile and record != (q.pair.left_table, q.pair.left_id)
    )
    decisions.decide([Pair(*record, question.pair.right_table, question.pair.right_id)], "apart")
    refresh(["unify"], full=full)
    left = [q.pair for q in review_queue.questions(mode="queue")]
    assert question.pair not in left
    assert left


@pytest.mark.parametrize("path", PAGES)
def test_who_may_read_the_review(
    asked: list[Question], client_of: ClientOf, path: str, request: pytest.FixtureRequest
) -> None:
    wanted = {"admin": 200, "analyst": 200, "marketer": 200, "viewer": 200, "salesperson": 403, "stranger": 403}
    assert {role: client_of(request.getfixturevalue(role)).get(path).status_code for role in wanted} == wanted


def test_a_viewer_answers_nothing(asked: list[Question], client_of: ClientOf, viewer: User) -> None:
    client = client_of(viewer)
    assert "Keep apart" not in client.get(PATH).content.decode()
    assert client.post(PATH + "answer/", form(asked[0], "join")).status_code == 403
    assert client.post(PATH + "undo/", {"act": "x"}).status_code == 403
    assert client.post(PATH + "list/", {"action": "join", "row": ["1"]}).status_code == 403
    assert client.get("/customers/unify/decisions/import/").status_code == 403


def test_the_api_shows_the_queue_by_kind(asked: list[Question], client_of: ClientOf, analyst: User) -> None:
    found = client_of(analyst).get("/api/v1/review/", {"page_size": 5}).json()
    assert found["count"] == len(asked)
    assert found["results"][0]["left_id"] == asked[0].pair.left_id
    kind = asked[0].reason
    assert client_of(analyst).get("/api/v1/review/", {"reason": kind}).json()["count"] == len(
        [question for question in asked if question.reason == kind]
    )


def test_a_list_is_uploaded_and_exported(unified: None, client_of: ClientOf, analyst: User) -> None:
    client = client_of(analyst)
    text = HEAD + "shop.customers,C1,shop.customers,C2,join,\nshop.customers,C1,shop.customers,C1,join,\n"
    page = client.post("/customers/unify/decisions/import/", {"file": SimpleUploadedFile("a.csv", text.encode())})
    assert "1 line was left out" in page.content.decode()
    answer = client.get("/customers/unify/decisions/export/")
    assert b"C1,shop.customers,C2,join" in b"".join(answer.streaming_content)
    bad = client.post("/customers/unify/decisions/import/", {"file": SimpleUploadedFile("a.csv", b"no list")})
    assert bad.status_code == 422


def test_the_command_reads_writes_and_tells(
    asked: list[Question], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pair = asked[0].pair
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(
        HEAD + f"{pair.left_table},{pair.left_id},{pair.right_table},{pair.right_id},apart,\nx\n", encoding="utf-8"
    )
    call_command("unify", "review", "--json", "--limit", "2", "--import", str(source), "--export", str(target))
    found = json.loads(capsys.readouterr().out)
    assert (found["imported"]["kept"], found["imported"]["bad"][0]["line"], found["exported"]) == (1, 3, 1)
    assert (found["open"], len(found["pairs"])) == (len(asked) - 1, min(2, len(asked) - 1))
    assert pair.left_id in target.read_text(encoding="utf-8")
    call_command("unify", "review")
    assert "wait for a decision" in capsys.readouterr().out


def test_the_command_says_where_it_cannot_write(asked: list[Question], tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("unify", "review", "--export", str(tmp_path / "no folder" / "out.csv"))


def test_the_parts_of_a_whole_address_stand_beside_those_of_another_table(retailer: None) -> None:
    put("club.members", "id", [{"id": "1", "where": "12 Main St., New York 10001"}], {"where": "address.full"})
    question = Question(1, Pair("club.members", "1", "shop.customers", "C1"), "p1", "p2", "close", "", 0.5, 1)
    whole = {"where": "12 Main St.", "where › city": "New York", "where › postcode": "10001"}
    apart = {"street": "12 Main Street", "city": "New York", "zip": "10001"}
    shown = {field.label: field.state for field in fields(snapshot(), question, Details(whole, apart, []))}
    assert shown == {"Street": "near", "City": "same", "Postcode": "same"}


@pytest.mark.parametrize(
    ("meaning", "one", "other", "state"),
    [
        ("contact.phone", "+1 (555) 0100", "15550100", "same"),
        ("contact.phone", "+1 (212) 555-0100", "212.555.0100", "same"),
        ("contact.phone", "+1 (212) 555-0100", "212.555.0101", "near"),
        ("contact.email", "Ann.Lee+x@gmail.com", "annlee@googlemail.com", "same"),
        ("id.loyalty_card", "AB-0012", "ab 0012", "same"),
        ("address.postcode", "SW1A 1AA", "sw1a1aa", "same"),
        ("address.postcode", "SW1A 1AA", "SW1A 2AA", "near"),
    ],
)
def test_only_what_differs_as_it_is_compared_is_marked(
    retailer: None, meaning: str, one: str, other: str, state: str
) -> None:
    put("club.members", "id", [{"id": "1", "it": one}, {"id": "2", "it": other}], {"it": meaning})
    question = Question(1, Pair("club.members", "1", "club.members", "2"), "p1", "p2", "close", "", 0.5, 1)
    assert [field.state for field in fields(snapshot(), question, Details({"it": one}, {"it": other}, []))] == [state]


def test_what_adds_nothing_speaks_neither_for_nor_against() -> None:
    told = [{"aspect": "contact.email", "level": 2, "equal": 2, "weight": weight} for weight in (3.5, -0.5, 0.0, -0.01)]
    assert [reason.speaks for reason in reason_words(told)] == ["for", "against", "nothing", "nothing"]


@pytest.mark.parametrize(
    ("level", "words"), [(1, "One of the first names is hardly in use"), (2, "Both first names are in use")]
)
def test_it_says_whether_two_first_names_are_names(level: int, words: str) -> None:
    told = [{"aspect": "given names in use", "level": level, "equal": 2, "weight": -1.0}]
    assert [reason.words for reason in reason_words(told)] == [words]


def test_amounts_flags_and_lists_are_shown_as_people_write_them(db: None) -> None:
    rows = [{"id": "1", "spent": 91757, "vip": True, "likes": ["a", "b"]}]
    put("club.members", "id", rows, {}, spent="money")
    question = Question(1, Pair("club.members", "1", "club.members", "2"), "p1", "p2", "close", "", 0.5, 1)
    kept = Details({"spent": "91757", "vip": "true", "likes": '["a","b"]'}, {"vip": "false"}, [])
    shown = {field.left[0][0] for field in fields(snapshot(), question, kept)}
    assert shown == {"$917.57", "Yes", "a, b"}


def test_a_name_in_two_columns_is_shown_in_the_order_of_its_script(unified: None) -> None:
    pair = Pair.of(("shop.customers", "C4"), ("loyalty.members", "8"))
    question = Question(1, pair, "p1", "p2", "close", "", 0.5, 1)
    two = {"first_name": "丽", "last_name": "王"}
    names = {
        (field.left[0][0], field.right[0][0])
        for field in fields(snapshot(), question, Details({"full_name": "Wang Li"}, two, []))
    }
    assert ("Wang Li", "王丽") in names
