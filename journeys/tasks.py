"""Doors for the workers. Anyone may ring at any time: whoever is walking already goes on alone."""

from celery import shared_task
from django.utils import timezone

from journeys.upkeep import run_due

EVERY_SECONDS = 5
TASK = "journeys.walk"


@shared_task(name=TASK, soft_time_limit=900, time_limit=960)
def walk() -> None:
    run_due(timezone.now)
