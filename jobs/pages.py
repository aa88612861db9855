"""The list of work."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.list_filters import Filter
from core.list_rows import QueryRows
from core.lists import BulkAction, Choice, Column, DateRange, Empty, ListPage
from core.roles import actor
from jobs import registry, services
from jobs.models import Job

BATCH = 500  # jobs of an exported list whose subjects are asked for at once
TONES: dict[str, str] = {
    "queued": "",
    "waiting": "",
    "running": "info",
    "done": "good",
    "skipped": "",
    "failed": "bad",
    "cancelled": "warn",
}


def state_pill(job: Job) -> tuple[str, str]:
    return job.get_state_display().capitalize(), TONES[job.state]


def _cancel_many(request: HttpRequest, ids: list[str]) -> str:
    jobs = Job.objects.visible_to(request.user).active().filter(pk__in=[pk for pk in ids if pk.isdecimal()])
    count = 0
    for job in jobs:
        services.cancel(job, by=actor(request))
        count += 1
    return ngettext("%d job is being stopped.", "%d jobs are being stopped.", count) % count


def _retry_many(request: HttpRequest, ids: list[str]) -> str:
    over = [Job.State.FAILED, Job.State.CANCELLED]
    jobs = Job.objects.visible_to(request.user).filter(state__in=over, pk__in=[pk for pk in ids if pk.isdecimal()])
    count = 0
    for job in jobs:
        services.retry(job, by=actor(request))
        count += 1
    return ngettext("%d job is tried again.", "%d jobs are tried again.", count) % count


class JobRows(QueryRows):
    """Jobs with what they work on, asked for once per kind and batch."""

    def narrow(
        self, query: str, search: Sequence[str], filters: Sequence[Filter], values: Mapping[str, Any], order: str
    ) -> "JobRows":
        return JobRows(super().narrow(query, search, filters, values, order).queryset)

    def slice(self, start: int, stop: int) -> Sequence[Job]:
        return _with_subjects(super().slice(start, stop))

    def all(self) -> Iterator[Job]:
        rows = super().all()
        while batch := list(islice(rows, BATCH)):
            yield from _with_subjects(batch)


def _with_subjects(jobs: Sequence[Job]) -> Sequence[Job]:
    for kind in {job.kind for job in jobs}:
        mine = [job for job in jobs if job.kind == kind]
        for job, subjects in zip(mine, registry.subjects_of(kind, [job.params for job in mine]), strict=True):
            job.subjects = subjects
    return jobs


JOBS = ListPage(
    name="jobs",
    columns=[
        Column("kind", _("Work"), value=lambda job: job.label, link=True, sort="kind"),
        Column(
            "subjects",
            _("Of"),
            value=lambda job: [subject.name for subject in job.subjects],
            template="jobs/partials/subjects.html",
            sort=False,
        ),
        Column("state", _("State"), pill=state_pill),
        Column("progress", _("Progress"), template="jobs/partials/progress_cell.html", sort=False, export=False),
        Column("by", _("Started by"), value=lambda job: job.started_by),
        Column("created_at", _("Asked for"), "ago"),
        Column("seconds", _("Time taken"), "duration", value=lambda job: job.seconds if job.started_at else None),
        Column("attempts", _("Attempts"), "number", hidden=True),
        Column("error", _("Error"), hidden=True),
    ],
    search=["kind", "message", "error"],
    filters=[
        Choice("state", _("State"), choices=Job.State.choices),
        Choice("kind", _("Work"), choices=lambda: [(kind.name, kind.label) for kind in registry.all_kinds()]),
        DateRange("created_at", _("Asked for")),
    ],
    bulk=[
        BulkAction(
            "cancel", _("Cancel"), _cancel_many, "jobs.change_job", _("What is under way stops at its next step.")
        ),
        BulkAction("retry", _("Try again"), _retry_many, "jobs.change_job", icon="arrow-clockwise"),
    ],
    default_sort="-created_at",
    empty=Empty(
        _("Nothing has run yet"),
        _("Loading a source, refreshing the data and sending messages appear here with their progress."),
        "activity",
    ),
)
