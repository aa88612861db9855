"""Journeys › Consent: who is not written to, and why."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from core import audit
from core.csv_files import csv_pieces, csv_response
from core.errors import KindredError
from core.list_cells import choice_words
from core.lists import BulkAction, Choice, Column, Empty, ListPage
from core.roles import actor
from messaging import consent, opt_out_files
from messaging.addresses import spelt
from messaging.models import Consent, Suppression, SuppressionReason

MAX_FILE = 50_000_000


def _allow(request: HttpRequest, ids: list[str]) -> str:
    rows = list(Suppression.objects.filter(pk__in=[pk for pk in ids if pk.isdecimal()]))
    for row in rows:
        consent.unsuppress(row, by=actor(request))
    count = len(rows)
    return ngettext("%d address may be written to again.", "%d addresses may be written to again.", count) % count


PAGE = ListPage(
    name="suppressions",
    personal="consent.export",
    columns=[
        Column("address", gettext_lazy("Address")),
        Column("reason", gettext_lazy("Reason")),
        Column("purpose", gettext_lazy("For"), value=lambda row: choice_words(row, "purpose") or _("Everything")),
        Column("detail", gettext_lazy("Detail")),
        Column("at", gettext_lazy("Since"), "ago"),
    ],
    search=["address"],
    filters=[Choice("reason", gettext_lazy("Reason"), choices=SuppressionReason.choices)],
    bulk=[
        BulkAction(
            "allow", gettext_lazy("Allow again"), _allow, permission="messaging.delete_suppression", danger=True,
            confirm=gettext_lazy("These addresses may be written to again. Only do it when their owners asked."),
        ),
    ],
    default_sort="-at",
    empty=Empty(
        title=gettext_lazy("Nobody is left out"),
        text=gettext_lazy("People who unsubscribe and addresses that do not exist appear here by themselves."),
        icon="hand-thumbs-up",
    ),
)  # fmt: skip


class AddForm(forms.Form):
    address = forms.EmailField(label=gettext_lazy("E-mail address"))
    detail = forms.CharField(label=gettext_lazy("Why"), max_length=300, required=False)


class ImportForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("CSV file"), help_text=gettext_lazy("A column “email”, or addresses in the first column.")
    )


@permission_required("messaging.view_suppression", raise_exception=True)
@require_http_methods(["GET", "POST"])
def list_(request: HttpRequest) -> HttpResponse:
    asked = spelt(request.GET.get("q", ""))
    history = Consent.objects.visible_to(request.user).filter(address=asked)[:20] if "@" in asked else []
    return PAGE.response(
        request, Suppression.objects.visible_to(request.user), "messaging/consent.html", {"history": history}
    )


@permission_required("messaging.add_suppression", raise_exception=True)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    form = AddForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            given = form.cleaned_data
            row = consent.suppress(given["address"], detail=given["detail"], by=actor(request))
        except KindredError as error:
            form.add_error("address", str(error))
        else:
            messages.success(request, _("Nothing is sent to %(address)s any more.") % {"address": row.address})
            return redirect("messaging:consent")
    title = _("Never write to an address")
    return render(request, "messaging/consent_form.html", {"form": form, "title": title, "submit": _("Add")})


@permission_required("messaging.add_consent", raise_exception=True)
@require_http_methods(["GET", "POST"])
def import_(request: HttpRequest) -> HttpResponse:
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        if upload.size > MAX_FILE:
            form.add_error("file", _("The file is larger than 50 MB. Split it."))
        else:
            report = opt_out_files.import_opt_outs(upload, source=f"file {upload.name}"[:60], by=actor(request))
            if report.refused:
                return render(request, "messaging/consent_imported.html", {"report": report, "file": upload.name})
            text = ngettext("%d address was unsubscribed.", "%d addresses were unsubscribed.", report.added)
            messages.success(request, text % report.added)
            return redirect("messaging:consent")
    title = _("Import unsubscribed addresses")
    return render(request, "messaging/consent_form.html", {"form": form, "title": title, "submit": _("Import")})


@permission_required("messaging.view_suppression", raise_exception=True)
@require_GET
def export(request: HttpRequest) -> StreamingHttpResponse:
    audit.exported(actor(request), "consent.export")
    return csv_response("not-written-to", csv_pieces(opt_out_files.HEADER, opt_out_files.export_rows()))
