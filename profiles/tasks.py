"""Doors for the workers."""

from celery import shared_task

from profiles.trials import services as trials


@shared_task(name="profiles.forget_trials", time_limit=600, soft_time_limit=500)
def forget_trials() -> None:
    """Once a day: trials that nobody published or dropped."""
    trials.forget_old()
