"""Evidence: learned without labels, it tells one person from a household and from strangers who look alike."""

import random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from profiles.unify.config.rules import MatchRule, parse_rules
from profiles.unify.matching.cluster import cluster
from profiles.unify.matching.match import match
from profiles.unify.matching.suggest import suggest
from profiles.unify.reading.records import Records, TableInput
from profiles.unify.run import prepare
from profiles.unify.setup import Setup
from profiles.unify.weighing.evidence import Evidence
from tests.support.examples import examples

MEANINGS = {
    "given": "person.first_name",
    "family": "person.last_name",
    "born": "person.birth_date",
    "email": "contact.email",
    "phone": "contact.phone",
    "street": "address.line",
    "zip": "address.postcode",
    "card": "id.card",
}
COLUMNS = ("id", *MEANINGS)
GIVEN = [
    "Anna", "Bernd", "Clara", "David", "Emil", "Frieda", "Georg", "Helga",
    "Ida", "Jonas", "Klara", "Ludwig", "Martha", "Nils", "Olga", "Paul",
]  # fmt: skip
FAMILY = [
    "Adler", "Bauer", "Conrad", "Dietz", "Ernst", "Fuchs", "Gross", "Huber",
    "Jung", "Kaiser", "Lang", "Moser", "Neumann", "Otto", "Pohl", "Roth",
]  # fmt: skip
BY_EVIDENCE = parse_rules([{"name": "Evidence", "when": [{"compare": "likely"}]}])
Row = dict[str, Any]


def table(name: str, rows: list[Row]) -> TableInput:
    columns = {column: pa.array([row.get(column) for row in rows], pa.string()) for column in COLUMNS}
    return TableInput("x", name, ("id",), pa.table(columns), MEANINGS)


def records_of(*tables: TableInput) -> Records:
    return prepare(tables, Setup(country="DE"))


def town(homes: int) -> list[Row]:
    """Couples: one family name, address and telephone; each a given name, birth date, e-mail address and card."""
    draw = random.Random(7)
    people: list[Row] = []
    for home in range(homes):
        shared = {
            "family": draw.choice(FAMILY),
            "phone": f"+4930{1_000_000 + home}",
            "street": f"Gartenweg {home}",
            "zip": f"1{home % 40:02d}00",
        }
        for given_name in draw.sample(GIVEN, 2):
            born = f"{draw.randrange(1940, 2004)}-{draw.randrange(1, 13):02d}-{draw.randrange(1, 29):02d}"
            number = len(people)
            own = {
                "given": given_name,
                "born": born,
                "email": f"m{number}@example.org",
                "card": f"{40_000 + 7 * number}",
            }
            people.append(shared | own | {"id": f"{number:05d}"})
    return people


def seen_again(people: list[Row]) -> list[Row]:
    """The second system: some values missing, some mistyped, the telephone always the home's."""
    draw = random.Random(8)
    rows = []
    for person in people:
        row = {name: value for name, value in person.items() if name == "id" or draw.random() < 0.75}
        if "given" in row and draw.random() < 0.2:
            row["given"] = row["given"][1] + row["given"][0].lower() + row["given"][2:]
        rows.append(row)
    return rows


@pytest.fixture(scope="module")
def two_systems() -> Records:
    people = town(400)
    return records_of(table("shop", people), table("till", seen_again(people)))


def same_person(records: Records) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.array([int(text) for text in records.record_ids.to_pylist()])


def test_it_knows_how_many_pairs_are_one_person(two_systems: Records) -> None:
    model = Evidence(two_systems).model
    pairs = two_systems.count * (two_systems.count - 1) / 2
    assert model.matches * pairs == pytest.approx(800, rel=0.1)


def test_it_joins_people_and_keeps_couples_apart(two_systems: Records) -> None:
    evidence = Evidence(two_systems)
    labels = cluster(two_systems, match(two_systems, BY_EVIDENCE, evidence), BY_EVIDENCE, evidence)
    person = same_person(two_systems)
    joined = {(int(person[i]), int(person[label])) for i, label in enumerate(labels.tolist()) if label != i}
    assert sum(a == b for a, b in joined) > 700
    assert sum(a != b for a, b in joined) <= 4


def test_what_a_household_shares_counts_less_than_what_is_personal(two_systems: Records) -> None:
    evidence = Evidence(two_systems)
    left = np.arange(800)
    other_half = left ^ 1  # records are in order of their ids, couples side by side
    assert np.median(evidence.weigh(left, left + 800)) > 5
    assert np.median(evidence.weigh(left, other_half)) < -5


def test_a_rare_name_says_more_than_a_common_one() -> None:
    people = town(300)
    for row in people[::2]:
        row["family"] = "Huber"
    rare = people[1]["family"] = "Wolkenstein"
    strangers = [{"id": "a", "given": "Anna", "family": rare}, {"id": "b", "given": "Anna", "family": "Huber"}]
    again = [{**row, "id": row["id"] + "2"} for row in strangers]
    records = records_of(table("shop", [*people, *strangers]), table("till", again))
    place = {text: number for number, text in enumerate(records.record_ids.to_pylist())}
    pairs = np.array([[place["a"], place["a2"]], [place["b"], place["b2"]]])
    rare_weight, common_weight = Evidence(records).weigh(pairs[:, 0], pairs[:, 1])
    assert rare_weight > common_weight + 1


def joined(records: Records) -> list[tuple[str, str]]:
    evidence = Evidence(records)
    rules = suggest(evidence)
    found = match(records, rules, evidence)
    ids = records.record_ids.to_pylist()
    return sorted((ids[one], ids[other]) for one, other in zip(found.left.tolist(), found.right.tolist(), strict=True))


@pytest.mark.parametrize("column", ["email", "phone", "card"])
@pytest.mark.parametrize("count", [3, 300])
def test_where_nothing_but_an_identifier_is_known_it_joins(column: str, count: int) -> None:
    people = [{"id": f"{n:03d}", column: row[column]} for n, row in enumerate(town(count)) if not n % 2]
    both = table("shop", people), table("till", [row | {"id": row["id"] + "t"} for row in people[: count // 2 + 1]])
    meanings = {column: MEANINGS[column]}
    narrow = [TableInput(t.source, t.table, t.key, t.data, meanings) for t in both]
    wanted = [(row["id"], row["id"] + "t") for row in people[: count // 2 + 1]]
    assert joined(records_of(*narrow)) == wanted


def test_a_name_alone_joins_nobody() -> None:
    people = town(200)
    people[0] |= {"given": "Wilhelmine", "family": "Wolkenstein"}
    namesake = {"id": "other", "given": "Wilhelmine", "family": "Wolkenstein"}
    records = records_of(table("shop", people), table("till", [namesake, {**people[0], "id": "same"}]))
    assert joined(records) == [("00000", "same")]


def test_unknown_values_say_nothing() -> None:
    people = town(50)
    records = records_of(table("shop", people), table("till", [{"id": "nobody"}, {"id": "nothing"}]))
    evidence = Evidence(records)
    last = np.array([records.count - 2])
    assert evidence.weigh(last, last + 1)[0] == pytest.approx(np.log(evidence.model.matches), abs=0.7)
    assert not evidence.contradicts(last, last + 1)[0]


def test_candidates_of_huge_groups_stay_few() -> None:
    rows = [{"id": str(n), "given": GIVEN[n % 16], "family": "Huber", "zip": "10100"} for n in range(20_000)]
    evidence = Evidence(records_of(table("shop", rows)))
    assert len(evidence.candidates) < 20 * 20_000


def test_nothing_to_go_by_is_no_error() -> None:
    empty = records_of(table("shop", []))
    assert suggest(Evidence(empty)) == [] or not len(match(empty, suggest(Evidence(empty)), Evidence(empty)).left)
    plain = TableInput("x", "y", ("id",), pa.table({"id": ["1", "2"]}), {})
    assert suggest(Evidence(records_of(plain))) == []


def test_plain_rules_that_mislead_are_not_suggested() -> None:
    """Every customer got the shop's own address: it is a hub when many have it, and no rule when a few do."""
    people = town(300)
    for row in people[:120]:
        row["card"] = str(9_000 + int(row["id"]) // 6)
    names = [
        rule.name for rule in suggest(Evidence(records_of(table("shop", people), table("till", seen_again(people)))))
    ]
    assert "Same card" not in names
    assert names[-1] == "Evidence of all values together"


def test_an_exception_by_evidence_keeps_a_rule_from_joining(two_systems: Records) -> None:
    loose: list[Row] = [{"name": "Phone", "when": [{"semantic": "contact.phone"}]}]
    careful = [loose[0] | {"unless": [{"compare": "unlikely"}]}]
    evidence, person = Evidence(two_systems), same_person(two_systems)

    def wrong(rules: list[MatchRule]) -> int:
        found = match(two_systems, rules, evidence)
        return int((person[found.left] != person[found.right]).sum())

    assert wrong(parse_rules(loose)) > 500
    assert wrong(parse_rules(careful)) < 25


@examples(8)
@given(st.randoms(use_true_random=False), st.integers(2, 40))
def test_neither_order_nor_direction_matters(draw: random.Random, homes: int) -> None:
    people = town(homes)
    other = seen_again(people)
    turned = draw.sample(people, len(people)), draw.sample(other, len(other))
    one, two = (records_of(table("shop", a), table("till", b)) for a, b in ((people, other), turned))
    left, right = np.triu_indices(one.count, 1)
    evidence = Evidence(one)
    weights = evidence.weigh(left, right)
    assert np.allclose(weights, Evidence(two).weigh(left, right))
    assert np.allclose(weights, evidence.weigh(right, left))
