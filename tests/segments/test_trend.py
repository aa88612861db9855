"""The sizes of a segment over time."""

import datetime

from segments import queries
from segments.models import Segment, SegmentRun

NOON = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)


def test_no_two_points_have_one_label(db: None) -> None:
    segment = Segment.objects.create(name="Loyal", slug="loyal", rule={"all": []})
    for seconds, size in ((0, 10), (20, 12), (3_600, 11)):
        SegmentRun.objects.create(segment=segment, at=NOON + datetime.timedelta(seconds=seconds), size=size)
    chart = queries.chart(segment)
    assert chart is not None
    assert len(set(chart["labels"])) == len(chart["series"][0]["values"]) == 3
