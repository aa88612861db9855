"""Records that hold an e-mail address or a telephone number and no name belong to the one person who is known by it."""

import random

import pytest

from profiles.unify.reading.records import TableInput
from profiles.unify.values.words import words
from tests.profiles.unify.test_evidence import Row
from tests.profiles.unify.test_plain import joined, table

SHOP = {
    "first": "person.first_name",
    "last": "person.last_name",
    "born": "person.birth_date",
    "mail": "contact.email",
    "tel": "contact.phone",
    "zip": "address.postcode",
}
GIVEN = words(
    "Amanda Andrew Barbara Brian Carol Charles Deborah Donald Elizabeth Frank George Helen Janet Jason Joshua Karen"
    " Kevin Laura Linda Mark Melissa Nancy Patricia Paul Rebecca Robert Ruth Sharon Steven Susan Thomas Walter"
)
SYLLABLES = words("ba de fi go lu ma ne ri so tu")


def _homes(homes: int, sharing: float, draw: random.Random) -> list[list[Row]]:
    """Couples; of so many homes both have one e-mail address. The postcode is of few digits: many live there."""
    found = []
    for home in range(homes):
        last, post = "".join(draw.choice(SYLLABLES) for _part in range(3)).title(), f"{10_000 + home % 90}"
        given, shares = draw.sample(GIVEN, 2), draw.random() < sharing
        found.append(
            [
                {
                    "first": first,
                    "last": last,
                    "zip": post,
                    "mail": f"{last}{home}@example.org" if shares else f"{first}.{last}{home}@example.org",
                    "tel": f"212{2_000_000 + 2 * home + n}",
                    "born": f"{draw.randrange(1940, 2004)}-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}",
                }
                for n, first in enumerate(given)
            ]
        )
    return found


def _belongs(*tables: TableInput) -> set[tuple[str, str]]:
    """Records, each with the first one of its person."""
    return {(first, other) for other, first in joined(*tables)}


def _keyed(letter: str, rows: list[Row]) -> list[Row]:
    return [{"id": f"{letter}{number:05}"} | row for number, row in enumerate(rows)]


@pytest.mark.parametrize("homes", [10, 60, 600])
def test_a_sign_up_belongs_to_the_only_one_who_has_its_address(homes: int) -> None:
    """The shop knows nobody twice, so that no two records with names tell what an address says."""
    people = [person for home in _homes(homes, 0.0, random.Random(1)) for person in home]
    shop = _keyed("s", people)
    news = _keyed("n", [{"email": person["mail"]} for person in people[::2]])
    visits = _keyed("w", [{"mail": person["mail"], "device": f"{n:012}"} for n, person in enumerate(people[::4])])
    found = _belongs(
        table("shop", shop, SHOP),
        table("news", news, {"email": "contact.email"}),
        table("visits", visits, {"mail": "contact.email", "device": "id.device"}),
    )
    assert {(f"s{2 * n:05}", f"n{n:05}") for n in range(len(news))} <= found
    assert {(f"s{4 * n:05}", f"w{n:05}") for n in range(len(visits))} <= found
    assert len(found) == len(news) + len(visits)


def test_where_a_couple_has_one_address_a_sign_up_is_neither_s() -> None:
    homes = _homes(500, 0.12, random.Random(2))
    people = [person for home in homes for person in home]
    shop, news = _keyed("s", people), _keyed("n", [{"email": home[0]["mail"]} for home in homes])
    found = _belongs(table("shop", shop, SHOP), table("news", news, {"email": "contact.email"}))
    of_couples = {f"n{n:05}" for n, home in enumerate(homes) if home[0]["mail"] == home[1]["mail"]}
    assert len(of_couples) > 40
    signed_up = {(shop, news) for shop, news in found if news.startswith("n")}
    assert {(f"s{2 * n:05}", f"n{n:05}") for n in range(500) if f"n{n:05}" not in of_couples} == signed_up


def test_a_call_belongs_to_the_only_one_who_has_the_number() -> None:
    people = [person for home in _homes(300, 0.0, random.Random(3)) for person in home]
    calls = _keyed("c", [{"number": people[n % 300]["tel"]} for n in range(500)])
    found = _belongs(table("shop", _keyed("s", people), SHOP), table("calls", calls, {"number": "contact.phone"}))
    assert {(f"s{n % 300:05}", f"c{n:05}") for n in range(500)} == found
