"""One row per journey with its key numbers: for the list page and the API."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from core.formats import money
from journeys.analytics import QuickResult, quick_results
from journeys.models import Journey
from journeys.queries import Numbers, numbers
from messaging.models import Reason
from segments.models import Segment


@dataclass(frozen=True)
class Row:
    """`conversion_rate` is a fraction of the messages delivered; None without a goal or without messages. `reasons`: in
    words, why messages were not sent, the most frequent first."""

    pk: int
    slug: str
    name: str
    description: str
    url: str
    state: str
    state_words: str
    segment: str
    entered: int
    active: int
    sent: int
    not_sent: int
    reasons: list[tuple[str, int]]
    conversion_rate: float | None
    revenue: str
    updated_at: datetime
    changed_by: str


def overview(journeys: QuerySet[Journey]) -> list[Row]:
    rows = list(journeys.select_related("updated_by").order_by("-updated_at"))
    counts = numbers(journeys)
    names = dict(Segment.objects.values_list("slug", "name"))
    results = quick_results(rows)
    return [_row(journey, counts.get(journey.pk, Numbers()), names, results) for journey in rows]


def _row(journey: Journey, count: Numbers, names: dict[str, str], results: dict[int, QuickResult]) -> Row:
    slug = journey.draft.get("start", {}).get("segment", "")
    found = results[journey.pk]
    return Row(
        pk=journey.pk,
        slug=journey.slug,
        name=journey.name,
        description=journey.description,
        url=journey.get_absolute_url(),
        state=journey.state,
        state_words=str(journey.get_state_display()),
        segment=names.get(slug, slug),
        entered=count.entered,
        active=count.active,
        sent=found.sent,
        not_sent=sum(count for _reason, count in found.not_sent),
        reasons=[(str(Reason(reason).label), count) for reason, count in found.not_sent],
        conversion_rate=found.conversion_rate,
        revenue=revenue_words(found.revenue),
        updated_at=journey.updated_at,
        changed_by=str(journey.updated_by or ""),
    )


def revenue_words(revenue: Iterable[tuple[str, int]]) -> str:
    """One amount per currency, in minor units, as text."""
    return " + ".join(money(amount, currency) for currency, amount in revenue)
