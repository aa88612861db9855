"""One run of one contender: its process, its times, its answer judged."""

import os
import statistics
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.common import Run, alone, cpu, wall
from bench.unify import environment
from bench.unify.judge import Quality, judge_alone
from bench.unify.sets import HOME, DataSet

NAMES = {
    "suggest": "ours, rules suggested from the data, learning included",
    "rules": "ours, rules by hand",
    "floor": "the same rules in DuckDB and SciPy",
    "splink": "splink at its example's threshold",
    "quick": "splink as its quick start has it",
}
BEST = "splink at best"
OUTPUT = HOME / "found"


@dataclass
class Found:
    """All runs of one contender on one set; `quality` of its last run, `load` of the machine before the first."""

    contender: str
    data: str
    records: int
    load: float
    runs: list[Run] = field(default_factory=list)
    peaks: list[float] = field(default_factory=list)
    quality: Quality | None = None
    note: str = ""

    @property
    def wall(self) -> float:
        return wall(self.runs)

    @property
    def cpu(self) -> float:
        return cpu(self.runs)

    @property
    def peak(self) -> float:
        return statistics.median(self.peaks)


def compete(data: DataSet, contenders: list[str], runs: int, records: int) -> list[Found]:
    """One after the other, again and again, so that all meet the same state of the machine. Who fails is left out from
    there on, and named."""
    OUTPUT.mkdir(parents=True, exist_ok=True)
    found = [Found(name, data.name, records, os.getloadavg()[0]) for name in contenders]
    for _number in range(runs):
        for one in found:
            if not one.note:
                _run(one, data)
    best = [_best_of_splink(one, data) for one in found if one.contender == "splink" and one.runs]
    return [*found, *best]


def _run(one: Found, data: DataSet) -> None:
    target = OUTPUT / f"{data.name}-{one.contender}.parquet"
    print(f"  {data.name}: {NAMES[one.contender]} …", flush=True)
    module, program, options = _command(one.contender, data, target, first=not one.runs)
    try:
        run, peak = alone(module, *options, python=program, log=OUTPUT / f"{data.name}-{one.contender}.log")
    except SystemExit as error:
        one.note = f"{error} See {OUTPUT / f'{data.name}-{one.contender}.log'}."
        print(f"    {one.note}", flush=True)
        return
    one.runs.append(run)
    one.peaks.append(peak)
    one.quality = judge_alone(target, data.truth)


def _command(contender: str, data: DataSet, target: Path, *, first: bool) -> tuple[str, str, list[str]]:
    """Module, interpreter and options. Other thresholds are tried once, after the time was taken."""
    if contender in ("suggest", "rules"):
        return "bench.unify.ours", sys.executable, [data.name, str(target), contender]
    if contender == "floor":
        return "bench.unify.floor", sys.executable, [str(data.folder), str(target)]
    if contender == "quick":
        return "bench.unify.splink_quick", str(environment.python()), [str(data.folder), str(target)]
    options = [str(data.folder), str(target), *(["--thresholds"] if first else [])]
    return "bench.unify.splink_peer", str(environment.python()), options


def _best_of_splink(one: Found, data: DataSet) -> Found:
    """The same predictions cut where they agree best with the truth, which nobody knows in practice."""
    files: Iterator[Path] = OUTPUT.glob(f"{data.name}-splink-*.parquet")
    judged = {file.stem.rpartition("-")[2]: judge_alone(file, data.truth) for file in sorted(files)}
    f1: Callable[[str], float] = lambda threshold: judged[threshold].f1  # noqa: E731
    threshold = max(judged, key=f1)
    return Found(BEST, data.name, one.records, one.load, quality=judged[threshold], note=f"threshold {threshold}")
