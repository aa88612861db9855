"""Work on two cores: answers in order, and nothing begun after a failure."""

import time
from threading import Barrier, Event

import pytest

from profiles.unify.side_by_side import side_by_side


def test_answers_come_in_the_order_of_the_jobs_though_the_second_ends_first() -> None:
    second_is_done = Event()

    def first() -> int:
        assert second_is_done.wait(30)
        return 1

    def second() -> int:
        second_is_done.set()
        return 2

    assert list(side_by_side([first, second, lambda: 3])) == [1, 2, 3]


def test_two_run_at_once() -> None:
    meeting = Barrier(2, timeout=30)
    assert sorted(side_by_side([meeting.wait, meeting.wait])) == [0, 1]


def test_a_failure_is_told_and_what_has_not_begun_is_given_up() -> None:
    failed = Event()
    begun: list[int] = []

    def fails() -> None:
        failed.set()
        raise ValueError("no")

    def slow() -> None:
        assert failed.wait(30)

    def other() -> None:
        begun.append(1)
        time.sleep(0.01)

    with pytest.raises(ValueError, match="no"):
        list(side_by_side([fails, slow, *[other] * 1000]))
    assert len(begun) < 1000


def test_no_jobs_have_no_answers() -> None:
    assert list(side_by_side([])) == []
