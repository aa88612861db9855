"""What a rule may compare, and how, as choices of its form."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from lake.queries import Snapshot
from profiles.config import rule_forms
from profiles.config.words import COMPARISONS, LEVEL_WORDS, meaning


def choices(now: Snapshot, tables: Sequence[str]) -> dict[str, Any]:
    infos = [now.info(name) for name in tables if now.has(name)]
    meanings = {column.semantic for info in infos for column in info.columns if column.semantic}
    if meanings & {"person.first_name", "person.last_name", "person.full_name"}:
        meanings |= {"person.name", "person.first_name"}
    plain = {column.name for info in infos for column in info.columns if not column.semantic}
    return {
        "whats": [
            (rule_forms.EVIDENCE, _("All values together")),
            *sorted(((name, meaning(name)) for name in meanings), key=lambda pair: pair[1]),
        ],
        "columns": sorted((f"column:{name}", meaning(name)) for name in plain),
        "comparisons": COMPARISONS.items(),
        "levels": LEVEL_WORDS.items(),
    }
