"""A source of files in a folder of the test's own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lake.queries import snapshot
from sources import services
from sources.models import Source, SourceTable


@pytest.fixture
def shop(db: None) -> Source:
    return services.create_source(name="shop", connector="file")


@pytest.fixture
def table_of(shop: Source, tmp_path: Path) -> Callable[..., SourceTable]:
    """Writes bytes to a file and makes a table of it: `table_of("customers.csv", b"id\\n1\\n", key=["id"])`."""

    def make(
        file: str,
        data: bytes | str,
        *,
        name: str = "",
        key: list[str] | None = None,
        columns: Any = None,
        **config: Any,
    ) -> SourceTable:
        path = tmp_path / file
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return services.save_table(
            shop, name=name or path.stem, config={"path": str(path), **config}, key=key, columns=columns
        )

    return make


def rows(table: SourceTable) -> list[dict[str, Any]]:
    """What is visible of a table now."""
    now = snapshot()
    return now.arrow(now.table(table.full_name)).to_pylist()


def quarantined(table: SourceTable) -> list[dict[str, Any]]:
    now = snapshot()
    return now.arrow(now.table(table.quarantine_name)).to_pylist()
