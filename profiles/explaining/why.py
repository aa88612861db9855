"""Why two are one person, and why they are not: for any two customers or source records."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
from django.utils.translation import gettext as _

from core.errors import NotFound
from lake.queries import Snapshot, snapshot
from profiles.decisions.services import Verdict as Answer
from profiles.inputs import state
from profiles.inputs.last_compared import hub_codes
from profiles.inputs.mapping import split_name
from profiles.models import Decision, ProfileRedirect, Unification
from profiles.tables import LINKS
from profiles.unify.judging import explain
from profiles.unify.judging.explain import DECISION, Link, Step, Verdict
from profiles.unify.reading import compared, hubs
from profiles.unify.reading.records import Records, TableInput
from profiles.unify.weighing.evidence import Evidence
from profiles.unify.weighing.learned import Learned

# Of two people together: whoever has more records is looked at by the first of them.
MOST_RECORDS = 200
Name = tuple[str, str]  # table and record id


@dataclass(frozen=True)
class Explanation:
    """`same`: whether they are one person now. `path`: how they hang together, pair by pair; of two people, the pair
    of their records that is most probably one person. `verdicts`: what each rule makes of that pair, for two people.
    `kept_apart`: "decision" or "contradiction" where a rule or chain would join them all the same. `names`: the table
    and id of each record number."""

    same: bool
    profiles: tuple[str, str]
    path: tuple[Step, ...]
    verdicts: tuple[Verdict, ...]
    kept_apart: str
    names: dict[int, Name]


def explanation(one: str, other: str = "") -> Explanation:
    """`one`, `other`: the id of a customer, or `source.table:record id`. Of one customer alone, how all of the records
    hang together. Raises NotFound when one of them is not known."""
    now = snapshot()
    learned = state.learned(now)
    ends = [_found(now, text) for text in (one, other or one)]
    (first, start), (second, end) = ends
    at_hand = _AtHand(now, learned, [first, second])
    evidence = at_hand.evidence
    if first == second:
        named = [at_hand.number(name) for name in (start, end) if name]
        links = at_hand.links()
        between = len({*named}) == 2
        path = explain.chain(links, named[0], named[1], evidence) if between else explain.tree(links, evidence)
        return Explanation(True, (first, second), tuple(path), (), "", at_hand.names)
    pairs = [(a, b) for a in at_hand.records_of(first, start) for b in at_hand.records_of(second, end)]
    best = max((explain.weigh(*pair, evidence) for pair in pairs), key=lambda step: step.probability or 0.0)
    told = explain.verdicts(at_hand.records, learned.rules, best.left, best.right, evidence)
    return Explanation(False, (first, second), (best,), tuple(told), at_hand.kept_apart(pairs), at_hand.names)


def _found(now: Snapshot, text: str) -> tuple[str, Name | None]:
    """The customer, and the record that was named."""
    table, colon, record_id = text.partition(":")
    if colon and table in Unification.current().tables:
        source, _dot, name = table.partition(".")
        wanted = {"source": source, "table": name, "record_id": record_id}
        rows = now.lookup(state.COMPARED, wanted, limit=1).to_pylist()
        if rows:
            return rows[0]["profile_id"], (table, record_id)
        raise NotFound(_("“%(table)s” has no record “%(id)s”.") % {"table": table, "id": record_id}, place=text)
    moved = ProfileRedirect.objects.filter(old_id=text).first()
    profile = moved.target if moved else text
    if now.lookup(LINKS, {"profile_id": profile}, limit=1).num_rows:
        return profile, None
    message = _("There is no customer “%(id)s”. Name one by what they are found by, or a record as source.table:id.")
    raise NotFound(message % {"id": text}, place=text)


class _AtHand:
    """The records of some people with what was compared, and the pairs between them."""

    def __init__(self, now: Snapshot, learned: Learned, profiles: Sequence[str]) -> None:
        rows = now.table(state.COMPARED)
        few = rows.filter(rows[compared.PROFILE].isin(sorted(set(profiles))))
        config = Unification.current()
        names = config.tables
        table = compared.in_order(now.arrow(few.order_by(compared.KEYS), MOST_RECORDS), names)
        self._now = now
        self._profiles = table.column(compared.PROFILE).to_pylist()
        tables = [TableInput(*split_name(name), (), pa.table({}), {}) for name in names]
        plain = compared.records_of(table, tables)
        self.records: Records = hubs.without(plain, hub_codes(now, config, plain))
        self.evidence = Evidence(self.records, learned) if learned.model else None
        ids = self.records.record_ids.to_pylist()
        self.names = {n: (names[self.records.table_index[n]], ids[n]) for n in range(len(ids))}

    def number(self, name: Name) -> int:
        return next(number for number, known in self.names.items() if known == name)

    def records_of(self, profile: str, only: Name | None) -> list[int]:
        if only:
            return [self.number(only)]
        return [number for number, owner in enumerate(self._profiles) if owner == profile]

    def links(self) -> list[Link]:
        numbers = {name: number for number, name in self.names.items()}
        pairs = self._now.table(state.PAIRS)
        rows = self._now.arrow(pairs.filter(pairs[compared.PROFILE].isin(sorted(set(self._profiles))))).to_pylist()
        ends = [
            ((r["left_table"], r["left_id"]), (r["right_table"], r["right_id"]), r["rule"], r["score"]) for r in rows
        ]
        matched = [Link(numbers[a], numbers[b], *how) for a, b, *how in ends if a in numbers and b in numbers]
        return matched + [Link(*pair, DECISION) for pair in self._decided(Answer.JOIN)]

    def _decided(self, verdict: str) -> list[tuple[int, int]]:
        numbers = {name: number for number, name in self.names.items()}
        ids = [record_id for _table, record_id in numbers]
        rows = Decision.objects.filter(verdict=verdict, left_id__in=ids, right_id__in=ids)
        pairs = [((row.left_table, row.left_id), (row.right_table, row.right_id)) for row in rows]
        return [(numbers[a], numbers[b]) for a, b in pairs if a in numbers and b in numbers]

    def kept_apart(self, pairs: Sequence[tuple[int, int]]) -> str:
        across = {frozenset(pair) for pair in pairs}
        if any(frozenset(pair) in across for pair in self._decided(Answer.APART)):
            return DECISION
        matched = any(frozenset((link.left, link.right)) in across for link in self.links())
        return "contradiction" if matched else ""
