"""MJML to HTML. Pure."""

import re

import mrml

from messaging.tokens import Problem

NO_WEB_FONTS: dict[str, str] = {}  # MJML would have every mail fetch its default font from somebody else's server


def to_html(text: str) -> tuple[str, Problem | None]:
    """A whole HTML document; an empty one and what is wrong where the text cannot be read."""
    try:
        return mrml.to_html(text, render_options=mrml.RenderOptions(fonts=NO_WEB_FONTS)).content, None
    except OSError as error:
        found = re.search(r"position (\d+)", str(error))
        offset = int(found[1]) if found else 0
        line = text.encode()[:offset].count(b"\n") + 1 if found else 0
        problem = Problem("body.mjml", str(error).replace(" in root template", ""), line, 0)
        return "<!doctype html><html><body></body></html>", problem
