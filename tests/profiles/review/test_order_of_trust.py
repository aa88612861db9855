"""Questions name the more trusted record first, decisions whichever comes first in the order of text."""

import json
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

from profiles.config import services
from profiles.decisions import files
from profiles.decisions import services as decisions
from profiles.models import Decision
from profiles.review import queue as review_queue
from profiles.review.queue import Question
from profiles.unify.judging.questions import SAMPLE

ClientOf = Callable[[User], Client]
PATH = "/customers/unify/review/"


@pytest.fixture
def turned(asked: list[Question], run: Callable[[], object]) -> Question:
    services.save_unification(tables=["two.people", "one.people"])
    run()
    return next(q for q in review_queue.questions() if q.reason != SAMPLE and q.pair.left_table == "two.people")


def verdict(question: Question) -> str:
    return next(q.verdict for q in review_queue.questions() if q.pair == question.pair)


def posted(question: Question) -> dict[str, str]:
    return {name: getattr(question.pair, name) for name in decisions.PAIR}


def test_an_answer_by_the_api_is_seen(turned: Question, client_of: ClientOf, analyst: User) -> None:
    body = posted(turned) | {"verdict": "apart"}
    assert client_of(analyst).post("/api/v1/decisions/", body, content_type="application/json").status_code == 201
    assert verdict(turned) == "apart"


def test_an_answer_to_the_sample_by_file_counts(turned: Question, capsys: pytest.CaptureFixture[str]) -> None:
    drawn = next(q for q in review_queue.questions(mode=SAMPLE) if q.pair.left_table == "two.people")
    line = ",".join([*posted(drawn).values(), "join"])
    files.import_list(f"{','.join(decisions.PAIR)},verdict\n{line}\n".encode())
    call_command("unify", "review", "--json")
    assert json.loads(capsys.readouterr().out)["quality"]["answers"] == 1


def test_a_newer_answer_from_elsewhere_takes_the_place_of_that_of_the_page(
    turned: Question, client_of: ClientOf, analyst: User
) -> None:
    form = posted(turned) | {"mode": "queue", "number": str(turned.number), "verdict": "join"}
    client_of(analyst).post(f"{PATH}answer/", form)
    assert verdict(turned) == "join"
    decisions.decide([turned.pair.ordered], "apart")
    assert (verdict(turned), Decision.objects.count()) == ("apart", 1)


def test_the_tabs_count_what_is_open(asked: list[Question], client_of: ClientOf, analyst: User) -> None:
    client = client_of(analyst)
    decisions.decide([asked[0].pair], "join")
    page = client.get(PATH).content.decode()
    assert f'Most useful first<span class="count">{len(asked) - 1}</span>' in page
    decisions.decide([question.pair for question in review_queue.questions()], "unsure")
    page = client.get(PATH).content.decode()
    assert 'Most useful first<span class="count">0</span>' in page
