"""What tables are called, in the reader's language."""

from typing import Protocol

from django.utils.translation import gettext

from lake.specs import OWN_NAMESPACES

# The product names these tables itself. All others are called as their sources call them.
OWN = frozenset(OWN_NAMESPACES) - {"quarantine", "linked"}


class Named(Protocol):
    """A table as the catalog knows it."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def grain(self) -> str: ...


def title(table: Named) -> str:
    return _translated(table, table.label)


def one_row_per(table: Named) -> str:
    return _translated(table, table.grain)


def _translated(table: Named, text: str) -> str:
    """The catalog keeps the original."""
    return gettext(text) if text and table.name.partition(".")[0] in OWN else text
