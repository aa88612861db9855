"""A record without a name that several customers claim is nobody's until a person says whose it is."""

import random
from collections import Counter
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from jobs.refresh import refresh
from profiles.config import services
from profiles.decisions import services as decisions
from profiles.review import queue as review_queue
from profiles.review.queue import Question
from profiles.unify.judging.review import CLAIMED, TORN
from tests.profiles.conftest import put
from tests.profiles.running.test_stage import person_of
from tests.profiles.unify.test_evidence import Row
from tests.profiles.unify.test_nameless import SHOP, _homes, _keyed
from tests.support.worlds import Once, World

HOMES = 120
ClientOf = Callable[[User], Client]


def _town() -> list[list[Row]]:
    return _homes(HOMES, 0.12, random.Random(2))


COUPLES = [number for number, home in enumerate(_town()) if home[0]["mail"] == home[1]["mail"]]
ONE, OTHER, SIGN_UP = (f"s{2 * COUPLES[0]:05}", f"s{2 * COUPLES[0] + 1:05}", f"n{COUPLES[0]:05}")
AGAIN = f"n{HOMES:05}"


def sign_up() -> None:
    homes = _town()
    put("shop.people", "id", _keyed("s", [person for home in homes for person in home]), SHOP)
    news = [{"email": home[0]["mail"]} for home in [*homes, homes[COUPLES[0]]]]
    put("web.news", "id", _keyed("n", news), {"email": "contact.email"})
    services.save_unification(tables=["shop.people", "web.news"], default_country="US")
    refresh(["unify"])


@pytest.fixture(scope="session")
def signed_up_world(made_once: Once) -> World:
    return made_once(sign_up)


@pytest.fixture
def signed_up(db: None, signed_up_world: World) -> None:
    signed_up_world.enter()


def claimed() -> list[Question]:
    return [q for q in review_queue.questions(mode="queue") if q.reason == CLAIMED and not q.verdict]


def of_the_couple(record: str = SIGN_UP) -> dict[str, Question]:
    """By the customer's record."""
    found = [q for q in claimed() if record in (q.pair.left_id, q.pair.right_id)]
    return {q.pair.left_id if q.pair.right_id == record else q.pair.right_id: q for q in found}


def test_it_is_asked_once_for_each_who_claims_it(signed_up: None) -> None:
    asked = Counter(name for q in claimed() for name in (q.pair.left_id, q.pair.right_id) if name.startswith("n"))
    assert asked == {f"n{number:05}": 2 for number in COUPLES}
    in_turn = [q.pair.left_id if q.pair.left_id.startswith("n") else q.pair.right_id for q in claimed()]
    assert in_turn[::2] == in_turn[1::2]
    assert [q.probability for q in of_the_couple().values()] == pytest.approx([0.5, 0.5])
    assert not [q for q in review_queue.questions(mode="queue") if q.reason == TORN]


def test_page_list_and_api_say_what_is_asked(signed_up: None, client_of: ClientOf, analyst: User) -> None:
    client, asked = client_of(analyst), of_the_couple()[ONE]
    page = client.get("/customers/unify/review/", {"at": asked.number}).content.decode()
    assert "Several customers have this address or number: whose is the record?" in page
    assert "Whose is it?" in client.get("/customers/unify/review/list/", {"reason": CLAIMED}).content.decode()
    found = client.get("/api/v1/review/", {"reason": CLAIMED}).json()
    assert found["count"] == 2 * len(COUPLES)


@pytest.mark.parametrize("full", [False, True])
def test_whose_it_is_said_to_be_it_is(signed_up: None, analyst: User, full: bool) -> None:
    decisions.decide([of_the_couple()[OTHER].pair], "join", by=analyst)
    refresh(["unify"], full=full)
    assert person_of("web", SIGN_UP) == person_of("shop", OTHER) != person_of("shop", ONE)
    assert not of_the_couple()
    if full:  # runs of changes ask nothing new
        assert set(of_the_couple(AGAIN)) == {ONE, OTHER}  # of several with one address, one after the other
        assert not [q for q in review_queue.questions(mode="queue") if q.reason == TORN]


@pytest.mark.parametrize("full", [False, True])
def test_whose_it_is_not_it_never_is_and_is_not_asked_again(signed_up: None, analyst: User, full: bool) -> None:
    decisions.decide([of_the_couple()[ONE].pair], "apart", by=analyst)
    refresh(["unify"], full=full)
    assert person_of("web", SIGN_UP) not in (person_of("shop", ONE), person_of("shop", OTHER))
    left = of_the_couple()
    assert list(left) == [OTHER]
    if full:
        assert (left[OTHER].probability or 0) > 0.9
