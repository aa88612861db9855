"""Where journeys show up in other rooms."""

from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import audit_words, formats, home, nav, palette, sections
from jobs import stages
from jobs.registry import Context
from jobs.stages import RefreshStage, StageResult
from journeys import steps
from journeys.goals import told
from journeys.models import Enrolment, Journey, JourneyVersion, StepTrouble
from journeys.queries import numbers, uses_of_attributes, uses_of_emails, uses_of_segments, uses_of_tables
from journeys.services.lifecycle import on_publish
from journeys.tasks import walk
from journeys.upkeep import refresh_entries
from journeys.workspace import JourneysSection
from messaging.usage import emails
from profiles.config.usage import attributes
from profiles.customers.panels import Panel
from profiles.customers.panels import register as register_panel
from segments.usage import segments
from sources.usage import linked

PANEL_ROWS = 8


def register() -> None:
    assert steps.__all__  # importing the package registers the kinds of steps
    nav.add(
        "journeys", nav.NavItem(gettext_lazy("Journeys"), "journeys:list", "signpost-2", "journeys.view_journey", 10)
    )
    palette.register(find)
    palette.add_action(palette.Action(gettext_lazy("New journey"), "journeys:create", "journeys.add_journey"))
    home.register_kpis(kpis)
    home.register_todos(todos)
    home.register_story_step(draw_step)
    home.register_story_step(results_step)
    sections.register(JourneysSection())
    audit_words.register_story(["journey.goal"], told)
    stages.register(
        RefreshStage(
            name="journeys",
            label=gettext_lazy("Journeys"),
            run=_enter,
            after=("segments",),
            reads=lambda: ["segments.members", "unified.links"],  # links: a merge changes whose runs are whose
            definition=_waiting_versions,
        )
    )
    on_publish(_ring)
    register_panel(panels)
    segments.register(uses_of_segments)
    attributes.register(uses_of_attributes)
    emails.register(uses_of_emails)
    linked.register(uses_of_tables)


def _ring() -> None:
    walk.delay()


def _enter(context: Context, full: bool) -> StageResult:
    return StageResult(refresh_entries(timezone.now(), context))


def _waiting_versions() -> Any:
    live = JourneyVersion.objects.filter(journey__state=Journey.State.LIVE)
    return list(live.order_by("pk").values_list("pk", flat=True))


def find(user: User, query: str) -> list[palette.Hit]:
    rows = Journey.objects.visible_to(user).filter(name__icontains=query)[:5]
    return [
        palette.Hit(j.name, j.get_absolute_url(), _("Journeys"), "signpost-2", str(j.get_state_display())) for j in rows
    ]


def kpis(user: User) -> list[home.Kpi]:
    journeys = Journey.objects.visible_to(user)
    live = journeys.filter(state=Journey.State.LIVE).count()
    if not user.has_perm("journeys.view_journey") or not journeys.exists():
        return []
    active = sum(found.active for found in numbers(journeys).values())
    hint = _("%(people)s people under way") % {"people": formats.number(active)}
    return [home.Kpi(_("Live journeys"), formats.number(live), reverse("journeys:list") + "?state=live", hint, 40)]


def todos(user: User) -> list[home.Todo]:
    if not user.has_perm("journeys.change_journey"):
        return []
    troubles = StepTrouble.objects.filter(version__journey__state=Journey.State.LIVE).select_related("version__journey")
    return [
        home.Todo(
            _("People cannot go on in “%(name)s”: %(why)s") % {"name": t.version.journey.name, "why": t.message},
            t.version.journey.get_absolute_url(),
            _("Look at the journey"),
            "danger",
        )
        for t in troubles[:3]
    ]


def draw_step(user: User) -> home.StoryStep:
    return home.StoryStep(
        order=4,
        title=_("Send a journey"),
        text=_("Draw what happens to the people in a segment: e-mails, waits, branches. Then publish it."),
        url=reverse("journeys:list"),
        action=_("Draw a journey"),
        done=JourneyVersion.objects.exists(),
    )


def results_step(user: User) -> home.StoryStep:
    newest = Journey.objects.exclude(state=Journey.State.DRAFT).order_by("-updated_at").first()
    return home.StoryStep(
        order=5,
        title=_("See what it brought"),
        text=_("Opens, clicks, conversions and revenue of your journey, with the people behind each number."),
        url=reverse("journeys:results", args=[newest.slug]) if newest else reverse("journeys:list"),
        action=_("See the results"),
        done=Enrolment.objects.filter(state=Enrolment.State.DONE).exists(),
    )


def panels(user: User, profile_id: str) -> list[Panel]:
    if not user.has_perm("journeys.view_journey"):
        return []
    runs = Enrolment.objects.filter(profile_id=profile_id).select_related("journey", "version").order_by("-entered_at")
    rows = list(runs[:PANEL_ROWS])
    return [Panel(gettext_lazy("Journeys"), "journeys/partials/profile_panel.html", {"runs": rows}, 40)] if rows else []
