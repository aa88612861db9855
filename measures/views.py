"""Insights › Measures."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import audit, htmx
from core.bulk import deletion
from core.errors import Conflict, KindredError
from core.list_rows import QueryRows
from core.lists import Choice, Column, Empty, ListPage
from core.roles import actor
from jobs.models import Job
from lake.queries import snapshot
from measures import distribution, queries, services
from measures.forms import MeasureForm
from measures.models import Measure, MeasureValue
from measures.words import describe

PAGE = ListPage(
    name="measures",
    columns=[
        Column("name", gettext_lazy("Name"), link=True),
        Column("of", gettext_lazy("For"), value=lambda measure: measure.get_of_display()),
        Column("what", gettext_lazy("Calculation"), value=lambda measure: describe(measure, measure.lake)),
        Column(
            "newest",
            gettext_lazy("Value, average or latest"),
            "figure",
            value=lambda measure: queries.shown(_value(measure)),
            sort="newest",
        ),
        Column("newest_at", gettext_lazy("Calculated"), "ago"),
        Column(
            "problem",
            gettext_lazy("State"),
            "pill",
            pill=lambda m: (_("Problem"), "bad") if m.problem else (_("Fine"), "good"),
        ),
    ],
    search=["name", "description", "table", "column"],
    filters=[
        Choice("of", gettext_lazy("For"), choices=Measure.Of.choices),
        Choice("function", gettext_lazy("Calculation"), choices=Measure.Function.choices),
    ],
    bulk=[
        deletion(
            Measure,
            services.delete_measure,
            ngettext_lazy("%(n)s measure deleted.", "%(n)s measures deleted.", "n"),
            gettext_lazy("The measures and their history are deleted. Those that are used somewhere are kept."),
        ),
    ],
    default_sort="name",
    empty=Empty(
        title=gettext_lazy("No measures yet"),
        text=gettext_lazy(
            "A measure turns rows into one number: what a customer spent, how often they came, what you earned."
        ),
        icon="calculator",
        action=gettext_lazy("New measure"),
        url="measures:create",
        example=gettext_lazy("Example: sum of order totals of the last 365 days, for each customer."),
        permission="measures.add_measure",
    ),
)


def _with_newest(rows: QuerySet[Measure]) -> QuerySet[Measure]:
    newest = MeasureValue.objects.filter(measure=OuterRef("pk")).order_by("-at")
    fields = ("value", "at", "text", "type", "currency")
    names = {"newest" if name == "value" else f"newest_{name}": Subquery(newest.values(name)[:1]) for name in fields}
    return rows.annotate(**names)


def _value(measure: Any) -> MeasureValue | None:
    if measure.newest_at is None:
        return None
    return MeasureValue(
        value=measure.newest, text=measure.newest_text, type=measure.newest_type, currency=measure.newest_currency
    )


@permission_required("measures.view_measure", raise_exception=True)
@require_http_methods(["GET", "POST"])
def list_(request: HttpRequest) -> HttpResponse:
    rows = _with_newest(Measure.objects.visible_to(request.user))
    return PAGE.response(request, QueryRows(rows, lake=snapshot), "measures/list.html")


@permission_required("measures.view_measure", raise_exception=True)
@require_GET
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    measure = get_object_or_404(Measure.objects.visible_to(request.user), slug=slug)
    current = snapshot()
    context = {
        "measure": measure,
        "words": describe(measure, current),
        "value": queries.newest_values([measure]).get(measure.pk),
        "trend": queries.trend_chart(measure),
        "spread": distribution.chart(measure, current),
        "top": distribution.top_customers(measure, current),
        "uses": queries.uses(measure),
        "history": audit.history(measure),
        "is_calculating": Job.objects.active().filter(kind=services.VALUES_KIND).exists(),
    }
    if context["value"] and htmx.is_fragment(request):  # it was waited for
        return htmx.go_to(request, measure.get_absolute_url())
    context["shown"] = queries.shown(context["value"])  # type: ignore[arg-type]
    return render(request, "measures/detail.html", context)


@permission_required("measures.add_measure", raise_exception=True)
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    return _edit(request, Measure())


@permission_required("measures.change_measure", raise_exception=True)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    return _edit(request, get_object_or_404(Measure.objects.visible_to(request.user), slug=slug))


def _edit(request: HttpRequest, measure: Measure) -> HttpResponse:
    form = MeasureForm(request.POST or None, instance=measure)
    if request.method == "POST" and form.is_valid():
        try:
            saved = services.save_measure(form.instance, by=actor(request))
        except KindredError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect(saved)
    status = 422 if form.errors else 200
    table = str(form["what"].value() or "").partition("\t")[0]
    context = {
        "form": form,
        "measure": measure,
        "table": table,
        "rule_json": form["where"].value() or "",
        "tables": measure.pk or form.is_bound or form.has_tables,
    }
    return render(request, "measures/edit.html", context, status=status)


@permission_required("measures.view_measure", raise_exception=True)
@require_GET
def conditions(request: HttpRequest) -> HttpResponse:
    """The builder for conditions on the rows of the table that is chosen in the form."""
    table = request.GET.get("what", "").partition("\t")[0]
    known = table if table in snapshot().related() else ""
    return render(request, "measures/partials/conditions.html", {"table": known})


@permission_required("measures.view_measure", raise_exception=True)
@require_POST
def try_out(request: HttpRequest) -> HttpResponse:
    """What the measure in the form would give now; nothing is saved."""
    form = MeasureForm(request.POST)
    form.fields["name"].required = False
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        context |= distribution.example_rows(form.example)
    return render(request, "measures/partials/example.html", context)


@permission_required("measures.delete_measure", raise_exception=True)
@require_POST
def delete(request: HttpRequest, slug: str) -> HttpResponse:
    measure = get_object_or_404(Measure.objects.visible_to(request.user), slug=slug)
    try:
        services.delete_measure(measure, by=actor(request))
    except Conflict as error:
        messages.error(request, error.html)
        return redirect(measure)
    messages.success(request, _("“%(name)s” was deleted.") % {"name": measure.name})
    return redirect("measures:list")
