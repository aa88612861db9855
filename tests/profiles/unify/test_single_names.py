"""Who is known by a single name alone: it is the given name where others have it for one."""

import random

import numpy as np

from profiles.unify.run import prepare
from profiles.unify.setup import Setup
from profiles.unify.values.words import words
from profiles.unify.weighing.evidence import Evidence
from profiles.unify.weighing.frequencies import as_table
from profiles.unify.weighing.learned import from_json
from tests.profiles.unify.test_evidence import Row
from tests.profiles.unify.test_plain import joined, table

SURVEY = {"name": "person.full_name", "mobile": "contact.phone", "village": "address.city"}
GIVEN = words(
    "Anil Asha Ashok Deepa Dinesh Ganesh Geeta Imran Jyoti Kamala Kavita Lakshmi Mahesh Manoj Meena Mohan Neelam"
    " Prakash Priya Radha Rajesh Ramesh Rashid Rekha Sanjay Shanti Sunil Sunita Suresh Usha Vijay Vinod"
)
FAMILY = words("Ansari Banerjee Chaudhary Das Gupta Iyer Joshi Khan Mishra Naidu Patel Rao Reddy Sharma Singh Verma")
VILLAGES = words("Rampur Devgaon Motinagar Hariwadi Fatehpur Balapalli Shivpur Sultanabad Chandpur Krishnagaon")


def _homes() -> tuple[list[Row], list[Row], dict[str, int]]:
    """Four of one telephone; in two homes of five nobody has a family name."""
    draw = random.Random(6)
    one, two, whose = list[Row](), list[Row](), dict[str, int]()
    for home in range(400):
        family = "" if home % 5 < 2 else f" {draw.choice(FAMILY)}"
        shared = {"mobile": f"98{home:04}{draw.randrange(10**4):04}", "village": draw.choice(VILLAGES)}
        for given in draw.sample(GIVEN, 4):
            person = len(whose)
            for letter, rows, share in (("a", one, 0.9), ("b", two, 0.6)):
                if draw.random() < share:
                    whose[key := f"{letter}{person:05}"] = person
                    rows.append({"id": key, "name": f"{given}{family}", **shared})
    return one, two, whose


def test_one_telephone_and_one_single_name_are_one_person_and_two_names_are_two() -> None:
    one, two, whose = _homes()
    found = joined(table("survey", one, SURVEY), table("clinic", two, SURVEY))
    right = sum(whose[a] == whose[b] for a, b in found)
    assert len(found) - right <= 2
    assert right > 0.98 * (len(whose) - len(set(whose.values())))


def test_a_pair_weighs_the_same_where_the_others_are_not_at_hand() -> None:
    one, two, _whose = _homes()
    setup = Setup(country="IN")
    everybody = Evidence(prepare([table("survey", one, SURVEY), table("clinic", two, SURVEY)], setup))
    everybody.weigh(np.array([0]), np.array([1]))
    learned = everybody.learned(())
    learned = from_json(learned.as_json(), as_table(learned.frequencies), learned.readings)
    few = Evidence(prepare([table("survey", one[:2], SURVEY), table("clinic", two[:1], SURVEY)], setup), learned)
    assert few.weigh(np.array([0]), np.array([1])) == everybody.weigh(np.array([0]), np.array([1]))
