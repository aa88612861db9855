"""`python -m bench.unify`: quality on data whose truth is known, speed on a million records.

Sets are made where they are missing, splink gets an environment of its own; both are kept. Everything takes about 20
minutes on two quiet cores, `--sets febrl4 demo-10k` two. Contenders take turns: ratios say more than times.
"""

import json
import os
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from pyarrow import parquet

from bench.common import FOLDER
from bench.unify.contenders import NAMES, Found, compete
from bench.unify.ratios import ratios
from bench.unify.sets import NAMES as SETS
from bench.unify.sets import make, of_records

USUAL = ("febrl4", "demo-10k", "demo-100k", "hub", "demo-1m", "records-1m")
BUSY = 0.5  # of the cores, before anything of ours runs


def main(argv: Sequence[str] | None = None) -> None:
    options = _options(argv)
    busy = os.getloadavg()[0] > BUSY * (os.cpu_count() or 1)
    if busy:
        print(f"The machine is busy (load {os.getloadavg()[0]:.1f}): wall times will say little, CPU seconds more.")
    found: list[Found] = []
    for name in options.sets:
        data = make(name)
        records = parquet.read_metadata(data.truth).num_rows
        found += compete(data, options.only, options.runs if name.startswith("records-") else 1, records)
        _save(options.json, found, busy=busy)
    report(found)
    print(f"\nAs JSON: {options.json}")


def _save(file: Path, found: Sequence[Found], *, busy: bool) -> None:
    """After every set, so that a run that is stopped has not been in vain."""
    file.parent.mkdir(parents=True, exist_ok=True)
    content = {"busy": busy, "found": [asdict(one) for one in found], "ratios": [asdict(one) for one in ratios(found)]}
    file.write_text(json.dumps(content, indent=2))


def report(found: Sequence[Found]) -> None:
    print(
        f"\n{'set':<14} {'contender':<16} {'F1':>7} {'prec.':>7} {'recall':>7} {'largest':>9} {'mixed':>14}"
        f" {'wall s':>8} {'CPU s':>8} {'peak MB':>8} {'load':>5}"
    )
    for one in found:
        print(f"{one.data:<14} {one.contender:<16} {_quality(one)} {_times(one)} {one.note}".rstrip())
    print()
    for row in ratios(found):
        met = {True: "met", False: "NOT MET", None: ""}[row.met]
        print(f"{row.data:<14} {row.what:<52} {row.value:>8.3f}  {row.aim:<10} {met}".rstrip())


def _quality(one: Found) -> str:
    if (q := one.quality) is None:
        return " " * 48
    mixed = f"{q.mixed:,}/{q.households:,}" if q.households else ""
    return f"{q.f1:>7.4f} {q.precision:>7.4f} {q.recall:>7.4f} {f'{q.largest} ({q.largest_true})':>9} {mixed:>14}"


def _times(one: Found) -> str:
    if not one.runs:
        return " " * 32
    return f"{one.wall:>8.1f} {one.cpu:>8.1f} {one.peak:>8.0f} {one.load:>5.1f}"


def _options(argv: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser(prog="python -m bench.unify")
    parser.add_argument("--sets", nargs="+", choices=SETS, metavar="SET", help=", ".join(SETS))
    parser.add_argument("--records", nargs="+", type=int, default=[], help="the demo with about so many records")
    parser.add_argument("--only", nargs="+", choices=NAMES, default=list(NAMES), help="contenders")
    parser.add_argument("--runs", type=int, default=3, help="of the sets that measure speed: records-…")
    parser.add_argument("--json", type=Path, default=FOLDER / "unify" / "results.json")
    options = parser.parse_args(argv)
    chosen = options.sets or ([] if options.records else USUAL)
    options.sets = [*chosen, *map(of_records, options.records)]
    return options


if __name__ == "__main__":
    main()
