"""Households and other groups: who belongs together, who does not, and ids that stay."""

from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInput
from profiles.unify.config import group_rules
from profiles.unify.config.group_rules import GroupRule, dump_groups, parse_groups, usual_groups
from profiles.unify.config.rules import Condition
from profiles.unify.households.group_changes import after_changes
from profiles.unify.households.groups import Grouped, group_people
from tests.support.examples import examples

MEANINGS = {
    "first": "person.first_name", "last": "person.last_name", "full": "person.full_name", "street": "address.line",
    "zip": "address.postcode", "city": "address.city", "firm": "organization.name",
}  # fmt: skip
HOME = {"street": "12 Main Street", "zip": "10001", "city": "New York"}
Row = dict[str, Any]


def group(rows: list[Row], rule: GroupRule | None = None, before: pa.Table | None = None, **more: Any) -> Grouped:
    """Every row is a person by its `id`."""
    columns = {name: pa.array([row.get(name) for row in rows], pa.string()) for name in ("badge", *MEANINGS)}
    ids = pa.array([row["id"] for row in rows], pa.string())
    rules = [rule] if rule else usual_groups(set(MEANINGS.values()))
    return group_people(pa.table({"profile_id": ids, **columns}), MEANINGS, rules, "US", before, **more)


def homes(found: Grouped) -> dict[str, str]:
    """Who lives where."""
    return {row["profile_id"]: row["group_id"] for row in found.members.to_pylist()}


def person(pk: str, first: str, last: str, **more: Any) -> Row:
    return {"id": pk, "first": first, "last": last} | HOME | more


COUPLE = [person("a", "John", "Smith"), person("b", "Mary", "Smith", street="12 main st.")]


def test_people_of_one_address_and_surname_are_a_household() -> None:
    found = group([*COUPLE, person("c", "Ann", "Jones"), person("d", "Jim", "Smith", street="14 Main Street")])
    assert set(homes(found)) == {"a", "b"}
    assert homes(found)["a"] == homes(found)["b"]
    assert found.columns["household_size"].to_pylist() == [2, 2, 1, 1]
    assert found.columns["household_id"].to_pylist()[2:] == [None, None]


def test_a_surname_may_be_misspelled() -> None:
    assert len(homes(group([person("a", "John", "Petersen"), person("b", "Mary", "Peterson")]))) == 2


def test_a_surname_is_taken_from_a_full_name() -> None:
    assert len(homes(group([COUPLE[0], {"id": "b", "full": "Smith, Mary"} | HOME]))) == 2


def test_partners_with_two_surnames_by_address_alone() -> None:
    rows = [COUPLE[0], person("c", "Ann", "Jones")]
    assert homes(group(rows)) == {}
    assert len(homes(group(rows, GroupRule(name="household", by="address")))) == 2


def test_an_address_without_a_postcode_is_known_by_its_city() -> None:
    assert len(homes(group([COUPLE[0], person("b", "Mary", "Smith", zip=None)]))) == 2
    assert homes(group([COUPLE[0], person("b", "Mary", "Smith", zip="94105")])) == {}


def test_who_has_no_address_is_nowhere() -> None:
    found = group([person("a", "John", "Smith", street=None), person("b", "Mary", "Smith", street=None)])
    assert found.columns["household_size"].to_pylist() == [None, None]


def test_an_office_block_is_no_home() -> None:
    crowd = [person(f"p{n:03}", "Kim", f"Name{n // 2}") for n in range(300)]
    found = group(crowd)
    assert homes(found) == {}
    assert found.report[0]["crowds"] == [{"value": "12 main st, 10001", "people": 300}]


def test_too_many_of_one_surname_are_no_home() -> None:
    found = group([person(f"p{n:03}", "Kim", "Lee") for n in range(20)])
    assert homes(found) == {}
    assert found.report[0]["too_large"] == 1


def test_a_household_keeps_its_id_when_somebody_comes_or_is_merged() -> None:
    first = group(COUPLE)
    more = group([*COUPLE, person("c", "Tim", "Smith")], before=first.members)
    assert set(homes(more).values()) == set(homes(first).values())
    renamed = [COUPLE[0], person("z", "Mary", "Smith")]
    merged = group(renamed, before=first.members, redirects={"b": "z"})
    assert homes(merged)["z"] == homes(first)["b"]


def test_the_order_of_rows_changes_nothing() -> None:
    rows = [*COUPLE, *(person(f"x{n}", "Al", "Brown", street=f"{n} Oak Road") for n in (1, 1, 2, 2, 3))]
    rows = [row | {"id": f"{n}{row['id']}"} for n, row in enumerate(rows)]
    one, other = group(rows), group(rows[::-1])
    assert one.members.equals(other.members)
    assert one.columns["household_id"].to_pylist() == other.columns["household_id"].to_pylist()[::-1]


def test_a_group_by_conditions_of_its_own() -> None:
    colleagues = GroupRule.model_validate({"name": "firm", "when": [{"semantic": "organization.name"}]})
    rows = [person(f"p{n}", "Kim", f"Name{n}", firm="Acme Ltd.", street=f"{n} Oak Road") for n in range(600)]
    found = group([*rows, person("q", "Al", "Ray", firm="ACME")], colleagues)
    assert found.columns["firm_size"].to_pylist() == [601] * 601
    by_badge = GroupRule.model_validate({"name": "team", "when": [{"column": "badge"}, {"semantic": "person.last_name",
                                         "compare": "jaro_winkler", "threshold": "high"}]})  # fmt: skip
    team = [
        person("a", "A", "Smith", badge="X 1"),
        person("b", "B", "Smith", badge="x1"),
        person("c", "C", "Ray", badge="X 1"),
    ]
    assert homes(group(team, by_badge)) == {}
    team[1]["badge"] = "X-1"
    assert set(homes(group(team, by_badge))) == {"a", "b"}


def test_nobody_is_no_household() -> None:
    assert group([]).members.num_rows == 0


@pytest.mark.parametrize(
    ("stated", "place"),
    [
        ({"name": "Home", "by": "address"}, "groups[Home].name"),
        ({"name": "home"}, "groups[home]"),
        ({"name": "home", "by": "surname"}, "groups[home].by"),
        ({"name": "home", "when": [{"semantic": "person.name", "compare": "name"}]}, "groups[home]"),
        ({"name": "home", "by": "address", "largest": 1}, "groups[home].largest"),
    ],
)
def test_a_mistake_is_refused_with_its_place(stated: dict[str, Any], place: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_groups([stated])
    assert caught.value.place == place


def test_two_groups_of_one_name_are_refused() -> None:
    with pytest.raises(InvalidInput):
        parse_groups([{"name": "home", "by": "address"}] * 2)


def test_groups_are_written_as_short_as_they_can_be() -> None:
    stated = [{"name": "household", "by": "address"}]
    assert dump_groups(parse_groups(stated)) == stated


RULES = (
    GroupRule(name="household", by="address and surname"),
    GroupRule(
        name="office",
        when=(Condition(semantic="organization.name"), Condition(semantic="person.first_name", compare="jaro_winkler")),
        largest=5,
    ),
    GroupRule(name="badge", when=(Condition(column="badge"),)),
)
PEOPLE = st.fixed_dictionaries(
    {
        "last": st.sampled_from(["Smith", "Smyth", "Jones", None]),
        "first": st.sampled_from(["Ann", "Anne", "Bob"]),
        "street": st.sampled_from(["1 Main St", "2 Main St", "3 Oak Road", None]),
        "zip": st.sampled_from(["10001", "10002", None]),
        "city": st.sampled_from(["Here", "There"]),
        "firm": st.sampled_from(["Acme", "Beta", None]),
        "badge": st.sampled_from(["a", "b", "c", None]),
    }
)


@examples(16)
@given(st.data())
def test_after_changes_groups_are_those_of_everybody(data: st.DataObject) -> None:
    """Crowds and groups that are too large come and go; people leave, are merged into others, move and are new."""
    rules = [rule.model_copy(update={"largest": 3}) if rule.by else rule for rule in RULES]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(group_rules, "CROWD", 4)
        patch.setattr(group_rules, "MOST_COMPARED", 6)
        people = dict(enumerate(data.draw(st.lists(PEOPLE, min_size=3, max_size=25))))
        found = group_people(as_profiles(people), MEANINGS, rules, "US")
        for _round in range(2):
            picked = data.draw(st.sets(st.sampled_from(sorted(people)), max_size=4)) if people else set()
            stay = {pk: row for pk, row in people.items() if pk not in picked}
            back = {pk: data.draw(PEOPLE) for pk in picked if data.draw(st.booleans())}
            after = max(people, default=0) + 1
            fresh = back | dict(enumerate(data.draw(st.lists(PEOPLE, max_size=4)), after))
            redirects = {str(pk): str(min(fresh)) for pk in picked - set(fresh) if fresh}
            gone = pa.array([str(pk) for pk in picked], pa.string())
            assert found.known is not None
            part = after_changes(found.known, as_profiles(fresh), gone, MEANINGS, rules, "US", redirects)
            people = stay | fresh
            whole = group_people(as_profiles(people), MEANINGS, rules, "US", found.members, redirects)
            assert part.report == whole.report
            kept = found.members.filter(pc.invert(pc.is_in(found.members.column("profile_id"), value_set=part.left)))
            assert in_order(pa.concat_tables([kept, part.members])) == in_order(whole.members)
            assert whole.known is not None
            assert part.known.schema.metadata == whole.known.schema.metadata
            assert in_order(part.known) == in_order(whole.known)
            found = replace(whole, known=part.known)


def as_profiles(people: dict[int, Row]) -> pa.Table:
    columns = {name: pa.array([row.get(name) for row in people.values()], pa.string()) for name in ("badge", *MEANINGS)}
    return pa.table({"profile_id": pa.array(map(str, people), pa.string()), **columns})


def in_order(rows: pa.Table) -> list[Row]:
    return sorted(rows.to_pylist(), key=str)
