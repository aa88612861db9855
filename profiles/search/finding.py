"""Finding people by what is typed: names, e-mail addresses, telephone numbers, ids; in any script and spelling.

Three indexes, each read no further than needed: names in their order, words that many people share, and identifiers.
However many people match, an answer holds the best of a bounded number of them.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from core.errors import Unavailable
from profiles.models import Unification
from profiles.search.terms import facet
from profiles.search.typed import Typed, Word, quoted, read

LISTED = 1_000
EVERYBODY = 100_000_000
# Beyond so many identifiers that begin as typed, other words of the query are the better way in.
FEW_IDENTIFIERS = 2_000
ALIKE = 4  # so many identifiers of one person may begin alike
# With so many times more matches than are wanted, reading rows until there are enough beats the index, which would
# collect them all.
COMMON = 50
SECONDS = 2.0
EXPORT_SECONDS = 120.0
AFTER_ALL = "\U0010ffff"  # sorts after every other character

_NAMES = """
SELECT id, sort_name, email, false FROM profiles_profile
WHERE sort_name >= %s AND sort_name < %s AND (%s = '' OR search @@ %s::tsquery) ORDER BY sort_name, id LIMIT %s
"""
_WORDS = "SELECT id, sort_name, email, false FROM profiles_profile WHERE search @@ %s::tsquery"
_AND_IDENTIFIED = " AND EXISTS (SELECT FROM unnest(identifiers) w WHERE {})"
_BETWEEN = '(w COLLATE "C" >= %s AND w < %s)'
_IDENTIFIED = """
SELECT p.id, p.sort_name, p.email, i.is_exact FROM (
    SELECT profile_id, bool_or(word = ANY(%s)) AS is_exact
    FROM (SELECT word, profile_id FROM profiles_identifier WHERE {} LIMIT %s) looked_at GROUP BY profile_id
) i JOIN profiles_profile p ON p.id = i.profile_id WHERE (%s = '' OR p.search @@ %s::tsquery)
"""
_COUNT = "SELECT count(*) FROM (SELECT FROM profiles_identifier WHERE {} LIMIT %s) counted"


@dataclass(frozen=True)
class Found:
    """Ids of people, best first. `more`: others match too."""

    ids: Sequence[str] = ()
    more: bool = False


Row = tuple[str, str, str, bool]


def find(text: str, facets: Iterable[tuple[str, str]] = (), most: int = LISTED, seconds: float = SECONDS) -> Found:
    """People by the words of `text`, all of which must be found; at most `most`.

    Best are those whose name, address, number or id is just that, then those whose name begins so, then by name. With
    more than `most` matches the others are some of them, the first by name as far as the table is in order. `facets`:
    values that they must have, ("sources", "shop.customers"). Raises Unavailable after `seconds`.
    """
    typed = read(text, Unification.current().default_country)
    if not typed.words:
        return Found()
    values = " & ".join(quoted(facet(name, value)) for name, value in facets)
    rows: dict[str, Row] = {}
    with _limited(seconds) as cursor:
        for part in _parts(cursor, typed, values, most + 1):
            for row in part:
                rows[row[0]] = _better(rows.get(row[0]), row)
            if len(rows) > most:
                break
    best = sorted(rows.values(), key=lambda row: (_rank(typed, row), row[1], row[0]))
    return Found([row[0] for row in best[:most]], len(best) > most)


def _better(known: Row | None, row: Row) -> Row:
    return known if known and known[3] else row


def _rank(typed: Typed, row: Row) -> int:
    _pk, sort_name, email, is_exact = row
    if is_exact or sort_name == typed.folded or email.lower() == typed.text:
        return 0
    return 1 if typed.folded and sort_name.startswith(typed.folded) else 2


def _parts(cursor: CursorWrapper, typed: Typed, values: str, limit: int) -> Iterator[list[Row]]:
    """Matches from one index after the other, the cheapest first."""
    if typed.folded:
        span = (typed.folded, typed.folded + AFTER_ALL)
        yield _rows(cursor, _NAMES, [*span, values, values, limit])
    if len(typed.words) == 1:
        word = typed.words[0]
        yield from _with_words(cursor, typed.words, (), values, limit)
        yield _identified(cursor, word, (), values, limit, limit * ALIKE)
        return
    ways = [(word, _count(cursor, word)) for word in typed.words if word.is_identifier]
    if any(not count and not word.query for word, count in ways):
        return  # nobody has it
    known = sorted((pair for pair in ways if pair[1]), key=lambda pair: pair[1])
    numbers = [word for word, _count_ in known]
    names = [word for word in typed.words if word not in numbers]
    if known and (known[0][1] < FEW_IDENTIFIERS or not names):
        others = [_all(names), values]
        scanned = max(FEW_IDENTIFIERS, limit * ALIKE)
        yield _identified(cursor, numbers[0], numbers[1:], " & ".join(filter(None, others)), limit, scanned)
    else:
        yield from _with_words(cursor, names, numbers, values, limit)


def _with_words(
    cursor: CursorWrapper, names: Sequence[Word], numbers: Sequence[Word], values: str, limit: int
) -> Iterator[list[Row]]:
    """By words that many share; numbers only narrow what they find."""
    query = _all(names)
    if query:
        condition, bounds = _narrowed(numbers)
        query = f"{query} & {values}" if values else query
        if _estimated(cursor, query) >= limit * COMMON:
            cursor.execute("SET LOCAL enable_seqscan = on; SET LOCAL enable_bitmapscan = off")
        yield _rows(cursor, f"{_WORDS}{condition} LIMIT %s", [query, *bounds, limit])


def _estimated(cursor: CursorWrapper, query: str) -> int:
    """How many have these words, by the database's statistics, which know the frequent ones."""
    cursor.execute(f"EXPLAIN (FORMAT JSON) {_WORDS}", [query])
    return int(cursor.fetchone()[0][0]["Plan"]["Plan Rows"])


def _identified(
    cursor: CursorWrapper, word: Word, numbers: Sequence[Word], query: str, limit: int, scanned: int
) -> list[Row]:
    """By the beginning of identifiers, of which at most `scanned` are looked at."""
    if not word.beginnings:
        return []
    condition, bounds = _narrowed(numbers)
    way, ends = _spans(word, "(word >= %s AND word < %s)")
    statement = f"{_IDENTIFIED.format(way)}{condition} LIMIT %s"
    return _rows(cursor, statement, [list(word.beginnings), *ends, scanned, query, query, *bounds, limit])


def _narrowed(numbers: Sequence[Word]) -> tuple[str, list[str]]:
    conditions = [_spans(word, _BETWEEN) for word in numbers]
    return "".join(_AND_IDENTIFIED.format(way) for way, _ends in conditions), [
        e for _w, ends in conditions for e in ends
    ]


def _spans(word: Word, between: str) -> tuple[str, list[str]]:
    ends = [end for beginning in word.beginnings for end in (beginning, beginning + AFTER_ALL)]
    return " OR ".join([between] * len(word.beginnings)), ends


def _count(cursor: CursorWrapper, word: Word) -> int:
    """Identifiers that begin so, counted as far as it matters."""
    way, ends = _spans(word, "(word >= %s AND word < %s)")
    cursor.execute(_COUNT.format(way), [*ends, FEW_IDENTIFIERS])
    return int(cursor.fetchone()[0])


def _all(words: Sequence[Word]) -> str:
    return " & ".join(f"({word.query})" for word in words if word.query)


def _rows(cursor: CursorWrapper, statement: str, values: Sequence[str | int | list[str]]) -> list[Row]:
    cursor.execute(statement, values)
    rows: list[Row] = cursor.fetchall()
    return rows


@contextmanager
def _limited(seconds: float) -> Iterator[CursorWrapper]:
    """A cursor whose statements end in time. A walk through the whole table is never the better way to few people."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {int(seconds * 1000)}; SET LOCAL enable_seqscan = off")
            yield cursor
            cursor.execute(
                "SET LOCAL statement_timeout TO DEFAULT; SET LOCAL enable_seqscan TO DEFAULT;"
                " SET LOCAL enable_bitmapscan TO DEFAULT"
            )
    except OperationalError as error:
        if "statement timeout" not in str(error):
            raise
        raise Unavailable(_("This search took too long. Type more of the name, the address or the number.")) from error
