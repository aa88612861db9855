"""Doors for the workers. Ids in, one service call; a second ring for the same job does nothing."""

import logging

from celery import shared_task

from core.errors import Conflict
from jobs import housekeeping, refresh, runner, schedule, services

logger = logging.getLogger(__name__)


@shared_task(name=services.RUN_TASK)
def run_job(job_id: int) -> None:
    job = runner.claim(job_id)
    if job is not None:
        runner.execute(job)


@shared_task(name="jobs.sweep", time_limit=60, soft_time_limit=50)
def sweep() -> None:
    services.sweep()


@shared_task(name=schedule.REFRESH_TASK, time_limit=60, soft_time_limit=50)
def scheduled_refresh() -> None:
    """Asks for a refresh; one that still runs is enough."""
    try:
        refresh.start()
    except Conflict:
        logger.info("A refresh is still running; the scheduled one is left out.")


@shared_task(name="jobs.housekeeping", time_limit=3600, soft_time_limit=3500)
def tidy() -> None:
    housekeeping.tidy()
