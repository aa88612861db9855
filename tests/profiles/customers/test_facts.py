"""The facts on a customer's page."""

import pytest

from profiles.customers.facts import FACTS_FOLDED, FACTS_SHOWN, Fact, FactGroup


@pytest.mark.parametrize("count", [0, FACTS_SHOWN, FACTS_SHOWN + FACTS_FOLDED - 1])
def test_a_group_of_a_page_is_shown_whole(count: int) -> None:
    group = FactGroup("More", [Fact(f"a{n}", f"A{n}", "1") for n in range(count)])
    assert (len(group.first), group.rest) == (count, [])


def test_what_an_export_of_many_columns_says_as_well_is_folded_away() -> None:
    group = FactGroup("More", [Fact(f"a{n}", f"A{n}", "1") for n in range(150)])
    assert group.first + group.rest == group.facts
    assert len(group.first) == FACTS_SHOWN
