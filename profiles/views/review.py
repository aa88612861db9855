"""Data › Unify › Review: pairs that are worth a person's time, one after the other or as a list."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core import htmx
from core.errors import KindredError
from core.roles import actor
from lake.queries import Snapshot, snapshot
from lake.words import table_title
from profiles.decisions import services as decisions
from profiles.decisions.services import Answer, Origin
from profiles.models import UnificationRun
from profiles.review import pair_words
from profiles.review import queue as review_queue
from profiles.review.page import review_page
from profiles.review.queue import MODES, QUEUE, Question
from profiles.tables import LINKS
from profiles.unify.judging.questions import SAMPLE
from profiles.views.unify_head import NOT_RUN, REVIEW, head

PART = "profiles/partials/question.html"


@permission_required("profiles.view_decision", raise_exception=True)
@require_GET
def review(request: HttpRequest) -> HttpResponse:
    """One question; `mode` chooses the queue or the sample, `at` a question by its number."""
    now, mode = snapshot(), _mode(request.GET.get("mode", ""))
    every = review_queue.questions(now)
    mine = [q for q in every if (q.reason == SAMPLE) == (mode == SAMPLE)]
    number = _number(request.GET.get("at", ""))
    asked = next((q for q in mine if q.number == number), None)
    if asked is None or (asked.verdict and "at" not in request.GET):
        asked = review_queue.following(mine, number)
    context = _context(now, mode, mine, asked) | {"undo": request.GET.get("undo", "")}
    if htmx.is_fragment(request):
        return render(request, PART, context)
    shared = head(now, REVIEW, actor(request))
    return render(request, "profiles/review.html", shared | context | _around(every))


def _context(now: Snapshot, mode: str, mine: list[Question], asked: Question | None) -> dict[str, Any]:
    context: dict[str, Any] = {"mode": mode, "asked": asked, "progress": review_queue.progress(mine)}
    if asked is None:
        return context | ({} if now.has(LINKS) else {"not_run": NOT_RUN, "unify_url": reverse(NOT_RUN.url)})
    told = review_queue.details(now, asked.number)
    before = review_queue.following(mine, asked.number, back=True)
    after = review_queue.following(mine, asked.number)
    reasons = pair_words.reason_words(told.reasons)
    return context | {
        "why": pair_words.KINDS.get(asked.reason, asked.reason),
        "sides": [table_title(now, asked.pair.left_table), table_title(now, asked.pair.right_table)],
        "fields": pair_words.fields(now, asked, told),
        "speaks_for": [r for r in reasons if r.speaks == pair_words.FOR],
        "speaks_against": [r for r in reasons if r.speaks == pair_words.AGAINST],
        "before": before.number if before else None,
        "after": after.number if after else None,
    }


def _around(every: list[Question]) -> dict[str, Any]:
    """What stands beside the question: quality so far, and what waits for the next run."""
    report = UnificationRun.latest_report().get("decisions", {})
    return {
        "quality": review_queue.measured(every),
        "is_asked": bool(every),
        "counts": {
            mode: sum((q.reason == SAMPLE) == (mode == SAMPLE) for q in every if not q.verdict) for mode in MODES
        },
        "waiting": decisions.waiting_since(review_queue.last_run()),
        "contradicted": report.get("contradicted_pairs", []),
    }


def _mode(text: str) -> str:
    return text if text in MODES else QUEUE


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


@permission_required("profiles.add_decision", raise_exception=True)
@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """Takes one answer and shows the next question."""
    mode, number = _mode(request.POST.get("mode", "")), _number(request.POST.get("number", ""))
    now = snapshot()
    mine = review_queue.questions(now, mode)
    asked = next((q for q in mine if q.number == number), None)
    pair = [request.POST.get(name, "") for name in decisions.PAIR]
    if asked is None or pair != [getattr(asked.pair, name) for name in decisions.PAIR]:
        return _onward(request, mode, 0)  # a run has renewed the questions meanwhile
    try:
        given = Answer(asked.pair, request.POST.get("verdict", ""), probability=asked.probability)
        act = decisions.record([given], origin=Origin.SAMPLE if mode == SAMPLE else Origin.REVIEW, by=actor(request))
    except KindredError as error:
        messages.error(request, str(error))
        return redirect("profiles:review")
    if not htmx.is_fragment(request):
        return _onward(request, mode, number, act)
    mine = review_queue.questions(now, mode)
    context = _context(now, mode, mine, review_queue.following(mine, number))
    return render(request, PART, context | {"undo": act, "undo_number": number})


def _onward(request: HttpRequest, mode: str, after: int, act: str = "") -> HttpResponse:
    every = review_queue.questions(mode=mode)
    following = review_queue.following(every, after)
    at = f"&at={following.number}" if following else ""
    return htmx.go_to(request, f"{reverse('profiles:review')}?mode={mode}{at}" + (f"&undo={act}" if act else ""))


@permission_required("profiles.delete_decision", raise_exception=True)
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Takes an answer back and shows its question again."""
    mode, number = _mode(request.POST.get("mode", "")), _number(request.POST.get("number", ""))
    try:
        decisions.undo(request.POST.get("act", ""), by=actor(request))
    except KindredError as error:
        messages.error(request, str(error))
    if not htmx.is_fragment(request):
        return redirect(f"{reverse('profiles:review')}?mode={mode}&at={number}")
    now = snapshot()
    mine = review_queue.questions(now, mode)
    asked = next((q for q in mine if q.number == number), None) or review_queue.following(mine)
    return render(request, PART, _context(now, mode, mine, asked))


@permission_required("profiles.view_decision", raise_exception=True)
@require_http_methods(["GET", "POST"])
def list_(request: HttpRequest) -> HttpResponse:
    """All open questions, with filters and answers for many at once."""
    now = snapshot()
    rows = review_queue.named([q for q in review_queue.questions(now, QUEUE) if not q.verdict])
    return review_page(now).response(request, rows, "profiles/review_list.html", {"waiting": len(rows)})
