"""A whole refresh of people, and one after 1% of the records changed: tables, origins, groups and serving copy.

Each run has a process of its own; starting it is not counted. CPU is that of the process and that of PostgreSQL, which
is asked for on Linux alone. The same rounds of changes are made every time.
"""

import functools
import gc
import itertools
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.common import FOLDER, Result, Run, alone, arguments, django, measured, report, tell
from bench.refresh_data import versions
from bench.unify.sets import load, make, of_records

HOME = FOLDER / "refresh"
TICKS = os.sysconf("SC_CLK_TCK")
MOST_OF_FULL = 0.1
LONGEST_SECONDS, MOST_MEMORY_MB = 60, 4096
# What is told apart: functions of our own, as they are called in a run. Tables are written while the serving copy is
# sent: each of these has the CPU of both.
PARTS = (
    "profiles.running.stage.table_inputs", "profiles.running.stage.unify", "profiles.inputs.state.read",
    "profiles.inputs.state.changes", "profiles.running.stage.rerun", "profiles.running.stage.regroup",
    "profiles.serving.writing.send", "profiles.serving.writing.apply", "profiles.running.stage.publish",
)  # fmt: skip


def fill(name: str, number: int) -> Run:
    """The source tables as they are after so many rounds."""
    _django()
    from bench.data import forget
    from lake.services import stage
    from lake.specs import ColumnSpec, TableSpec
    from profiles.config import services

    data = load(name)
    if not number:
        forget()
    work = stage()
    for table in data.tables:
        rows = next(itertools.islice(versions(data, table), number, None))
        columns = [ColumnSpec(column, semantic=table.meanings.get(column, "")) for column in rows.column_names]
        work.write(TableSpec(f"demo.{table.name}", key=[table.key], columns=columns), rows)
    work.publish("bench")
    services.save_unification(tables=[f"demo.{table.name}" for table in data.tables], default_country=data.country)
    return Run(0, 0)


def refresh(full: bool = False) -> Run:
    """The result: seconds of CPU by part, PostgreSQL's as "database"."""
    _django()
    from django.db import connection

    from jobs.refresh import refresh as run_stages
    from lake import engine
    from profiles.unify.matching.graph import components
    from profiles.unify.values.normalise import normalise

    engine.warm_up()
    normalise(_anything(), "contact.phone", "US")
    components(1, _nothing(), _nothing())
    gc.collect()
    gc.freeze()  # as a worker does
    seconds: dict[str, float] = {}
    _watch(seconds)
    before = _database_seconds()
    run = measured(lambda: [(one.state, one.note) for one in run_stages(["unify"], full)])
    assert run.result[0][0] == "done", run.result
    connection.close()
    time.sleep(0.2)  # until the database has seen to it
    seconds["database"] = _database_seconds() - before
    return Run(run.wall, run.cpu, {"parts": seconds, "note": run.result[0][1]})


def _anything() -> Any:
    import pyarrow as pa

    return pa.array(["+1 212 555 0142"])


def _nothing() -> Any:
    import numpy as np

    return np.array([], np.int32)


def _django() -> None:
    django(HOME)


def _watch(seconds: dict[str, float]) -> None:
    """Adds up CPU seconds of the parts, and of writing each table."""
    from importlib import import_module

    from lake.services import Stage

    for path in PARTS:
        module, _dot, name = path.rpartition(".")
        timed = _timed(getattr(import_module(module), name), seconds, lambda *_args, name=path: name)
        setattr(import_module(module), name, timed)
    for name in ("write", "patch"):
        if hasattr(Stage, name):
            setattr(Stage, name, _timed(getattr(Stage, name), seconds, lambda _stage, spec, *_args: f"{spec.name}"))


def _timed(work: Callable[..., Any], seconds: dict[str, float], named: Callable[..., str]) -> Callable[..., Any]:
    @functools.wraps(work)
    def timed(*args: Any, **options: Any) -> Any:
        started = time.process_time()
        try:
            return work(*args, **options)
        finally:
            name = named(*args)
            seconds[name] = seconds.get(name, 0.0) + time.process_time() - started

    return timed


def _database_seconds() -> float:
    """CPU of the database server and of all that it started, those that ended included; 0 where nobody tells."""
    file = next(HOME.glob("**/postmaster.pid"), None)
    if file is None or not Path("/proc/self/stat").exists():
        return 0.0
    server = int(file.read_text().split("\n", 1)[0])
    total = sum(_ticks(server)[:4])
    for child in Path("/proc").glob("[0-9]*"):
        try:
            if int((child / "stat").read_text().rpartition(")")[2].split()[1]) == server:
                total += sum(_ticks(int(child.name))[:2])
        except (FileNotFoundError, ProcessLookupError):
            continue
    return total / TICKS


def _ticks(process: int) -> list[int]:
    """utime, stime, cutime, cstime."""
    return [int(part) for part in Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:15]]


def main(argv: Sequence[str] | None = None) -> None:
    options = arguments(argv, 1_000_000, runs=3)
    data = make(of_records(options.people))
    runs: list[tuple[Run, float]] = []
    kinds = ["everything", *["changes"] * options.runs, "everything again"]
    for number, kind in enumerate(kinds):
        alone("bench.refresh", "fill", data.name, str(number))
        runs.append(alone("bench.refresh", "run", *(["full"] if number == len(kinds) - 1 else [])))
        _tell_parts(kind, *runs[-1])
    report(list(_results(runs)), options.json)


def _tell_parts(what: str, run: Run, peak: float) -> None:
    print(f"\n{what}: {run.wall:.1f} s, {run.cpu:.1f} s CPU, {peak:.0f} MB: {run.result['note']}")
    for name, seconds in sorted(run.result["parts"].items(), key=lambda item: -item[1]):
        print(f"  {seconds:7.2f}  {name}")


def _results(runs: Sequence[tuple[Run, float]]) -> Iterator[Result]:
    (first, peak), *changes, (again, _peak) = runs
    in_time, small = first.wall <= LONGEST_SECONDS, peak < MOST_MEMORY_MB
    yield Result(
        "refresh", "of everything", first.wall, None, "s", None, f"≤ {LONGEST_SECONDS} s", in_time, "", _cpu(first)
    )
    yield Result("refresh", "peak memory", peak, None, "MB", None, "< 4 GB", small)
    if changes:
        few = [run for run, _peak in changes]
        yield from _ratios(few, first, "the first one")
        yield from _ratios(few, again, "everything again")
        yield Result("refresh", "its peak memory", max(peak for _run, peak in changes), None, "MB", None, "", None)


def _ratios(changes: Sequence[Run], full: Run, name: str) -> Iterator[Result]:
    """Medians of runs of changes, to one of everything."""
    what, peer = f"after 1% changed, to {name}", f"s {name}"
    cpu, wall = statistics.median(map(_cpu, changes)), statistics.median(run.wall for run in changes)
    ratio = cpu / _cpu(full)
    aim, met = f"≤ {MOST_OF_FULL} ×", ratio <= MOST_OF_FULL
    yield Result("refresh", f"{what}, CPU with the database", cpu, _cpu(full), "s", ratio, aim, met, peer)
    yield Result("refresh", what, wall, full.wall, "s", wall / full.wall, "", None, peer)


def _cpu(run: Run) -> float:
    return float(run.cpu + run.result["parts"]["database"])


if __name__ == "__main__":
    if sys.argv[1:2] == ["fill"]:
        tell(fill(sys.argv[2], int(sys.argv[3])))
    elif sys.argv[1:2] == ["run"]:
        tell(refresh(sys.argv[2:] == ["full"]))
    else:
        main()
