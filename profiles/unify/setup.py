"""How records become people, as it was configured: one thing, whoever asks and however it is done."""

from dataclasses import dataclass

import pyarrow as pa

from profiles.unify.config.policies import MergeSettings
from profiles.unify.config.rules import MatchRule
from profiles.unify.merging.merge import USUAL
from profiles.unify.values.stated import NOTHING, Stated


@dataclass(frozen=True, kw_only=True)
class Setup:
    """`country`: two letters, of numbers and addresses that name none. `rules` None: suggested from the data.
    `stated`: aliases, ignored and trusted values. `decisions`: what people decided about pairs, as
    `decisions.decided` reads them. `only_matched`: tables whose records make nobody a customer by themselves."""

    country: str
    rules: tuple[MatchRule, ...] | None = None
    stated: Stated = NOTHING
    merge: MergeSettings = USUAL
    decisions: pa.Table | None = None
    only_matched: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Past:
    """What ids were given before. `ids`: of every record in the last run; `unseen`: those of no customer; `former`:
    ids that are gone. None: there was none."""

    ids: pa.Table | None = None
    unseen: pa.Array | None = None
    former: pa.Table | None = None


NO_PAST = Past()
