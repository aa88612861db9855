"""Forms of given names: what friends say, and what other languages make of them.

English short forms are those of the package `nicknames` (Apache 2.0), each with its full name; the groups of
`name_forms` are forms of one name, all of them alike. One word may be of several names: Bert is Albert,
Robert or Herbert.
"""

from functools import cache

from nicknames import NickNamer

from profiles.unify.values.name_forms import FORMS

# Too far from their names to be told apart from other people's, or another name themselves.
_LOOSE = frozenset([("aaron", "erin")])


@cache
def _groups() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    lines = [line.split() for line in FORMS.strip().splitlines()]
    pairs = [(name, nick) for name, nicks in sorted(NickNamer().nickname_lookup.items()) for nick in sorted(nicks)]
    for number, words in enumerate([*lines, *(pair for pair in pairs if pair not in _LOOSE)]):
        for word in words:
            found.setdefault(word, set()).add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


def groups_of(name: str) -> frozenset[int]:
    """Numbers of the names that this folded word is a form of."""
    return _groups().get(name, frozenset())


def same_name(one: str, other: str) -> bool:
    return one == other or not groups_of(one).isdisjoint(groups_of(other))
