"""Data › Unify › Conflicts: where records of one person disagree, per attribute and person by person."""

from dataclasses import replace

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from core.lists import Choice, Column, Empty, Flag, ListPage
from lake.queries import Snapshot, snapshot
from lake.specs import Attribute
from lake.words import column_title, table_title
from profiles.customers.conflicts import Conflict, ConflictRows, Disagreement, by_attribute
from profiles.customers.kept_texts import for_reader
from profiles.tables import PROFILES, PROVENANCE
from profiles.views.unify_head import NOT_RUN


@permission_required("profiles.view_unification", raise_exception=True)
@require_http_methods(["GET", "POST"])
def overview(request: HttpRequest) -> HttpResponse:
    now = snapshot()
    kinds = {attribute.name: attribute for attribute in now.attributes() if attribute.table == PROFILES}
    seen = request.user.has_perm("profiles.view_profile")
    rows = [
        {
            "id": conflict.attribute,
            "label": column_title(kinds[conflict.attribute]) if conflict.attribute in kinds else conflict.attribute,
            "conflict": conflict,
            "people": conflict.people,
            "share": conflict.share,
            "spelling": conflict.spelling,
            "pair": _pair(now, conflict),
            "examples": _examples(conflict, kinds) if seen and _may_see(request, now, conflict.attribute) else (),
        }
        for conflict in by_attribute(now)
    ]
    page = PAGE if now.has(PROVENANCE) else replace(PAGE, empty=NOT_RUN)
    return page.response(request, rows, "profiles/conflicts.html")


def _pair(now: Snapshot, conflict: Conflict) -> str:
    if not conflict.pairs:
        return ""
    pair = conflict.pairs[0]
    if pair.shown == pair.other:
        return _("within %(table)s") % {"table": table_title(now, pair.shown)}
    names = {"shown": table_title(now, pair.shown), "other": table_title(now, pair.other)}
    return _("%(shown)s and %(other)s") % names


def _examples(conflict: Conflict, kinds: dict[str, Attribute]) -> list[list[str]]:
    kind = kinds.get(conflict.attribute)
    return [[for_reader(text, kind) for text in values] for values in conflict.examples]


def _may_see(request: HttpRequest, now: Snapshot, attribute: str) -> bool:
    column = now.info(PROFILES).column(attribute) if now.has(PROFILES) else None
    return column is None or not column.sensitive or request.user.has_perm("lake.view_sensitive")


PAGE = ListPage(
    name="conflicts",
    personal="conflict.export",
    columns=[
        Column("label", gettext_lazy("Attribute"), link=True),
        Column("people", gettext_lazy("People"), "number"),
        Column("share", gettext_lazy("Of those with several records"), "percent"),
        Column("spelling", gettext_lazy("Only in spelling"), "number"),
        Column("pair", gettext_lazy("Most often between")),
        Column("examples", gettext_lazy("Examples"), template="profiles/partials/conflict_examples.html", sort=False),
    ],
    search=["label", "id"],
    default_sort="-people",
    search_hint=gettext_lazy("Attribute"),
    url=lambda row: reverse("profiles:conflicts_of", args=[row["id"]]),
    empty=Empty(
        title=gettext_lazy("No conflicts"),
        text=gettext_lazy("Wherever a person has several records, they say the same."),
        icon="check2-circle",
        action=gettext_lazy("Unify"),
        url="profiles:unify",
    ),
)


@permission_required(["profiles.view_unification", "profiles.view_profile"], raise_exception=True)
@require_http_methods(["GET", "POST"])
def people(request: HttpRequest, attribute: str) -> HttpResponse:
    """The people behind a number."""
    now = snapshot()
    kind = next((a for a in now.attributes() if a.table == PROFILES and a.name == attribute), None)
    if kind is None:
        raise Http404
    if not _may_see(request, now, attribute):
        raise PermissionDenied
    conflict = next((found for found in by_attribute(now) if found.attribute == attribute), None)
    tables = {
        table: table_title(now, table)
        for pair in (conflict.pairs if conflict else ())
        for table in (pair.shown, pair.other)
    }
    page = _people_page(kind, tables)
    context = {"label": column_title(kind), "conflict": conflict, "attribute": attribute}
    return page.response(request, ConflictRows(now, attribute), "profiles/conflicts_of.html", context)


def _people_page(kind: Attribute, tables: dict[str, str]) -> ListPage:
    choices = sorted(tables.items(), key=lambda item: item[1])

    def others(row: Disagreement) -> list[str]:
        return [f"{for_reader(value, kind)} ({tables.get(table, table)})" for value, table in row.others]

    return ListPage(
        name="conflict-people",
        personal="conflict.export",
        columns=[
            Column("name", _("Customer"), link=True, sort=False),
            Column("shown", _("Shown"), value=lambda row: for_reader(row.shown[0], kind), sort=False),
            Column("from", _("From"), value=lambda row: tables.get(row.shown[1], row.shown[1]), sort=False),
            Column("others", _("Other values"), "tags", value=others, sort=False),
            Column("profile_id", _("Customer id"), hidden=True, sort=False),
        ],
        search=["name", "value"],
        filters=[
            Choice("shown", _("Shown value from"), choices=choices),
            Choice("other", _("Other value from"), choices=choices),
            Flag("beyond_spelling", _("More than spelling")),
        ],
        search_hint=_("A value, or a name, e-mail or phone"),
        key=lambda row: row.profile_id,
        url=lambda row: reverse("profiles:origin", args=[row.profile_id, kind.name]),
        panel=True,
        empty=Empty(title=_("Nobody’s records disagree on this."), icon="check2-circle"),
    )  # fmt: skip
