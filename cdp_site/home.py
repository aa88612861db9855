"""What the home page shows of running work and fresh data."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User

from jobs import refresh
from jobs.models import Job, StageRun
from lake.models import TableVersion
from lake.specs import OWN_NAMESPACES
from sources.models import Source

ACTIVE_SHOWN = 5


@dataclass(frozen=True)
class SourceFreshness:
    """One source: how many tables and rows are in, and when the newest of them was published; `url` may be empty."""

    name: str
    tables: int
    rows: int
    at: datetime
    url: str


def active_jobs(user: User) -> list[Job]:
    return list(Job.objects.visible_to(user).active()[:ACTIVE_SHOWN])


def last_refresh(user: User) -> tuple[Job, list[StageRun]] | None:
    """The newest finished refresh and its steps, in order."""
    job = refresh.last() if user.has_perm("jobs.view_job") else None
    return (job, list(job.stages.all())) if job else None


def freshness(user: User) -> list[SourceFreshness]:
    """One row per source whose tables are in the lake, by name. Derived tables are left out."""
    if not user.has_perm("lake.view_tableversion"):
        return []
    tables = TableVersion.objects.filter(is_current=True).values_list("name", "rows", "published_at")
    found: dict[str, list[tuple[int, datetime]]] = {}
    for name, rows, at in tables:
        if name.split(".")[0] not in OWN_NAMESPACES:
            found.setdefault(name.split(".")[0], []).append((rows, at))
    sources = {source.name: source for source in Source.objects.visible_to(user)}
    return [
        SourceFreshness(
            str(sources.get(name, name)),
            len(parts),
            sum(rows for rows, _at in parts),
            max(at for _rows, at in parts),
            sources[name].get_absolute_url() if name in sources else "",
        )
        for name, parts in sorted(found.items())
    ]
