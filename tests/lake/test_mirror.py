"""The mirror repeats operational rows, whatever happens to them."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.db.models import F

from core.errors import NotFound
from lake import mirror
from lake.queries import snapshot

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def users_mirrored() -> Iterator[None]:
    mirror.register(
        mirror.Mirror(
            "crm.users",
            lambda: User.objects.annotate(shout=F("username")),
            {"id": "pk", "name": "username", "joined": "date_joined", "active": "is_active", "shout": "shout"},
            watermark="date_joined",
        )
    )
    yield
    mirror._mirrors.pop("crm.users")


def _names() -> list[str]:
    now = snapshot()
    return now.arrow(now.table("crm.users").order_by("name"))["name"].to_pylist()


def _touch(user: User, name: str) -> None:
    user.username = name
    user.date_joined = user.date_joined.replace(year=user.date_joined.year + 1)
    user.save()


@pytest.mark.parametrize("rewrite_below", [200_000, 0])
def test_it_follows_inserts_updates_and_deletes(monkeypatch: pytest.MonkeyPatch, rewrite_below: int) -> None:
    monkeypatch.setattr(mirror, "REWRITE_BELOW_ROWS", rewrite_below)
    anna, ben = User.objects.create(username="anna"), User.objects.create(username="ben")
    mirror.sync(["crm.users"])
    assert _names() == ["anna", "ben"]
    _touch(anna, "anne")
    User.objects.create(username="cid")
    ben.delete()
    assert mirror.sync(["crm.users"])["crm.users"] > 0
    assert _names() == ["anne", "cid"]


def test_it_publishes_nothing_when_nothing_changed() -> None:
    User.objects.create(username="anna")
    mirror.sync(["crm.users"])
    before = snapshot().version
    assert mirror.sync(["crm.users"]) == {"crm.users": 0}
    assert snapshot().version == before


def test_it_has_the_types_of_the_model() -> None:
    mirror.sync(["crm.users"])
    types = {column.name: column.type for column in snapshot().info("crm.users").columns}
    assert types == {"id": "string", "name": "string", "joined": "timestamp", "active": "boolean", "shout": "string"}


def test_it_forgets_everyone_when_all_rows_are_gone() -> None:
    anna = User.objects.create(username="anna")
    mirror.sync(["crm.users"])
    anna.delete()
    mirror.sync(["crm.users"])
    assert _names() == []


def test_it_refuses_unknown_tables() -> None:
    with pytest.raises(NotFound):
        mirror.sync(["crm.nothing"])


@pytest.mark.django_db(transaction=False)
def test_it_sees_rows_of_its_own_transaction(db: None) -> None:
    User.objects.create(username="anna")
    mirror.sync(["crm.users"])
    assert _names() == ["anna"]
