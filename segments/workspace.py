"""Segments in the workspace file: `segments: [{name: …, rule: {…}}]`, live unless the file says otherwise."""

from typing import Any, Literal

from core.definitions import Known, Named, stated_slug
from core.sections import ApplyContext, Change, at
from rules import references
from rules.language import parse
from segments import services
from segments.models import Segment


class SegmentSpec(Named):
    """`rule` is checked as a rule of the language; its attributes may still be missing from the data."""

    rule: dict[str, Any]
    description: str = ""
    state: Literal["draft", "live"] = "live"


class SegmentsSection:
    name = "segments"
    order = 60
    spec = list[SegmentSpec]

    def export(self) -> list[SegmentSpec]:
        return [
            SegmentSpec(
                name=s.name,
                slug=stated_slug(s),
                rule=s.rule,
                description=s.description,
                state="live" if s.is_live else "draft",
            )
            for s in Segment.objects.order_by("name")
        ]

    def apply(self, value: list[SegmentSpec], context: ApplyContext) -> list[Change]:
        known = Known("segments", Segment.objects.all())
        changes: list[Change] = []
        saved: list[tuple[str, Segment, SegmentSpec]] = []
        for spec in value:
            path = f"segments[{spec.name}]"
            found, segment = _apply_one(spec, known.find(spec), path, context)
            changes += found
            if segment is not None:
                saved.append((path, segment, spec))
        for path, segment, spec in saved:  # when all are there: rules may speak of segments that stand further below
            with at(path):
                _settle(segment, spec, context)
        return changes


def _apply_one(
    spec: SegmentSpec, segment: Segment | None, path: str, context: ApplyContext
) -> tuple[list[Change], Segment | None]:
    """What changed, and the segment where anything did."""
    rule = references.by_short_names(parse(spec.rule, f"{path}.rule").as_json())
    if segment is None:
        with at(path):
            made = services.save(name=spec.name, slug=spec.slug, rule=rule, description=spec.description, by=context.by)
        return [Change("add", path, None, spec.model_dump(mode="json", exclude_unset=True))], made
    changes = _differences(spec, segment, rule, path)
    if changes:
        description = spec.description if "description" in spec.model_fields_set else segment.description
        with at(path):
            services.save(name=spec.name, rule=rule, description=description, segment=segment, by=context.by)
    return changes, segment if changes else None


def _differences(spec: SegmentSpec, segment: Segment, rule: dict[str, Any], path: str) -> list[Change]:
    stated = {"name": spec.name, "rule": rule, "state": spec.state}
    if "description" in spec.model_fields_set:
        stated["description"] = spec.description.strip()
    return [
        Change("change", f"{path}.{field}", getattr(segment, field), value)
        for field, value in stated.items()
        if getattr(segment, field) != value
    ]


def _settle(segment: Segment, spec: SegmentSpec, context: ApplyContext) -> None:
    rule = references.by_short_names(parse(spec.rule).as_json())
    if rule != segment.rule:
        services.save(name=segment.name, rule=rule, description=segment.description, segment=segment, by=context.by)
    settle = services.publish if spec.state == "live" else services.unpublish
    settle(segment, by=context.by)
