"""Settings: people and roles, workspace, audit, API token."""

import importlib
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection

from core import forms as core_forms
from core import people
from core.errors import Conflict, InvalidInput, NotAllowed
from core.models import AuditEntry, Workspace
from core.sections import ApplyContext, all_sections

NEW = {"username": "mia", "email": "mia@shop.example", "role": "marketer", "first_name": "Mia", "last_name": "Lee"}


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("/core/people/", {"administrator"}),
        ("/core/people/add/", {"administrator"}),
        ("/core/workspace/", {"administrator", "analyst", "marketer", "sales", "viewer"}),
        ("/core/audit/", {"administrator", "analyst"}),
        ("/core/api-token/", {"administrator", "analyst", "marketer", "sales", "viewer", "stranger"}),
    ],
)
def test_each_role_opens_what_it_may(url, allowed, client_of, request):
    for name in ("admin", "analyst", "marketer", "salesperson", "viewer", "stranger"):
        user = request.getfixturevalue(name)
        assert client_of(user).get(url).status_code == (200 if user.username in allowed else 403), name


def test_only_countries_and_time_zones_of_today_are_offered(db):
    currencies = dict(core_forms.currencies())
    assert {"EUR", "CNY", "BRL", "XOF"} <= set(currencies)
    assert not {"DEM", "XAU", "XXX", "ADP", "BOV"} & set(currencies)
    countries = dict(core_forms.countries())
    assert {"DE", "XK", "SS"} <= set(countries)
    assert not {"SU", "AN", "EZ", "ZZ", "XA"} & set(countries)
    zones = dict(core_forms.time_zones())
    assert {"Europe/Kyiv", "Asia/Kolkata", "UTC"} <= set(zones)
    assert not {"US/Pacific", "Asia/Calcutta", "Etc/GMT+5"} & set(zones)


def test_a_workspace_keeps_the_older_name_of_its_time_zone(db):
    Workspace.objects.update_or_create(pk=1, defaults={"time_zone": "Asia/Calcutta"})
    assert "Asia/Calcutta" in dict(core_forms.time_zones())


def test_a_stranger_is_sent_to_the_sign_in_page(client, db):
    assert client.get("/core/people/").headers["Location"].startswith("/signin/")


def test_a_person_is_added_and_chooses_their_own_password(admin, client_of, client):
    page = client_of(admin).post("/core/people/add/", NEW).content.decode()
    user = User.objects.get(username="mia")
    assert people.role_of(user) == "marketer"
    assert not user.has_usable_password()
    assert AuditEntry.objects.get(verb="person.add").user == admin
    path = people.password_link(user).split("/", 3)[3]
    assert f"/{path.rsplit('/', 2)[0]}/" in page
    form = client.get(f"/{path}", follow=True)
    url = form.redirect_chain[-1][0]
    client.post(url, {"new_password1": "Walrus-at-noon", "new_password2": "Walrus-at-noon"})
    assert client.login(username="mia", password="Walrus-at-noon")
    assert "has been used" in client.get(f"/{path}").content.decode()


def test_a_name_that_is_taken_is_said_beside_the_field(admin, client_of):
    response = client_of(admin).post("/core/people/add/", NEW | {"username": "Administrator"})
    assert response.status_code == 422
    assert "has this user name already" in response.content.decode()


def test_a_role_changes_and_other_groups_stay(admin, viewer, client_of, django_user_model):
    client_of(admin).post(f"/core/people/{viewer.pk}/", NEW | {"role": "analyst"})
    viewer.refresh_from_db()
    assert [g.name for g in viewer.groups.all()] == ["analyst"]


def test_the_last_administrator_stays(admin, viewer, client_of):
    with pytest.raises(Conflict):
        people.set_active(admin, False, by=None)
    response = client_of(admin).post(f"/core/people/{admin.pk}/", NEW | {"role": "viewer"})
    assert "last administrator" in response.content.decode()
    people.change_person(viewer, email="v@x.example", role="administrator", first_name="", last_name="", by=admin)
    people.set_active(admin, False, by=None)
    assert not User.objects.get(pk=admin.pk).is_active


def test_who_was_made_by_createsuperuser_is_an_administrator_until_they_are_not(admin, client_of, django_user_model):
    boss = django_user_model.objects.create_superuser("boss", "boss@x.example", "secret")
    assert people.role_of(boss) == "administrator"
    people.set_active(admin, False, by=boss)
    with pytest.raises(Conflict):
        people.set_active(boss, False, by=None)
    people.set_active(admin, True, by=boss)
    client_of(admin).post(f"/core/people/{boss.pk}/", NEW | {"role": "viewer"})
    boss.refresh_from_db()
    assert (people.role_of(boss), boss.is_superuser, boss.is_staff) == ("viewer", False, False)
    assert client_of(boss).get("/core/people/").status_code == 403


def test_access_is_taken_away_from_the_picked_ones(admin, viewer, analyst, client_of):
    client = client_of(admin)
    client.post("/core/people/", {"action": "deactivate", "row": [str(viewer.pk), str(analyst.pk)]})
    assert set(User.objects.filter(is_active=False)) == {viewer, analyst}
    client.post("/core/people/", {"action": "deactivate", "row": [str(admin.pk)]})
    assert User.objects.get(pk=admin.pk).is_active


def test_services_refuse_those_without_the_permission(viewer):
    with pytest.raises(NotAllowed):
        people.add_person("x", "x@x.example", "viewer", by=viewer)


def test_an_unknown_role_is_refused(admin):
    with pytest.raises(InvalidInput):
        people.add_person("x", "x@x.example", "owner", by=admin)


WORKSPACE = {
    "company_name": "Northwind", "currency": "EUR", "default_country": "DE",
    "time_zone": "Europe/Berlin", "locale": "de",
}  # fmt: skip


def test_the_workspace_is_changed_by_those_who_may(admin, viewer, client_of):
    client_of(admin).post("/core/workspace/", WORKSPACE)
    assert Workspace.current().company_name == "Northwind"
    assert client_of(viewer).post("/core/workspace/", WORKSPACE | {"company_name": "Mine"}).status_code == 403
    assert Workspace.current().company_name == "Northwind"
    assert AuditEntry.objects.get(verb="workspace.change").details["time_zone"] == "Europe/Berlin"


def test_what_holds_for_all_emails_is_changed_there_too(admin, client_of):
    mails = {
        "company_address": "1 Main Street", "from_name": "Ann", "from_email": "a@x.example", "consent_required": "on"
    }  # fmt: skip
    client_of(admin).post("/core/workspace/", WORKSPACE | mails)
    found = Workspace.current()
    assert (found.company_address, found.from_name, found.from_email) == ("1 Main Street", "Ann", "a@x.example")
    assert (found.locale, found.consent_required) == ("de", True)
    section = next(section for section in all_sections() if section.name == "workspace")
    assert section.export().consent_required is True


@pytest.mark.parametrize(
    "wrong",
    [{"from_name": "Ann\r\nBcc: all@x.example"}, {"locale": "tlh"}, {"from_email": "ann"}, {"time_zone": "Mars/Base"}],
)
def test_what_cannot_be_is_refused_at_every_door(wrong, admin, client_of):
    assert "is-invalid" in client_of(admin).post("/core/workspace/", WORKSPACE | wrong).content.decode()
    section = next(section for section in all_sections() if section.name == "workspace")
    with pytest.raises(InvalidInput):
        section.apply(section.spec(**wrong), ApplyContext(Path()))
    assert Workspace.current().from_name == ""


def test_what_the_administration_had_set_for_emails_is_kept(db):
    extra = {"locale": "de", "consent_required": True, "company_address": "1 Main Street", "demo": {"step": 1}}
    Workspace.objects.update_or_create(pk=1, defaults={"extra": extra})
    with connection.cursor() as cursor:
        cursor.execute(importlib.import_module("core.migrations.0005_what_holds_for_emails").COPY)
    found = Workspace.current()
    assert (found.locale, found.consent_required, found.company_address) == ("de", True, "1 Main Street")
    assert (found.from_name, found.extra) == ("", {"demo": {"step": 1}})


def test_times_are_shown_in_the_workspaces_zone(admin, client_of, django_capture_on_commit_callbacks):
    client = client_of(admin)
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/core/workspace/", WORKSPACE)
    assert "CET" in client.get("/core/audit/").content.decode() or "CEST" in client.get("/core/audit/").content.decode()


def test_the_workspace_section_states_what_differs(db, tmp_path):
    section = next(section for section in all_sections() if section.name == "workspace")
    spec = section.spec(company_name="Northwind", currency="EUR")
    assert [c.path for c in section.apply(spec, ApplyContext(tmp_path))] == [
        "workspace.company_name",
        "workspace.currency",
    ]
    assert Workspace.current().company_name == "Northwind"
    assert section.apply(spec, ApplyContext(tmp_path)) == []
    assert section.export().currency == "EUR"


def test_a_token_is_shown_once_and_works_until_it_is_revoked(viewer, client_of, client):
    mine = client_of(viewer)
    page = mine.post("/core/api-token/create/", follow=True)
    key = page.context["new_token"]
    assert key in page.content.decode()
    assert key not in mine.get("/core/api-token/").content.decode()
    assert client.get("/api/v1/", HTTP_AUTHORIZATION=f"Token {key}").status_code == 200
    mine.post("/core/api-token/revoke/")
    assert client.get("/api/v1/", HTTP_AUTHORIZATION=f"Token {key}").status_code == 401


def test_who_did_it_is_one_line_in_the_audit(admin, client_of):
    AuditEntry.objects.create(verb="workspace.change", kind="core.workspace", label="Workspace")
    page = client_of(admin).get("/core/audit/").content.decode()
    assert '<td data-label="Who" class="nowrap">Kindred itself</td>' in page


def test_what_opens_beside_a_list_leads_back_to_it_where_it_is_a_page(client_of, admin):
    crumb = '<li class="breadcrumb-item"><a href="/core/people/">People and roles</a></li>'
    assert crumb in client_of(admin).get("/core/people/add/").content.decode()
    assert crumb not in client_of(admin).get("/core/people/").content.decode()
