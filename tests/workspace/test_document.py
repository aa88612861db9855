"""The workspace file as text: what is refused, and where."""

import pytest
import yaml

from core.errors import InvalidInput
from workspace.document import parse, schema


def refused(text: str) -> str:
    with pytest.raises(InvalidInput) as caught:
        parse(text, "my.yaml")
    return str(caught.value)


def test_a_file_must_say_that_it_is_ours() -> None:
    assert "kindred: 1" in refused("sources: []")
    assert "kindred: 1" in refused("- a\n- b")
    assert "kindred: 1" in refused("")


@pytest.mark.parametrize("version", ["true", "1.0", "2", '"1"', "null"])
def test_another_version_is_refused_and_named(version: str) -> None:
    assert f"“kindred: {version}” is no version" in refused(f"kindred: {version}\nsources: []")


def test_broken_yaml_names_the_line() -> None:
    assert "line 3" in refused("kindred: 1\nsegments:\n  - {name: [}\n")


def test_a_key_that_stands_twice_is_an_error() -> None:
    assert "twice" in refused("kindred: 1\nsegments: []\nsegments: []\n")


def test_an_unknown_part_names_the_known_ones() -> None:
    assert "segments" in refused("kindred: 1\nsegmants: []\n")


def test_a_wrong_value_names_its_place() -> None:
    assert "measures[x].colour: “colour” is not known here" in refused(
        "kindred: 1\nmeasures: [{name: x, sum: shop.orders.total, colour: red}]\n"
    )


def test_objects_of_python_are_never_made() -> None:
    assert "valid YAML" in refused("kindred: 1\nx: !!python/object/apply:os.system [echo]\n")


def test_a_billion_laughs_do_not_blow_up() -> None:
    lines = ["kindred: 1", "a: &a [x, x, x, x, x, x, x, x, x, x]"]
    for name, before in zip("bcdefghij", "abcdefghi", strict=True):
        lines.append(f"{name}: &{name} [{', '.join(['*' + before] * 10)}]")
    assert "more than" in refused("\n".join(lines))


def test_deep_nesting_is_refused() -> None:
    assert refused("kindred: 1\nx: " + "[" * 5_000 + "]" * 5_000)


def test_the_schema_knows_every_part() -> None:
    known = schema()["properties"]
    assert {"sources", "unification", "measures", "segments", "templates", "journeys"} <= set(known)
    assert yaml.safe_dump(schema())


def test_of_several_shapes_the_one_that_was_meant_is_explained() -> None:
    message = refused("kindred: 1\nunification:\n  rules:\n    - {name: mail, when: [{same: contact.email}]}\n")
    assert "unification.rules[mail].when[0].same: “same” is not known" in message
    assert "Input should be 'suggest'" not in message


def test_parts_that_are_called_alike_keep_their_own_schema() -> None:
    defined = schema()["$defs"]
    rule = defined["MatchRule"]["properties"]["when"]["items"]["$ref"].removeprefix("#/$defs/")
    assert "compare" in defined[rule]["properties"]
    assert any("attribute" in value.get("properties", {}) for value in defined.values())


WRITTEN = """
kindred: 1
workspace: {default_country: NO, consent_required: yes}
sources:
  - {name: s, connector: file, tables: [{name: 2024, path: a.xlsx, sheet: 2024, columns: {2023: {type: money}}}]}
unification:
  values: {contact.phone: {ignore: [0, 000141], aliases: {12: 34}}}
  decisions: [{left_table: s.a, left_id: 1001, right_table: s.a, right_id: 000141, verdict: join}]
templates:
  - {name: T, defaults: {Points: 1000, Spend: 10.5, Joined: 2024-01-31, Opens: 12:30}}
"""


def test_numbers_codes_and_days_need_no_quotes_where_a_text_is_meant() -> None:
    values = parse(WRITTEN).values
    assert values["templates"][0].defaults == {
        "Points": "1000", "Spend": "10.5", "Joined": "2024-01-31", "Opens": "12:30"
    }  # fmt: skip
    [table] = values["sources"][0].tables
    assert (table.name, table.sheet, list(table.columns)) == ("2024", "2024", ["2023"])
    [decision] = values["unification"].decisions
    assert (decision.left_id, decision.right_id) == ("1001", "000141")
    stated = values["unification"].values["contact.phone"]
    assert (stated.ignore, stated.aliases) == (("0", "000141"), {"12": "34"})
    assert (values["workspace"].default_country, values["workspace"].consent_required) == ("NO", True)


def test_yes_is_no_text() -> None:
    assert "templates[T].defaults.Member: This must be a text" in refused(
        "kindred: 1\ntemplates: [{name: T, defaults: {Member: yes}}]\n"
    )
