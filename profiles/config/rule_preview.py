"""What a rule would join, tried on the values of the last run before it runs. Bounded: many pairs are sampled."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _

from core.errors import InvalidInput
from lake.queries import Snapshot
from profiles.config.checking import check_columns, check_cost_of
from profiles.inputs import state
from profiles.inputs.last_compared import LastRecords, features_of_rules, last_records
from profiles.models import Unification
from profiles.unify.config.rules import MatchRule
from profiles.unify.matching.graph import components
from profiles.unify.matching.match import pairs_that_hold
from profiles.unify.pairs.block import Blocks
from profiles.unify.pairs.limits import Limits
from profiles.unify.pairs.scope import with_any
from profiles.unify.reading import compared
from profiles.unify.reading.records import Records
from profiles.unify.weighing.evidence import Evidence

# So many pairs are looked at; more are estimated from a sample of them.
MOST_PAIRS = 20_000
# Where a rule asks for evidence alone: so many records, with whomever they could be.
MOST_RECORDS = 500
EXAMPLES = 8
SEED = 20_260_101

Index = npt.NDArray[np.int64]
Name = tuple[str, str]


@dataclass(frozen=True)
class RulePreview:
    """Of `candidates` pairs that agree exactly, `holding` satisfy the rule; `fresh` of these are two customers today,
    of whom there would be `fewer` less. `is_whole`: everything was looked at; else the numbers are estimates."""

    candidates: int
    holding: int
    fresh: int
    fewer: int
    is_whole: bool
    examples: tuple[tuple[Name, Name], ...]


def preview(now: Snapshot, config: Unification, rule: MatchRule) -> RulePreview:
    """Raises InvalidInput where the rule cannot work, or its values were not compared in the last run."""
    check_columns([rule], config.tables)
    left, right, candidates = _pairs(now, config, rule)
    chosen = np.sort(np.random.default_rng(SEED).choice(len(left), min(MOST_PAIRS, len(left)), replace=False))
    share = candidates / max(1, len(chosen))
    numbers = np.unique(np.concatenate([left[chosen], right[chosen]]))
    known = _some(now, config, rule, numbers)
    place = np.searchsorted(numbers, left[chosen]), np.searchsorted(numbers, right[chosen])
    found = pairs_that_hold(known.records, rule, _evidence(now, known.records, rule), *place)
    one, other = place[0][found], place[1][found]
    owners = known.profile_ids.dictionary_encode().indices.to_numpy()
    fresh = owners[one] != owners[other]
    people = components(len(owners), owners[one[fresh]].astype(np.int32), owners[other[fresh]].astype(np.int32))
    joined = len(np.unique(owners)) - len(np.unique(people[owners]))
    return RulePreview(
        candidates=candidates,
        holding=round(len(one) * share),
        fresh=round(int(fresh.sum()) * share),
        fewer=round(joined * share),
        is_whole=len(chosen) == candidates,
        examples=_examples(known.records, one[fresh], other[fresh]) or _examples(known.records, one, other),
    )


def _pairs(now: Snapshot, config: Unification, rule: MatchRule) -> tuple[Index, Index, int]:
    """Pairs that agree exactly as the rule asks, by the numbers of the last run, and how many there are in all."""
    if any(condition.is_key for condition in rule.when):
        known = _needed(now, config, rule)
        check_cost_of(known.records, [rule.model_copy(update={"active": True})])
        block = Blocks(known.records, Limits()).of(rule)
        return known.numbers[block.left], known.numbers[block.right], len(block.left)
    known = _needed(now, config, rule, whole=True)
    every = known.records.count
    touched = np.zeros(every, bool)
    touched[np.random.default_rng(SEED).choice(every, min(MOST_RECORDS, every), replace=False)] = True
    found = Evidence(known.records, state.learned(now), with_any(touched)).candidates
    untouched = 1 - min(MOST_RECORDS, every) / max(1, every)
    return found.left.astype(np.int64), found.right.astype(np.int64), round(len(found) / max(1e-9, 1 - untouched**2))


def _needed(now: Snapshot, config: Unification, rule: MatchRule, whole: bool = False) -> LastRecords:
    features = _every_feature(now) if whole else features_of_rules([rule])
    return _or_refuse(last_records(now, config, features))


def _some(now: Snapshot, config: Unification, rule: MatchRule, numbers: Index) -> LastRecords:
    """With all features where the rule asks for evidence, which looks at everything."""
    features = features_of_rules([rule]) | (_every_feature(now) if _asks_for_evidence(rule) else set())
    return _or_refuse(last_records(now, config, features, numbers))


def _or_refuse(found: LastRecords | None) -> LastRecords:
    if found is None:
        raise InvalidInput(_("Not all of these values have been compared yet. After the next run this can be tried."))
    return found


def _every_feature(now: Snapshot) -> set[str]:
    skipped = {*compared.KEYS, compared.HASH, compared.PROFILE, compared.GIVEN, compared.FAMILY}
    table = state.last_records(now)
    columns = () if table is None else table.column_names
    names = {column.partition("#")[0] for column in columns if column not in skipped}
    return names | ({"person.name"} if compared.GIVEN in columns else set())


def _evidence(now: Snapshot, records: Records, rule: MatchRule) -> Evidence:
    """Raises InvalidInput where the rule asks for evidence and none was learned."""
    if not _asks_for_evidence(rule):
        return Evidence(records)  # which nobody asks
    learned = state.learned(now)
    if learned.model is None:
        raise InvalidInput(_("No evidence was learned so far. After the next run with this rule it can be tried."))
    return Evidence(records, learned)


def _asks_for_evidence(rule: MatchRule) -> bool:
    return any(condition.is_evidence for condition in (*rule.when, *rule.unless))


def _examples(records: Records, left: Index, right: Index) -> tuple[tuple[Name, Name], ...]:
    at = np.linspace(0, len(left) - 1, min(EXAMPLES, len(left))).astype(np.int64)
    return tuple((_name(records, int(left[n])), _name(records, int(right[n]))) for n in at)


def _name(records: Records, record: int) -> Name:
    return records.tables[int(records.table_index[record])].name, records.record_ids[record].as_py()
