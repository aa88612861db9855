"""A new workspace asks whose it is before anything is read, and guesses from the browser."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from core.models import Workspace

ClientOf = Callable[[User], Client]

FILLED = {
    "company_name": "Voz Alta",
    "currency": "EUR",
    "default_country": "ES",
    "time_zone": "Europe/Madrid",
    "locale": "es",
}


@pytest.mark.parametrize(
    ("accepted", "country", "currency", "zone", "locale"),
    [
        ("de-DE,de;q=0.9,en;q=0.8", "DE", "EUR", "Europe/Berlin", "de_DE"),
        ("de-CH", "CH", "CHF", "Europe/Zurich", "de_CH"),
        ("ja", "JP", "JPY", "Asia/Tokyo", "ja_JP"),
        ("es-419,es;q=0.9", "ES", "EUR", "Europe/Madrid", "es_ES"),
        ("en-US,en;q=0.9,pl;q=0.8", "PL", "PLN", "Europe/Warsaw", "pl_PL"),
        ("en-GB", "GB", "GBP", "Europe/London", "en_GB"),
        ("en-US,en;q=0.9", "US", "USD", "America/New_York", "en_US"),
    ],
)
def test_its_form_suggests_where_the_browser_is(
    accepted: str, country: str, currency: str, zone: str, locale: str, admin: User, client_of: ClientOf
) -> None:
    form = client_of(admin).get("/core/workspace/", headers={"Accept-Language": accepted}).context["form"]

    shown = {name: form[name].value() for name in FILLED}
    assert shown == {
        "company_name": "",
        "default_country": country,
        "currency": currency,
        "time_zone": zone,
        "locale": locale,
    }


@pytest.mark.parametrize("accepted", ["", "*", "xx-YY", "de-DE;q=oops\r", "a" * 3000])
def test_a_browser_that_tells_nothing_gets_the_form_all_the_same(
    accepted: str, admin: User, client_of: ClientOf
) -> None:
    answer = client_of(admin).get("/core/workspace/", headers={"Accept-Language": accepted})

    assert answer.context["form"]["currency"].value() == "USD"


def test_it_is_the_first_step_until_it_is_done(admin: User, client_of: ClientOf) -> None:
    client = client_of(admin)
    assert client.get("/").context["following"].url == "/core/workspace/"

    assert client.post("/core/workspace/", FILLED).headers["Location"] == "/"
    assert client.get("/").context["following"].url == "/sources/add/"


def test_what_was_said_is_not_guessed_again(admin: User, client_of: ClientOf) -> None:
    Workspace.objects.update_or_create(pk=1, defaults=FILLED)

    form = client_of(admin).get("/core/workspace/", headers={"Accept-Language": "ja"}).context["form"]

    assert {name: form[name].value() for name in FILLED} == FILLED


def test_who_may_not_say_it_is_not_asked(marketer: User, client_of: ClientOf) -> None:
    client = client_of(marketer)

    assert "/core/workspace/" not in {step.url for step in client.get("/").context["story"]}
    assert "guess" not in client.get("/core/workspace/", headers={"Accept-Language": "ja"}).content.decode()


def test_adding_a_source_says_how_it_will_be_read(admin: User, analyst: User, client_of: ClientOf) -> None:
    asked = "What names no country, currency or time zone is read as of United States, in USD and UTC."
    page = client_of(admin).get("/sources/add/").content.decode()
    assert asked in page
    assert 'href="/core/workspace/">Say where you are' in page
    assert "Say where you are" not in client_of(analyst).get("/sources/add/").content.decode()

    Workspace.objects.update_or_create(pk=1, defaults=FILLED)
    assert "What names no country" not in client_of(admin).get("/sources/add/").content.decode()
