"""Work of Arrow and numpy on two cores: both let go of Python while they compute."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

# Each holds what it makes in memory; more gain little, for Python itself runs once at a time.
AT_ONCE = 2
T = TypeVar("T")


def side_by_side(jobs: Sequence[Callable[[], T]]) -> Iterator[T]:
    """What the jobs return, in their order. None may need another one. Where one fails, or nobody takes further
    answers, those that have not begun are given up."""
    helpers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="side-by-side")
    try:
        for answer in [helpers.submit(job) for job in jobs]:
            yield answer.result()
    finally:
        helpers.shutdown(cancel_futures=True)
