"""The site: settings, root URLs, Celery app, home page."""

from cdp_site.celery import app as celery_app

__all__ = ["celery_app"]
