"""Doors for the worker and the clock."""

from typing import Any

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from jobs import services as jobs
from jobs.registry import Context, job_kind
from messaging.delivery import deliver_due
from messaging.queries import has_work
from messaging.services.plan import DELIVER


@job_kind(DELIVER, _("Send messages"), _("messages"), max_attempts=1_000_000)
def run_delivery(context: Context) -> dict[str, Any]:
    """Sends all that is due. A crash is harmless at any point: the next run takes up what is left."""
    report = deliver_due(context=context)
    return {
        "accepted": report.accepted,
        "refused": report.refused,
        "later": report.later,
        "unknown": report.unknown,
        "skipped": report.skipped,
        "trouble": report.trouble,
    }


@shared_task(name="messaging.tasks.deliver", time_limit=60, soft_time_limit=50)
def deliver() -> None:
    """Every few seconds: rings for a sender when something is due and none is at work."""
    if has_work():
        jobs.enqueue(DELIVER, key=DELIVER)
