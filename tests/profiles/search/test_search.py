"""Finding people among many."""

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client

from lake.specs import ColumnSpec
from profiles.models import Profile
from profiles.search import finding as search
from profiles.search.terms import foreign_words
from profiles.serving import writing as serving

ClientOf = Callable[[User], Client]
PEOPLE: list[dict[str, Any]] = [
    {"first_name": "John", "last_name": "Smith", "emails": ["john.smith82@example.org"], "phones": ["+12125550123"],
     "shop_customers_ids": ["AB-12/7"], "card": "7700000001"},
    {"first_name": "Thi", "last_name": "Ng", "emails": ["q@mail.test"], "phones": ["+442079460958"], "card": "77-X"},
    {"first_name": "Jürgen", "last_name": "Müller-Lüdenscheidt", "emails": [], "phones": [], "card": "JSMITH"},
    {"first_name": "小明", "last_name": "王", "emails": ["wang@example.org"], "phones": [], "card": None},
    {"first_name": "Анна", "last_name": "Шевченко", "emails": [], "phones": [], "card": "x" * 3000},
    {"first_name": "R2D2", "last_name": "O'Neill", "emails": ["null@example.org"], "phones": [], "card": "NULL"},
    {"first_name": "มาลี", "last_name": "ศรีวิไล", "emails": [], "phones": [], "card": None},
]  # fmt: skip
TYPES = pa.schema(
    [("profile_id", pa.string())]
    + [(name, pa.string()) for name in ("first_name", "last_name", "email", "phone", "card")]
    + [(name, pa.list_(pa.string())) for name in ("emails", "phones", "shop_customers_ids")]
)
COLUMNS = [ColumnSpec("card", semantic="id.card")]


def serve(people: list[dict[str, Any]]) -> int:
    """Through the door of the unify stage."""
    rows = [{"profile_id": f"p{n:06}", **row} for n, row in enumerate(people)]
    serving.send(pa.Table.from_pylist(rows, schema=TYPES), COLUMNS)
    with transaction.atomic():
        return serving.apply()


def names(text: str, **options: Any) -> list[str]:
    found = search.find(text, **options)
    rows = Profile.objects.in_bulk(list(found.ids))
    return [rows[pk].name for pk in found.ids]


@pytest.fixture
def people(db: None) -> None:
    serve(PEOPLE)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("j", "John Smith"), ("sm", "John Smith"), ("s j", "John Smith"), ("smith82", "John Smith"),
        ("john.smi", "John Smith"), ("john.smith82@exam", "John Smith"), ("JOHN@", ""),
        ("2125550123", "John Smith"), ("มาลี ศรี", "มาลี ศรีวิไล"), ("ศรีวิ", "มาลี ศรีวิไล"), ("mali", "มาลี ศรีวิไล"),
        ("(212) 555-0123", "John Smith"), ("+1 212 5550123", "John Smith"), ("001 212 555 0123", "John Smith"),
        ("555 0123", "John Smith"), ("ab-12/7", "John Smith"), ("AB-1", "John Smith"), ("7700", "John Smith"),
        ("smith 7700", "John Smith"), ("7700 müller", ""), ("smith nobody@example.org", ""),
        ("020 7946 0958", "Thi Ng"), ("+44 20 7946", "Thi Ng"), ("ng", "Thi Ng"), ("77-x", "Thi Ng"),
        ("q@mail", "Thi Ng"), ("jurgen", "Jürgen Müller-Lüdenscheidt"), ("ludensch", "Jürgen Müller-Lüdenscheidt"),
        ("müller-lü", "Jürgen Müller-Lüdenscheidt"), ("jsmith", "Jürgen Müller-Lüdenscheidt"),
        ("王", "王小明"), ("wang xiao", "王小明"), ("小", "王小明"), ("wang@", "王小明"),
        ("шев", "Анна Шевченко"), ("а ш", "Анна Шевченко"), ("anna shev", "Анна Шевченко"),
        ("x" * 5000, "Анна Шевченко"), ("r2d", "R2D2 O'Neill"), ("neill r2", "R2D2 O'Neill"),
        ("null", "R2D2 O'Neill"), ("o'neill", "R2D2 O'Neill"), ("mail.test", "Thi Ng"), ("@mail.test", "Thi Ng"),
    ],
)  # fmt: skip
def test_it_finds_by_whatever_is_typed(people: None, text: str, name: str) -> None:
    assert (name in names(text)) if name else names(text) == []


@pytest.mark.parametrize("text", ["", " ", "%", "'", "\\", ":*", "@", "+", "-.-", "()", "🙂", "\0", "a:b & c|!", "zz"])
def test_it_finds_nobody_where_nothing_matches(people: None, text: str) -> None:
    assert names(text) == []


def test_the_best_come_first(people: None) -> None:
    serve([*PEOPLE, {"first_name": "Aaron", "last_name": "Johnson"}, {"first_name": "Johnny", "last_name": "Ace"}])
    assert names("john") == ["John Smith", "Johnny Ace", "Aaron Johnson"]
    assert names("john smith")[0] == "John Smith"


def test_it_says_that_more_match_than_are_listed(people: None) -> None:
    found = search.find("e", most=0)
    assert (list(found.ids), found.more) == ([], False)
    found = search.find("77", most=1)
    assert (len(found.ids), found.more) == (1, True)
    assert not search.find("77", most=2).more


def test_many_matches_are_one_bounded_list(
    db: None, client_of: ClientOf, viewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "FEW_IDENTIFIERS", 100)
    serve([{"first_name": "Mary", "last_name": f"Test{n}", "card": f"C{n:05}"} for n in range(1200)])
    client = client_of(viewer)
    page = client.get("/customers/", {"q": "mary"}).content.decode()
    assert "of more than 1,000" in page
    assert names("mary c00007") == ["Mary Test7"]
    assert len(names("mary c0")) == 1000
    exported = client.get("/customers/", {"q": "mary", "export": "csv"})
    assert len(b"".join(exported.streaming_content).splitlines()) == 1201  # type: ignore[attr-defined]


def test_it_narrows_by_facets(people: None, client_of: ClientOf, viewer: User) -> None:
    table = pa.Table.from_pylist(
        [{"profile_id": f"p{n}", "first_name": "Mary", "sources": [source]} for n, source in enumerate("aab")],
    )
    serving.send(table, [])
    with transaction.atomic():
        serving.apply()
    assert len(names("mary", facets=[("sources", "a")])) == 2
    assert len(names("m", facets=[("sources", "b")])) == 1


def test_a_stranger_finds_nobody(people: None, client_of: ClientOf, stranger: User) -> None:
    assert client_of(stranger).get("/api/v1/customers/", {"search": "john"}).status_code == 403
    assert "John Smith" not in client_of(stranger).get("/search/", {"q": "john"}).content.decode()


def test_the_search_for_anything_leads_to_everybody_found(people: None, client_of: ClientOf, viewer: User) -> None:
    page = client_of(viewer).get("/search/", {"q": "john"}).content.decode()
    assert "John Smith" in page
    assert "All customers found" not in page
    many = [Profile(id=f"many{n}", name="Zoe Many", sort_name="zoe many", search=["zoe"], digest=0) for n in range(9)]
    Profile.objects.bulk_create(many)
    page = client_of(viewer).get("/search/", {"q": "zoe"}).content.decode()
    assert page.count("Zoe Many") == 5
    assert 'href="/customers/?q=zoe"' in page


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("王小明", ["wang", "xiaoming", "wangxiaoming", "ming"]),
        ("欧阳建国", ["ouyang", "jianguo"]),
        ("王伟", ["wang", "wei"]),
    ],
)
def test_a_name_in_chinese_is_found_by_surname_and_given_name_in_latin_letters(name: str, typed: list[str]) -> None:
    assert set(typed) <= set(foreign_words(name))
