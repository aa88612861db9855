"""The frame around every page: sign-in, home, search for anything, theme, errors."""

import json
import re

import pytest
from django.urls import reverse

from cdp_site.error_pages import failed
from core import nav, palette
from demo import signins


def test_guessing_a_password_is_slowed_down(admin, client):
    for _try in range(8):
        client.post("/signin/", {"username": "administrator", "password": "wrong"})
    page = client.post("/signin/", {"username": "administrator", "password": "secret"})
    assert "Too many tries" in page.content.decode()
    other = client.post("/signin/", {"username": "other", "password": "x"}).content.decode()
    assert "do not belong together" in other
    assert re.search(r'name="password"[^>]*autofocus', other)


def test_signing_in_leads_to_the_page_that_was_asked_for(admin, client):
    response = client.post("/signin/?next=/core/audit/", {"username": "administrator", "password": "secret"})
    assert response.headers["Location"] == "/core/audit/"


def test_demo_people_are_offered_only_outside_production(client, db, settings):
    signins.ensure()
    assert "Sign in as" in client.get("/signin/").content.decode()
    settings.PRODUCTION = True
    assert "Sign in as" not in client.get("/signin/").content.decode()


def test_without_any_account_the_sign_in_page_says_how_to_make_one(client, db):
    assert "createsuperuser" in client.get("/signin/").content.decode()
    signins.ensure()
    assert "createsuperuser" not in client.get("/signin/").content.decode()


@pytest.mark.parametrize("role", ["admin", "analyst", "marketer", "salesperson", "viewer", "stranger"])
def test_home_opens_for_everyone(role, request, client_of):
    assert client_of(request.getfixturevalue(role)).get("/").status_code == 200


@pytest.mark.parametrize("role", ["admin", "analyst", "marketer", "salesperson", "viewer", "stranger"])
def test_every_page_of_the_navigation_opens_for_those_who_see_it(role, request, client_of):
    user = request.getfixturevalue(role)
    client = client_of(user)
    for _key, _label, items in nav.visible_to(user):
        for item in items:
            assert client.get(reverse(item.url_name)).status_code == 200, item.url_name


def test_search_for_anything_finds_pages_of_ones_role(admin, stranger, client_of):
    assert "People and roles" in client_of(admin).get("/search/", {"q": "roles"}).content.decode()
    assert "People and roles" not in client_of(stranger).get("/search/", {"q": "roles"}).content.decode()


def test_search_for_anything_is_a_page_without_scripts(admin, client_of):
    page = client_of(admin).get("/search/", {"q": "roles"}).content.decode()
    assert "<h1>Search</h1>" in page
    part = client_of(admin).get("/search/", {"q": "roles"}, headers={"HX-Request": "true"}).content.decode()
    assert "People and roles" in part
    assert "<h1>" not in part


def test_search_for_anything_offers_the_actions_of_ones_role(admin, viewer, client_of):
    assert "New segment" in client_of(admin).get("/search/", {"q": "new seg"}).content.decode()
    assert "New segment" not in client_of(viewer).get("/search/", {"q": "new seg"}).content.decode()


def test_search_for_anything_asks_every_provider(admin, client_of, monkeypatch):
    hit = palette.Hit("John <b>Smith", "/customers/1/", "Customers", "person")
    monkeypatch.setattr(palette, "_providers", [lambda user, query: [hit] if query == "john" else []])
    page = client_of(admin).get("/search/", {"q": "john"}).content.decode()
    assert "John &lt;b&gt;Smith" in page


def test_the_theme_is_written_into_the_first_answer(client, db):
    response = client.post("/theme/", {"theme": "dark", "next": "https://evil.example/"})
    assert response.headers["Location"] == "/"
    assert 'data-bs-theme="dark"' in client.get("/signin/").content.decode()
    client.post("/theme/", {"theme": '"><script>'})
    assert 'data-bs-theme="dark"' in client.get("/signin/").content.decode()


def test_the_language_is_switched(admin, client_of, settings):
    settings.LANGUAGES = [("en", "English"), ("de", "German")]
    client = client_of(admin)
    client.post("/i18n/setlang/", {"language": "de", "next": "/"})
    assert '<html lang="de"' in client.get("/").content.decode()


def test_an_unknown_address_says_where_to_go(admin, client_of, client):
    for asking, keeps_search in ((client_of(admin), True), (client, False)):
        page = asking.get("/nowhere/")
        assert page.status_code == 404
        assert "nothing at this address" in page.content.decode()
        assert ("Search for anything" in page.content.decode()) is keeps_search


@pytest.mark.parametrize("page", ["/messages/consent/", "/messages/delivery/", "/customers/", "/core/audit/"])
def test_a_sign_that_no_text_has_is_refused_or_ignored(admin, client_of, page):
    assert client_of(admin).get(f"{page}?q=%00").status_code in (200, 400)


@pytest.mark.parametrize("address", ["unification/suggest/", "workspace/apply/", "rules/count/"])
def test_the_wrong_method_is_refused_by_the_api_in_its_one_error_shape(admin, client_of, address):
    answer = client_of(admin).get(f"/api/v1/{address}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (405, "method_not_allowed")


def test_an_unknown_address_of_the_api_answers_in_its_one_error_shape(admin, client_of):
    answer = client_of(admin).get("/api/v1/nothing/")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize("address", ["v1/decisions/explain/?one=%00", "v1/segments/?search=%00", "v1/customers/%00/"])
def test_a_sign_that_no_text_has_is_refused_by_the_api_in_its_one_error_shape(admin, client_of, address):
    answer = client_of(admin).get(f"/api/{address}", headers={"Accept": "text/html,*/*"})
    assert answer.status_code in (400, 404)
    assert answer.json()["error"]["code"] in ("invalid", "not_found")


def test_what_the_api_cannot_understand_is_refused_in_its_one_error_shape(admin, client_of):
    answer = client_of(admin).get("/api/v1/segments/", headers={"Host": "other.example"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid")


def test_an_error_of_the_api_answers_in_its_one_error_shape(rf):
    assert json.loads(failed(rf.get("/api/v1/segments/")).content)["error"]["code"] == "failed"
    assert "<!doctype html>" in failed(rf.get("/segments/")).content.decode()


def test_a_refused_page_says_whom_to_ask(stranger, client_of):
    assert "Ask an administrator" in client_of(stranger).get("/core/people/").content.decode()


def test_the_style_guide_is_public(client, db):
    assert client.get("/styleguide/").status_code == 200


@pytest.mark.parametrize(
    ("address", "page"),
    [("/jobs/refresh/", "/jobs/"), ("/segments/loyal/publish/", "/segments/loyal/"), ("/signout/", "/")],
)
def test_an_address_of_a_button_leads_to_its_page(admin, client_of, address, page):
    client = client_of(admin)
    assert client.get(address).headers["Location"] == page
    assert client.get(address, headers={"HX-Request": "true"}).status_code == 405
    assert client.get(address, headers={"Accept": "application/json"}).status_code == 405
