"""What every benchmark needs: a data folder of its own, fair timing, one shape of results."""

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

FOLDER = Path(os.environ.get("BENCH_DATA", "bench-data")).resolve()
"""Generated inputs, database and lake of the benchmarks; kept between runs, safe to delete."""


@dataclass(frozen=True)
class Result:
    """One row of the report. `ratio` is ours / theirs; `aim` is in words; `met` None where there is no aim."""

    case: str
    what: str
    ours: float
    theirs: float | None
    unit: str
    ratio: float | None
    aim: str
    met: bool | None
    peer: str = ""


def arguments(argv: Sequence[str] | None, people: int) -> Namespace:
    parser = ArgumentParser()
    parser.add_argument("--people", type=int, default=people)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=Path)
    return parser.parse_args(argv)


def django(folder: Path = FOLDER) -> None:
    """Sets Django up in the benchmarks' own folder, with the embedded servers, and migrates."""
    os.environ["KINDRED_DATA"] = str(folder)
    os.environ.pop("DATABASE_URL", None)
    os.environ.pop("REDIS_URL", None)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cdp_site.settings")
    import django as framework
    from django.core.management import call_command

    framework.setup()
    call_command("migrate", verbosity=0)


@dataclass(frozen=True)
class Timing:
    """Medians over the runs, in seconds; `p95` of the wall times."""

    wall: float
    cpu: float
    p95: float


def timed(work: Callable[[], object], runs: int, warm_up: int = 1) -> Timing:
    """Runs `work` and measures wall and CPU time of this process and its finished children."""
    for _ in range(warm_up):
        work()
    walls, cpus = [], []
    for _ in range(runs):
        wall, cpu = time.perf_counter(), _cpu()
        work()
        walls.append(time.perf_counter() - wall)
        cpus.append(_cpu() - cpu)
    return Timing(statistics.median(walls), statistics.median(cpus), percentile(walls, 95))


def percentile(values: Sequence[float], percent: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(len(ordered) * percent / 100))]


def _cpu() -> float:
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def alone(code: str) -> tuple[float, float, float]:
    """Runs Python code in a process of its own: wall seconds, CPU seconds, peak memory in MB."""
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", code])
    _pid, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"A benchmark process failed with status {status}.")
    scale = 1 / 1024 if sys.platform != "darwin" else 1 / 1024**2
    return time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * scale


def report(results: Sequence[Result], file: Path | None) -> None:
    """Prints a table; writes JSON where asked."""
    for row in results:
        theirs = f"{row.theirs:>10.3f} {row.peer}" if row.theirs is not None else ""
        ratio = f"{row.ratio:>6.2f} ×" if row.ratio is not None else " " * 8
        met = {True: "met", False: "NOT MET", None: ""}[row.met]
        print(f"{row.case:<10} {row.what:<52} {row.ours:>10.3f} {row.unit:<8} {ratio} {row.aim:<24} {met:<8} {theirs}")
    if file:
        file.write_text(json.dumps([asdict(row) for row in results], indent=2))
