"""Twins who differ in the given name alone, and share the number and the telephone of a parent, are two people."""

import random

from profiles.unify.values.words import words
from tests.profiles.unify.test_evidence import Row
from tests.profiles.unify.test_plain import joined, table

CLINIC = {
    "first": "person.first_name",
    "last": "person.last_name",
    "born": "person.birth_date",
    "phone": "contact.phone",
    "ssn": "id.national",
}
LABORATORY = {"patient": "person.full_name", "dob": "person.birth_date", "tel": "contact.phone", "ssn": "id.national"}
GIVEN = words(
    "Amanda Andrew Barbara Brian Carol Charles Deborah Donald Elizabeth Frank George Helen Janet Jason Joshua Karen"
    " Kevin Laura Linda Mark Melissa Nancy Patricia Paul Rebecca Robert Ruth Sharon Steven Susan Thomas Walter"
)


def test_twins_with_one_number_and_one_telephone_stay_two_people() -> None:
    draw = random.Random(3)
    patients, orders, whose = list[Row](), list[Row](), dict[str, int]()
    for home in range(600):
        family, phone, number = f"Bau{home:03}mann", f"2125{draw.randrange(10**6):06}", f"{draw.randrange(10**9):09}"
        family = "".join(chr(ord("a") + int(sign)) if sign.isdigit() else sign for sign in family)
        day = f"{draw.randrange(2000, 2020)}-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}"
        parent = f"{draw.randrange(1960, 1990)}-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}"
        born = [parent, day, day] if home % 2 == 0 else [parent, day]
        for given, date in zip(draw.sample(GIVEN, len(born)), born, strict=True):
            person = len(whose)
            one, two = {"first": given, "last": family, "born": date}, {"patient": f"{family}, {given}", "dob": date}
            key = f"p{person:05}"
            patients.append({"id": key, **one, "phone": phone, "ssn": number})
            whose[key] = person
            for order in range(draw.choice((0, 1, 1, 2))):
                key = f"o{person:05}-{order}"
                orders.append({"id": key, **two, "tel": phone, "ssn": number if draw.random() < 0.8 else None})
                whose[key] = person
    found = joined(table("clinic", patients, CLINIC), table("lab", orders, LABORATORY))
    right = sum(whose[one] == whose[other] for one, other in found)
    assert right > 0.98 * len(orders)
    assert len(found) - right <= 2


def test_a_table_that_knows_nothing_else_does_not_keep_its_records_apart() -> None:
    """What is sure stands twice in one table; the other one knows initials and a telephone number alone."""
    draw = random.Random(4)
    policies, letters = list[Row](), list[Row]()
    for person in range(500):
        name = {
            "first": draw.choice(GIVEN),
            "last": f"{draw.choice(GIVEN)}{draw.choice(('son', 'berg', 'ley', 'man'))}",
        }
        born = f"{draw.randrange(1940, 2000)}-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}"
        mail, known = f"p{person}@example.org", {"phone": f"2125{draw.randrange(10**6):06}", "born": born}
        for policy in range(2):
            policies.append({"id": f"{person:04}-{policy}", **name, **known, "mail": mail if person % 3 else None})
        if person % 3:
            sender = f"{name['first'][0]}. {name['last']}"
            letters.append({"id": f"{person:04}-x", "sender": sender, "phone": known["phone"]})
    of_policies = {name: meaning for name, meaning in CLINIC.items() if name != "ssn"} | {"mail": "contact.email"}
    of_letters = {"sender": "person.full_name", "phone": "contact.phone"}
    found = joined(table("policies", policies, of_policies), table("letters", letters, of_letters))
    met = {one[:4] for one, other in found if one.endswith("x") and one[:4] == other[:4]}
    assert len(met) > 0.95 * len(letters)


def test_who_goes_by_several_names_is_no_twin() -> None:
    """One record in six has another given name, mostly one that others have as well; nobody has a twin."""
    draw = random.Random(5)
    rolls = list[Row]()
    for person in range(500):
        family = f"{draw.choice(GIVEN)}{draw.choice(('son', 'berg', 'ley', 'man', 'wood'))}"
        known = {
            "last": family,
            "born": f"{draw.randrange(1940, 2000)}-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}",
            "postcode": f"{10000 + person % 180}",
        }
        given = draw.choice(GIVEN)
        for number in range(5):
            pen_name = draw.choice(GIVEN) if draw.random() < 0.7 else f"{draw.choice('bdfglm')}o{person:03}"
            pen_name = "".join(chr(ord("a") + int(sign)) if sign.isdigit() else sign for sign in pen_name)
            other = pen_name if draw.random() < 0.17 else given
            misspelt = known | {"last": family.replace("a", "e", 1)} if draw.random() < 0.1 else known
            rolls.append({"id": f"{person:04}-{number}", "first": other, **misspelt})
    meanings = {name: CLINIC[name] for name in ("first", "last", "born")} | {"postcode": "address.postcode"}
    found = joined(table("rolls", rolls, meanings))
    assert sum(one[:4] == other[:4] for one, other in found) > 0.95 * 4 * 500
    assert sum(one[:4] != other[:4] for one, other in found) <= 4
