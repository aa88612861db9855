"""The small cast that tests share, and a lake of its own for every test."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from core.roles import ROLES


@pytest.fixture(autouse=True)
def own_folders(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.DATA_DIR = tmp_path / "data"
    settings.LAKE_URL = str(tmp_path / "data" / "lake")
    settings.MEDIA_ROOT = tmp_path / "data" / "uploads"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    yield


def _user(role: str) -> User:
    user = User.objects.create_user(role, f"{role}@kindred.example", "secret")
    if role in ROLES:
        user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def admin(db: None) -> User:
    return _user("administrator")


@pytest.fixture
def analyst(db: None) -> User:
    return _user("analyst")


@pytest.fixture
def marketer(db: None) -> User:
    return _user("marketer")


@pytest.fixture
def salesperson(db: None) -> User:
    return _user("sales")


@pytest.fixture
def viewer(db: None) -> User:
    return _user("viewer")


@pytest.fixture
def stranger(db: None) -> User:
    """Signed in, with no role at all."""
    return _user("stranger")


@pytest.fixture
def client_of() -> object:
    def make(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return make
