"""Doors for the workers. Anyone may ring at any time: whoever is walking already goes on alone."""

from celery import current_app, shared_task
from django.utils import timezone

from journeys.upkeep import run_due

EVERY_SECONDS = 5.0
TASK = "journeys.walk"


@shared_task(name=TASK, soft_time_limit=900, time_limit=960)
def walk() -> None:
    run_due(timezone.now)


current_app.conf.beat_schedule = {
    **(current_app.conf.beat_schedule or {}),
    "journeys.walk": {"task": TASK, "schedule": EVERY_SECONDS, "options": {"expires": EVERY_SECONDS}},
}
