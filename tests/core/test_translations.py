"""Texts can be collected for translation: makemessages knows the functions by these names only."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils import translation

COLLECTED = {"gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"} | {
    "pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy",
}  # fmt: skip


def imports() -> Iterator[tuple[Path, ast.alias]]:
    """Every import from Django's translation in the product's own code."""
    root = Path(settings.BASE_DIR)
    for app in [folder for folder in root.iterdir() if (folder / "__init__.py").exists() and folder.name != "tests"]:
        for file in app.rglob("*.py"):
            nodes = [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.ImportFrom)]
            yield from ((file, name) for node in nodes if node.module == translation.__name__ for name in node.names)


def test_no_text_hides_behind_another_name() -> None:
    found = [(file, name) for file, name in imports() if name.name in COLLECTED]
    assert len(found) > 100
    assert [f"{file}: {name.asname}" for file, name in found if name.asname not in (None, "_")] == []
