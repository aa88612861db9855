"""Rows of a table that were set aside: page and download."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from core import audit
from core.csv_files import csv_pieces, csv_response
from core.roles import actor
from lake.queries import snapshot
from sources import pages
from sources.loading.rejects import REASONS
from sources.models import Load, SourceTable
from sources.views.tables import find, frame

QUARANTINE_ROWS = 1_000  # on the page; the download has all
EXPORTED = ("file", "line", "column", "code", "reason", "raw")


@require_http_methods(["GET", "POST"])
@permission_required("sources.view_quarantine", raise_exception=True)
def quarantine(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    found = find(request, slug, name)
    now = snapshot()
    rows: list[dict[str, Any]] = []
    if now.has(found.quarantine_name):
        everything = now.table(found.quarantine_name)
        if (code := request.GET.get("code", "")) in REASONS:
            everything = everything.filter(everything.code == code)
        rows = now.arrow(everything, limit=QUARANTINE_ROWS).to_pylist()
    context = frame(request, found, "quarantine") | {"shown": QUARANTINE_ROWS, "reasons": _by_reason(found)}
    return pages.quarantine_page(found).response(request, rows, "sources/quarantine.html", context)


def _by_reason(found: SourceTable) -> list[tuple[str, int]]:
    newest = found.loads.filter(state__in=[Load.State.DONE, Load.State.FAILED]).first()
    counts = newest.reasons if newest else {}
    return [(str(REASONS.get(code, code)), count) for code, count in sorted(counts.items(), key=lambda item: -item[1])]


@require_GET
@permission_required("sources.view_quarantine", raise_exception=True)
def quarantine_csv(request: HttpRequest, slug: str, name: str) -> StreamingHttpResponse:
    found = find(request, slug, name)
    audit.exported(actor(request), "quarantine.export", str(found))
    return csv_response(f"{found.name}-set-aside", csv_pieces(EXPORTED, _rows(found)))


def _rows(found: SourceTable) -> Iterator[list[Any]]:
    now = snapshot()
    if now.has(found.quarantine_name):
        for batch in now.batches(now.table(found.quarantine_name).select(*EXPORTED)):
            yield from ([row[name] for name in EXPORTED] for row in batch.to_pylist())
