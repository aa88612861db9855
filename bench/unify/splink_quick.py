"""splink as the quick start of its documentation has it: five columns, default comparisons, two training sessions.

The least that anybody would run, and the fastest. Two things are other than there, for a million records make it so:
family name alone as a key would make 843 million pairs, where its tutorial asks for at most 20 million on one machine,
so e-mail is the key that the tutorial puts beside given name and birth date; and training looks at a million pairs, as
its guide to large data has it, instead of all 24 million. All else is as written, nothing was chosen by the truth.
"""

import sys
from pathlib import Path

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from bench.common import measured, tell
from bench.unify.splink_peer import EM_PAIRS, write
from bench.unify.standard import standardise

LEAST_WEIGHT, THRESHOLD = -5, 0.95
RECALL, U_PAIRS = 0.7, 1e6


def unify(folder: Path, target: Path) -> None:
    database = duckdb.connect()
    standardise(database, folder)
    settings = SettingsCreator(
        unique_id_column_name="rec",
        link_type="dedupe_only",
        comparisons=[
            cl.NameComparison("first"),
            cl.JaroAtThresholds("last"),
            cl.DateOfBirthComparison("birth", input_is_string=True, datetime_format="%Y%m%d"),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.EmailComparison("email"),
        ],
        blocking_rules_to_generate_predictions=[block_on("first", "birth"), block_on("email")],
    )
    linker = Linker(DuckDBAPI(connection=database).register(database.table("people")), settings)
    train = linker.training
    train.estimate_probability_two_random_records_match([block_on("first", "last")], recall=RECALL)
    train.estimate_u_using_random_sampling(max_pairs=U_PAIRS, seed=1)
    train.estimate_parameters_using_expectation_maximisation(block_on("first", "last"), max_pairs=EM_PAIRS)
    train.estimate_parameters_using_expectation_maximisation(block_on("email"), max_pairs=EM_PAIRS)
    predicted = linker.inference.predict(threshold_match_weight=LEAST_WEIGHT)
    write(linker, predicted, THRESHOLD, target)


if __name__ == "__main__":
    folder, target = map(Path, sys.argv[1:3])
    tell(measured(lambda: unify(folder, target)))
