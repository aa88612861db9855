"""What a user may do is asked at once, and anew with every request."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission, User
from django.test import Client

from core.backends import Permissions

ClientOf = Callable[[User], Client]


@pytest.mark.parametrize("role", ["admin", "marketer", "viewer", "stranger"])
def test_it_is_what_django_says_in_one_query(
    role: str, request: pytest.FixtureRequest, django_assert_num_queries: Any
) -> None:
    user: User = request.getfixturevalue(role)
    user.user_permissions.add(Permission.objects.get(codename="add_segment"))
    asked = User.objects.get(pk=user.pk)
    expected = ModelBackend().get_all_permissions(User.objects.get(pk=user.pk))
    assert "segments.add_segment" in expected
    with django_assert_num_queries(2 if user.is_superuser else 1):
        assert Permissions().get_all_permissions(asked) == expected


def test_who_is_no_longer_active_may_nothing(marketer: User) -> None:
    marketer.is_active = False
    assert Permissions().get_all_permissions(marketer) == set()


def test_what_is_taken_away_is_gone_with_the_next_request(client_of: ClientOf, marketer: User) -> None:
    client = client_of(marketer)
    assert client.get("/segments/").status_code == 200
    marketer.groups.clear()
    assert client.get("/segments/").status_code == 403
