"""Two authors of one e-mail: whoever saves second hears of the first before anything of theirs is overwritten."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import unified_diff
from typing import Any

from django.contrib.auth.models import User

from messaging.models import EmailTemplate
from messaging.models.template import CONTENT_FIELDS

WRITTEN = ("name", *(name for name in CONTENT_FIELDS if name != "defaults"))


@dataclass(frozen=True)
class Clash:
    """Who saved what in between, and what would be overwritten: `diff` goes from theirs to mine."""

    who: str
    at: datetime
    fields: list[str]
    diff: str


def stamp(template: EmailTemplate) -> str:
    """What an editor sends back to say which state of the draft it has seen."""
    return template.updated_at.isoformat()


def find(stored: EmailTemplate, seen: str, mine: Mapping[str, Any], user: User) -> Clash | None:
    """None when nobody else saved since `seen`; one's own saves never clash, since an editor saves every few moments
    and may not hear of the last one. Without `seen` nothing is known and nothing clashes."""
    if not seen or seen == stamp(stored) or stored.updated_by_id == user.pk:
        return None
    changed = [name for name in WRITTEN if _lines(getattr(stored, name)) != _lines(mine.get(name, ""))]
    if not changed:
        return None
    parts = (
        unified_diff(_lines(getattr(stored, name)), _lines(mine.get(name, "")), name, name, lineterm="", n=1)
        for name in changed
    )
    labels = [str(EmailTemplate._meta.get_field(name).verbose_name) for name in changed]  # type: ignore[union-attr]
    diff = "\n".join(line for part in parts for line in part)
    return Clash(str(stored.updated_by or ""), stored.updated_at, labels, diff)


def _lines(text: Any) -> list[str]:
    return str(text or "").splitlines()
