"""Which pairs of records are of interest."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from profiles.unify.pairs.grouping import Keys, Mask, Touched
from profiles.unify.reading.records import Codes


@dataclass(frozen=True)
class Scope:
    """Those with a `touched` record, and those of two that are `reopened`: which may have got into groups that are
    compared."""

    touched: Mask
    reopened: Mask

    @cached_property
    def around(self) -> Touched:
        """Those that can be in a pair of interest with any other one."""
        return Touched(self.touched | self.reopened)

    def pairs(self, left: Codes | Keys, right: Codes | Keys) -> Mask:
        touched, reopened = self.touched, self.reopened
        found: Mask = touched[left] | touched[right] | (reopened[left] & reopened[right])
        return found

    def of(self, rows: Keys) -> "Scope":
        """Of these records, by their numbers among them."""
        return Scope(self.touched[rows], self.reopened[rows])


def with_any(touched: Mask) -> Scope:
    """All pairs with a touched record."""
    return Scope(touched, np.zeros(len(touched), bool))
