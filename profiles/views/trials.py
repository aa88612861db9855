"""Data › Unify › What if: what another configuration would change, before it is published or dropped."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core import audit, htmx
from core.csv_files import csv_pieces, csv_response
from core.errors import KindredError
from core.roles import actor
from lake.queries import Snapshot, snapshot
from lake.words import table_title
from profiles.config.words import rule_words
from profiles.models import Trial
from profiles.review import pair_words
from profiles.trials import reads as trial_reads
from profiles.trials import services as trials
from profiles.trials import words as trial_words
from profiles.trials.reads import CHANGED, EXPORTED, KINDS, Example, Page
from profiles.unify.config.rules import parse_rules

EXAMPLES = "trial-examples"


@permission_required("profiles.view_trial", raise_exception=True)
@require_GET
def detail(request: HttpRequest) -> HttpResponse:
    """Progress, or the comparison; `kind` and `page` choose examples."""
    trial = trials.current()
    job = trial.job if trial else None
    context: dict[str, Any] = {"trial": trial, "job": job, "is_running": bool(job and job.is_active)}
    if htmx.is_fragment(request) and not context["is_running"]:
        if trial and trial.is_done and htmx.details(request).target == EXAMPLES:
            return render(request, "profiles/partials/trial_examples.html", context | _examples(request, trial))
        answer = HttpResponse()
        answer["HX-Refresh"] = "true"
        return answer
    if trial:
        context["tried"] = [str(trial_words.PARTS[name]) for name in trials.changed(trial)]
    if trial and trial.is_done:
        context |= _comparison(trial) | _examples(request, trial)
    return htmx.page_or_part(request, "profiles/trial.html", "profiles/partials/trial_progress.html", context)


def _comparison(trial: Trial) -> dict[str, Any]:
    report = trial.report
    rules = report["suggested"] or ([] if isinstance(trial.proposal["rules"], str) else trial.proposal["rules"])
    most = max([max(rule["gained"], rule["lost"]) for rule in report["rules"]], default=1)
    tiles = [(str(trial_words.KINDS[kind]), *_tile(report, kind)) for kind in KINDS]
    return {
        "report": report,
        "is_same": not any(count for _label, count, _words, _url in tiles),
        "stale": [str(trials.REASONS[name]) for name in trials.stale(trial)],
        "tiles": tiles,
        "sizes": trial_words.sizes_chart(report),
        "most": most,
        "cards": rule_words(parse_rules(rules)),
        "attributes": [(row["label"], row["people"]) for row in report["changed"]["attributes"]],
    }


def _tile(report: dict[str, Any], kind: str) -> tuple[int, str, str]:
    count = report["changed"]["people"] if kind == CHANGED else report["kinds"][kind]["before"]
    return count, trial_words.kind_words(report, kind) if count else _("nobody"), f"?kind={kind}#{EXAMPLES}"


def _examples(request: HttpRequest, trial: Trial) -> dict[str, Any]:
    now, report = snapshot(), trial.report
    counts = {
        kind: report["changed"]["people"] if kind == CHANGED else report["kinds"][kind]["cases"] for kind in KINDS
    }
    asked = request.GET.get("kind", "")
    kind = asked if asked in KINDS else next((name for name in KINDS if counts[name]), KINDS[0])
    page = trial_reads.page_of(now, kind, _number(request.GET.get("page", "")))
    tabs = [
        {"label": trial_words.KINDS[name], "url": f"?kind={name}", "active": name == kind, "count": counts[name]}
        for name in KINDS
    ]
    return {"tabs": tabs, "kind": kind, "page": page, "is_changed": kind == CHANGED, "shown": _shown(now, page, kind)}


def _number(text: str) -> int:
    return max(1, int(text)) if text.isdecimal() and len(text) < 10 else 1


def _shown(now: Snapshot, page: Page, kind: str) -> list[Any]:
    return page.rows if kind == CHANGED else [_side_by_side(now, example) for example in page.rows]


def _side_by_side(now: Snapshot, example: Example) -> dict[str, Any]:
    asked, reasons = example.question, pair_words.reason_words(example.details.reasons)
    return {
        "example": example,
        "heading": trial_words.heading(len(example.today), len(example.then)),
        "asked": asked,
        "why": trial_words.pair_words(example.is_gained, example.rule),
        "sides": [table_title(now, asked.pair.left_table), table_title(now, asked.pair.right_table)],
        "fields": [f for f in pair_words.fields(now, asked, example.details) if f.state != "only"],
        "speaks_for": [r for r in reasons if r.speaks == pair_words.FOR],
        "speaks_against": [r for r in reasons if r.speaks == pair_words.AGAINST],
    }


@permission_required("profiles.add_trial", raise_exception=True)
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Tries the configuration as it is `saved`, or else the last proposal again."""
    trial = None if "saved" in request.POST else trials.current()
    try:
        trials.start(by=actor(request), **(trial.proposal if trial else {}))
    except KindredError as error:
        messages.error(request, str(error))
    return redirect("profiles:trial")


@permission_required(("profiles.change_unification", "profiles.delete_trial"), raise_exception=True)
@require_POST
def publish(request: HttpRequest) -> HttpResponse:
    try:
        trials.publish(trials.found(), anyway="anyway" in request.POST, by=actor(request))
    except KindredError as error:
        messages.error(request, str(error))
        return redirect("profiles:trial")
    messages.success(request, _("Saved. The run that makes it live has started."))
    return htmx.go_to(request, reverse("profiles:unify"))


@permission_required("profiles.delete_trial", raise_exception=True)
@require_POST
def drop(request: HttpRequest) -> HttpResponse:
    try:
        trials.drop(trials.found(), by=actor(request))
    except KindredError as error:
        messages.error(request, str(error))
        return redirect("profiles:trial")
    messages.success(request, _("Dropped. Nothing has changed."))
    return htmx.go_to(request, reverse("profiles:unify"))


@permission_required(("profiles.view_trial", "profiles.view_profile"), raise_exception=True)
@require_GET
def export(request: HttpRequest) -> HttpResponseBase:
    """Everybody who differs, as CSV."""
    audit.exported(actor(request), "trial.export")
    return csv_response("what-if", csv_pieces(EXPORTED, trial_reads.export(snapshot())))
