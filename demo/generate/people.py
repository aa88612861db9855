"""The people themselves: who really exists. Everything else is a system's view of them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from anyascii import anyascii
from numpy.typing import NDArray

from demo.generate.names import CULTURES, Culture

Texts = NDArray[Any]
SINGLE_TO_FOUR = (0.62, 0.22, 0.09, 0.07)
"""Shares of households with one to four adults."""
SHARED_EMAIL = 0.12
SHARED_PHONE = 0.25
"""Shares of the other members of a household who use the first member's e-mail, or its land line."""
TWINS = 0.004
"""Share of households with three or more adults of which two were born on one day."""
NAMESAKES = 0.003
"""Share of equal given names within a household that are left as drawn, each time they are drawn anew."""
MAIL_HOSTS = ("example.com", "example.org", "example.net", "mail.example.com", "post.example.org", "inbox.example.net")
"""Reserved by RFC 2606, so that no mail can ever reach anybody."""

_DIAL = {
    "US": "1",
    "DE": "49",
    "FR": "33",
    "IT": "39",
    "ES": "34",
    "VN": "84",
    "CN": "86",
    "TH": "66",
    "EG": "20",
    "UA": "380",
}
_US_AREAS = (212, 312, 404, 415, 503, 512, 602, 612, 615, 617, 206, 213, 215, 303, 305, 718, 801, 919)


@dataclass
class People:
    """One entry per person in every array; `household` numbers households from 0. Birth dates are numpy days."""

    first: Texts
    last: Texts
    female: NDArray[np.bool_]
    born: NDArray[np.datetime64]
    email: Texts
    phone: Texts
    line: Texts
    old_line: Texts
    city: Texts
    region: Texts
    postcode: Texts
    country: Texts
    latin: NDArray[np.bool_]
    household: NDArray[np.int64]
    loyalty: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.first)


def make_people(count: int, rng: np.random.Generator, today: np.datetime64) -> People:
    """`count` people in households; person 0 is John Smith of the product's story, who lives alone."""
    household = _households(count, rng)
    homes = int(household[-1]) + 1
    culture = rng.choice(len(CULTURES), size=homes, p=[c.weight for c in CULTURES])
    place_in_home = np.arange(count) - np.searchsorted(household, household)
    female = (rng.random(count) < 0.5) ^ (place_in_home % 2 == 1)
    first, last = _names(culture, household, place_in_home, female, rng)
    line, old_line, city, region, postcode, country = _addresses(culture, rng)
    email = _emails(first, last, rng)
    phone = _phones(country[household], rng)
    head = np.searchsorted(household, household)
    shared_email = (place_in_home > 0) & (rng.random(count) < SHARED_EMAIL)
    shared_phone = (place_in_home > 0) & (rng.random(count) < SHARED_PHONE)
    email[shared_email] = email[head[shared_email]]
    phone[shared_phone] = phone[head[shared_phone]]
    people = People(
        first, last, female, _birth_dates(place_in_home, rng, today), email, phone, line[household],
        old_line[household], city[household], region[household], postcode[household], country[household],
        np.array([c.latin for c in CULTURES])[culture][household], household, rng.random(count),
    )  # fmt: skip
    _john_smith(people)
    return people


def _households(count: int, rng: np.random.Generator) -> NDArray[np.int64]:
    sizes = rng.choice([1, 2, 3, 4], size=count, p=SINGLE_TO_FOUR)
    sizes[0] = 1
    household: NDArray[np.int64] = np.repeat(np.arange(count), sizes)[:count]
    return household


def _names(
    culture: NDArray[Any], household: NDArray[Any], place: NDArray[Any], female: NDArray[Any], rng: np.random.Generator
) -> tuple[Texts, Texts]:
    count, homes = len(household), len(culture)
    first: Texts = np.empty(count, object)
    family: Texts = np.empty(homes, object)
    own: Texts = np.empty(count, object)
    for number, pool in enumerate(CULTURES):
        members = culture[household] == number
        for wanted, names in ((True, pool.women), (False, pool.men)):
            chosen = members & (female == wanted)
            first[chosen] = _skewed(names, int(chosen.sum()), rng)
        family[culture == number] = _skewed(pool.surnames, int((culture == number).sum()), rng)
        own[members] = _skewed(pool.surnames, int(members.sum()), rng)
    _two_names_at_home(first, household, culture, female, rng)
    keeps_own = (place > 0) & (rng.random(count) < 0.2)
    return first, np.where(keeps_own, own, family[household])


def _two_names_at_home(
    first: Texts, household: NDArray[Any], culture: NDArray[Any], female: NDArray[Any], rng: np.random.Generator
) -> None:
    """Who has the given name of another member of the household draws again, but for a few sons of fathers."""
    for _again in range(3):
        names = np.unique(first.astype(str), return_inverse=True)[1]
        order = np.lexsort((names, household))
        same = (household[order][1:] == household[order][:-1]) & (names[order][1:] == names[order][:-1])
        twice = order[1:][same]
        twice = twice[rng.random(len(twice)) >= NAMESAKES]
        for number, pool in enumerate(CULTURES):
            for wanted, given in ((True, pool.women), (False, pool.men)):
                chosen = twice[(culture[household[twice]] == number) & (female[twice] == wanted)]
                first[chosen] = _skewed(given, len(chosen), rng)


def _skewed(pool: tuple[str, ...], size: int, rng: np.random.Generator) -> Texts:
    """Names are not equally common: frequencies fall like 1/rank^0.6."""
    weights = 1 / np.arange(1, len(pool) + 1) ** 0.6
    return np.array(pool, object)[rng.choice(len(pool), size=size, p=weights / weights.sum())]


def _birth_dates(place: NDArray[Any], rng: np.random.Generator, today: np.datetime64) -> NDArray[Any]:
    """Adults: parents 24 to 88, grown-up children at the third and fourth place 18 to 32. A few twins."""
    count = len(place)
    days = np.where(place >= 2, rng.integers(18 * 365, 32 * 365, count), rng.integers(24 * 365, 88 * 365, count))
    twins = np.flatnonzero((place == 3) & (rng.random(count) < TWINS))
    days[twins] = days[twins - 1]
    born: NDArray[Any] = today - days.astype("timedelta64[D]")
    return born


def _addresses(culture: NDArray[Any], rng: np.random.Generator) -> tuple[Texts, ...]:
    homes = len(culture)
    streets: Texts = np.empty(homes, object)
    others: Texts = np.empty(homes, object)
    place: Texts = np.empty((homes, 4), object)
    for number, pool in enumerate(CULTURES):
        here = culture == number
        size = int(here.sum())
        streets[here], others[here] = _street_names(pool, size, rng), _street_names(pool, size, rng)
        place[here] = np.array(pool.places, object)[rng.integers(0, len(pool.places), size)]
    numbers, old_numbers = rng.integers(1, 990, homes), rng.integers(1, 990, homes)
    line = np.array([f"{n} {s}" for n, s in zip(numbers, streets, strict=True)], object)
    old_line = np.array([f"{n} {s}" for n, s in zip(old_numbers, others, strict=True)], object)
    postcode = np.array([f"{p}{n:02d}" for p, n in zip(place[:, 2], rng.integers(1, 100, homes), strict=True)], object)
    return line, old_line, place[:, 0], place[:, 1], postcode, place[:, 3]


def _street_names(pool: Culture, size: int, rng: np.random.Generator) -> Texts:
    names = np.array(pool.streets, object)[rng.integers(0, len(pool.streets), size)]
    if pool.key == "english":
        kinds = np.array(("Street", "Avenue", "Road", "Lane", "Drive"), object)[rng.integers(0, 5, size)]
        names = names + " " + kinds
    return names


def _emails(first: Texts, last: Texts, rng: np.random.Generator) -> Texts:
    ascii_of = {name: _mail_part(name) for name in {*first, *last}}
    hosts = np.array(MAIL_HOSTS, object)[rng.integers(0, len(MAIL_HOSTS), len(first))]
    pattern = rng.integers(0, 3, len(first))
    made = [
        f"{(a + '.' + b, a[0] + b, a + b[0])[p]}{number}@{host}"
        for a, b, p, number, host in zip(
            (ascii_of[name] for name in first),
            (ascii_of[name] for name in last),
            pattern,
            range(len(first)),
            hosts,
            strict=True,
        )
    ]
    return np.array(made, object)


def _mail_part(name: str) -> str:
    return "".join(ch for ch in anyascii(name).lower() if ch.isalnum()) or "x"


def _phones(country: Texts, rng: np.random.Generator) -> Texts:
    """E.164, distinct as far as the numbering plan goes; in the form of the country's mobile or ordinary numbers."""
    count = len(country)
    area = np.array(_US_AREAS)[rng.integers(0, len(_US_AREAS), count)]
    exchange, line = rng.integers(220, 990, count), rng.integers(0, 10_000, count)
    mobile = rng.integers(10_000_000, 100_000_000, count)
    prefix = {
        "DE": "1512",
        "FR": "6",
        "IT": "347",
        "ES": "6",
        "VN": "9",
        "CN": "138",
        "TH": "8",
        "EG": "10",
        "UA": "67",
    }
    digits = {"DE": 7, "FR": 8, "IT": 7, "ES": 8, "VN": 8, "CN": 8, "TH": 8, "EG": 8, "UA": 7}
    made = [
        f"+1{a}{e}{n:04d}" if c == "US" else f"+{_DIAL[c]}{prefix[c]}{str(m)[: digits[c]]}"
        for c, a, e, n, m in zip(country, area, exchange, line, mobile, strict=True)
    ]
    return np.array(made, object)


def _john_smith(people: People) -> None:
    john = {
        "first": "John", "last": "Smith", "female": False, "born": np.datetime64("1988-04-12"),
        "email": "john.smith@example.com", "phone": "+12065550142", "line": "123 Main Street",
        "old_line": "77 Lake Road",
        "city": "Seattle", "region": "WA", "postcode": "98101", "country": "US", "latin": True, "loyalty": 0.5,
    }  # fmt: skip
    for name, value in john.items():
        getattr(people, name)[0] = value
