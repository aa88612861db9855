"""Records that hold an address or a number and no name; and people of one name in one home."""

from random import Random

from bench.unify.rehearsal import pools
from bench.unify.rehearsal.households import _phone
from bench.unify.rehearsal.invented import Invented, System, invented
from bench.unify.rehearsal.mistakes import misdated, missing, misspelt, slip, sometimes
from bench.unify.rehearsal.people import BORN, CITY, EMAIL, FIRST, FULL, LAST, LINE, PHONE, POSTCODE


@invented
def signups(draw: Random) -> Invented:
    """A shop; a newsletter that knows an e-mail address alone, and visits with a device. Of one home in seven with
    several members all have one address."""
    shop = System("shop", {"first": FIRST, "last": LAST, "mail": EMAIL, "tel": PHONE, "born": BORN, "street": LINE,
                           "city": CITY, "zip": POSTCODE})  # fmt: skip
    news, visits = System("news", {"email": EMAIL}), System("visits", {"email": EMAIL, "device": "id.device"})
    number = 0
    for _home in range(1_300):
        home = {"street": pools.street(draw), "city": draw.choice(pools.TOWNS), "zip": pools.digits(draw, 5)}
        last, line, shares = pools.surname(draw), _phone(draw), draw.random() < 0.15
        common = f"{last}{pools.digits(draw, 3)}@post.example".lower()
        for _member in range(draw.choice((1, 1, 1, 2, 2, 3, 4))):
            number += 1
            first, born = pools.given(draw)[0], pools.birth(draw)
            own = f"{draw.choice((first, first[0]))}.{last}{number % 997}@mail.example".lower()
            mail, tel = common if shares else own, line if draw.random() < 0.5 else _phone(draw)
            for _account in range(draw.choice((0, 1, 1, 1, 1, 2))):
                shop.add(number, first=misspelt(first, draw, 0.04), last=misspelt(last, draw, 0.04),
                         mail=missing(mail, draw, 0.12), tel=missing(tel, draw, 0.3),
                         born=missing(misdated(born, draw, 0.03), draw, 0.3), **home)  # fmt: skip
            if draw.random() < 0.5:
                news.add(number, email=sometimes(0.03, slip, mail, draw))
            device = pools.digits(draw, 12)
            for _visit in range(draw.choice((0, 0, 0, 1, 2, 3))):
                visits.add(number, email=missing(mail, draw, 0.3), device=device)
    return Invented((shop, news, visits), shared_id="id.device")


@invented
def generations(draw: Random) -> Invented:
    """Parents and grown children at one address with one telephone; one child in eight has the parent's name."""
    office = System("office", {"first": FIRST, "last": LAST, "born": BORN, "street": LINE, "city": CITY,
                               "zip": POSTCODE, "tel": PHONE})  # fmt: skip
    shop = System("shop", {"name": FULL, "dob": BORN, "street": LINE, "zip": POSTCODE, "mail": EMAIL, "tel": PHONE})
    number = 0
    for _home in range(1_200):
        last, line, post, tel = pools.surname(draw), pools.street(draw), pools.digits(draw, 5), _phone(draw)
        town, year = draw.choice(pools.TOWNS), draw.randrange(1935, 1970)
        parent = pools.given(draw)[0]
        people = [(parent, pools.birth(draw, year, year + 1))]
        if draw.random() < 0.6:
            people.append((pools.given(draw)[0], pools.birth(draw, year - 6, year + 7)))
        if draw.random() < 0.6:
            child = parent if draw.random() < 0.125 else pools.given(draw)[0]
            people.append((child, pools.birth(draw, year + 20, year + 40)))
        for first, born in people:
            number += 1
            for _entry in range(draw.choice((0, 1, 1, 1, 1, 1, 2))):
                office.add(number, first=misspelt(first, draw, 0.06), last=misspelt(last, draw, 0.06),
                           born=missing(misdated(born, draw, 0.06), draw, 0.08),
                           street=misspelt(line, draw, 0.06), city=town, zip=post,
                           tel=missing(tel, draw, 0.3))  # fmt: skip
            if draw.random() < 0.7:
                shop.add(number, name=misspelt(f"{first} {last}", draw, 0.06),
                         dob=missing(misdated(born, draw, 0.06), draw, 0.1), street=line, zip=post,
                         mail=missing(f"{first[0]}{last}{number}@mail.example".lower(), draw, 0.3),
                         tel=missing(tel if draw.random() < 0.6 else _phone(draw), draw, 0.3))  # fmt: skip
    return Invented((office, shop))
