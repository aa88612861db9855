"""The Celery application. The broker is only a doorbell: the truth about work is a `jobs.Job` row."""

import os
import warnings

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cdp_site.settings")

# Root is who runs things in a container. No pickles are taken here, which is what the warning is about.
warnings.filterwarnings("ignore", "You're running the worker with superuser privileges")

app = Celery("kindred")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
