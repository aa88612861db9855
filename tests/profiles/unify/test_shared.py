"""What a value says that several records share: learned from how many of these are strangers."""

import random

import numpy as np
import pytest

from profiles.unify.matching.cluster import cluster
from profiles.unify.matching.match import match
from profiles.unify.matching.suggest import suggest
from profiles.unify.reading.records import Records
from profiles.unify.weighing.evidence import Evidence
from profiles.unify.weighing.model import bucket_of
from tests.profiles.unify.test_evidence import BY_EVIDENCE, FAMILY, GIVEN, Row, records_of, same_person, table

SYLLABLES = ("ba", "de", "fi", "go", "lu", "ma", "ne", "ri", "so", "tu")


def _born(draw: random.Random) -> str:
    return f"{draw.randrange(1940, 2004)}-{draw.randrange(1, 13):02d}-{draw.randrange(1, 29):02d}"


def _word(draw: random.Random) -> str:
    return "".join(draw.choice(SYLLABLES) for _part in range(3)).title()


def _customers(people: int, addresses: int, draw: random.Random) -> list[Row]:
    """Each with an e-mail address of so many that there are, by chance."""
    return [
        {"id": f"{number:05d}", "given": _word(draw), "family": _word(draw), "born": _born(draw),
         "email": f"m{draw.randrange(addresses)}@example.org"}
        for number in range(people)
    ]  # fmt: skip


def _twice(people: list[Row], draw: random.Random, known: float = 0.8) -> Records:
    """In two systems, where much is missing in the second."""
    again = [{name: v for name, v in row.items() if name == "id" or draw.random() < known} for row in people]
    return records_of(table("shop", people), table("till", again))


@pytest.mark.parametrize("addresses", [1_000_000, 500])
def test_it_learns_how_many_of_those_who_share_an_address_are_strangers(addresses: int) -> None:
    records = _twice(_customers(1_000, addresses, random.Random(1)), random.Random(2))
    learned = Evidence(records).model.shared["contact.email"]
    email, person = records.features["contact.email"].codes, same_person(records)
    used, strangers = records.features["contact.email"].counts, dict[int, list[float]]()
    for value in np.flatnonzero(used > 1):
        holders = person[email == value]
        others = (holders[:, None] != holders).sum(axis=1) / (len(holders) - 1)
        strangers.setdefault(int(bucket_of(used[[value]])[0]), []).extend(others.tolist())
    for bucket, shares in strangers.items():
        assert learned[bucket] == pytest.approx(np.mean(shares), abs=0.1)


def test_where_families_have_twins_a_birth_date_joins_no_two_given_names() -> None:
    draw, people = random.Random(3), list[Row]()
    for home in range(300):
        shared = {
            "family": _word(draw),
            "street": f"Gartenweg {home}",
            "zip": f"1{home % 40:02d}00",
            "born": _born(draw),
        }
        people += [
            shared | {"id": f"{len(people) + n:05d}", "given": name} for n, name in enumerate(draw.sample(GIVEN, 2))
        ]
    records = _twice(people, random.Random(4), 0.9)
    evidence = Evidence(records)
    assert evidence.model.household["person.birth_date"][-1] > 0.2
    labels = cluster(records, match(records, BY_EVIDENCE, evidence), BY_EVIDENCE, evidence)
    person = same_person(records)
    wrong = sum(person[i] != person[label] for i, label in enumerate(labels.tolist()))
    assert wrong <= 3


def _families(draw: random.Random, known: float) -> list[Row]:
    """Two parents with numbers and telephones of their own; each of two children is known by those of a parent."""
    people = list[Row]()
    for home in range(250):
        family = {"family": _word(draw), "street": f"Gartenweg {home}", "zip": f"1{home % 40:02d}00"}
        own = [{"card": f"{draw.randrange(10**9)}", "phone": f"+4930{1_000_000 + 2 * home + n}"} for n in range(2)]
        for contact in [*own, draw.choice(own), draw.choice(own)]:
            born = {"born": _born(draw)} if draw.random() < known else {}
            people.append(family | contact | born | {"id": f"{len(people):05d}", "given": _word(draw)})
    return people


@pytest.mark.parametrize("known", [1.0, 0.0])
def test_where_children_have_the_number_of_a_parent_it_joins_no_two_given_names(known: float) -> None:
    records = _twice(_families(random.Random(9), known), random.Random(10), 0.9)
    evidence = Evidence(records)
    assert evidence.model.household["id.card"][-1] > 0.1
    rules = suggest(evidence)
    labels = cluster(records, match(records, rules, evidence), rules, evidence)
    person = same_person(records)
    pairs = [(person[i], person[label]) for i, label in enumerate(labels.tolist()) if label != i]
    right = sum(one == other for one, other in pairs)
    assert right / len(pairs) > 0.98
    assert right > 0.85 * records.count / 2


def test_where_nobody_shares_a_number_it_joins_two_spellings_of_a_name() -> None:
    draw = random.Random(11)
    people = [
        {"id": f"{number:05d}", "given": _word(draw), "family": _word(draw), "card": f"{draw.randrange(10**9)}"}
        for number in range(800)
    ]
    again = [row | ({"given": _word(draw)} if n % 40 == 0 else {}) for n, row in enumerate(people)]
    records = records_of(table("shop", people), table("till", again))
    evidence = Evidence(records)
    rules = suggest(evidence)
    labels = cluster(records, match(records, rules, evidence), rules, evidence)
    assert (labels != np.arange(records.count)).sum() == len(people)


def test_two_given_names_alone_do_not_make_a_family_one_person() -> None:
    """Half of all couples have one name, family name, telephone and street in common."""
    draw, people = random.Random(5), list[Row]()
    for home in range(400):
        shared = {"family": draw.choice(FAMILY), "street": f"Gartenweg {home}", "phone": f"+4930{1_000_000 + home}"}
        own = ({"given": draw.choice(("Kim", "Robin")), "born": _born(draw)} for _member in range(2))
        people += [shared | each | {"id": f"{2 * home + n:05d}"} for n, each in enumerate(own)]
    records = _twice(people, random.Random(6))
    evidence = Evidence(records)
    assert evidence.model.person["person.birth_date"][1] < 0.1  # hardly anybody has two
    labels = cluster(records, match(records, BY_EVIDENCE, evidence), BY_EVIDENCE, evidence)
    person = same_person(records)
    pairs = [(person[i], person[label]) for i, label in enumerate(labels.tolist()) if label != i]
    right = sum(one == other for one, other in pairs)
    assert right / len(pairs) > 0.9


def test_which_parts_of_an_address_a_table_knows_tells_nobody_apart() -> None:
    """Whom e-mail addresses tell to be one person gave several times, and gifts have no postcode."""
    draw, people = random.Random(12), list[Row]()
    for home in range(300):
        family = {
            "family": _word(draw),
            "street": f"Gartenweg {home}",
            "zip": f"1{home % 40:02d}00",
            "phone": f"+4930{1_000_000 + home}",
        }
        for _member in range(2):
            given = _word(draw)
            own = {"given": given, "email": f"{given}{home}@example.org"}
            people.append(family | own | {"id": f"{len(people):05d}"})
    gifts = [
        row | {"id": f"{row['id']}-{n}", "zip": None} for row in people[::2] for n in range(draw.choice((1, 3, 5)))
    ]
    model = Evidence(records_of(table("people", people), table("gifts", gifts))).model
    level = np.arange(64)
    known = (level // 16 > 0) * 2 + (level // 4 % 4 > 0)
    of_person, of_household = (np.bincount(known, weights=one["address"]) for one in (model.person, model.household))
    assert of_household == pytest.approx(of_person)


def _offices(draw: random.Random) -> list[Row]:
    """Of each firm everybody has one mailbox; names are common."""
    return [
        {"id": f"{number:05d}", "given": draw.choice(GIVEN), "family": draw.choice(FAMILY), "born": _born(draw),
         "email": f"info@firm{number % 60}.example"}
        for number in range(1_200)
    ]  # fmt: skip


def test_a_mailbox_that_many_share_speaks_where_the_name_is_the_same() -> None:
    people = _offices(random.Random(7))
    records = _twice(people, random.Random(8), 0.6)
    assert "info@firm0.example" in {hub.value for hub in records.hubs}
    evidence = Evidence(records)
    born, name = (records.features[one].codes for one in ("person.birth_date", "person.name"))
    mailbox = records.features["many share contact.email"].codes
    left, right = np.triu_indices(records.count, 1)
    asked = (name[left] == name[right]) & (name[left] >= 0) & ((born[left] < 0) | (born[right] < 0))
    left, right = (
        left[asked & (mailbox[left] >= 0) & (mailbox[right] >= 0)],
        right[asked & (mailbox[left] >= 0) & (mailbox[right] >= 0)],
    )
    same = mailbox[left] == mailbox[right]
    weights = evidence.weigh(left, right)
    assert np.median(weights[same]) > 1.4
    assert np.median(weights[~same]) < -1.4


def test_rules_do_not_see_a_mailbox_that_many_share() -> None:
    records = _twice(_offices(random.Random(7)), random.Random(8))
    assert (records.features["contact.email"].codes < 0).all()
