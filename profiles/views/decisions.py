"""Data › Unify › Review › Decisions: what was decided; lists in and out."""

from django import forms
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from core import audit, htmx
from core.csv_files import csv_response
from core.errors import KindredError
from core.roles import actor
from lake.queries import snapshot
from profiles.decisions import files as decision_files
from profiles.models import Decision
from profiles.review.page import decisions_page

LARGEST_FILE = 50_000_000  # bytes: about half a million lines


@permission_required("profiles.view_decision", raise_exception=True)
@require_http_methods(["GET", "POST"])
def list_(request: HttpRequest) -> HttpResponse:
    rows = Decision.objects.visible_to(request.user).select_related("by")
    return decisions_page(snapshot()).response(request, rows, "profiles/decisions.html")


@permission_required("profiles.view_decision", raise_exception=True)
@require_GET
def export(request: HttpRequest) -> StreamingHttpResponse:
    """All of them as a list that can be read again."""
    audit.exported(actor(request), "decision.export")
    return csv_response("decisions", decision_files.export_list())


class ListForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        help_text=gettext_lazy("Columns: left_table, left_id, right_table, right_id, verdict (join or apart), note."),
    )

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(_("The file is too large. Divide it, or use “manage.py unify review”."))
        data: bytes = file.read()
        return data


@permission_required("profiles.add_decision", raise_exception=True)
@require_http_methods(["GET", "POST"])
def import_(request: HttpRequest) -> HttpResponse:
    """A list of pairs that are always or never one person; says which lines were left out and why."""
    layout = htmx.PANEL if htmx.is_fragment(request) else htmx.PANEL_AS_PAGE
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            found = decision_files.import_list(form.cleaned_data["file"], by=actor(request))
        except KindredError as error:
            form.add_error("file", str(error))
        else:
            bad = found.bad[: decision_files.BAD_LINES_SHOWN]
            context = {"found": found, "bad": bad, "more": len(found.bad) - len(bad), "panel_layout": layout}
            return render(request, "profiles/decisions_imported.html", context)
    context = {
        "title": _("Upload a list"),
        "intro": _("Pairs that are always, or never, one person. Every run obeys, whatever the rules say."),
        "form": form,
        "submit": _("Upload"),
        "multipart": True,
        "panel_layout": layout,
    }
    return render(request, "components/form_panel.html", context, status=422 if form.errors else 200)
