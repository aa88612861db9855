"""The cluster guard: chains that grow beyond what can be checked are cut at their weakest links."""

import numpy as np

from profiles.unify.matching.cluster import LARGEST_CHECKED, guarded
from profiles.unify.matching.match import Matches
from profiles.unify.reading.records import read_records
from profiles.unify.weighing.evidence import Evidence
from tests.profiles.unify.test_evidence import table

LONG = 3 * LARGEST_CHECKED
WEAK = np.arange(99, LONG - 1, 100)


def chain() -> Matches:
    """Each record is tied to the next one; every hundredth link is weak."""
    score = np.full(LONG - 1, 0.99, np.float32)
    score[WEAK] = 0.8
    left = np.arange(LONG - 1, dtype=np.int32)
    return Matches(left, left + 1, np.zeros(LONG - 1, np.int16), score, ())


def test_a_chain_without_end_is_cut_at_weak_links() -> None:
    records = read_records([table("shop", [{"id": f"{n:04d}", "given": "Anna"} for n in range(LONG)])], "DE")
    labels = guarded(records, chain(), [], Evidence(records)).labels
    sizes = np.unique(labels, return_counts=True)[1]
    assert sizes.max() <= LARGEST_CHECKED
    cut = np.flatnonzero(labels[:-1] != labels[1:])
    assert set(cut) <= set(WEAK)


def test_a_chain_that_can_be_checked_stays_whole() -> None:
    records = read_records([table("shop", [{"id": f"{n:04d}"} for n in range(LARGEST_CHECKED)])], "DE")
    found = chain()
    inside = found.right < LARGEST_CHECKED
    some = Matches(found.left[inside], found.right[inside], found.rule[inside], found.score[inside], ())
    assert not guarded(records, some, [], Evidence(records)).labels.any()
