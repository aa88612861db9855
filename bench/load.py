"""A CSV into the lake, typed, checked and with statistics, against DuckDB's COPY of the same file to Parquet.

Both run in a fresh process each time; starting Python and opening the engine is not counted, for either of them.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from bench.common import FOLDER, Result, Run, alone, arguments, cpu, django, in_turns, measured, report, tell, wall

SEED = 7
MOST_MEMORY_MB = 1536
MOST_RATIO = 2.0
SHOP_SHARE = 0.78  # of the generated people have a record in the shop, some two


def make_csv(rows: int) -> Path:
    """The demo shop's customers: 12 columns, names of many scripts, missing values and several spellings."""
    file = FOLDER / "load" / f"customers-{rows}.csv"
    if file.exists():
        return file
    import numpy as np
    from pyarrow import csv

    from demo.generate import people, records

    rng, today = np.random.default_rng(SEED), np.datetime64("2026-01-01")
    shop = records.shop(people.make_people(int(rows / SHOP_SHARE) + 10, rng, today), rng, today)
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    csv.write_csv(shop.table.slice(0, rows), part, csv.WriteOptions(quoting_style="needed"))
    return part.rename(file)


def ours(file: str) -> Run:
    """Loads the file as a person's table of the source "bench"."""
    django()
    from lake import engine
    from sources.models import Source, SourceTable
    from sources.services import create_source, load_table, save_table

    engine.warm_up()
    source = Source.objects.filter(name="bench").first() or create_source(name="bench", connector="file")
    SourceTable.objects.filter(source=source).delete()
    table = save_table(source, name="customers", config={"path": file}, key=["customer_id"])
    run = measured(lambda: load_table(table, full=True).rows_loaded)
    types = dict(table.columns.values_list("name", "type"))
    assert types["birth_date"] == types["joined"] == "date", types
    return run


def theirs(file: str) -> Run:
    import duckdb

    database = duckdb.connect()
    target = str(FOLDER / "load" / "theirs.parquet")
    statement = f"COPY (FROM read_csv('{file}')) TO '{target}' (FORMAT parquet, COMPRESSION zstd)"
    return measured(lambda: database.execute(statement).fetchone()[0])


def main(argv: Sequence[str] | None = None) -> None:
    options = arguments(argv, 1_000_000)
    django()
    file = str(make_csv(options.people))
    peaks: list[float] = []

    def loaded() -> Run:
        run, peak = alone("bench.load", "ours", file)
        peaks.append(peak)
        assert 0.98 * options.people < run.result <= options.people, run.result
        return run

    mine, other = in_turns(loaded, lambda: alone("bench.load", "theirs", file)[0], options.runs)
    ratio = wall(mine) / wall(other)
    what = f"load {options.people:,} rows of CSV"
    aim = f"≤ {MOST_RATIO:g} ×"
    found = [
        Result(
            "load", what, wall(mine), wall(other), "s", ratio, aim, ratio <= MOST_RATIO, "s DuckDB COPY",
            cpu(mine), cpu(other),
        ),
        Result("load", "peak memory of the process", max(peaks), None, "MB", None, "< 1.5 GB",
               max(peaks) < MOST_MEMORY_MB),
    ]  # fmt: skip
    report(found, options.json)


if __name__ == "__main__":
    if sys.argv[1:2] in (["ours"], ["theirs"]):
        tell({"ours": ours, "theirs": theirs}[sys.argv[1]](sys.argv[2]))
    else:
        main()
