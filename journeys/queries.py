"""Named reads of where people stand."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.usage import Use
from journeys.graph import START
from journeys.kinds import Figure, all_kinds, kind_of
from journeys.models import Enrolment, Journey, JourneyVersion, StepFlow
from journeys.plans import plan_of
from journeys.runtime import EXITS
from messaging.models import TemplateVersion
from segments.queries import attributes_of as attributes_of_rule
from segments.queries import segments_of as segments_of_rule
from segments.queries import tables_of as tables_of_rule

PEOPLE_PER_SECOND_OLD = 20_000  # figures of a million people are read from the ledger every 50 seconds, not every two
MOST_SECONDS_OLD = 60


@dataclass
class Standing:
    """What happened at one step: `entered = waiting + passed + done + left + stopped`, at any moment."""

    entered: int = 0
    passed: int = 0
    done: int = 0
    left: int = 0
    stopped: int = 0
    exits: dict[int, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)

    @property
    def waiting(self) -> int:
        return self.entered - self.passed - self.done - self.left - self.stopped

    def as_dict(self) -> dict[str, Any]:
        return {
            "entered": self.entered,
            "waiting": self.waiting,
            "passed": self.passed,
            "done": self.done,
            "left": self.left,
            "stopped": self.stopped,
            "exits": self.exits,
            "reasons": self.reasons,
        }


def standings(versions: QuerySet[JourneyVersion]) -> dict[str, Standing]:
    """Per step id, over some versions of one journey, from the counters: a few hundred rows, whatever the audience.

    The start has an entry of its own: `passed` is how many people ever entered.
    """
    rows = StepFlow.objects.filter(version__in=versions).order_by()
    result: dict[str, Standing] = defaultdict(Standing)
    for step, event, outcome, reason, people in rows.values_list("step", "event", "outcome", "reason").annotate(
        n=Sum("people")
    ):
        place = result[step]
        setattr(place, event, getattr(place, event) + people)
        if event == StepFlow.Event.PASSED:
            place.exits[outcome] = place.exits.get(outcome, 0) + people
        if reason:
            place.reasons[reason] = place.reasons.get(reason, 0) + people
    start = result[START]
    start.entered = start.passed
    return dict(result)


def figures(version: JourneyVersion) -> dict[str, Sequence[Figure]]:
    """Per step id what became of those who passed it. Counted anew for each question of a small journey; of a large one
    as it was some seconds ago, however many people look."""
    entered = StepFlow.objects.filter(version=version, step=START).aggregate(n=Sum("people"))["n"] or 0
    key = f"journeys:figures:{version.pk}:{get_language()}"
    found: dict[str, Sequence[Figure]] | None = cache.get(key)
    if found is None:
        found = {step: row for kind in all_kinds() for step, row in kind.figures(version).items()}
        cache.set(key, found, min(entered // PEOPLE_PER_SECOND_OLD, MOST_SECONDS_OLD))
    return found


@dataclass(frozen=True)
class Numbers:
    """Runs of a journey by state; they add up to `entered`."""

    entered: int = 0
    active: int = 0
    done: int = 0
    left: int = 0
    stopped: int = 0


def numbers(journeys: QuerySet[Journey]) -> dict[int, Numbers]:
    """Per journey, in one query over the counters, whatever the audience."""
    places: dict[int, Standing] = defaultdict(Standing)
    entered: dict[int, int] = defaultdict(int)
    rows = StepFlow.objects.filter(version__journey__in=journeys).order_by()
    counted = rows.values_list("version__journey_id", "step", "event").annotate(n=Sum("people"))
    for journey_id, step, event, people in counted:
        if step == START:
            entered[journey_id] += people
        else:
            place = places[journey_id]
            setattr(place, event, getattr(place, event) + people)
    return {journey_id: _numbers(people, places[journey_id]) for journey_id, people in entered.items()}


def _numbers(entered: int, places: Standing) -> Numbers:
    """`places`: all steps together. Who is not under way, did not leave and was not stopped, has completed."""
    active = places.waiting
    done = entered - active - places.left - places.stopped
    return Numbers(entered, active, done, places.left, places.stopped)


def people_at(versions: QuerySet[JourneyVersion], step: str, show: str) -> QuerySet[Enrolment]:
    """The people behind a number: `show` is entered, waiting, passed, done, left or stopped; `step` "" is all steps."""
    runs = Enrolment.objects.filter(version__in=versions)
    if show in {"done", "left", "stopped"}:
        runs = runs.filter(state=show)
        return runs.filter(step=step) if step else runs
    if show == "waiting":
        runs = runs.filter(state=Enrolment.State.ACTIVE)
        return runs.filter(step=step) if step else runs
    if not step or step == START:
        return runs
    if show == "passed":
        return runs.filter(_passed(versions, step))
    return runs.filter(Q(step=step) | _passed(versions, step))


def _passed(versions: QuerySet[JourneyVersion], step: str) -> Q:
    """People whose trail holds this step: its number differs between versions."""
    found = Q(pk__in=[])
    for version in versions:
        number = plan_of(version).index.get(step)
        if number is not None:
            found |= Q(version=version, trail__overlap=list(range(number * EXITS, (number + 1) * EXITS)))
    return found


def uses_of_segments() -> list[tuple[Use, set[str]]]:
    """Journeys, and the segments that their draft or a version that people walk on starts with or branches on."""
    walked = _walked()
    return [
        (_use(journey), set().union(*map(segments_of, [journey.draft, *(v.graph for v in walked[journey.pk])])))
        for journey in _going()
    ]


def uses_of_attributes() -> list[tuple[Use, set[str]]]:
    """Journeys, and the attributes that their draft or a version that people walk on branches on, or that one of its
    e-mails prints."""
    walked = _walked()
    printed = _printed([version for versions in walked.values() for version in versions])
    found = []
    for journey in _going():
        names = attributes_of(journey.draft)
        for version in walked[journey.pk]:
            names |= attributes_of(version.graph) | printed[version.pk]
        found.append((_use(journey), names))
    return found


def uses_of_tables() -> list[tuple[Use, set[str]]]:
    """Journeys, and the tables that their draft or a version that people walk on branches on."""
    walked = _walked()
    return [
        (_use(journey), set().union(*map(tables_of, [journey.draft, *(v.graph for v in walked[journey.pk])])))
        for journey in _going()
    ]


def uses_of_emails() -> list[tuple[Use, set[str]]]:
    """Journeys, and the short names of the e-mails that their draft, or a version that people walk on, sends."""
    walked = _walked()
    pinned = {version.pk: _pinned(version) for versions in walked.values() for version in versions}
    mails = TemplateVersion.objects.filter(pk__in=set().union(*pinned.values()))
    slugs = dict(mails.values_list("pk", "template__slug"))
    found = []
    for journey in _going():
        names = {step["template"] for step in journey.draft.get("steps", []) if step.get("template")}
        for version in walked[journey.pk]:
            names |= {slugs[mail] for mail in pinned[version.pk]}
        found.append((_use(journey), names))
    return found


def _use(journey: Journey) -> Use:
    return Use(_("Journey"), journey.name, journey.get_absolute_url())


def _going() -> QuerySet[Journey]:
    return Journey.objects.exclude(state__in=[Journey.State.STOPPED, Journey.State.COMPLETED])


def _walked() -> dict[int, list[JourneyVersion]]:
    """By journey the versions that somebody walks on or may enter: those with people under way, and the newest."""
    newer = JourneyVersion.objects.filter(journey=OuterRef("journey"), number__gt=OuterRef("number"))
    under_way = Enrolment.objects.filter(version=OuterRef("pk"), state=Enrolment.State.ACTIVE)
    running = JourneyVersion.objects.filter(journey__state__in=[Journey.State.LIVE, Journey.State.PAUSED])
    found: dict[int, list[JourneyVersion]] = defaultdict(list)
    for version in running.filter(Exists(under_way) | ~Exists(newer)):
        found[version.journey_id].append(version)
    return found


def _printed(versions: list[JourneyVersion]) -> dict[int, set[str]]:
    """By version of a journey the tokens of its pinned e-mails."""
    pinned = {version.pk: _pinned(version) for version in versions}
    mails = TemplateVersion.objects.filter(pk__in=set().union(*pinned.values())).values_list("pk", "tokens")
    tokens = {pk: {token["name"] for token in rows} for pk, rows in mails}
    return {pk: set().union(*(tokens[mail] for mail in of_it)) for pk, of_it in pinned.items()}


def _pinned(version: JourneyVersion) -> set[int]:
    """The versions of e-mails that a version of a journey sends."""
    parts = (version.frozen or {}).values()
    return {part["template_version"] for part in parts if "template_version" in part}


def attributes_of(graph: dict[str, Any]) -> set[str]:
    """Attributes that a stored graph speaks of."""
    return {name for rule in _rules(graph) for name in attributes_of_rule(rule)}


def tables_of(graph: dict[str, Any]) -> set[str]:
    """Tables that a stored graph speaks of."""
    return {name for rule in _rules(graph) for name in tables_of_rule(rule)}


def _rules(graph: dict[str, Any]) -> list[Any]:
    return [branch.get("rule") for step in graph.get("steps", []) for branch in step.get("branches", [])]


def segments_of(graph: dict[str, Any]) -> set[str]:
    """Short names of the segments that a stored graph speaks of."""
    start = graph.get("start", {}).get("segment", "")
    return {start, *(name for rule in _rules(graph) for name in segments_of_rule(rule))} - {""}


@dataclass(frozen=True)
class Stage:
    """One step that a person left: which, by which exit, and when."""

    step: str
    exit: str
    seconds: int


def trail(enrolment: Enrolment) -> list[Stage]:
    """The steps that a person left, in order."""
    plan = plan_of(enrolment.version)
    steps = plan.graph.steps
    result = []
    for mark, seconds in zip(enrolment.trail, enrolment.trail_seconds, strict=True):
        step = steps[mark // EXITS]
        result.append(Stage(step.id, kind_of(step).exit_names(step)[mark % EXITS], seconds))
    return result
