"""The sheets of workbooks: each can be a table of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import KindredError
from sources.models import Source
from sources.reading.excel import sheet_names
from sources.reading.sniff import kind_of


@dataclass(frozen=True)
class Sheet:
    path: str
    name: str

    @property
    def file(self) -> str:
        return Path(self.path).name


def sheets_of(config: Mapping[str, Any]) -> list[Sheet]:
    """Of the workbook that a table is read from, in its order; none where it is none or cannot be opened."""
    path = str(config.get("path", ""))
    try:
        if not Path(path).is_file() or kind_of(Path(path), str(config.get("format", ""))) != "excel":
            return []
        return [Sheet(path, name) for name in sheet_names(Path(path))]
    except (KindredError, OSError, ValueError):
        return []


def unread_sheets(source: Source) -> list[Sheet]:
    """The sheets of the source's workbooks that no table reads."""
    books: dict[str, list[Sheet]] = {}
    read = set()
    for table in source.tables.all():
        path = str(table.config.get("path", ""))
        sheets = books.setdefault(path, sheets_of(table.config))
        read.add((path, table.config.get("sheet") or (sheets[0].name if sheets else "")))
    return [sheet for sheets in books.values() for sheet in sheets if (sheet.path, sheet.name) not in read]
