"""Graphs, their nested reading, and what stands against publishing."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInput
from journeys import friendly, kinds, steps
from journeys.graph import MAX_STEPS, Graph, cycle, in_order, parse, problems
from journeys.tree import start_of, to_graph, to_tree
from tests.support.examples import examples

assert steps.__all__
RULE = {"all": [{"attribute": "city", "op": "eq", "value": "Rome"}]}


def test_every_kind_has_all_its_parts() -> None:
    from django.template.loader import get_template

    for kind in kinds.all_kinds():
        step = kind.schema(id="x", kind=kind.name)
        assert kind.label
        assert kind.description
        assert kind.icon
        get_template(kind.panel)
        assert kind.schema.model_validate(step.model_dump(mode="json")) == step
        if kind.name != "branch":
            assert kind.schema(id="x", kind=kind.name, **kind.longhand(kind.shorthand(step))) == step


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Any graph whose steps can all be reached and that always ends, with joins, jumps and early ends."""
    size = draw(st.integers(1, 9))
    names = [f"s{n}" for n in range(size)]
    made: list[dict[str, Any]] = []
    for number, name in enumerate(names):
        later = [*names[number + 1 :], None]
        kind = draw(st.sampled_from(["email", "wait", "branch", "end"]))
        if kind == "branch":
            ways = draw(st.lists(st.sampled_from(later), min_size=1, max_size=3))
            branches = [{"label": f"b{i}", "rule": RULE, "next": way} for i, way in enumerate(ways)]
            made.append({"id": name, "kind": kind, "branches": branches, "otherwise": draw(st.sampled_from(later))})
        else:
            made.append({"id": name, "kind": kind, "next": None if kind == "end" else draw(st.sampled_from(later))})
    graph = parse({"start": {"segment": "x", "next": "s0"}, "steps": made})
    reached = graph.reachable()
    return Graph(start=graph.start, steps=[step for step in graph.steps if step.id in reached])


def shape(graph: Graph) -> dict[str, list[str | None]]:
    return {step.id: [way.target for way in step.exits()] for step in graph.steps}


@examples(100)
@given(graphs())
def test_the_nested_reading_loses_nothing(graph: Graph) -> None:
    again = to_graph(start_of(graph), to_tree(graph))
    assert shape(again) == shape(graph)
    assert again.start == graph.start


@examples(70)
@given(graphs())
def test_the_nested_reading_is_stable(graph: Graph) -> None:
    once = to_graph(start_of(graph), to_tree(graph))
    assert to_tree(to_graph(start_of(once), to_tree(once))) == to_tree(once)


@examples(70)
@given(graphs())
def test_the_workspace_form_loses_nothing(graph: Graph) -> None:
    again = to_graph(start_of(graph), friendly.read(friendly.write(graph)))
    names = {step.id: f"{number}" for number, step in enumerate(in_order(graph))}
    assert len(again.steps) == len(graph.steps) == len(names)
    assert friendly.write(again) == friendly.write(graph)


@examples(70)
@given(graphs())
def test_order_puts_every_step_after_those_that_lead_to_it(graph: Graph) -> None:
    place = {step.id: number for number, step in enumerate(in_order(graph))}
    assert all(place[step.id] < place[t] for step in graph.steps for t in [w.target for w in step.exits()] if t)


def test_paths_join_below_the_branch() -> None:
    written = [{"branch": [{"if": RULE, "then": [{"wait": "2 days"}]}], "else": ["end"]}, {"wait": "1 week"}, "end"]
    graph = to_graph({"segment": "x"}, friendly.read(written))
    assert friendly.write(graph) == written


def test_a_circle_is_found_without_its_way_in() -> None:
    steps_ = [
        {"id": "a", "kind": "wait", "next": "b"},
        {"id": "b", "kind": "wait", "next": "c"},
        {"id": "c", "kind": "wait", "next": "b"},
    ]
    assert cycle(parse({"start": {"next": "a"}, "steps": steps_})) == ["b", "c"]


@pytest.mark.parametrize(
    ("steps_", "words"),
    [
        ([], "at least one step"),
        ([{"id": "a", "kind": "wait", "next": "ghost"}], "does not exist"),
        ([{"id": "a", "kind": "end"}, {"id": "b", "kind": "end"}], "Nobody can reach"),
        ([{"id": "a", "kind": "wait", "amount": 0}], "more than nothing"),
        ([{"id": "a", "kind": "wait", "amount": 366}], "365 days"),
        ([{"id": "a", "kind": "wait", "mode": "until"}], "Choose the date"),
        ([{"id": "a", "kind": "wait", "mode": "at", "at": "25:00"}], "time of day"),
    ],
)
def test_problems_name_what_is_wrong(steps_: list[dict[str, Any]], words: str) -> None:
    found = problems(parse({"start": {"segment": "x", "next": "a" if steps_ else None}, "steps": steps_}))
    assert any(words in problem.message for problem in found)


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {"steps": "no"},
        {"steps": [{"id": "a", "kind": "rocket"}]},
        {"steps": [{"id": "a b", "kind": "end"}]},
        {"steps": [{"id": "a", "kind": "end", "extra": 1}]},
        {"steps": [{"id": "a", "kind": "wait", "amount": "many"}]},
        {"steps": [{"id": f"s{n}", "kind": "end"} for n in range(MAX_STEPS + 1)]},
        {"steps": [{"id": "a", "kind": "end", "label": "x" * 600_000}]},
    ],
)
def test_what_is_no_graph_is_refused(value: Any) -> None:
    with pytest.raises(InvalidInput):
        parse(value)


def test_a_wait_that_overflows_is_a_problem_and_no_crash(db: None) -> None:
    graph = parse({"start": {"next": "a"}, "steps": [{"id": "a", "kind": "wait", "amount": 10**9, "unit": "weeks"}]})
    assert any(problem.field == "amount" for problem in problems(graph))
