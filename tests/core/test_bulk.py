"""One verb for several rows of a list: what it is not for stays, with the reason, and the others are done."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from measures.models import Measure
from messaging.models import EmailTemplate
from segments.models import Segment
from tests.journeys.world import EMAIL, END, draw, make_segment, make_template, person_id, publish_people

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


def delete(client: Client, address: str, *rows: object) -> str:
    answer = client.post(address, {"action": "delete", "row": [str(row) for row in rows]}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_used_segments_are_named_and_kept_while_the_others_go(client_of: ClientOf, marketer: User) -> None:
    used = make_segment()
    make_template()
    draw(EMAIL, END)
    others = [make_segment("Anyone"), make_segment("Zealous")]
    page = delete(client_of(marketer), "/segments/", others[0].pk, used.pk, others[1].pk)
    assert "2 segments deleted." in page
    assert "“Loyal customers” is used by" in page
    assert list(Segment.objects.all()) == [used]


def test_where_none_is_done_the_reason_is_all_that_is_said(client_of: ClientOf, marketer: User) -> None:
    used = make_segment()
    make_template()
    draw(EMAIL, END)
    page = delete(client_of(marketer), "/segments/", used.pk)
    assert "“Loyal customers” is used by" in page
    assert "segment deleted." not in page
    assert "segments deleted." not in page


def test_emails_that_a_journey_sends_are_kept(client_of: ClientOf, marketer: User) -> None:
    make_segment()
    sent, other = make_template(), make_template("Other")
    draw(EMAIL, END)
    page = delete(client_of(marketer), "/messages/", sent.pk, other.pk)
    assert "1 e-mail deleted." in page
    assert list(EmailTemplate.objects.all()) == [sent]


def test_measures_are_deleted_together(client_of: ClientOf, marketer: User) -> None:
    rows = [Measure.objects.create(name=name, of="business", function="count", table="shop.orders") for name in "ab"]
    assert "2 measures deleted." in delete(client_of(marketer), "/measures/", *(row.pk for row in rows))
    assert not Measure.objects.exists()


@pytest.mark.parametrize("address", ["/segments/", "/messages/", "/measures/", "/journeys/"])
def test_rows_that_are_no_numbers_are_nobodys(client_of: ClientOf, marketer: User, address: str) -> None:
    assert delete(client_of(marketer), address, "x", "-1", "٣", 10**30)


@pytest.mark.parametrize("address", ["/segments/", "/messages/", "/measures/"])
def test_who_may_not_delete_is_refused(client_of: ClientOf, viewer: User, address: str) -> None:
    assert client_of(viewer).post(address, {"action": "delete", "row": ["1"]}).status_code == 403


LISTS = [
    "/sources/", "/lake/tables/", "/lake/relationships/", "/customers/", "/customers/activities/", "/measures/",
    "/segments/", "/journeys/", "/messages/", "/messages/delivery/", "/messages/consent/", "/jobs/", "/core/people/",
    "/core/audit/", "/customers/unify/conflicts/", "/customers/unify/merge/",
]  # fmt: skip


@pytest.mark.parametrize("address", LISTS)
def test_all_that_match_are_exported_from_every_list(client_of: ClientOf, admin: User, address: str) -> None:
    answer = client_of(admin).post(address, {"action": "export", "everything": "1"})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/csv")


def test_picked_customers_are_exported(client_of: ClientOf, viewer: User, stranger: User) -> None:
    publish_people(3)
    action = {"action": "export", "row": [person_id(0), person_id(2)]}
    file = b"".join(client_of(viewer).post("/customers/", action)).decode()
    assert [name in file for name in ("Ada0", "Ada1", "Ada2")] == [True, False, True]
    assert client_of(stranger).post("/customers/", action).status_code == 403
