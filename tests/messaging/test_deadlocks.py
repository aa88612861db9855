"""Who waits for each other: what the database gave up is done again, anything else is not."""

import threading
from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.db import OperationalError, connection, transaction
from psycopg.errors import DeadlockDetected, DiskFull

from messaging import deadlocks


def failing(times: int, cause: type[Exception]) -> tuple[list[int], Callable[[], str]]:
    calls: list[int] = []

    def work() -> str:
        calls.append(1)
        if len(calls) <= times:
            raise OperationalError("given up") from cause()
        return "done"

    return calls, work


def test_what_was_given_up_is_done_again() -> None:
    calls, work = failing(2, DeadlockDetected)
    assert deadlocks.again(work) == "done"
    assert len(calls) == 3


@pytest.mark.parametrize(("times", "cause", "tried"), [(1, DiskFull, 1), (99, DeadlockDetected, deadlocks.ATTEMPTS)])
def test_other_faults_and_endless_ones_are_told(times: int, cause: type[Exception], tried: int) -> None:
    calls, work = failing(times, cause)
    with pytest.raises(OperationalError):
        deadlocks.again(work)
    assert len(calls) == tried


@pytest.mark.django_db(transaction=True)
def test_two_who_wait_for_each_other_both_come_to_their_end() -> None:
    for pk in (101, 102):
        Group.objects.create(pk=pk, name=f"{pk}")
    both_hold_one = threading.Barrier(2, timeout=30)
    turns: list[int] = []

    def turn(first: int, second: int) -> None:
        waits = [True]

        def work() -> None:
            turns.append(first)
            with transaction.atomic():
                Group.objects.filter(pk=first).update(name=f"{first} of {first}")
                if waits and waits.pop():
                    both_hold_one.wait()
                Group.objects.filter(pk=second).update(name=f"{second} of {first}")

        try:
            deadlocks.again(work)
        finally:
            connection.close()

    other = threading.Thread(target=turn, args=(102, 101))
    other.start()
    turn(101, 102)
    other.join(30)
    assert not other.is_alive()
    assert len(turns) > 2
    assert {row.name for row in Group.objects.filter(pk__in=[101, 102])} in (
        {"101 of 101", "102 of 101"},
        {"101 of 102", "102 of 102"},
    )
