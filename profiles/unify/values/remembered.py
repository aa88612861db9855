"""How alike the words are that most names consist of: found once per pair of words, then looked up."""

from functools import cached_property

import numpy as np
import numpy.typing as npt

from profiles.unify.values.in_pairs import Scores
from profiles.unify.values.names import Codes, Words

# So many of the most frequent words: their table takes 36 MB, and nearly all names are made of them. Few names have a
# table of no more than so many places for each.
MOST, PLACES_EACH = 3_000, 8
NOT_YET = np.float32(-1)


class Remembered:
    """As `words.similarity` with this `least`. `used`: how often each word stands in names."""

    def __init__(self, words: Words, used: npt.NDArray[np.int64], least: float) -> None:
        self._words, self._least = words, least
        most = min(MOST, np.count_nonzero(used), int(np.sqrt(PLACES_EACH * used.sum())))
        frequent = np.sort(np.argsort(-used, kind="stable")[:most])
        self._size = len(frequent) + 1
        self._places = np.full(len(used) + 1, -1, np.int32)
        self._places[frequent] = np.arange(len(frequent))
        self._places[-1] = len(frequent)  # no name, which is like none

    @cached_property
    def _table(self) -> Scores:
        table = np.full((self._size, self._size), NOT_YET, np.float32)
        np.fill_diagonal(table, 1)
        table[-1] = table[:, -1] = 0
        return table.ravel()

    def similarity(self, one: Codes, other: Codes) -> Scores:
        first, second = self._places.take(one), self._places.take(other)
        at = first * np.int32(self._size) + second
        found: Scores = self._table.take(at)
        np.putmask(found, np.minimum(first, second) < 0, NOT_YET)
        open_ = np.flatnonzero(found < 0)
        if open_.size:
            found[open_] = scores = self._words.similarity(one[open_], other[open_], self._least)
            first, second = first[open_], second[open_]
            both = (first >= 0) & (second >= 0)
            self._table[first[both] * self._size + second[both]] = scores[both]
            self._table[second[both] * self._size + first[both]] = scores[both]
        return found
