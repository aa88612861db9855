from pathlib import Path
from typing import ClassVar

import pyarrow.csv as pc
import pyarrow.parquet as pq
import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection

from core.errors import Conflict, InvalidInput, NotAllowed
from core.models import AuditEntry
from core.sections import ApplyContext
from lake.queries import snapshot
from rules.services import count
from rules.words import describe
from segments import services, usage
from segments.models import Segment
from segments.queries import palette_hits, panels
from segments.workspace import SegmentSpec, SegmentsSection
from tests.segments.world import BUYERS, LOYAL, ROMANS, at, publish_world

pytestmark = pytest.mark.django_db


def live(name: str, rule: object) -> Segment:
    return services.publish(services.save(name=name, rule=rule))


def members() -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for row in snapshot().arrow(snapshot().table("segments.members")).to_pylist():
        found.setdefault(row["segment"], {})[row["profile_id"]] = row["since"]
    return found


def test_refresh_writes_all_live_segments_in_one_publication(world: None) -> None:
    live("Loyal customers", LOYAL)
    live("Buyers", BUYERS)
    services.save(name="Draft", rule=ROMANS)
    before = snapshot().version
    report = services.refresh_members()
    assert {slug: set(who) for slug, who in members().items()} == {
        "loyal-customers": {"c2", "c3", "c4", "c5"},
        "buyers": {"c1"},
    }
    assert report.sizes == {"loyal-customers": 4, "buyers": 1}
    assert snapshot().version == before + 1
    assert Segment.objects.get(slug="buyers").size == 1


def test_who_stays_keeps_since_and_the_trend_counts_who_joined_and_left(world: None) -> None:
    segment = live("Loyal", LOYAL)
    with time_machine.travel(at(2026, 1, 1), tick=False):
        services.refresh_members()
    publish_world([5000, 0, 3000, 3000, 0, 3000])
    with time_machine.travel(at(2026, 1, 2), tick=False):
        services.refresh_members()
    assert members()["loyal"] == {
        "c0": at(2026, 1, 2),
        "c2": at(2026, 1, 1),
        "c3": at(2026, 1, 1),
        "c5": at(2026, 1, 1),
    }
    run = segment.runs.first()
    assert run is not None
    assert (run.size, run.joined, run.left, run.of_all) == (4, 1, 1, 6)


def test_a_broken_segment_keeps_its_members_and_stops_no_other(world: None) -> None:
    broken = live("Broken", LOYAL)
    services.refresh_members()
    Segment.objects.filter(pk=broken.pk).update(rule={"all": [{"attribute": "gone", "op": "is_set"}]})
    live("Romans", ROMANS)
    report = services.refresh_members()
    broken.refresh_from_db()
    assert set(report.problems) == {"broken"}
    assert "gone" in broken.problem
    assert set(members()["broken"]) == {"c2", "c3", "c4", "c5"}
    assert set(members()["romans"]) == {"c1", "c3", "c5"}


def test_refreshing_one_segment_leaves_the_others(world: None) -> None:
    live("Loyal", LOYAL)
    live("Romans", ROMANS)
    services.refresh_members()
    publish_world([5000] * 6)
    services.refresh_members(only=["romans"])
    assert len(members()["loyal"]) == 4


@pytest.mark.django_db(transaction=True)
def test_progress_is_told_outside_of_transactions_so_that_others_see_it(world: None) -> None:
    class Told:
        job_id = 0
        inside: ClassVar[list[bool]] = []

        def progress(self, done: int, total: int | None = None, message: str = "") -> None:
            self.inside.append(connection.in_atomic_block)

        def check_cancelled(self) -> None:
            self.progress(0)

    live("Loyal", LOYAL)
    services.refresh_members(Told())
    assert set(Told.inside) == {False}


def test_a_draft_loses_its_members_at_the_next_refresh(world: None) -> None:
    segment = live("Loyal", LOYAL)
    services.refresh_members()
    services.unpublish(segment)
    services.refresh_members()
    assert members() == {}


def test_count_is_of_the_rule_as_it_is_now_for_drafts_and_through_other_segments(world: None) -> None:
    services.save(name="Loyal", rule=LOYAL)
    both = services.save(name="Both", rule={"all": [{"segment": "loyal"}, *ROMANS["all"]]})
    assert services.count(both).total == 2


def test_segments_cannot_refer_to_each_other_in_a_circle(world: None) -> None:
    first = services.save(name="First", rule=LOYAL)
    services.save(name="Second", rule={"segment": "first"})
    with pytest.raises(InvalidInput, match="circle"):
        services.save(name="First", rule={"segment": "second"}, segment=first)


def test_a_segment_that_is_gone_is_named_where_it_is_spoken_of(world: None) -> None:
    live("Loyal", LOYAL)
    services.save(name="Romans of them", rule={"all": [*ROMANS["all"], {"segment": "loyal"}]})
    Segment.objects.filter(slug="loyal").delete()
    with pytest.raises(InvalidInput, match="no segment “loyal” any more") as direct:
        count({"all": [*ROMANS["all"], {"segment": "loyal"}]})
    with pytest.raises(InvalidInput, match="“Romans of them” speaks of a segment that is gone: “loyal”") as through:
        count({"any": [{"segment": "romans-of-them"}]})
    assert (direct.value.place, through.value.place) == ("rule.all[1]", "rule.any[0]")


def test_a_renamed_segment_stays_what_other_rules_speak_of(world: None) -> None:
    loyal = live("Loyal", LOYAL)
    other = services.save(name="Other", rule={"segment": "loyal"})
    services.save(name="Very loyal", rule=LOYAL, segment=loyal)
    assert describe(other.rule) == "Is in the segment “Very loyal”"
    assert services.count(other).total == 4


def test_a_used_segment_is_not_deleted_and_says_where_it_is_used(world: None) -> None:
    segment = live("Loyal", LOYAL)
    services.save(name="Others", rule={"none": [{"segment": "loyal"}]})
    with pytest.raises(Conflict, match="Others"):
        services.delete(segment)
    with pytest.raises(Conflict, match="Others"):
        services.unpublish(segment)
    assert [use.label for use in usage.segments.of(segment.slug)] == ["Others"]


def test_names_are_unique_and_a_duplicate_finds_a_free_one(world: None) -> None:
    segment = services.save(name="Loyal", rule=LOYAL)
    with pytest.raises(InvalidInput):
        services.save(name=" loyal ", rule=LOYAL)
    assert {services.duplicate(segment).name for _ in range(2)} == {"Loyal (copy 1)", "Loyal (copy 2)"}


def test_only_those_who_may_change_segments(world: None, marketer: User, viewer: User) -> None:
    segment = services.save(name="Loyal", rule=LOYAL, by=marketer)
    for refused in (
        lambda: services.save(name="No", rule=LOYAL, by=viewer),
        lambda: services.publish(segment, by=viewer),
        lambda: services.delete(segment, by=viewer),
        lambda: services.duplicate(segment, by=viewer),
    ):
        with pytest.raises(NotAllowed):
            refused()
    assert AuditEntry.objects.filter(verb="segment.add", user=marketer).count() == 1


def test_explain_gives_every_verdict_with_the_values_found(world: None) -> None:
    segment = services.save(name="S", rule={"all": [*LOYAL["all"], *BUYERS["all"], {"any": ROMANS["all"]}]})
    verdict = services.explain(segment, "c1")
    assert not verdict.met
    assert [(part.met, part.value) for part in verdict.parts[:2]] == [(False, "1,000"), (True, "30.00 EUR")]
    assert verdict.parts[2].parts[0].value == "Rome"
    unknown = services.explain(segment, "c0")
    assert [part.value for part in unknown.parts[:2]] == ["unknown", "0.00 EUR"]


def test_members_file_holds_names_and_addresses(
    world: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    services.save(name="Loyal", rule=LOYAL)
    for name in ("m.csv", "m.parquet"):
        call_command("segment", "members", "loyal", "--to", str(tmp_path / name))
    table = pc.read_csv(tmp_path / "m.csv")
    assert (
        table["profile_id"].to_pylist()
        == pq.read_table(tmp_path / "m.parquet")["profile_id"].to_pylist()
        == ["c2", "c3", "c4", "c5"]
    )
    assert table["email"].to_pylist()[0] == "c2@people.example"
    call_command("segment", "count", "loyal")
    assert capsys.readouterr().out == "4\n"
    call_command("segment", "explain", "loyal", "c5")
    assert "c5 is in “Loyal”" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["m.csv", "m.parquet"])
def test_a_file_of_members_gets_its_folder_or_a_reason(world: None, tmp_path: Path, name: str) -> None:
    services.save(name="Loyal", rule=LOYAL)
    call_command("segment", "members", "loyal", "--to", str(tmp_path / "new folder" / name))
    assert [path.name for path in (tmp_path / "new folder").iterdir()] == [name]
    (tmp_path / "a file").touch()
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("segment", "members", "loyal", "--to", str(tmp_path / "a file" / name))


def test_members_are_written_to_standard_output_where_no_file_is_named(
    world: None, capsys: pytest.CaptureFixture[str]
) -> None:
    services.save(name="Loyal", rule=LOYAL)
    call_command("segment", "members", "loyal")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(",")[0].strip("\ufeff") for line in lines] == ["profile_id", "c2", "c3", "c4", "c5"]


def test_workspace_file_makes_live_segments_once_even_before_there_is_data(db: None) -> None:
    spec = [
        SegmentSpec(name="Loyal customers", rule={"all": [{"attribute": "loyalty_points", "op": "gt", "value": 1000}]})
    ]
    context = ApplyContext(folder=Path("."))
    section = SegmentsSection()
    assert [change.action for change in section.apply(spec, context)] == ["add"]
    assert section.apply(spec, context) == []
    segment = Segment.objects.get(slug="loyal-customers")
    assert segment.is_live
    services.refresh_members()
    segment.refresh_from_db()
    assert segment.problem
    assert section.apply(section.export(), context) == []
    changed = [SegmentSpec(name="Loyal customers", rule=LOYAL, state="draft")]
    assert {change.path for change in section.apply(changed, context)} == {
        "segments[Loyal customers].rule",
        "segments[Loyal customers].state",
    }
    publish_world()
    assert services.count(Segment.objects.get()).total == 4


def test_customer_page_and_palette_find_segments(world: None, viewer: User, stranger: User) -> None:
    live("Loyal", LOYAL)
    services.refresh_members()
    assert [item["segment"].slug for item in panels(viewer, "c5")[0].context["memberships"]] == ["loyal"]
    assert [hit.label for hit in palette_hits(viewer, "loy")] == ["Loyal"]
    assert palette_hits(stranger, "loy") == []
    assert panels(stranger, "c5") == []
