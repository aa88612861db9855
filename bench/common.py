"""What every benchmark needs: a data folder of its own, fair timing, one shape of results."""

import json
import math
import os
import resource
import statistics
import subprocess
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(os.environ.get("BENCH_DATA", "bench-data")).resolve()
"""Generated inputs, database and lake of the benchmarks; kept between runs, safe to delete."""


@dataclass(frozen=True)
class Result:
    """One row of the report. `ratio` is ours / theirs; `aim` is in words; `met` None where there is no aim.

    `ours_cpu`, `theirs_cpu`: CPU seconds of one run, without the database and the mail sink; None where not measured.
    """

    case: str
    what: str
    ours: float
    theirs: float | None
    unit: str
    ratio: float | None
    aim: str
    met: bool | None
    peer: str = ""
    ours_cpu: float | None = None
    theirs_cpu: float | None = None


def arguments(argv: Sequence[str] | None, people: int, runs: int = 5) -> Namespace:
    parser = ArgumentParser()
    parser.add_argument("--people", type=int, default=people)
    parser.add_argument("--runs", type=int, default=runs)
    parser.add_argument("--json", type=Path)
    return parser.parse_args(argv)


def django(folder: Path = FOLDER, **environment: str) -> None:
    """Sets Django up in the benchmarks' own folder, with the embedded servers, and migrates. Processes that are started
    from here on see the same."""
    os.environ["KINDRED_DATA"] = str(folder)
    os.environ.pop("DATABASE_URL", None)
    os.environ.pop("REDIS_URL", None)
    os.environ.update(environment)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cdp_site.settings")
    import django as framework
    from django.core.management import call_command

    framework.setup()
    call_command("migrate", verbosity=0)


@dataclass(frozen=True)
class Run:
    """One measured run: seconds of wall time and of CPU, and what came out."""

    wall: float
    cpu: float
    result: Any = None


def measured(work: Callable[[], Any]) -> Run:
    """Wall and CPU time of this process and its finished children."""
    wall, cpu = time.perf_counter(), _cpu()
    result = work()
    return Run(time.perf_counter() - wall, _cpu() - cpu, result)


def in_turns(ours: Callable[[], Run], theirs: Callable[[], Run], runs: int) -> tuple[list[Run], list[Run]]:
    """Ours and theirs one after the other, again and again, so that both meet the same state of the machine."""
    pairs = [(ours(), theirs()) if number % 2 else (theirs(), ours())[::-1] for number in range(runs)]
    return [mine for mine, _other in pairs], [other for _mine, other in pairs]


def wall(runs: Iterable[Run]) -> float:
    """The median."""
    return statistics.median(run.wall for run in runs)


def cpu(runs: Iterable[Run]) -> float:
    """The median."""
    return statistics.median(run.cpu for run in runs)


def percentile(values: Iterable[float], percent: int) -> float:
    """By nearest rank."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def _cpu() -> float:
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def alone(module: str, *options: str, python: str = sys.executable, log: Path | None = None) -> tuple[Run, float]:
    """Runs `python -m module options` in a process of its own. It prints wall and CPU seconds of the work it did, and
    its result, with `tell`. The second value is the peak memory of the whole process in MB. What it says otherwise goes
    to `log`, if there is one."""
    with log.open("w") if log else nullcontext() as errors:
        command = [python, "-m", module, *options]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
        assert process.stdout
        output = process.stdout.read()
        _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if status:
        raise SystemExit(f"A benchmark process failed with status {process.returncode}.")
    scale = 1 / 1024 if sys.platform != "darwin" else 1 / 1024**2
    return Run(**json.loads(output.splitlines()[-1])), usage.ru_maxrss * scale


def tell(run: Run) -> None:
    """The last line of a process that `alone` started."""
    print(json.dumps(asdict(run)), flush=True)


def report(results: Sequence[Result], file: Path | None) -> None:
    """Prints a table; writes JSON where asked."""
    for row in results:
        theirs = f"{row.theirs:>10.3f} {row.peer}" if row.theirs is not None else ""
        ratio = f"{row.ratio:>6.2f} ×" if row.ratio is not None else " " * 8
        met = {True: "met", False: "NOT MET", None: ""}[row.met]
        cpus = " / ".join(f"{seconds:.3f}" for seconds in (row.ours_cpu, row.theirs_cpu) if seconds is not None)
        print(
            f"{row.case:<10} {row.what:<44} {row.ours:>10.3f} {row.unit:<7} {ratio} {row.aim:<12} {met:<8} {theirs:<36}"
            f"{'CPU s ' + cpus if cpus else ''}".rstrip()
        )
    if file:
        file.write_text(json.dumps([asdict(row) for row in results], indent=2))
