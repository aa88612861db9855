"""What needs a hand, for the home page."""

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.translation import gettext as _

from core.home import Todo
from core.palette import Hit
from jobs import refresh
from jobs.models import Job


def failed_refresh(user: User) -> list[Todo]:
    if not user.has_perm("jobs.view_job"):
        return []
    job = refresh.last()
    if job is None or job.state != Job.State.FAILED:
        return []
    text = _("The last refresh failed, so what you see may be old. %(why)s") % {"why": job.error}
    return [Todo(text, job.get_absolute_url(), _("See what happened"), "danger")]


def palette_hits(user: User, query: str) -> list[Hit]:
    """The refresh, for who types its name and may start it."""
    label = _("Refresh the data now")
    if not user.has_perm("jobs.refresh") or query.strip().lower() not in label.lower():
        return []
    return [Hit(label, reverse("jobs:list"), _("Actions"), "arrow-repeat")]
