"""What one row of a table is, on its page."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.test import Client

from sources import services
from sources.models import SourceTable


@pytest.mark.parametrize(("key", "words"), [(["id"], "one row per Id"), ([], "one row per line")])
def test_it_is_called_after_its_key(
    table_of: Callable[..., SourceTable], viewer: User, client_of: Callable[[User], Client], key: list[str], words: str
) -> None:
    services.load_table(table_of("orders.csv", "id,sum\n1,2\n1,2\n", key=key))
    assert words in client_of(viewer).get("/lake/tables/shop.orders").content.decode()
