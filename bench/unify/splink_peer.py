"""splink on DuckDB, as its own documentation does it: training without labels, prediction, clusters.

Runs in an environment of its own (`requirements-bench.txt`). For febrl4 these are the settings of splink's own example
of that data, the most detailed of its three models. For the demo they follow its example of 50,000 historical persons:
keys of several columns, ready-made comparisons, frequencies of terms, two training sessions. Some choices were made in
its favour, by the truth of 10,000 people: given and family name as two comparisons (best F1 0.959 in place of 0.948),
keys that make few pairs (as good, and three times as fast), e-mail by distance, for with EmailComparison training can
fail, thresholds up to 0.99999. All records are prepared by `standard` first, as its guide to data preparation advises.
"""

import sys
from itertools import combinations
from pathlib import Path
from typing import Any

import duckdb
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.internals.exceptions import EMTrainingException

from bench.common import measured, tell
from bench.unify.standard import standardise

DEMO = ("demo-", "records-", "hub")
THRESHOLD = 0.95  # of the example
THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999, 0.9999, 0.99999)
EM_PAIRS = 1e6  # the limit of its guide
# Each round makes what never happens to one person rarer still, until splink 5.0.0 refuses numbers below 1e-300.
ROUNDS = 8
SESSIONS = 3  # of training, each without the columns that it groups by
FULL_NAME = "first || '_' || last"


def people_of_systems() -> dict[str, Any]:
    """Several tables with duplicates inside each: names, birth date, e-mail, telephone, id and postcode."""
    return {
        "link_type": "dedupe_only",
        "rules": [
            block_on("email"),
            block_on("phone"),
            block_on("id"),
            block_on("last", "birth"),
            block_on("first", "birth"),
            block_on("birth", "postcode"),
            block_on("first", "last", "postcode"),
        ],
        "comparisons": [
            cl.NameComparison("first"),
            cl.NameComparison("last"),
            cl.DateOfBirthComparison("birth", input_is_string=True, datetime_format="%Y%m%d"),
            cl.DamerauLevenshteinAtThresholds("email", [2]).configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("phone", [1, 2]).configure(term_frequency_adjustments=True),
            cl.ExactMatch("id"),
            cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(term_frequency_adjustments=True),
        ],
        "sure": [block_on("id"), block_on("first", "last", "birth"), block_on("first", "last", "email")],
        "recall": 0.7,
        "u_pairs": 1e6,  # the default: more takes longer and changes the answer little
        "training": [block_on("first", "last"), block_on("birth")],
    }


def febrl4() -> dict[str, Any]:
    """Two tables without duplicates inside; the "advanced" model of splink's own example."""
    name = [
        cll.CustomLevel("(first_l IS NULL OR first_r IS NULL) AND (last_l IS NULL OR last_r IS NULL)").configure(
            is_null_level=True
        ),
        cll.ExactMatchLevel("full_name", term_frequency_adjustments=True),
        cll.JaroWinklerLevel("full_name", 0.9),
        cll.JaroWinklerLevel("full_name", 0.7),
        cll.ColumnsReversedLevel("first", "last"),
        *(
            cll.CustomLevel(
                f"jaro_winkler_similarity(first_l, last_r) + jaro_winkler_similarity(last_l, first_r) >= {least}"
            )
            for least in (1.8, 1.4)
        ),
        cll.ExactMatchLevel("first", term_frequency_adjustments=True),
        cll.ExactMatchLevel("last", term_frequency_adjustments=True),
        cll.CustomLevel("first_l = last_r OR last_l = first_r"),
        cll.JaroWinklerLevel("first", 0.9),
        cll.JaroWinklerLevel("last", 0.9),
        cll.ElseLevel(),
    ]
    return {
        "link_type": "link_only",
        "rules": [
            block_on("first", "last"),
            "l.first = r.last and l.last = r.first",
            block_on("birth"),
            block_on("id"),
            block_on("city", "line"),
            block_on("number", "line"),
            block_on("postcode"),
        ],
        "comparisons": [
            cl.CustomComparison(name, output_column_name="name"),
            cl.DateOfBirthComparison(
                "birth", input_is_string=True, datetime_format="%Y%m%d", invalid_dates_as_null=True
            ),
            _typed("id", 1, 2),
            _typed("number", 1),
            _typed("postcode", 1, 2),
        ],
        "sure": [block_on("id"), block_on("first", "last", "birth")],
        "recall": 0.8,
        "u_pairs": 1e7,
        "training": [block_on("birth"), block_on("postcode")],
    }


def known(database: duckdb.DuckDBPyConnection) -> list[str]:
    """The columns with values."""
    names = [name for name in database.table("people").columns if name not in ("rec", "tbl", "record_id")]
    counts = database.execute(f"SELECT {', '.join(f'count({name})' for name in names)} FROM people").fetchone()
    return [name for name, count in zip(names, counts or (), strict=True) if count]


def of_columns(columns: list[str], more: list[str]) -> dict[str, Any]:
    """Any columns: what its guides say of each kind of value, keys of one strong column or of any two others."""
    ready = {
        "first": cl.NameComparison("first"),
        "last": cl.NameComparison("last"),
        "birth": cl.DateOfBirthComparison("birth", input_is_string=True, datetime_format="%Y%m%d"),
        "gender": cl.ExactMatch("gender"),
        "middle": cl.ExactMatch("middle"),
    }
    written = ("email", "phone", "id", "postcode")
    comparisons = [
        ready.get(name)
        or (
            cl.DamerauLevenshteinAtThresholds(name, [1, 2])
            if name in written
            else cl.JaroWinklerAtThresholds(name, [0.92, 0.8])
        ).configure(term_frequency_adjustments=True)
        for name in columns
    ]
    strong = [name for name in ("id", "email", "phone") if name in columns]
    pairs = list(combinations([n for n in columns if n not in (*strong, "gender", "middle")], 2))
    named = [name for name in ("last", "first", "birth", "company", *more) if name in columns] or columns
    sure = [block_on(*parts) for parts in (("first", "last", "birth"), named[:3]) if set(parts) <= set(columns)][:1]
    training = (
        [block_on(*pair) for pair in pairs] if not strong else [*map(block_on, strong), *(block_on(*p) for p in pairs)]
    )
    return {
        "link_type": "dedupe_only",
        "rules": [*map(block_on, strong), *(block_on(*pair) for pair in pairs)] or [block_on(columns[0])],
        "comparisons": comparisons,
        "sure": [*map(block_on, strong), *sure],
        "recall": 0.7,
        "u_pairs": 1e6,
        "training": training,
    }


def _typed(column: str, *distances: int) -> cl.CustomComparison:
    return cl.CustomComparison(
        [
            cll.NullLevel(column),
            cll.ExactMatchLevel(column, term_frequency_adjustments=True),
            *(cll.DamerauLevenshteinLevel(column, distance) for distance in distances),
            cll.ElseLevel(),
        ],
        output_column_name=column,
    )


def unify(folder: Path, target: Path) -> tuple[Linker, Any]:
    """Who is who at THRESHOLD, and what more thresholds can be tried with."""
    database = duckdb.connect()
    more = standardise(database, folder)
    demo = folder.name.startswith(DEMO)
    config = febrl4() if folder.name == "febrl4" else people_of_systems() if demo else of_columns(known(database), more)
    api = DuckDBAPI(connection=database)
    people = database.table("people").project(f"*, {FULL_NAME} AS full_name")
    tables = [people]
    if config["link_type"] == "link_only":
        names = database.execute("SELECT DISTINCT tbl FROM people ORDER BY 1").fetchall()
        tables = [people.filter(f"tbl = '{name}'") for (name,) in names]
    settings = SettingsCreator(
        unique_id_column_name="rec",
        link_type=config["link_type"],
        blocking_rules_to_generate_predictions=config["rules"],
        comparisons=config["comparisons"],
        max_iterations=ROUNDS,
    )
    linker = Linker([api.register(table) for table in tables], settings)
    train = linker.training
    train.estimate_probability_two_random_records_match(config["sure"], recall=config["recall"])
    train.estimate_u_using_random_sampling(max_pairs=config["u_pairs"], seed=1)
    sessions = 0
    for rule in config["training"]:
        try:
            train.estimate_parameters_using_expectation_maximisation(
                rule, estimate_without_term_frequencies=True, max_pairs=EM_PAIRS
            )
        except (EMTrainingException, ValueError) as error:  # no pairs agree, or a level never happens: others are tried
            print(error)
            continue
        sessions += 1
        if sessions == SESSIONS:
            break
    predicted = linker.inference.predict(threshold_match_probability=min(THRESHOLDS))
    write(linker, predicted, THRESHOLD, target)
    return linker, predicted


def write(linker: Linker, predicted: Any, threshold: float, target: Path) -> None:
    found = linker.clustering.cluster_pairwise_predictions_at_threshold(
        predicted, threshold_match_probability=threshold
    )
    found.as_duckdbpyrelation().project('tbl AS "table", record_id, cluster_id AS cluster').write_parquet(str(target))


if __name__ == "__main__":
    folder, target = map(Path, sys.argv[1:3])
    trained: list[tuple[Linker, Any]] = []
    run = measured(lambda: trained.append(unify(folder, target)))
    if "--thresholds" in sys.argv:
        for threshold in THRESHOLDS:
            write(*trained[0], threshold, target.with_name(f"{target.stem}-{threshold}.parquet"))
    tell(run)
