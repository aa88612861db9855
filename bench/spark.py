"""`python -m bench.spark`: one whole refresh of the demo on DuckDB, and one on Spark Connect.

The server is a Sail of its own, or the one of `--address sc://…`, which must see the folder of the benchmarks. The
tables must be the same, row by row. Both run in a process and a lake of their own, and leave nothing in the database.
CPU seconds of the server are counted on Linux alone.
"""

import os
import pickle
import shutil
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pyarrow as pa
import pyarrow.compute as pc

from bench.common import FOLDER, Result, Run, alone, django, measured, report, tell
from bench.sail import sail

HOME = FOLDER / "spark"
SEED = 7
RECORDS_PER_PERSON = 1.8378  # of the demo's three systems together
STAGES = ("load", "unify", "link", "activities", "measures", "segments")
MOMENTS = {"since", "computed_at", "loaded_at"}  # when the refresh ran
ENGINES_OWN = {"row_hash"}  # every engine hashes rows in its own way
DIGITS = 9  # of what is summed in another order by every engine


def refreshed(folder: Path, people: int) -> list[Any]:
    """Makes the demo and runs every stage. Reports of the stages."""
    from jobs import refresh

    _define(folder, people)
    with same_moment():
        return refresh.refresh(STAGES, full=True)


@contextmanager
def same_moment() -> Iterator[None]:
    """Windows of time end with the demo's data: minutes later an order more lies outside of the last 30 days."""
    last = datetime.combine(date.today(), time(), UTC)
    with patch("rules.services.moment", lambda: last), patch("measures.services.moment", lambda: last):
        yield


def _define(folder: Path, people: int) -> None:
    """The demo's files and its workspace."""
    import numpy as np

    from core.sections import ApplyContext
    from demo.generate.write import generate
    from workspace import services as workspace

    generate(folder, people=people, seed=SEED, today=np.datetime64("today"))
    workspace.apply(workspace.read(folder / "workspace.yaml"), ApplyContext(folder=folder))


def contents() -> dict[str, pa.Table]:
    """Every published table, in an order of its own: two that are equal hold the same."""
    from pyarrow import parquet

    from lake.queries import snapshot

    now = snapshot()
    found = {}
    for name in now.names():
        if files := now.files(name):
            found[name] = _in_order(pa.concat_tables([parquet.read_table(file) for file in files]))
    return found


def _in_order(table: pa.Table) -> pa.Table:
    names = [name for name in table.column_names if name not in MOMENTS | ENGINES_OWN]
    columns = {name: _comparable(table.column(name)) for name in names}
    return pa.table(columns).sort_by([(name, "ascending") for name in names])


def _comparable(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_floating(column.type):
        return pc.round(column, DIGITS)
    return pc.binary_join(column.cast(pa.list_(pa.string())), "\1") if pa.types.is_list(column.type) else column


def differing(one: dict[str, pa.Table], other: dict[str, pa.Table]) -> list[str]:
    """Names of tables that are not the same."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def main(argv: Sequence[str] | None = None) -> None:
    options = _options(argv)
    if options.inside:
        return tell(_measured(Path(options.inside), options.records))
    people = round(options.records / RECORDS_PER_PERSON)
    ours, our_memory = _run("duckdb", "duckdb", options.records)
    with ExitStack() as stack:
        address, pid = (options.address, 0) if options.address else stack.enter_context(sail())
        before = _cpu_of(pid)
        theirs, their_memory = _run("spark", address, options.records)
        server = _cpu_of(pid) - before
    tables = [pickle.loads((HOME / name / "tables").read_bytes()) for name in ("duckdb", "spark")]
    different = differing(*tables)
    all_of = f"tables that differ, of {len(tables[0])}"
    what = f"refresh of {options.records:,} records ({people:,} people)"
    ratio, cpu = theirs.wall / ours.wall, theirs.cpu + server
    report(
        [
            Result("spark", what, theirs.wall, ours.wall, "s", ratio, "", None, "DuckDB", cpu, ours.cpu),
            Result("spark", "… of it in the server, CPU", server, None, "s", None, "", None),
            Result("spark", "peak memory of the refresh", their_memory, our_memory, "MB", None, "", None, "DuckDB"),
            Result("spark", all_of, len(different), None, "", None, "0", not different),
        ],
        options.json,
    )
    for (name, mine), (_name, other) in zip(ours.result, theirs.result, strict=True):
        print(f"  {name:<12} {other:8.1f} s {mine:8.1f} s DuckDB")
    if different:
        raise SystemExit(f"These tables differ: {', '.join(different)}")


def _run(name: str, address: str, records: int) -> tuple[Run, float]:
    folder = HOME / name
    shutil.rmtree(folder, ignore_errors=True)
    os.environ |= {"LAKE_ENGINE": address, "LAKE_URL": str(folder / "lake")}
    return alone("bench.spark", f"--inside={folder}", f"--records={records}")


def _measured(folder: Path, records: int) -> Run:
    """Starting the servers and generating the demo are not counted."""
    django(HOME)
    from django.db import transaction

    from jobs import refresh
    from lake import engine

    with transaction.atomic():
        _define(folder / "demo", round(records / RECORDS_PER_PERSON))
        engine.warm_up()
        with same_moment():
            run = measured(lambda: refresh.refresh(STAGES, full=True))
        if failed := [stage for stage in run.result if stage.state != "done"]:
            raise SystemExit(f"These stages failed: {failed}")
        (folder / "tables").write_bytes(pickle.dumps(contents()))
        transaction.set_rollback(True)
    return Run(run.wall, run.cpu, [(stage.name, stage.seconds) for stage in run.result])


def _cpu_of(pid: int) -> float:
    """CPU seconds of a process so far, its user's and the system's; 0 where they are not known."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _options(argv: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser(prog="python -m bench.spark")
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--address", help="of a Spark Connect server, instead of a Sail of our own")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--inside", help="for the processes that this command starts")
    return parser.parse_args(argv)


if __name__ == "__main__":
    main()
