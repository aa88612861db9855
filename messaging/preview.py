"""A draft as one real person would get it."""

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.html import escape
from django.utils.translation import gettext as _

from core.formats import percent
from core.models import Workspace
from lake.queries import Snapshot
from messaging import catalog, checks, people
from messaging.models import EmailTemplate
from messaging.render import UNSUBSCRIBE, MissingValueError, RenderError, render, render_preview_text
from profiles.models import Profile

_DARK = re.compile(r"@media\s*\(\s*prefers-color-scheme\s*:\s*dark\s*\)", re.IGNORECASE)

CANDIDATES = 30  # looked at for a first person to show


@dataclass(frozen=True)
class Preview:
    """The mail; or, in `problem`, why this person would not get one. `others_get_it`: others might."""

    subject: str = ""
    preview_text: str = ""
    html: str = ""
    text: str = ""
    problem: str = ""
    others_get_it: bool = False


def somebody(template: EmailTemplate, customers: QuerySet[Profile]) -> Profile | None:
    """One of these to begin with: with address and name, and of the first of them one who would get this e-mail."""
    first = list(customers.exclude(email="").exclude(name="")[:CANDIDATES])
    compiled = catalog.compile_draft(template)
    if first and not compiled.problems:
        values = people.values_of([profile.pk for profile in first])
        own = catalog.workspace_values(Workspace.current()) | {UNSUBSCRIBE.name: "#unsubscribe"}
        for profile in first:
            with suppress(MissingValueError, RenderError):
                render(compiled, values.get(profile.pk, {}) | own)
                return profile
    return first[0] if first else customers.first()


def for_person(template: EmailTemplate, profile_id: str) -> Preview:
    """Links lead where they would, without tracking."""
    compiled = catalog.compile_draft(template)
    if compiled.problems:
        return _problem(_("The preview appears when the errors are solved."))
    workspace = Workspace.current()
    values: dict[str, Any] = people.values_of([profile_id]).get(profile_id, {})
    known = values | catalog.workspace_values(workspace) | {UNSUBSCRIBE.name: "#unsubscribe"}
    try:
        shown, beside = render(compiled, known), render_preview_text(compiled, known)
    except MissingValueError as error:
        label = error.label
        return _problem(
            _("This person has no “%(label)s” and would not get this e-mail. Add a default.") % {"label": label},
            others_get_it=True,
        )
    except RenderError as error:
        why = checks.unrendered(error)
        return _problem(_("This e-mail cannot be made for this person: %(error)s") % {"error": why})
    return Preview(shown.subject, beside, shown.html, shown.text)


def dark(html: str) -> str:
    """As a mail program in dark mode shows it: its own dark styles apply, else a dark ground."""
    html = _DARK.sub("@media all", html)
    return html + "<style>:root{color-scheme:dark}html{background:#111827}</style>"


def token_groups(known: Snapshot) -> list[dict[str, Any]]:
    """What can be inserted, by group, with the share of people who have it."""
    words = catalog.vocabulary(known)
    shares = catalog.fill_of([token.name for token in words.tokens])
    titles = {"unified.profiles": _("Customer"), "measures.customer": _("Measures")}
    groups: dict[str, list[dict[str, Any]]] = {}
    for token in words.tokens:
        share = shares.get(token.name)
        row = {
            "label": token.label,
            "name": token.name,
            "type": token.type,
            "fill": percent(share) if share is not None else "",
        }
        groups.setdefault(titles.get(token.group, _("Workspace")), []).append(row)
    return [{"title": title, "tokens": tokens} for title, tokens in groups.items()]


def _problem(text: str, *, others_get_it: bool = False) -> Preview:
    look = "font:16px/1.5 sans-serif;padding:32px"  # without a colour it is readable on a dark ground too
    page = f'<!doctype html><meta charset="utf-8"><body style="{look}">{escape(text)}'
    return Preview(html=page, text=text, problem=text, others_get_it=others_get_it)
