"""JSON in all its shapes: nothing lost, every value as it stood."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sources import services
from sources.models import SourceTable
from sources.reading.json_fast import FastParser
from sources.reading.json_rows import Names, batch_of
from tests.sources.conftest import quarantined, rows

TableOf = Callable[..., SourceTable]


def loaded(table: SourceTable) -> list[dict[str, Any]]:
    services.load_table(table)
    return rows(table)


@pytest.mark.parametrize(
    "text",
    [
        '[{"id": 1, "a": {"b": 1}},\n {"id": 2},\n {"id": 3}]',
        '[{"id": 1, "a": {"b": 1}},{"id": 2},{"id": 3}]\n',
        '{\n "id": 1,\n "a": {"b": 1}\n}\n{"id": 2}\n{"id": 3}\n',
        '{"data": [{"id": 1, "a": {"b": 1}}, {"id": 2}, {"id": 3}], "next": null}',
        '{"id": 1, "a": {"b": 1}}\n\n{"id": 2}\r\n{"id": 3}',
    ],
)
def test_every_shape_of_json_gives_its_records(table_of: TableOf, text: str) -> None:
    found = loaded(table_of("a.json", text))
    assert sorted((row["id"], row["a_b"]) for row in found) == [("1", 1), ("2", None), ("3", None)]


def test_an_array_longer_than_a_chunk_keeps_every_element(table_of: TableOf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.reading.jsonl.CHUNK_BYTES", 1000)
    text = "[" + ",\n".join(json.dumps({"id": number, "note": "x" * 50}) for number in range(500)) + "]"
    assert len({row["id"] for row in loaded(table_of("a.json", text))}) == 500


def test_an_array_that_breaks_off_loses_its_last_element_alone(table_of: TableOf) -> None:
    table = table_of("a.json", '[{"id": 1},\n{"id": 2},\n{"id":')
    assert [row["id"] for row in loaded(table)] == ["1", "2"]
    assert [(row["line"], row["raw"]) for row in quarantined(table)] == [(3, '{"id":')]


def test_two_paths_never_share_a_column(table_of: TableOf) -> None:
    table = table_of("a.jsonl", '{"id": 9, "user_name": "clash", "user": {"name": "Zed"}, "Id": 3}\n')
    assert loaded(table) == [{"id": "9", "user_name": "clash", "user_name_2": "Zed", "Id_2": "3"}]


def test_numbers_keep_all_their_digits(table_of: TableOf) -> None:
    table = table_of(
        "a.jsonl",
        '{"n": 9007199254740993, "m": 123456789012345678901234567890}\n{"n": 1.5, "m": 1}\n',
        columns={"n": {"type": "string"}},
    )
    assert [(row["n"], row["m"]) for row in loaded(table)] == [
        ("9007199254740993", "123456789012345678901234567890"),
        ("1.5", "1"),
    ]


def test_odd_objects_are_kept_or_named(table_of: TableOf) -> None:
    lines = ['{"id": "1", "half": "\\ud83d"}', '{"id": "2", "id": "3"}', "[7]", "{}", '{"id": "4", "t": "2024-01-01"}']
    table = table_of("a.jsonl", "\n".join(lines) + "\n")
    found = loaded(table)
    assert [row["half"] for row in found if row["id"] == "1"] == ["\ufffd"]
    assert {row["line"] for row in quarantined(table)} == {2, 3}
    assert len(found) + 2 == len(lines)


@pytest.mark.parametrize("levels", [100, 499, 500, 900, 200_000])
def test_what_nests_deeper_than_can_be_written_again_is_set_aside(levels: int, table_of: TableOf) -> None:
    deep = '{"id": "d", "a": ' + "[" * levels + "]" * levels + "}"
    table = table_of("a.jsonl", '{"id": "1", "a": "["}\n' + deep + "\n")
    assert {row["id"] for row in loaded(table)} == ({"1", "d"} if levels < 500 else {"1"})
    assert {row["line"] for row in quarantined(table)} == (set() if levels < 500 else {2})


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.lists(st.text(max_size=3), max_size=2),
    st.dictionaries(st.sampled_from(["x", "y"]), st.integers(), max_size=2),
)
OBJECTS = st.dictionaries(st.sampled_from(["a", "b", "c"]), VALUES)


@settings(suppress_health_check=[HealthCheck.too_slow])
@example([{"a": {}}, {"a": {"x": 0}}])
@given(st.lists(OBJECTS, min_size=1, max_size=6))
def test_the_fast_way_reads_what_the_patient_way_reads(objects: list[dict[str, Any]]) -> None:
    lines = [json.dumps(item) for item in objects]
    fast = FastParser(Names()).table("\n".join(lines).encode(), len(lines))
    patient = batch_of(list(enumerate(lines, 1)), "f", Names()).data
    if fast is not None:
        assert set(fast.column_names) == set(patient.column_names)
        assert fast.select(patient.column_names).to_pylist() == patient.to_pylist()


def test_what_nests_too_deep_for_columns_is_said_once(table_of: TableOf) -> None:
    line = '{"id": %s, "a": {"b": {"c": {"d": 1}, "e": 2}}, "list": [{"x": 1}], "tags": ["u"], "flat": {"y": 1}}'
    table = table_of("a.json", "\n".join(line % number for number in range(50_000)))
    services.load_table(table)
    told = [note for note in table.loads.get().notes if "JSON text" in note]
    assert told == ["Lists of objects, and objects more than 3 deep, are kept as JSON text: “a_b_c”, “list”."]
