"""Rules that ask for more pairs than can be compared, found from counts of values before anything is compared.

A large group is divided by the beginnings of fuzzy values, and what is too large even then is passed over: a shared
value that slipped through costs some pairs, and is told. But where most of the records stand in groups like that, the
rule cannot do what it says, however long it ran: it is refused.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from core.errors import InvalidInput
from profiles.unify.config.rules import MatchRule
from profiles.unify.pairs.block import LARGEST_GROUP, MOST_PAIRS, beginnings, keys_of
from profiles.unify.pairs.grouping import Groups, groups
from profiles.unify.pairs.limits import Limits
from profiles.unify.reading.records import Records

# So few pairs per record, or in all, are always compared.
FEW_PER_RECORD, FEW = 50, 1_000_000
# A rule is refused from this share of records in groups that are too large.
TOO_LARGE = 0.5


@dataclass(frozen=True)
class Cost:
    """`pairs`: how many agree exactly, as the rule asks. `value`: what most records share, and how many these are, of
    all that know a value."""

    rule: str
    pairs: int
    features: tuple[str, ...]
    value: str
    sharing: int
    known: int


class TooManyPairs(InvalidInput):
    """A rule that cannot be carried out."""

    def __init__(self, cost: Cost) -> None:
        super().__init__(f"“{cost.rule}” asks for {cost.pairs:,} pairs", place=f"rules[{cost.rule}]")
        self.cost = cost


def refuse_too_costly(records: Records, rules: Sequence[MatchRule]) -> None:
    """Raises TooManyPairs for the first active rule of which that is true."""
    for cost in too_costly(records, rules):
        raise TooManyPairs(cost)


def too_costly(records: Records, rules: Sequence[MatchRule]) -> Iterator[Cost]:
    enough = max(FEW, FEW_PER_RECORD * records.count)
    for rule in rules:
        keys, fuzzy = keys_of(records, rule)
        if not rule.active or not keys or any(name not in records.features for name in keys):
            continue
        if min(pairs_of(records.features[name].counts) for name in keys) <= enough:
            continue
        found = groups([records.features[name] for name in keys], records.count)
        pairs = pairs_of(found.all_sizes())
        if pairs > enough and _passed_over(records, found, fuzzy) > TOO_LARGE * len(found.rows):
            yield _cost(records, rule, keys, found, pairs)


def pairs_of(sizes: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> int:
    """Of groups with so many records each."""
    return int((sizes * (sizes - 1) // 2).sum())


def _passed_over(records: Records, found: Groups, fuzzy: Sequence[str]) -> int:
    """Records, once per value, whose groups are too large in every way of dividing them."""
    finer = beginnings(records.features[fuzzy[0]]) if fuzzy else []
    reached = np.zeros(records.count, bool)
    for number, part in enumerate([found.divided(codes) for codes in finer] if finer else [found]):
        limit = Limits().largest(str(number), part.all_sizes(), LARGEST_GROUP, MOST_PAIRS)
        reached[part.rows[part.sizes <= limit]] = True
    return int(np.count_nonzero(~reached[found.rows]))


def _cost(records: Records, rule: MatchRule, keys: Sequence[str], found: Groups, pairs: int) -> Cost:
    at = int(np.argmax(found.sizes))
    row = int(found.rows[at])
    texts = [_text(records, name, row) for name in keys]
    return Cost(rule.name, pairs, tuple(keys), ", ".join(texts), int(found.sizes[at]), len(found.rows))


def _text(records: Records, name: str, row: int) -> str:
    feature = records.features[name]
    code = next(int(codes[row]) for codes in feature.columns if codes[row] >= 0)
    return str(feature.values[code].as_py())
