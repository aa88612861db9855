"""Running work, one job, the refresh button and the schedule."""

from collections.abc import Callable
from dataclasses import asdict

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from core import htmx
from core.errors import KindredError
from core.roles import actor
from jobs import refresh as refreshing
from jobs import schedule as scheduling
from jobs import services
from jobs.forms import ScheduleForm
from jobs.models import Job
from jobs.pages import JOBS, TONES, JobRows, state_pill

RECENT_REFRESHES = 10
RUNNING_SHOWN = 3


@require_http_methods(["GET", "POST"])
@permission_required("jobs.view_job", raise_exception=True)
def list_(request: HttpRequest) -> HttpResponse:
    jobs = Job.objects.visible_to(request.user).select_related("by")
    return JOBS.response(request, JobRows(jobs), "jobs/list.html", {"active": jobs.active().exists()})


@require_GET
@permission_required("jobs.view_job", raise_exception=True)
def pulse(request: HttpRequest) -> HttpResponse:
    """The list's heartbeat: reloads it, and goes on beating while something is active."""
    active = Job.objects.visible_to(request.user).active().exists()
    return trigger_client_event(render(request, "jobs/partials/pulse.html", {"active": active}), "list:refresh")


@require_GET
@permission_required("jobs.view_job", raise_exception=True)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(Job.objects.visible_to(request.user).select_related("by"), pk=pk)
    words, tone = state_pill(job)
    stages = [(stage, TONES[stage.state]) for stage in job.stages.all()]
    context = {"job": job, "state": words, "tone": tone, "stages": stages}
    return htmx.page_or_part(request, "jobs/detail.html", "jobs/partials/job.html", context)


@require_GET
def running(request: HttpRequest) -> HttpResponse:
    """What runs, for the top bar: one small query."""
    jobs = list(Job.objects.visible_to(request.user).active()[: RUNNING_SHOWN + 1])
    return render(request, "jobs/partials/running.html", {"jobs": jobs, "first": jobs[0] if jobs else None})


@require_POST
@permission_required("jobs.refresh", raise_exception=True)
def refresh(request: HttpRequest) -> HttpResponse:
    try:
        job = refreshing.start(full=request.POST.get("full") == "1", by=actor(request))
    except KindredError as error:
        messages.warning(request, error.message)
        return htmx.go_to(request, reverse("jobs:list"))
    messages.success(request, _("The refresh has started."))
    return htmx.go_to(request, job.get_absolute_url())


@require_POST
@permission_required("jobs.change_job", raise_exception=True)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    return _told(request, pk, services.cancel, _("It stops at its next step."))


@require_POST
@permission_required("jobs.change_job", raise_exception=True)
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    return _told(request, pk, services.retry, _("It is tried again."))


def _told(request: HttpRequest, pk: int, verb: Callable[..., Job], done: str) -> HttpResponse:
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    try:
        verb(job, by=actor(request))
    except KindredError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, done)
    return htmx.go_to(request, job.get_absolute_url())


@require_http_methods(["GET", "POST"])
@permission_required("jobs.view_job", raise_exception=True)
def schedule(request: HttpRequest) -> HttpResponse:
    form = ScheduleForm(request.POST or None, initial=asdict(scheduling.current()))
    if request.method == "POST" and form.is_valid():
        try:
            scheduling.change(form.plan(), by=actor(request))
        except KindredError as error:
            form.add_error("count", error.message)
        else:
            messages.success(request, _("The schedule is saved."))
            return htmx.go_to(request, reverse("jobs:schedule"))
    recent = Job.objects.visible_to(request.user).filter(kind=refreshing.KIND).select_related("by")[:RECENT_REFRESHES]
    context = {
        "form": form,
        "plan": scheduling.current(),
        "next": scheduling.next_run(),
        "recent": [(job, *state_pill(job)) for job in recent],
    }
    return render(request, "jobs/schedule.html", context, status=422 if form.errors else 200)
