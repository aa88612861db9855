"""Pages and API of customers, unification and activities, for every role."""

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from core.models import Workspace
from jobs.models import Job
from jobs.refresh import KIND, refresh
from lake import relationships
from profiles.activities import services as activity_services
from profiles.config import services
from profiles.customers import timeline
from profiles.customers.queries import usual_goal
from profiles.models import ActivityType, Profile, ProfileRedirect, Unification
from sources.models import Source, SourceTable
from tests.profiles.conftest import put
from tests.profiles.running.test_stage import person_of

ClientOf = Callable[[User], Client]
MOMENT = datetime.datetime(2024, 5, 1, 9, tzinfo=datetime.UTC)
CUSTOMER_PAGES = ["/customers/", "/api/v1/customers/"]
SETTING_PAGES = ["/customers/unify/", "/customers/activities/", "/api/v1/unification/", "/api/v1/activity-types/"]


@pytest.mark.parametrize("path", CUSTOMER_PAGES)
@pytest.mark.parametrize("role", ["admin", "analyst", "marketer", "salesperson", "viewer"])
def test_every_role_sees_customers(
    unified: None, client_of: ClientOf, path: str, role: str, request: pytest.FixtureRequest
) -> None:
    assert client_of(request.getfixturevalue(role)).get(path).status_code == 200


@pytest.mark.parametrize("path", CUSTOMER_PAGES + SETTING_PAGES)
def test_a_stranger_sees_nothing(unified: None, client_of: ClientOf, stranger: User, path: str) -> None:
    assert client_of(stranger).get(path).status_code == 403


@pytest.mark.parametrize("path", SETTING_PAGES)
def test_a_viewer_reads_the_settings_but_changes_nothing(
    unified: None, client_of: ClientOf, viewer: User, path: str
) -> None:
    client = client_of(viewer)
    assert client.get(path).status_code == 200
    for door in ("map/", "map/value/", "map/values/", "match/change/", "match/new/", "match/0/", "suggest/", "run/"):
        assert client.post(f"/customers/unify/{door}", {}).status_code == 403, door
    assert client.post("/customers/unify/map/meanings/shop.customers/", {}).status_code == 403
    assert client.post("/api/v1/unification/", {"default_country": "DE"}).status_code == 403
    assert Unification.current().default_country == "US"


def test_the_page_of_john_smith_shows_what_all_systems_know(
    unified: None, client_of: ClientOf, salesperson: User
) -> None:
    page = client_of(salesperson).get(f"/customers/{person_of('shop', 'C1')}/").content.decode()
    for text in (
        "John Smith",
        "john.smith@example.com",
        "+12125550123",
        "12 Main Street",
        "Gold",
        "1,500",
        "Male",
        "Order O2",
        "$59.99",
    ):
        assert text in page


def test_an_old_id_leads_to_the_person(unified: None, client_of: ClientOf, viewer: User) -> None:
    john = person_of("shop", "C1")
    ProfileRedirect.objects.create(old_id="p" + "a" * 15, target=john)
    client = client_of(viewer)
    assert client.get(f"/customers/{'p' + 'a' * 15}/").headers["Location"] == f"/customers/{john}/"
    assert client.get(f"/api/v1/customers/{'p' + 'a' * 15}/").headers["Location"] == f"/api/v1/customers/{john}/"


def test_a_merged_value_opens_its_source_records(unified: None, client_of: ClientOf, viewer: User) -> None:
    john, client = person_of("shop", "C1"), client_of(viewer)
    assert "Jon" in client.get(f"/customers/{john}/origin/first_name/").content.decode()
    assert "Smith, John" in client.get(f"/customers/{john}/records/").content.decode()


def test_the_timeline_pages_and_filters(unified: None, client_of: ClientOf, viewer: User) -> None:
    john, client = person_of("shop", "C1"), client_of(viewer)
    first = client.get(f"/api/v1/customers/{john}/timeline/", {"limit": 2}).json()
    rest = client.get(f"/api/v1/customers/{john}/timeline/", {"before": first["next"]}).json()
    assert [item["title"] for item in first["items"] + rest["items"]] == ["Order O2", "Order O1", "Order O0"]
    assert first["items"][1]["amount"] == "129.50"
    assert client.get(f"/api/v1/customers/{john}/timeline/", {"type": "visit"}).json()["items"] == []


@pytest.mark.parametrize(
    "text", ["joh smi", "SMITH john", "john.smith@example.com", "212 555 0123", "+12125550123", "C1", "L-77"]
)
def test_john_is_found_by_name_contact_and_card(unified: None, client_of: ClientOf, viewer: User, text: str) -> None:
    found = client_of(viewer).get("/api/v1/customers/", {"search": text}).json()["results"]
    assert person_of("shop", "C1") in [person["id"] for person in found]


@pytest.mark.parametrize(
    ("text", "name"),
    [("Muller", "Müller"), ("müller", "Müller"), ("jurgen", "Müller"), ("jm@exam", "Müller"), ("xiaoming", "小明"),
     ("ming wang", "小明"), ("小明", "小明"), ("王", "小明")],
)  # fmt: skip
def test_names_are_found_in_any_script(unified: None, client_of: ClientOf, viewer: User, text: str, name: str) -> None:
    assert name in client_of(viewer).get("/customers/", {"q": text}).content.decode()


@pytest.mark.parametrize("text", ["'", "\\", ":*", "a & b | !", "(", "\0x", "<b>", "%", "@", "🙂", " "])
def test_no_search_breaks_the_list(unified: None, client_of: ClientOf, viewer: User, text: str) -> None:
    assert client_of(viewer).get("/customers/", {"q": text}).status_code == 200


def test_the_list_filters_by_source(unified: None, client_of: ClientOf, viewer: User) -> None:
    page = client_of(viewer).get("/customers/", {"sources": "loyalty.members"}).content.decode()
    assert "John Smith" in page
    assert "Mary Smith" not in page


def test_an_analyst_changes_rules_by_form(unified: None, client_of: ClientOf, analyst: User) -> None:
    tables, client = ["shop.customers", "loyalty.members"], client_of(analyst)
    form = {"default_country": "de", "order": tables, "use": tables, "unmatched": tables}
    assert client.post("/customers/unify/map/", form).status_code == 302
    services.save_unification(rules=[])
    data = {"rule-0-name": "E-mail", "rule-0-active": "on", "rule-0-when-0-what": "contact.email",
            "rule-0-when-0-compare": "exact", "rule-0-when-0-threshold": ""}  # fmt: skip
    assert client.post("/customers/unify/match/new/", data).status_code == 303
    config = Unification.current()
    assert config.rules == [{"name": "E-mail", "when": [{"semantic": "contact.email"}]}]
    assert (config.tables, config.default_country) == (["shop.customers", "loyalty.members"], "DE")


def test_evidence_can_be_asked_for_by_form(unified: None, client_of: ClientOf, analyst: User) -> None:
    asked = {"what": "evidence", "compare": "likely", "threshold": "high"}
    excluded = {"what": "evidence", "compare": "unlikely", "threshold": "low"}
    services.save_unification(rules=[])
    data = {"rule-0-name": "All", "rule-0-active": "on"}
    data |= {f"rule-0-when-0-{part}": value for part, value in asked.items()}
    data |= {f"rule-0-unless-0-{part}": value for part, value in excluded.items()}
    assert client_of(analyst).post("/customers/unify/match/new/", data).status_code == 303
    rule = {"name": "All", "when": [{"compare": "likely", "threshold": "high"}], "unless": [{"compare": "unlikely"}]}
    assert Unification.current().rules == [rule]
    page = client_of(analyst).get("/customers/unify/match/0/").content.decode()
    assert re.search(r'value="evidence"\s+selected', page)


def test_evidence_of_one_column_is_refused(unified: None, client_of: ClientOf, analyst: User) -> None:
    rule = {"name": "x", "when": [{"semantic": "contact.email", "compare": "likely"}]}
    answer = client_of(analyst).post("/api/v1/unification/", {"rules": [rule]}, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]["place"]) == (400, "rules[x].when[0]")


RECORD = {"table": "a.b", "record_id": "1", "tabel": "a.b"}


@pytest.mark.parametrize(
    ("address", "body", "place"),
    [
        ("unification", {"rule": []}, "rule"),
        ("unification-trial", {"rule": []}, "rule"),
        ("unification-trial/publish", {"any way": True}, "any way"),
        ("decisions/join", {"one": "p1", "other": "p2", "note": "x"}, "note"),
        ("decisions/unmerge", {"customer": "p1", "records": [RECORD]}, "records.tabel"),
        ("decisions/undo", {"act": "x", "acts": "x"}, "acts"),
        ("refresh", {"stage": ["unify"]}, "stage"),
        ("rules/describe", {"rule": {"all": []}, "parts": []}, "parts"),
        ("rules/count", {"rule": {"all": []}, "part": []}, "part"),
        ("workspace/diff", {"text": "kindred: 1", "file": "x"}, "file"),
    ],
)
def test_a_name_that_a_body_does_not_have_is_refused(
    unified: None, client_of: ClientOf, admin: User, address: str, body: dict[str, Any], place: str
) -> None:
    answer = client_of(admin).post(f"/api/v1/{address}/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]["place"]) == (400, place)


def test_a_mistyped_name_is_answered_with_the_one_that_was_meant(
    unified: None, client_of: ClientOf, analyst: User
) -> None:
    answer = client_of(analyst).post("/api/v1/unification/", {"rule": []}, content_type="application/json")
    assert "Do you mean “rules”?" in answer.json()["error"]["message"]


def test_a_rule_without_an_exact_condition_is_refused(unified: None, client_of: ClientOf, analyst: User) -> None:
    rule = {"name": "x", "when": [{"semantic": "person.name", "compare": "name", "threshold": 0.5}]}
    answer = client_of(analyst).post("/api/v1/unification/", {"rules": [rule]}, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["error"]["place"] == "rules[x]"


def test_the_first_unification_is_suggested_and_started_in_one_step(
    retailer: None, client_of: ClientOf, admin: User
) -> None:
    Workspace.objects.update_or_create(pk=1, defaults={"default_country": "DE"})
    Unification.objects.update(tables=[])
    page = client_of(admin).get("/customers/unify/").content.decode()
    assert 'value="DE"' in page
    order = re.findall(r'name="order" value="([\w.]+)"', page)
    form = {"order": order, "use": order, "unmatched": order, "default_country": "DE", "run": "1"}
    client_of(admin).post("/customers/unify/map/", form)
    assert Unification.current().tables == order
    assert len(order) == 3
    assert Job.objects.active().filter(kind=KIND).exists()


def test_every_step_has_its_page_under_one_head(unified: None, client_of: ClientOf, analyst: User) -> None:
    client = client_of(analyst)
    for step, text in (("", "What the columns mean"), ("match/", "Same e-mail, similar first name"),
                       ("merge/", "What travels together"), ("review/", "Most useful first")):  # fmt: skip
        page = client.get(f"/customers/unify/{step}").content.decode()
        assert text in page
        assert "From records to people" in page
        assert page.count('class="tab unify-tab"') == 4
    assert 'class="field-' in client.get("/customers/unify/rules/0/").content.decode()


def test_an_activity_is_declared_with_a_preview(unified: None, client_of: ClientOf, analyst: User) -> None:
    client = client_of(analyst)
    ActivityType.objects.all().delete()
    assert "?table=shop.orders" in client.get("/customers/activities/").content.decode()
    page = client.get("/customers/activities/new/?table=shop.orders").content.decode()
    assert 'value="Orders {order_id}"' in page
    assert "Orders O0" in page
    data = {
        "type": "purchase",
        "table": "shop.orders",
        "time": "ordered_at",
        "title": "No. {order_id}",
        "amount": "total",
        "url": "",
    }
    assert "No. O0" in client.post("/customers/activities/preview/", data).content.decode()
    assert client.post("/customers/activities/new/", data).status_code == 302
    made = ActivityType.objects.get(type="purchase")
    assert client.post(f"/customers/activities/{made.pk}/", data | {"title": "{nothing}"}).status_code == 422
    assert client.post(f"/customers/activities/{made.pk}/delete/").status_code == 302


def test_the_list_costs_the_same_however_many_people(
    unified: None, client_of: ClientOf, viewer: User, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    client = client_of(viewer)
    with django_assert_max_num_queries(20):  # type: ignore[attr-defined]
        assert client.get("/customers/").status_code == 200
    assert Profile.objects.count() > 1


def test_codes_of_events_are_shown_in_words(
    unified: None, run: Callable[[], object], client_of: ClientOf, viewer: User
) -> None:
    event = {"event_id": "E1", "customer_id": "C1", "at": MOMENT, "event": "page_view", "product": "snake_case 7"}
    put("web.events", "event_id", [event])
    relationships.relate("web.events", "customer_id", "shop.customers")
    activity_services.save_activity_type(type="web_visit", table="web.events", time="at", title="{event}: {product}")
    run()
    page = client_of(viewer).get(f"/customers/{person_of('shop', 'C1')}/").content.decode()
    assert "Page view: snake_case 7" in page
    assert "Web visit" in page


def test_a_person_with_very_many_activities_is_paged_the_same(
    unified: None, client_of: ClientOf, viewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    john, client = person_of("shop", "C1"), client_of(viewer)
    whole = client.get(f"/api/v1/customers/{john}/timeline/").json()["items"]
    counted = 'Order <span class="count">3</span>'
    assert counted in client.get(f"/customers/{john}/").content.decode()
    monkeypatch.setattr(timeline, "FEW", 1)
    first = client.get(f"/api/v1/customers/{john}/timeline/", {"limit": 2}).json()
    rest = client.get(f"/api/v1/customers/{john}/timeline/", {"before": first["next"]}).json()
    assert first["items"] + rest["items"] == whole
    assert counted in client.get(f"/customers/{john}/").content.decode()


def test_money_is_a_number_in_the_list_of_customers_and_its_file(
    db: None, client_of: ClientOf, viewer: User, marketer: User, run: Callable[[], object]
) -> None:
    put("club.members", "id", [{"id": "1", "full_name": "Ann Lee", "spent": 91757}], spent="money")
    services.save_unification(tables=["club.members"])
    run()
    page = client_of(viewer).get("/customers/").content.decode()
    assert re.search(r'<td[^>]*class="[^"]*num[^"]*"[^>]*>\s*\$917\.57', page)
    file = b"".join(client_of(marketer).get("/customers/?export=csv")).decode()
    assert "917.57" in file
    assert "$" not in file


def test_a_table_of_people_without_a_key_says_what_to_do(
    retailer: None, client_of: ClientOf, analyst: User, admin: User
) -> None:
    source = Source.objects.create(name="club", connector="file")
    table = SourceTable.objects.create(source=source, name="guests")
    put("club.guests", "", [{"full_name": "Ann Lee", "email": "ann@example.com"}])
    page = client_of(analyst).get("/customers/unify/").content.decode()
    assert "Club · Guests" in page
    assert "has no key" in page
    assert f"{table.get_absolute_url()}edit/#id_key" in page
    assert 'name="use" value="club.guests"' not in page


def test_a_chosen_table_that_lost_its_key_is_named_and_can_be_left_out(
    retailer: None, client_of: ClientOf, analyst: User
) -> None:
    source = Source.objects.create(name="club", connector="file")
    table = SourceTable.objects.create(source=source, name="guests")
    put("club.guests", "", [{"full_name": "Ann Lee", "email": "ann@example.com"}])
    config = Unification.current()
    config.tables = [*config.tables, "club.guests"]
    config.save()
    client = client_of(analyst)
    page = client.post("/customers/unify/run/", follow=True).content.decode()
    assert "“Club · Guests” has no key." in page[page.index('id="toasts"') :]
    assert f'href="{table.get_absolute_url()}edit/#id_key"' in page
    assert "“Club · Guests” has no key." in client.get("/").content.decode()
    form = {"order": config.tables, "use": config.tables, "unmatched": config.tables, "default_country": "US"}
    client.post("/customers/unify/map/", form | {"without": "club.guests"})
    assert "club.guests" not in Unification.current().tables
    assert Job.objects.active().count() == 1


def test_customers_of_one_source_are_told_by_the_tables_that_know_them(
    unified: None, client_of: ClientOf, viewer: User
) -> None:
    assert '<span class="pill">Shop</span>' in client_of(viewer).get("/customers/").content.decode()
    Unification.objects.update(tables=["shop.customers"])
    page = client_of(viewer).get("/customers/").content.decode()
    assert '<span class="pill">Customers</span>' in page
    assert '<span class="pill">Shop</span>' not in page


def test_before_activities_are_declared_the_timeline_leads_to_them(
    retailer: None, client_of: ClientOf, analyst: User, viewer: User
) -> None:
    ActivityType.objects.all().delete()
    refresh()
    path = f"/customers/{person_of('shop', 'C1')}/"
    assert "What did your customers do?" in client_of(analyst).get(path).content.decode()
    assert "Nothing has happened yet" in client_of(viewer).get(path).content.decode()
    assert "Choose activities" in client_of(analyst).get("/").content.decode()
    assert "Choose activities" not in client_of(viewer).get("/").content.decode()


def test_a_title_is_suggested_that_tells_rows_apart(unified: None, client_of: ClientOf, analyst: User) -> None:
    visits = [{"visit_id": f"V{n}", "seen": MOMENT, "place": f"Room {n}", "state": "done"} for n in range(6)]
    put("club.visits", "visit_id", visits)
    page = client_of(analyst).get("/customers/activities/new/?table=club.visits").content.decode()
    assert 'value="{place}"' in page
    put("club.calls", "call_id", [{"call_id": f"A{n}", "at": MOMENT, "state": "done"} for n in range(6)])
    page = client_of(analyst).get("/customers/activities/new/?table=club.calls").content.decode()
    assert 'value="Calls {call_id}"' in page
    lists = [{"basket_id": f"B{n}", "at": MOMENT, "lines": f'[{{"sku": "s{n}"}}]'} for n in range(6)]
    put("club.baskets", "basket_id", lists)
    page = client_of(analyst).get("/customers/activities/new/?table=club.baskets").content.decode()
    assert 'value="Baskets {basket_id}"' in page


def test_the_first_activity_suggested_is_a_table_with_times_though_it_names_people(
    unified: None, client_of: ClientOf, analyst: User
) -> None:
    put("shop.orders", "order_id", [{"order_id": "O1", "at": MOMENT, "email": "ann@example.com"}])
    put("shop.returns", "order_id", [{"order_id": "R1", "reason": "broken"}])
    ActivityType.objects.exclude(table="shop.orders").update(table="shop.customers")
    ActivityType.objects.filter(table="shop.orders").delete()
    page = client_of(analyst).get("/customers/activities/new/").content.decode()
    assert '<option value="shop.orders" selected>' in page


def test_what_is_paid_is_the_usual_goal(unified: None) -> None:
    assert usual_goal() == "order"
    assert usual_goal(["visit"]) == ""


@pytest.mark.parametrize("step", ["match", "merge"])
def test_before_tables_are_chosen_every_step_leads_to_them(
    db: None, client_of: ClientOf, analyst: User, step: str
) -> None:
    page = client_of(analyst).get(f"/customers/unify/{step}/").content.decode()
    assert "Choose tables" in page
    assert "Nothing here yet" not in page
