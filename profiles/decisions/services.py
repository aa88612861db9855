"""The verbs of deciding: who is one person and who is not. Every later run of unification obeys."""

import csv
import io
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import pyarrow as pa
import pyarrow.csv
from django.db import connection, transaction
from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import InvalidInput, NotFound
from core.roles import Actor, require
from profiles.inputs.mapping import split_name
from profiles.inputs.rekeyed import Rekeyed
from profiles.models import Decision, Unification

Verdict, Origin = Decision.Verdict, Decision.Origin
PAIR = ("left_table", "left_id", "right_table", "right_id")
LONGEST_TABLE, LONGEST_ID, LONGEST_NOTE = 200, 250, 500
# Pairs that one row of the audit trail names.
AUDITED = 50
_COLUMNS = (*PAIR, "verdict", "origin", "probability", "note", "by_id", "at", "act")
_INCOMING = "CREATE TEMPORARY TABLE incoming_decisions (LIKE profiles_decision) ON COMMIT DROP"
_DROP_ID = "ALTER TABLE incoming_decisions DROP COLUMN id, DROP COLUMN before"
_COPY = f"COPY incoming_decisions ({', '.join(_COLUMNS)}) FROM STDIN (FORMAT csv, FORCE_NOT_NULL (note))"
_KEPT = ("verdict", "origin", "probability", "note", "by_id", "at", "act")
_WRITE = f"""
INSERT INTO profiles_decision AS d ({", ".join(_COLUMNS)}) SELECT {", ".join(_COLUMNS)} FROM incoming_decisions
ON CONFLICT ({", ".join(PAIR)}) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _KEPT)},
  before = jsonb_build_object({", ".join(f"'{name}', d.{name}" for name in _KEPT)})
"""  # noqa: S608
_RESTORE = """
UPDATE profiles_decision SET verdict = before->>'verdict', origin = before->>'origin',
  probability = (before->>'probability')::float, note = before->>'note', by_id = (before->>'by_id')::int,
  at = (before->>'at')::timestamptz, act = before->>'act', before = NULL
WHERE act = %s AND before IS NOT NULL
"""
_READ = """
COPY (SELECT left_table, left_id, right_table, right_id, verdict, (extract(epoch FROM at) * 1000000)::bigint
      FROM profiles_decision) TO STDOUT (FORMAT csv)
"""
_TYPES = {name: pa.string() for name in (*PAIR, "verdict")} | {"at": pa.int64()}


@dataclass(frozen=True, order=True)
class Pair:
    """Two records. Decisions are about pairs in the order of their text, as `of` makes them."""

    left_table: str
    left_id: str
    right_table: str
    right_id: str

    @classmethod
    def of(cls, one: tuple[str, str], other: tuple[str, str]) -> Self:
        """From (table, record id) of each, in any order. Raises InvalidInput where they are no two records."""
        for table, record in (one, other):
            split_name(table)
            if not record or len(record) > LONGEST_ID or len(table) > LONGEST_TABLE or "\x1f" in record:
                raise InvalidInput(_("“%(id)s” cannot be the id of a record.") % {"id": record[:60]}, place=table)
        if one == other:
            raise InvalidInput(_("A record cannot be decided upon with itself."), place=f"{one[0]} {one[1]}")
        return cls(*min(one, other), *max(one, other))

    @property
    def ordered(self) -> "Pair":
        """In the order of their text."""
        sides = sorted([(self.left_table, self.left_id), (self.right_table, self.right_id)])
        return Pair(*sides[0], *sides[1])

    @classmethod
    def of_row(cls, row: Decision) -> Self:
        return cls(row.left_table, row.left_id, row.right_table, row.right_id)


@dataclass(frozen=True)
class Answer:
    pair: Pair
    verdict: str
    note: str = ""
    probability: float | None = None


def decide(
    pairs: Iterable[Pair], verdict: str, *, origin: str = Origin.REVIEW, note: str = "", by: Actor = None
) -> str:
    """One answer for all of these pairs; the act, by which `undo` finds it. Takes effect with the next run.

    Raises InvalidInput for an unknown verdict or without pairs, NotAllowed.
    """
    return record([Answer(pair, verdict, note) for pair in pairs], origin=origin, by=by)


def record(answers: Sequence[Answer], *, origin: str, by: Actor = None) -> str:
    """Writes all answers or none, as one act. A pair that was answered before has the new answer afterwards; of several
    answers on one pair the last counts. Raises InvalidInput, NotAllowed."""
    require(by, "profiles.add_decision")
    latest = {answer.pair.ordered: replace(answer, pair=answer.pair.ordered) for answer in answers}
    if not latest:
        raise InvalidInput(_("Choose at least one pair."))
    for answer in latest.values():
        if answer.verdict not in Verdict.values or len(answer.note) > LONGEST_NOTE:
            message = _("An answer is %(values)s, with a note of at most %(most)s characters.")
            raise InvalidInput(message % {"values": ", ".join(Verdict.values), "most": LONGEST_NOTE}, place="verdict")
    act = uuid.uuid4().hex
    with transaction.atomic():
        _write(latest.values(), origin, act, by)
        audit.record(by, "decision.make", Unification.current(), act=act, origin=origin, **_told(latest.values()))
    return act


def _write(answers: Iterable[Answer], origin: str, act: str, by: Actor) -> None:
    now, rows = timezone.now().isoformat(), io.StringIO()
    out = csv.writer(rows)
    for a in answers:
        probability = "" if a.probability is None else a.probability
        out.writerow((*_row(a.pair), a.verdict, origin, probability, a.note, by.pk if by else "", now, act))
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS incoming_decisions")
        cursor.execute(_INCOMING)
        cursor.execute(_DROP_ID)
        with cursor.copy(_COPY) as copy:
            copy.write(rows.getvalue())
        cursor.execute(_WRITE)


def _told(answers: Iterable[Answer]) -> dict[str, Any]:
    """For the audit trail: how many, and the first of them."""
    every = list(answers)
    named = [[*_row(answer.pair), answer.verdict] for answer in every[:AUDITED]]
    return {"count": len(every), "pairs": named}


def _row(pair: Pair) -> list[str]:
    return [pair.left_table, pair.left_id, pair.right_table, pair.right_id]


def undo(act: str, *, by: Actor = None) -> int:
    """Takes an act back: what it replaced counts again. How many answers it were. What was decided anew since stays.

    Raises NotFound where nothing of it is left, NotAllowed.
    """
    require(by, "profiles.delete_decision")
    with transaction.atomic():
        mine = list(Decision.objects.filter(act=act).select_for_update()[:AUDITED])
        if not mine:
            raise NotFound(_("There is nothing left to undo."), place=act)
        with connection.cursor() as cursor:
            cursor.execute(_RESTORE, [act])
            restored = int(cursor.rowcount)
        deleted, _kinds = Decision.objects.filter(act=act).delete()
        audit.record(by, "decision.undo", Unification.current(), act=act, count=restored + deleted, pairs=_named(mine))
    return restored + deleted


def withdraw(ids: Sequence[int | str], *, by: Actor = None) -> int:
    """Forgets decisions, by their numbers; how many there were. Raises NotAllowed."""
    require(by, "profiles.delete_decision")
    with transaction.atomic():
        found = Decision.objects.filter(pk__in=ids)
        named = _named(found[:AUDITED])
        count, _kinds = found.delete()
        if count:
            audit.record(by, "decision.withdraw", Unification.current(), count=count, pairs=named)
    return count


def _named(rows: Iterable[Decision]) -> list[list[str]]:
    return [[*(getattr(row, name) for name in PAIR), row.verdict] for row in rows]


def rekey(known: Rekeyed) -> None:
    """Decisions name records of tables that have another key now by their new ids. Of two that name one pair then the
    newer stays."""
    tables = known.tables.to_pylist()
    rows = list(Decision.objects.filter(Q(left_table__in=tables) | Q(right_table__in=tables)).order_by("at", "pk"))
    named = pa.table({name: pa.array([getattr(row, name) for row in rows], pa.string()) for name in PAIR})
    renamed = known.pairs(named)
    if not rows or renamed is None:
        return
    latest: dict[Pair, Decision] = {}
    for row, new in zip(rows, renamed.to_pylist(), strict=True):
        pair = Pair(*(new[name] for name in PAIR)).ordered
        for name in PAIR:
            setattr(row, name, getattr(pair, name))
        latest[pair] = row
    Decision.objects.filter(pk__in=[row.pk for row in rows]).delete()
    Decision.objects.bulk_create(latest.values(), batch_size=5000)


def answers() -> pa.Table | None:
    """All decisions as unification reads them; None where there are none. `at` in microseconds."""
    with connection.cursor() as cursor, cursor.copy(_READ) as copy:
        text = b"".join(bytes(block) for block in copy)
    if not text:
        return None
    options = pyarrow.csv.ConvertOptions(column_types=_TYPES, strings_can_be_null=False)
    read = pyarrow.csv.ReadOptions(column_names=list(_TYPES))
    parse = pyarrow.csv.ParseOptions(newlines_in_values=True)
    return pyarrow.csv.read_csv(pa.BufferReader(text), read, parse, options)


def state() -> list[Any]:
    """Changes whenever a decision does that a run obeys."""
    obeyed = Decision.objects.exclude(verdict=Verdict.UNSURE)
    found = obeyed.aggregate(count=Count("pk"), newest=Max("at"), last=Max("pk"))
    return [found["count"], found["newest"].isoformat() if found["newest"] else "", found["last"]]


def waiting_since(moment: Any) -> int:
    """How many decisions no run has obeyed yet."""
    rows = Decision.objects.exclude(verdict=Verdict.UNSURE)
    return rows.filter(at__gt=moment).count() if moment else rows.count()


def verdicts(pairs: Iterable[Pair]) -> dict[Pair, str]:
    """The answers to those of these pairs that have one of any kind, whichever record is named first. Cost: one
    query."""
    every = list(pairs)
    if not every:
        return {}
    rows = Decision.objects.filter(left_id__in={pair.ordered.left_id for pair in every}).values_list(*PAIR, "verdict")
    known = {Pair(*row[:4]): str(row[4]) for row in rows}
    return {pair: known[pair.ordered] for pair in every if pair.ordered in known}
