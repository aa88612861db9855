"""What stands above each step of unification: the flow in numbers, the run under way, and what needs a hand where."""

from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.lists import Empty
from jobs.models import Job
from jobs.refresh import KIND
from lake.queries import Snapshot
from lake.words import table_title
from profiles.config.first_tables import people_without_key
from profiles.inputs.mapping import why_not
from profiles.models import Unification, UnificationRun
from profiles.review import queue as review_queue
from profiles.review.queue import QUEUE

NOT_RUN = Empty(
    gettext_lazy("Nothing has been unified yet"),
    gettext_lazy("Choose the tables that tell of people and run the unification; what it finds is shown here."),
    "hourglass",
    gettext_lazy("Unify customers"),
    "profiles:unify",
)
MAP, MATCH, MERGE, REVIEW = "map", "match", "merge", "review"


def running() -> dict[str, Any]:
    """The refresh that is under way, with its unify stage."""
    job = Job.objects.active().filter(kind=KIND).first()
    stage = job.stages.filter(name="unify").first() if job else None
    return {"job": job, "stage": stage}


def head(now: Snapshot, step: str, user: User) -> dict[str, Any]:
    """Inputs of `profiles/partials/unify_head.html`."""
    config, report, run = Unification.current(), UnificationRun.latest_report(), running()
    for table in report.get("tables", []):
        table["label"] = table_title(now, table["table"])
    is_later = bool(run["job"] and config.updated_at > run["job"].created_at)
    return {"config": config, "report": report, "steps": _steps(now, step, report, user), "is_later": is_later, **run}


def _steps(now: Snapshot, here: str, report: dict[str, Any], user: User) -> list[dict[str, Any]]:
    config = Unification.current()
    away = {name for name in config.tables if why_not(now, name)} | {info.name for info in people_without_key(now)}
    passed = sum(1 for rule in report.get("rules", []) if rule.get("refused_pairs"))
    steps = [
        (MAP, _("Map"), "profiles:unify", len(away), _("tables cannot take part")),
        (MATCH, _("Match"), "profiles:match", passed, _("rules passed over large groups")),
        (MERGE, _("Merge"), "profiles:merge", 0, ""),
    ]
    if user.has_perm("profiles.view_decision"):
        asked = sum(1 for question in review_queue.questions(now, QUEUE) if not question.verdict)
        steps.append((REVIEW, _("Review"), "profiles:review", asked, _("pairs wait for an answer")))
    return [
        {"label": label, "url": reverse(url), "active": name == here, "count": count, "why": why}
        for name, label, url, count, why in steps
    ]
