"""Lists of pairs that are always, or never, one person: CSV files in and out."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import ibis
import pyarrow as pa
from django.utils.translation import gettext as _

from core.errors import InvalidInput
from core.roles import Actor
from lake.queries import snapshot
from profiles.decisions.services import LONGEST_NOTE, PAIR, Answer, Origin, Pair, Verdict, record
from profiles.inputs.state import COMPARED
from profiles.models import Decision, Unification

COLUMNS = (*PAIR, "verdict", "note")
OBEYED = (Verdict.JOIN.value, Verdict.APART.value)
BAD_LINES_SHOWN = 100


@dataclass(frozen=True)
class BadLine:
    line: int
    reason: str


@dataclass(frozen=True)
class Imported:
    """What became of a file: `kept` answers, lines that were left out and why, and how many records that the answers
    name are not there (yet). `act` undoes it; "" where nothing was kept."""

    kept: int
    bad: tuple[BadLine, ...]
    missing: int
    act: str = ""


def import_list(data: bytes, *, by: Actor = None) -> Imported:
    """Good lines count, bad ones are reported. Raises InvalidInput where it is no such file, NotAllowed."""
    good, bad = read_list(data)
    if not good:
        return Imported(0, tuple(bad), 0)
    act = record(list(good.values()), origin=Origin.LIST, by=by)
    return Imported(len(good), tuple(bad), _missing(good), act)


def read_list(data: bytes) -> tuple[dict[Pair, Answer], list[BadLine]]:
    """Answers by pair, and the lines that cannot be used. Commas, semicolons and tabs separate. Raises InvalidInput."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(_("The file is not UTF-8 text. Save it as CSV in UTF-8.")) from error
    header = text.partition("\n")[0]
    separator = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    good: dict[Pair, Answer] = {}
    bad: list[BadLine] = []
    places = _places(next(reader, []))
    tables = set(Unification.current().tables)
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            bad.append(BadLine(reader.line_num, str(error)))
            continue
        if row is None:
            return good, bad
        if not any(cell.strip() for cell in row):
            continue
        try:
            answer = _answer(row, places, tables)
            if good.get(answer.pair, answer).verdict != answer.verdict:
                raise InvalidInput(_("An earlier line says the opposite of this pair."))
        except InvalidInput as error:
            bad.append(BadLine(reader.line_num, str(error)))
            continue
        good[answer.pair] = answer


def _places(header: list[str]) -> dict[str, int]:
    names = [name.strip().lower() for name in header]
    missing = [name for name in COLUMNS[:-1] if name not in names]
    if missing:
        message = _("The first line must name the columns %(all)s. It lacks %(missing)s.")
        raise InvalidInput(message % {"all": ", ".join(COLUMNS), "missing": ", ".join(missing)}, place="1")
    return {name: names.index(name) for name in COLUMNS if name in names}


def _answer(row: list[str], places: dict[str, int], tables: set[str]) -> Answer:
    values = {name: row[place].strip() if place < len(row) else "" for name, place in places.items()}
    for side in ("left", "right"):
        if values[f"{side}_table"] not in tables:
            message = _("“%(table)s” takes no part in the unification.")
            raise InvalidInput(message % {"table": values[f"{side}_table"]})
    verdict = values["verdict"].lower()
    if verdict not in OBEYED:
        message = _("“%(verdict)s” is no answer. Write join or apart.")
        raise InvalidInput(message % {"verdict": values["verdict"]})
    pair = Pair.of((values["left_table"], values["left_id"]), (values["right_table"], values["right_id"]))
    return Answer(pair, verdict, values.get("note", "")[:LONGEST_NOTE])


def _missing(pairs: Iterable[Pair]) -> int:
    """Records that are named and not there."""
    now = snapshot()
    named = {side for p in pairs for side in ((p.left_table, p.left_id), (p.right_table, p.right_id))}
    if not now.has(COMPARED):
        return len(named)
    rows = now.table(COMPARED)
    known = rows.select(at=rows.source + "." + rows.table, record=rows.record_id)
    asked = ibis.memtable(pa.table({"at": [t for t, _r in named], "record": [r for _t, r in named]}))
    return len(named) - int(now.scalar(known.semi_join(asked, ["at", "record"]).count()))


def export_list() -> Iterator[str]:
    """The lines of a file as `import_list` reads it, header first; don't-knows are left out."""
    yield _line(COLUMNS)
    for row in Decision.objects.filter(verdict__in=OBEYED).order_by(*PAIR).iterator(chunk_size=5000):
        yield _line([getattr(row, name) for name in COLUMNS])


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()
