"""Data › Activities: which rows of a table stand on the timeline, with a preview."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from core import formats
from core.errors import KindredError
from core.list_rows import QueryRows
from core.lists import Column, Empty, ListPage
from core.roles import actor
from lake.queries import snapshot
from lake.words import column_of, table_title
from profiles.activities import services as activity_services
from profiles.activities.forms import ActivityForm, undeclared
from profiles.activities.linking import is_astray
from profiles.models import ActivityType

ASTRAY = gettext_lazy(
    "No row of this table leads to a customer, so it stands on no timeline. Add a relationship from one of its columns "
    "to a table of customers or, by e-mail address, phone number or id, to customers themselves; or let it take part "
    "in unifying."
)


def _amount(kind: Any) -> str:
    return column_of(kind.now, kind.table, kind.amount) if kind.amount else ""


PAGE = ListPage(
    name="activities",
    columns=[
        Column("type", gettext_lazy("Kind"), value=lambda kind: kind.label, link=True, sort="type"),
        Column("table", gettext_lazy("From"), value=lambda kind: table_title(kind.now, kind.table), sort="table"),
        Column("title", gettext_lazy("Title")),
        Column("time", gettext_lazy("Time"), value=lambda kind: column_of(kind.now, kind.table, kind.time)),
        Column("amount", gettext_lazy("Amount"), value=_amount),
    ],
    search=["type", "table", "title"],
    default_sort="type",
    url=lambda kind: f"/customers/activities/{kind.pk}/",
    empty=Empty(
        title=gettext_lazy("No activities yet"),
        text=gettext_lazy("Say which rows tell that something happened; they appear on every customer’s timeline."),
        icon="calendar-event",
        action=gettext_lazy("Add activity"),
        url="profiles:activity_create",
        example=gettext_lazy("Example: each row of the orders, titled “Order {order_id}”, with its total."),
        permission="profiles.add_activitytype",
    ),
)


@permission_required("profiles.view_activitytype", raise_exception=True)
@require_http_methods(["GET", "POST"])
def list_(request: HttpRequest) -> HttpResponse:
    rows = ActivityType.objects.visible_to(request.user)
    now = snapshot()
    found = [{"name": name, "label": table_title(now, name)} for name in undeclared(now)]
    return PAGE.response(request, QueryRows(rows, now=lambda: now), "profiles/activities.html", {"undeclared": found})


@permission_required("profiles.add_activitytype", raise_exception=True)
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    return _edit(request, None)


@permission_required("profiles.change_activitytype", raise_exception=True)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(ActivityType.objects.visible_to(request.user), pk=pk))


def _edit(request: HttpRequest, kind: ActivityType | None) -> HttpResponse:
    form = ActivityForm(request.POST or None, instance=kind, table=request.GET.get("table", ""))
    if request.method == "POST" and form.is_valid():
        try:
            activity_services.save_activity_type(kind, by=actor(request), **form.cleaned_data)
        except KindredError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved. The timelines follow with the next refresh."))
            if is_astray(form.cleaned_data["table"]):
                messages.warning(request, ASTRAY)
            return redirect("profiles:activities")
    shown = kind or ActivityType(**form.initial)
    context = {"form": form, "kind": kind, **({} if form.errors else _preview(shown))}
    return render(request, "profiles/activity_edit.html", context, status=422 if form.errors else 200)


@permission_required("profiles.change_activitytype", raise_exception=True)
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """The first five rows as they would stand on a timeline; nothing is saved."""
    fields = {name: request.POST.get(name, "") for name in ActivityForm.Meta.fields}
    return render(request, "profiles/partials/activity_preview.html", _preview(ActivityType(**fields)))


def _preview(kind: ActivityType) -> dict[str, Any]:
    if not kind.table or not kind.time:
        return {}
    now = snapshot()
    columns = [column.name for column in now.info(kind.table).columns] if now.has(kind.table) else []
    try:
        rows = activity_services.preview_activities(kind)
    except KindredError as error:
        return {"problem": str(error), "columns": columns}
    for row in rows:
        row["end"] = formats.money(row["amount"], row["currency"]) if row["amount"] is not None else ""
    return {"rows": rows, "columns": columns, "astray": ASTRAY if is_astray(kind.table) else ""}


@permission_required("profiles.delete_activitytype", raise_exception=True)
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    kind = get_object_or_404(ActivityType.objects.visible_to(request.user), pk=pk)
    activity_services.remove_activity_type(kind, by=actor(request))
    messages.success(request, _("Removed. Its activities leave the timelines with the next refresh."))
    return redirect("profiles:activities")
