import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.test import Client

from core.models import AuditEntry
from jobs.models import Job
from lake.services import write_and_publish
from lake.specs import TableSpec
from profiles.models import Identifier, Profile
from segments import services
from segments.models import Segment
from tests.segments.world import BUYERS, LOYAL, ROMANS
from tests.support.processes import wait_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("world")]
As = Callable[[User], Client]


def post(client: Client, url: str, **body: Any) -> Any:
    return client.post(url, json.dumps(body), content_type="application/json")


def test_live_count_with_funnel_and_people(client_of: As, marketer: User) -> None:
    rule = {"all": [*LOYAL["all"], *ROMANS["all"]]}
    answer = post(
        client_of(marketer), "/rules/count/", rule=rule, parts=["funnel", "sample"], sequence=1, builder="b"
    ).json()
    assert (answer["total"], answer["of_all"]) == (2, 6)
    assert [(block["alone"], block["left"]) for block in answer["blocks"]] == [(4, 4), (3, 2)]
    assert [person["name"] for person in answer["sample"]] == ["Ada3 Example", "Ada5 Example"]
    assert answer["words"] == "Loyalty points is more than 1,000 and City is rome"


def test_a_live_count_asks_the_database_three_times(
    client_of: As, marketer: User, django_assert_num_queries: Any
) -> None:
    client = client_of(marketer)
    post(client, "/rules/count/", rule=LOYAL)
    with django_assert_num_queries(3):  # who asks, what they may do, which publication is the newest
        assert post(client, "/rules/count/", rule=LOYAL).json()["total"] == 4


@pytest.mark.parametrize("door", ["/rules/count/", "/api/v1/rules/count/"])
@pytest.mark.parametrize(
    ("sent", "place"),
    [
        ({"parts": ["all"], "rule": LOYAL}, "parts"),
        ({}, "rule"),
        ({"rule": LOYAL, "sequence": -1}, "sequence"),
        ({"rule": LOYAL, "builder": "with spaces"}, "builder"),
        ({"rule": []}, "rule"),
        ([], ""),
    ],
)
def test_what_cannot_be_understood_is_refused_with_its_place(
    client_of: As, marketer: User, door: str, sent: Any, place: str
) -> None:
    answer = client_of(marketer).post(door, json.dumps(sent), content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["error"]["place"].startswith(place)


@pytest.mark.parametrize("text", ["", "{", "[" * 10_000, '{"rule": NaN}', "\udcff"])
def test_what_is_no_json_is_refused(client_of: As, marketer: User, text: str) -> None:
    body = text.encode(errors="surrogateescape")
    answer = client_of(marketer).post("/rules/count/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid")


def test_a_count_needs_the_token_of_its_page(marketer: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(marketer)
    assert post(client, "/rules/count/", rule=LOYAL).status_code == 403


@pytest.mark.parametrize(("mode", "left"), [("any", [4, 5]), ("none", [2, 1])])
def test_funnel_of_any_and_none(client_of: As, marketer: User, mode: str, left: list[int]) -> None:
    rule = {mode: [*LOYAL["all"], *ROMANS["all"]]}
    answer = post(client_of(marketer), "/rules/count/", rule=rule, parts=["funnel"]).json()
    assert [block["left"] for block in answer["blocks"]] == left
    assert answer["total"] == left[-1]


def test_an_older_question_is_refused_once_a_newer_one_arrived(client_of: As, marketer: User) -> None:
    client = client_of(marketer)
    assert post(client, "/rules/count/", rule=LOYAL, sequence=5, builder="one").status_code == 200
    refused = post(client, "/rules/count/", rule=LOYAL, sequence=4, builder="one")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "superseded")
    assert post(client, "/rules/count/", rule=LOYAL, sequence=1, builder="two").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_running_question_is_stopped_once_a_newer_one_arrived(client_of: As, marketer: User) -> None:
    slow, client, other = many_orders(), client_of(marketer), client_of(marketer)

    def ask_slowly() -> Any:
        with closing(connection):
            return post(other, "/rules/count/", rule=slow, sequence=1, builder="one")

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(ask_slowly)
        wait_for(lambda: cache.get(f"rules.sequence.{marketer.pk}.one") == 1)
        assert post(client, "/rules/count/", rule=LOYAL, sequence=2, builder="one").status_code == 200
        stopped = running.result()
    assert (stopped.status_code, stopped.json()["error"]["code"]) == (409, "superseded")


def many_orders() -> dict[str, Any]:
    """A rule that takes seconds: a hundred times a look at many orders."""
    rows = 500_000
    times = pa.repeat(datetime(2026, 1, 1, tzinfo=UTC), rows)
    ids = pa.array(np.char.add("order ", np.arange(rows).astype(str)))
    orders = pa.table({"profile_id": pa.repeat("c1", rows), "order_id": ids, "ordered_at": times})
    write_and_publish(TableSpec("linked.shop.orders"), orders)
    kinds = [{"attribute": "order_id", "op": "contains", "value": f"none {n}"} for n in range(100)]
    return {"any": [{"related": "shop.orders", "where": {"all": [kind]}} for kind in kinds]}


def test_a_wrong_rule_names_the_place(client_of: As, marketer: User) -> None:
    answer = post(client_of(marketer), "/rules/count/", rule={"all": [{"attribute": "city", "op": "gt", "value": 1}]})
    assert (answer.status_code, answer.json()["error"]["place"]) == (400, "rule.all[0].op")


def test_attributes_and_values_are_offered(client_of: As, marketer: User) -> None:
    client = client_of(marketer)
    catalog = client.get("/rules/attributes/").json()
    city = next(a for a in catalog["groups"][0]["attributes"] if a["name"] == "city")
    assert (city["label"], city["family"], city["fill"]) == ("City", "text", 0.8333)
    assert [(t["name"], t["time"]) for t in catalog["related"]] == [("shop.orders", "ordered_at")]
    values = client.get("/rules/values/", {"attribute": "city", "q": "RO"}).json()["values"]
    assert values == [{"value": "Rome", "count": 3}]


@pytest.mark.parametrize("path", ["/rules/attributes/", "/rules/values/?attribute=city"])
def test_only_those_who_may_use_rules(client_of: As, viewer: User, stranger: User, path: str) -> None:
    for user in (viewer, stranger):
        assert client_of(user).get(path).status_code == 403
        assert post(client_of(user), "/rules/count/", rule=LOYAL).status_code == 403
    assert Client().get(path).status_code in {401, 403}


def test_pages_for_each_role(client_of: As, marketer: User, viewer: User, stranger: User) -> None:
    segment = services.publish(services.save(name="Loyal", rule=LOYAL))
    services.refresh_members()
    pages = ["/segments/", "/segments/loyal/", "/segments/loyal/why/?profile=c5"]
    edits = ["/segments/new/", "/segments/loyal/edit/"]
    assert [client_of(marketer).get(page).status_code for page in pages + edits] == [200] * 5
    assert [client_of(viewer).get(page).status_code for page in pages + edits] == [200, 200, 200, 403, 403]
    assert [client_of(stranger).get(page).status_code for page in pages + edits] == [403] * 5
    assert client_of(viewer).get("/segments/loyal/members.csv").status_code == 403
    export = b"".join(client_of(marketer).get("/segments/loyal/members.csv").streaming_content).decode()
    assert "c5@people.example" in export
    for verb in ("unpublish", "duplicate", "delete"):
        client_of(viewer).post(f"/segments/{segment.slug}/{verb}/")
    segment.refresh_from_db()
    assert segment.is_live
    assert Segment.objects.count() == 1


def test_picked_members_are_exported_by_who_may_and_noted(client_of: As, marketer: User, viewer: User) -> None:
    services.publish(services.save(name="Loyal", rule=LOYAL))
    services.refresh_members()
    action = {"action": "take", "row": ["c5", "c0", "nobody"]}
    assert client_of(viewer).post("/segments/loyal/", action).status_code == 403
    assert "Export as CSV" not in client_of(viewer).get("/segments/loyal/").content.decode()
    file = b"".join(client_of(marketer).post("/segments/loyal/", action).streaming_content).decode()
    assert [line.split(",")[0] for line in file.splitlines()[1:]] == ["c5"]
    assert AuditEntry.objects.filter(verb="segment.export", user=marketer).count() == 1


def test_a_segment_is_made_in_the_form_and_made_live(client_of: As, marketer: User) -> None:
    body = {"name": "Romans", "description": "", "rule": json.dumps(ROMANS), "then": "publish"}
    response = client_of(marketer).post("/segments/new/", body)
    assert response["Location"] == "/segments/romans/"
    assert Segment.objects.get().is_live


@pytest.mark.parametrize("rule", ["", "{", '{"all": [{"op": "eq"}]}', "[" * 5000])
def test_a_wrong_form_keeps_what_was_typed(client_of: As, marketer: User, rule: str) -> None:
    response = client_of(marketer).post("/segments/new/", {"name": "My name", "rule": rule})
    assert response.status_code == 422
    assert "My name" in response.content.decode()
    assert not Segment.objects.exists()


def test_members_are_searched_and_paged(client_of: As, viewer: User) -> None:
    services.publish(services.save(name="Loyal", rule=LOYAL))
    services.refresh_members()
    page = client_of(viewer).get("/api/v1/segments/loyal/members/", {"page_size": 3, "page": 2}).json()
    assert (page["count"], [row["profile_id"] for row in page["results"]]) == (4, ["c5"])
    Profile.objects.filter(pk="c3").update(sort_name="ada3 example")
    Identifier.objects.create(word="c4@people.example", profile_id="c4")
    for typed, who in (("Ada3", ["c3"]), ("C4@people", ["c4"]), ("c4@people.example", ["c4"]), ("nobody", [])):
        found = client_of(viewer).get("/api/v1/segments/loyal/members/", {"q": typed}).json()
        assert [row["profile_id"] for row in found["results"]] == who


def test_a_download_that_cannot_be_made_is_a_page_and_no_half_file(client_of: As, marketer: User) -> None:
    segment = services.save(name="Loyal", rule=LOYAL)
    Segment.objects.filter(pk=segment.pk).update(rule={"all": [{"attribute": "gone", "op": "eq", "value": 1}]})
    answer = client_of(marketer).get("/segments/loyal/members.csv")
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "text/html; charset=utf-8")
    assert "gone" in answer.content.decode()


def test_a_sign_that_no_text_has_is_refused_in_words(client_of: As, marketer: User) -> None:
    services.save(name="Loyal", rule=LOYAL)
    assert client_of(marketer).get("/segments/loyal/why/?profile=%00").status_code in (200, 400)
    rule = {"all": [{"attribute": "city", "op": "eq", "value": "Ro\x00me"}]}
    refused = post(client_of(marketer), "/api/v1/rules/count/", rule=rule)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "invalid")


def test_the_api_asks_for_the_rule_of_a_new_segment(client_of: As, marketer: User) -> None:
    refused = post(client_of(marketer), "/api/v1/segments/", name="Buyers")
    assert (refused.status_code, list(refused.json()["error"]["fields"])) == (400, ["rule"])


def test_api_makes_counts_explains_and_deletes(client_of: As, marketer: User, viewer: User) -> None:
    client = client_of(marketer)
    made = post(client, "/api/v1/segments/", name="Buyers", rule=BUYERS)
    assert (made.status_code, made.json()["slug"], made.json()["state"]) == (201, "buyers", "draft")
    assert client.post("/api/v1/segments/buyers/publish/").json()["state"] == "live"
    assert client.get("/api/v1/segments/buyers/count/").json()["total"] == 1
    assert client.get("/api/v1/segments/buyers/explain/", {"profile_id": "c1"}).json()["in"] is True
    assert client.get("/api/v1/segments/buyers/explain/", {"profile_id": "nobody"}).status_code == 404
    refused = post(client, "/api/v1/segments/", name="Wrong", rule={"all": [{"op": "eq"}]})
    assert refused.json()["error"]["place"].startswith("rule.all[0]")
    assert post(client_of(viewer), "/api/v1/segments/", name="No", rule=LOYAL).status_code == 403
    assert client_of(viewer).delete("/api/v1/segments/buyers/").status_code == 403
    assert client.delete("/api/v1/segments/buyers/").status_code == 204


def test_the_list_asks_the_database_a_fixed_number_of_times(
    client_of: As, marketer: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        services.save(name=f"Segment {number}", rule=LOYAL)
    client = client_of(marketer)
    with django_assert_max_num_queries(20):
        client.get("/segments/")


def test_the_audit_tells_a_rule_as_the_builder_does(client_of: As, admin: User) -> None:
    services.save(name="Loyal", rule=LOYAL, by=admin)
    assert "Rule: Loyalty points is more than 1,000" in client_of(admin).get("/core/audit/").content.decode()


def test_a_draft_says_who_would_be_in_it_and_an_empty_segment_that_nobody_is(client_of: As, marketer: User) -> None:
    draft = services.save(name="Loyal", rule=LOYAL, by=marketer)
    assert "Make it live to keep them up to date." in client_of(marketer).get(draft.get_absolute_url()).content.decode()
    nobody = services.save(name="Nobody", rule={"any": []}, by=marketer)
    assert "Nobody is in it" in client_of(marketer).get(nobody.get_absolute_url()).content.decode()


def test_the_work_on_a_segment_names_it_and_leads_to_it(client_of: As, marketer: User) -> None:
    segment = services.publish(services.save(name="Loyal ones", rule=LOYAL, by=marketer), by=marketer)
    job = Job.objects.get()
    link = f'<a href="{segment.get_absolute_url()}">Loyal ones</a>'
    page = client_of(marketer).get(job.get_absolute_url()).content.decode()
    assert link in page
    assert "<title>Find the members of a segment: Loyal ones" in page
    assert link in client_of(marketer).get("/jobs/").content.decode()
    assert "Loyal ones" in b"".join(client_of(marketer).get("/jobs/?export=csv")).decode()
    segment.delete()
    assert "Loyal ones" not in client_of(marketer).get(job.get_absolute_url()).content.decode()
