"""The serving copy: what is written, and what readers see meanwhile."""

import random
from typing import Any

import pyarrow as pa
import pytest
from django.db import connection, transaction

from profiles.models import Identifier, Profile
from profiles.serving import writing as serving
from tests.profiles.search.test_search import COLUMNS, TYPES, serve

MANY = serving.REBUILD_ROWS + 5_000


def crowd(count: int = MANY, **changes: Any) -> list[dict[str, Any]]:
    return [
        {"first_name": f"Mary{n % 100}", "last_name": "Test", "card": f"C{n:06}", "emails": [f"m{n}@example.org"]}
        | changes
        for n in range(count)
    ]


def indexes() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename LIKE 'profiles_%%' ORDER BY indexname")
        return [row[0] for row in cursor.fetchall()]


def served() -> dict[str, tuple[Any, ...]]:
    rows = Profile.objects.values_list("pk", "name", "attributes", "search", "identifiers", "digest")
    return {row[0]: row[1:] for row in rows}


def test_nothing_is_written_where_nothing_changed(db: None) -> None:
    people = crowd(50)
    assert serve(people) == 50
    assert serve(people) == 0


def test_a_first_load_and_many_changes_leave_the_tables_as_declared(db: None) -> None:
    before = indexes()
    assert serve(crowd()) == MANY
    assert indexes() == before
    assert Identifier.objects.count() == 4 * MANY  # card, address and its part with digits, first name
    times = dict(Profile.objects.values_list("pk", "updated_at"))
    changed = crowd()
    for person in changed[: MANY // 2]:
        person["last_name"] = "Other"
    serve(changed)
    after = dict(Profile.objects.values_list("pk", "updated_at"))
    assert sum(after[pk] != times[pk] for pk in times) == MANY // 2
    assert indexes() == before


@pytest.mark.parametrize("seed", range(5))
def test_changes_end_where_a_load_from_nothing_ends(db: None, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(seed)

    def some() -> list[dict[str, Any]]:
        return [
            {"first_name": chance.choice(["Ann", "Bo", "王"]), "last_name": chance.choice(["Li", "O'Hara", None]),
             "card": chance.choice(["A1", "B2", None]),
             "emails": chance.sample(["a@b.c", "d1@e.f"], chance.randint(0, 2))}
            for _ in range(chance.randint(0, 12))
        ]  # fmt: skip

    for _ in range(4):
        people = some()
        serve(people)
    stepwise, words = served(), set(Identifier.objects.values_list("word", "profile_id"))
    monkeypatch.setattr(serving, "REBUILD_ROWS", 0)
    Profile.objects.all().delete()
    serve(people)
    assert served() == stepwise
    assert set(Identifier.objects.values_list("word", "profile_id")) == words


def test_readers_see_the_old_rows_until_the_end(transactional_db: None) -> None:
    serve(crowd(10))
    rows = [{"profile_id": f"p{n:06}", **row} for n, row in enumerate(crowd())]
    serving.send(pa.Table.from_pylist(rows, schema=TYPES), COLUMNS)
    assert Profile.objects.count() == 10
    with transaction.atomic():
        serving.apply()
        transaction.set_rollback(True)
    assert Profile.objects.count() == 10
    serving.send(pa.Table.from_pylist(rows, schema=TYPES), COLUMNS)  # what the failed one left behind is no hindrance
    with transaction.atomic():
        serving.apply()
    assert Profile.objects.count() == MANY


def test_some_people_take_the_place_of_others_and_nobody_else_is_touched(db: None) -> None:
    serve(crowd(5))
    times = dict(Profile.objects.values_list("pk", "updated_at"))
    rows = [{"profile_id": f"p{n:06}", **row} for n, row in enumerate(crowd(4))]
    now = [{**rows[1], "last_name": "Other"}, {**rows[3], "profile_id": "p000009"}]
    before = pa.array(["p000001", "p000002"])
    serving.send(pa.Table.from_pylist(now, schema=TYPES), COLUMNS, instead_of=before)
    with transaction.atomic():
        assert serving.apply() == 3
    found = dict(Profile.objects.values_list("pk", "updated_at"))
    assert {pk for pk in found if found[pk] == times.get(pk)} == {"p000000", "p000003", "p000004"}
    assert set(found) - set(times) == {"p000009"}
    assert set(times) - set(found) == {"p000002"}


def test_no_search_waits_for_words_to_be_indexed(db: None) -> None:
    serve(crowd(50))
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('profile_search')")
        assert cursor.fetchone() == (0,)
