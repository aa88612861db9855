"""The Celery application. The broker is only a doorbell: the truth about work is a `jobs.Job` row."""

import logging.config
import os
import warnings
from typing import Any

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cdp_site.settings")

# Root is who runs things in a container. No pickles are taken here, which is what the warning is about.
warnings.filterwarnings("ignore", "You're running the worker with superuser privileges")

app = Celery("kindred")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def configure_logging(**kwargs: Any) -> None:
    """As every other process: Celery would write lines of its own, and not ask for LOG_LEVEL."""
    from django.conf import settings  # the settings may be read only once this module is there

    logging.config.dictConfig(settings.LOGGING)
