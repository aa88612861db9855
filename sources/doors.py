"""What this room shows elsewhere: home page, search for anything."""

from django.contrib.auth.models import User
from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import formats
from core.home import Kpi, StoryStep, Todo
from core.palette import Hit
from sources.models import Source, SourceTable

MOST_TODOS = 5
MOST_HITS = 6


def hits(user: User, query: str) -> list[Hit]:
    tables = (
        SourceTable.objects.visible_to(user)
        .filter(Q(name__icontains=query) | Q(label__icontains=query) | Q(source__name__icontains=query))
        .select_related("source")[:MOST_HITS]
    )
    return [Hit(str(table), table.get_absolute_url(), _("Sources"), "table", str(table.source)) for table in tables]


def todos(user: User) -> list[Todo]:
    if not user.has_perm("sources.change_sourcetable"):
        return []
    failed = SourceTable.objects.filter(active=True, state=SourceTable.State.FAILED).select_related("source")
    found = [
        Todo(
            _("%(table)s could not be loaded: %(why)s") % {"table": table.full_title, "why": table.problem},
            table.get_absolute_url(),
            _("Look at it"),
            "danger",
        )
        for table in failed[:MOST_TODOS]
    ]
    found += [_waiting(source) for source in Source.objects.exclude(unchecked=[])[:MOST_TODOS]]
    for table in SourceTable.objects.filter(active=True, rejected__gt=0).select_related("source")[:MOST_TODOS]:
        text = ngettext(
            "%(count)s row of %(table)s was set aside.", "%(count)s rows of %(table)s were set aside.", table.rejected
        )
        url = reverse("sources:quarantine", args=[table.source.slug, table.name])
        found.append(
            Todo(
                text % {"count": formats.number(table.rejected), "table": table.full_title},
                url,
                _("See why"),
                "warning",
            )
        )
    return found


def _waiting(source: Source) -> Todo:
    count = len(source.unchecked)
    text = ngettext(
        "%(count)d uploaded file of %(source)s waits for its columns to be checked.",
        "%(count)d uploaded files of %(source)s wait for their columns to be checked.",
        count,
    )
    return Todo(text % {"count": count, "source": source}, source.get_absolute_url(), _("Go on"), "warning")


def kpis(user: User) -> list[Kpi]:
    if not user.has_perm("sources.view_source"):
        return []
    loaded = SourceTable.objects.filter(active=True, loaded_at__isnull=False)
    rows, sources = loaded.aggregate(rows=Sum("rows"), sources=Count("source", distinct=True)).values()
    if not sources:
        return []
    hint = ngettext("from %d source", "from %d sources", sources) % sources
    return [Kpi(_("Source records"), formats.number(rows), reverse("sources:list"), hint, 80)]


def story_step(user: User) -> StoryStep:
    done = SourceTable.objects.filter(state=SourceTable.State.LOADED).exists()
    text = _("Bring in the data of your systems: files, databases or Delta tables.")
    begun = None if done else Source.objects.exclude(unchecked=[]).first()
    if begun:
        return StoryStep(1, _("Add your data"), text, begun.get_absolute_url(), _("Check the columns"), done)
    return StoryStep(1, _("Add your data"), text, reverse("sources:add"), _("Add a source"), done)
