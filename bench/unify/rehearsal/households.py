"""People who have a telephone, a number or a device in common, and names that are none."""

from random import Random

from bench.unify.rehearsal import pools
from bench.unify.rehearsal.invented import Invented, System, invented
from bench.unify.rehearsal.mistakes import misdated, missing, misspelt, slip, sometimes
from bench.unify.rehearsal.people import BORN, CITY, EMAIL, FIRST, FULL, LAST, LINE, PHONE, POSTCODE


def _phone(draw: Random) -> str:
    return f"{draw.choice(('212', '312', '415', '503', '617', '718'))}{draw.randrange(2_000_000, 9_999_999)}"


def _written(phone: str, draw: Random) -> str:
    a, b, c = phone[:3], phone[3:6], phone[6:]
    return draw.choice((f"({a}) {b}-{c}", f"+1 {a} {b} {c}", f"{a}.{b}.{c}", phone, f"+1-{a}-{b}-{c}"))


@invented
def clinic(draw: Random) -> Invented:
    """Patients and a laboratory: children have the telephone and the number of a parent, two in five are twins."""
    shared = {"phone": PHONE, "ssn": "id.national"}
    registry = System(
        "registry", {"first": FIRST, "last": LAST, "dob": BORN, "sex": "person.gender", "zip": POSTCODE} | shared
    )
    orders = System("orders", {"patient": FULL, "birth_date": BORN} | shared)
    number = 0
    for _home in range(1_000):
        last, post, tel = pools.surname(draw), pools.digits(draw, 5), _phone(draw)
        ssn, day, born_together = pools.digits(draw, 9), pools.birth(draw, 2005, 2023), draw.random() < 0.4
        people = [(*pools.given(draw), pools.birth(draw, 1950, 1992), ssn)]
        if draw.random() < 0.5:
            people.append((*pools.given(draw), pools.birth(draw, 1950, 1992), pools.digits(draw, 9)))
        for child in range(draw.choice((0, 1, 2, 2))):
            first, sex = pools.given(draw)
            while first in {name for name, *_rest in people}:
                first, sex = pools.given(draw)
            people.append((first, sex, day if born_together or not child else pools.birth(draw, 2005, 2023), ssn))
        for first, sex, born, known in people:
            number += 1
            if draw.random() < 0.9:
                registry.add(number, first=misspelt(first, draw, 0.05), last=misspelt(last, draw, 0.04),
                             dob=misdated(born, draw, 0.03), sex=missing(sex, draw, 0.3), zip=post,
                             phone=missing(_written(tel, draw), draw, 0.15),
                             ssn=missing(sometimes(0.03, slip, known, draw), draw, 0.1))  # fmt: skip
            for _order in range(draw.choice((0, 1, 1, 2))):
                orders.add(number, patient=misspelt(f"{last}, {first}", draw, 0.06),
                           birth_date=missing(misdated(born, draw, 0.04), draw, 0.05),
                           ssn=missing(known, draw, 0.2), phone=missing(_written(tel, draw), draw, 0.3))  # fmt: skip
    return Invented((registry, orders), shared_id="id.national")


@invented
def market(draw: Random) -> Invented:
    """A marketplace: names of users and first names alone where a name belongs, devices of households, telephone
    numbers that others had before, second e-mail addresses."""
    accounts = System(
        "accounts", {"display_name": FULL, "email": EMAIL, "phone": PHONE, "device": "id.device", "zip": POSTCODE}
    )
    deliveries = System(
        "deliveries", {"to": FULL, "line": LINE, "city": CITY, "zip": POSTCODE, "phone": PHONE, "email": EMAIL}
    )
    tickets = System("tickets", {"requester": FULL, "email": EMAIL, "phone": PHONE})
    number, free = 0, list[str]()
    for _home in range(1_000):
        line, city, post = pools.street(draw), draw.choice(pools.TOWNS), pools.digits(draw, 5)
        members, family, device = draw.choice((1, 1, 1, 2, 2, 3)), pools.surname(draw), pools.digits(draw, 12)
        for _member in range(members):
            number += 1
            first, last = pools.given(draw)[0], family if draw.random() < 0.8 else pools.surname(draw)
            word = f"{draw.choice(pools.WORDS)}{draw.randrange(10, 9_999)}"
            user = draw.choice(
                (f"{first}{last[:2]}{draw.randrange(10, 99)}", f"{last[:4]}_{first[:3]}{number % 97}", word)
            )
            user = user.lower()
            tel = free.pop() if free and draw.random() < 0.06 else _phone(draw)
            free += [tel] if draw.random() < 0.15 else []
            mails = f"{user}@mail.example", f"{first[0]}{last}{number % 53}@post.example".lower()
            own = device if members > 1 and draw.random() < 0.35 else pools.digits(draw, 12)
            for _account in range(draw.choice((1, 1, 1, 1, 2))):
                shown = draw.choice((first, f"{first} {last[0]}.", f"{first} {last}", user))
                tel_here, zip_here = missing(_written(tel, draw), draw, 0.35), missing(post, draw, 0.5)
                accounts.add(number, display_name=shown, email=draw.choice(mails), zip=zip_here, phone=tel_here,
                             device=missing(own, draw, 0.3))  # fmt: skip
            for _order in range(draw.choice((0, 1, 1, 2, 3))):
                to = draw.choice((f"{first} {last}", f"{first} {last}", f"{first[0]} {last}", f"{last} {first}"))
                written = pools.shortened(line) if draw.random() < 0.5 else line
                deliveries.add(number, to=misspelt(to, draw, 0.05), line=misspelt(written, draw, 0.05), city=city,
                               zip=post, phone=missing(_written(tel, draw), draw, 0.3),
                               email=missing(mails[draw.random() < 0.25], draw, 0.4))  # fmt: skip
            if draw.random() < 0.3:
                tickets.add(number, requester=draw.choice((f"{first} {last}", user, first)), email=draw.choice(mails),
                            phone=missing(_written(tel, draw), draw, 0.8))  # fmt: skip
    return Invented((accounts, deliveries, tickets), shared_id="id.device")
