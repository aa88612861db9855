"""Doors for the workers. Ids in, one service call; a second ring for the same job does nothing."""

from celery import shared_task

from jobs import runner, services


@shared_task(name=services.RUN_TASK)
def run_job(job_id: int) -> None:
    job = runner.claim(job_id)
    if job is not None:
        runner.execute(job)


@shared_task(name="jobs.sweep", time_limit=60, soft_time_limit=50)
def sweep() -> None:
    services.sweep()
