"""Tables that were chosen for unification and cannot take part: it stands still until they can, or are taken out."""

from dataclasses import dataclass

from django.urls import reverse

from lake.queries import Snapshot
from lake.words import table_title
from profiles.inputs.mapping import split_name, why_not
from profiles.models import Unification
from sources.models import SourceTable


@dataclass(frozen=True)
class Stuck:
    """`url`: the page on which it is mended, "" where the table is of no source."""

    name: str
    label: str
    why: str
    url: str
    is_keyless: bool


def stuck(now: Snapshot) -> list[Stuck]:
    """Those of the configured tables that cannot take part."""
    return [stuck_table(now, name) for name in Unification.current().tables if why_not(now, name)]


def stuck_table(now: Snapshot, name: str) -> Stuck:
    found, is_keyless = source_table(name), now.has(name)
    url = found.get_absolute_url() if found else ""
    if found and is_keyless:
        url = reverse("sources:table_edit", args=[found.source.slug, found.name]) + "#id_key"
    return Stuck(name, table_title(now, name), why_not(now, name), url, is_keyless)


def source_table(name: str) -> SourceTable | None:
    source, table = split_name(name)
    return SourceTable.objects.filter(source__name=source, name=table).select_related("source").first()
