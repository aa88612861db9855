"""What members of a group have in common is counted: colleagues have a firm and its number, a family its name."""

import random

from profiles.unify.values.words import words
from tests.profiles.unify.test_evidence import Row
from tests.profiles.unify.test_plain import joined, table

CONTACTS = {
    "first": "person.first_name",
    "last": "person.last_name",
    "firm": "organization.name",
    "switchboard": "contact.phone",
    "mail": "contact.email",
}
VISITORS = {"visitor": "person.full_name", "firm": "organization.name", "mail": "contact.email"}
GIVEN = words(
    "Amanda Andrew Barbara Brian Carol Charles Deborah Donald Elizabeth Frank George Helen Janet Jason Joshua Karen"
    " Kevin Laura Linda Mark Melissa Nancy Patricia Paul Rebecca Robert Ruth Sharon Steven Susan Thomas Walter"
)
BEGIN, END = words("Alder Brook Cold Drew Elder Fern Gold Hart Ivy Kes Lock Marl"), words("by ford ley ton well wick")
TRADES = words("Foods Optics Media Metals Tools Travel Energy Software")


def test_an_address_that_no_two_colleagues_have_tells_who_it_is_without_a_given_name() -> None:
    draw = random.Random(5)
    contacts, visitors, whose = list[Row](), list[Row](), dict[str, int]()
    for number in range(250):
        firm = f"{draw.choice(BEGIN)}{draw.choice(END)} {draw.choice(TRADES)} {number}"
        for given in draw.sample(GIVEN, 6):
            person, family = len(whose), draw.choice(BEGIN) + "".join(draw.choices(END, k=3))
            mail = f"{given}.{family}@f{number}.example".lower()
            for copy in range(draw.choice((0, 1, 1, 2))):
                whose[key := f"c{person:05}-{copy}"] = person
                row: Row = {"id": key, "first": given, "last": family, "firm": firm}
                row |= {"mail": mail} if draw.random() < 0.8 else {}
                contacts.append(row | ({"switchboard": f"+4420{7_000_000 + number}"} if draw.random() < 0.8 else {}))
            if draw.random() < 0.5:
                whose[key := f"v{person:05}"] = person
                visitors.append({"id": key, "visitor": f"Ms {family}", "firm": firm, "mail": mail})
    found = joined(table("crm", contacts, CONTACTS), table("fair", visitors, VISITORS))
    right = sum(whose[one] == whose[other] for one, other in found)
    assert right > 0.99 * len(found)
    assert right > 0.97 * (len(whose) - len(set(whose.values())))
