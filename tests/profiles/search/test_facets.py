"""Which attributes the list of customers can be filtered by."""

from collections.abc import Callable

from django.contrib.auth.models import User
from django.test import Client

from jobs.refresh import refresh
from profiles.config import services
from tests.profiles.conftest import put

ClientOf = Callable[[User], Client]


def test_few_values_known_of_many_and_no_names(db: None, client_of: ClientOf, viewer: User) -> None:
    rows = [
        {
            "id": n,
            "first_name": ("Ana", "Eva")[n % 2],
            "last_name": f"Ruiz{n}",
            "email": f"a{n}@x.example",
            "level": ("A1", "B2")[n % 2],
            "remark": ("late", "<b>")[n % 2] if n < 4 else None,
        }
        for n in range(100)
    ]
    put("school.pupils", "id", rows)
    services.save_unification(tables=["school.pupils"])
    refresh()

    page = client_of(viewer).get("/customers/").content.decode()

    assert 'name="level"' in page
    assert 'name="remark"' not in page
    assert 'name="first_name"' not in page
