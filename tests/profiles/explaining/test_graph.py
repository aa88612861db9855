"""The picture of the evidence: what is written in it can be read."""

from itertools import combinations

import pytest

from profiles.explaining.graph import LETTER, LINE, MOST_NODES, graph


def star(leaves: int) -> list[dict[str, object]]:
    step = {"left_table": "shop", "left_id": "1", "right_table": "club", "rule": "r", "probability": 1.0, "score": 1.0}
    return [step | {"right_id": str(number)} for number in range(leaves)]


@pytest.mark.parametrize("leaves", [1, 2, 3, 4])
def test_words_do_not_cover_each_other(leaves: int) -> None:
    words = ["Same e-mail, name unknown · 99.9%"] * leaves
    drawn = graph(star(leaves), {}, words)
    assert drawn is not None
    wide = len(words[0]) * LETTER
    for one, other in combinations(drawn.edges, 2):
        apart = abs(one.at[0] - other.at[0]), abs(one.at[1] - other.at[1])
        assert apart[0] >= wide or apart[1] >= LINE, apart


def test_nothing_is_drawn_of_nothing_and_of_too_much() -> None:
    assert graph([], {}, []) is None
    assert graph(star(MOST_NODES), {}, [""] * MOST_NODES) is None
