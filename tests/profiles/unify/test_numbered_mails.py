"""Who finds an e-mail address taken puts a number behind the name: another number is somebody else, a slip is not."""

import numpy as np
import pyarrow as pa
import pytest

from profiles.unify.reading.records import TableInput, read_records
from profiles.unify.weighing.aspects import Aspects


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("betty.bailey46@x.org", "betty.bailey46@x.org", 3),
        ("betty.bailey46@x.org", "bety.bailey46@x.org", 2),
        ("betty.bailey46@x.org", "betty.bailey64@x.org", 2),
        ("betty.bailey46@x.org", "betty.bailey4@x.org", 2),
        ("betty.bailey46@x.org", "betty.bailey153@x.org", 1),
        ("betty.bailey@x.org", "betty.bailey53@x.org", 1),
        ("betty.bailey46@x1.org", "betty.bailey46@x2.org", 2),
    ],
)
def test_addresses_with_other_numbers_are_not_alike(one: str, other: str, level: int) -> None:
    rows = pa.table({"id": ["a", "b"], "mail": [one, other]})
    aspects = Aspects(read_records([TableInput("x", "t", ("id",), rows, {"mail": "contact.email"})], "US"))
    assert aspects.levels(np.array([0]), np.array([1]))["contact.email"].tolist() == [level]
