"""What is held against an aim: ours against the others, and against ourselves at another size."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.unify.contenders import BEST, Found

MOST_OF_FLOOR, MOST_OF_SPLINK = 1.5, 0.6
LINEAR = 1.15
FEBRL_F1, DEMO_F1 = 0.999, 0.95
MOST_LARGEST = 1.2
MOST_MIXED = 1 / 200
OTHERS = (
    ("rules", "floor", MOST_OF_FLOOR),
    ("suggest", "splink", MOST_OF_SPLINK),
    ("suggest", "quick", MOST_OF_SPLINK),
)
SMALLEST_TIMED = 500_000  # records, below which reading a phone book decides


@dataclass(frozen=True)
class Ratio:
    data: str
    what: str
    value: float
    aim: str
    met: bool | None


def ratios(found: Sequence[Found]) -> list[Ratio]:
    by = {(one.data, one.contender): one for one in found if one.quality}
    names = list(dict.fromkeys(one.data for one in found))
    return [*(row for name in names for row in (*_quality(by, name), *_speed(by, name))), *_linear(by)]


def _quality(by: dict[tuple[str, str], Found], name: str) -> Iterator[Ratio]:
    ours, peer, best = (by.get((name, one)) for one in ("suggest", "splink", BEST))
    if ours is None or ours.quality is None:
        return
    mine, least = ours.quality, FEBRL_F1 if name == "febrl4" else DEMO_F1
    yield Ratio(name, "F1 of ours", mine.f1, f"≥ {least}", mine.f1 >= least)
    for other, what in ((peer, "at its example's threshold"), (best, "at its best threshold")):
        if other and other.quality:
            theirs = other.quality.f1
            yield Ratio(name, f"F1 of ours − splink {what}", mine.f1 - theirs, "≥ 0", mine.f1 >= theirs)
    larger = mine.largest / mine.largest_true
    yield Ratio(name, "largest person, to the true largest", larger, f"≤ {MOST_LARGEST}", larger <= MOST_LARGEST)
    if mine.households:
        share = mine.mixed / mine.households
        yield Ratio(name, "share of households that are mixed", share, f"≤ {MOST_MIXED}", share <= MOST_MIXED)


def _speed(by: dict[tuple[str, str], Found], name: str) -> Iterator[Ratio]:
    for mine, theirs, most in OTHERS:
        one, other = by.get((name, mine)), by.get((name, theirs))
        if not one or not other:
            continue
        aimed = one.records >= SMALLEST_TIMED
        for what, value in (("CPU", one.cpu / other.cpu), ("wall", one.wall / other.wall)):
            aim = f"≤ {most}" if aimed and what == "CPU" else ""
            yield Ratio(name, f"{what}, ours ({mine}) / {theirs}", value, aim, value <= most if aim else None)
        yield Ratio(name, f"peak memory, ours ({mine}) / {theirs}", one.peak / other.peak, "", None)


def _linear(by: dict[tuple[str, str], Found]) -> Iterator[Ratio]:
    """CPU seconds per record, at each larger size to the smallest that was timed."""
    for way in ("suggest", "rules"):
        timed = [one for (_name, who), one in by.items() if who == way and one.data.startswith("records-")]
        timed.sort(key=lambda one: one.records)
        for one in timed[1:]:
            value = one.cpu / one.records / (timed[0].cpu / timed[0].records)
            what = f"CPU per record, ours ({way}) / {timed[0].data}"
            yield Ratio(one.data, what, value, f"≤ {LINEAR}", value <= LINEAR)
