"""Helpers on arrays of text: the plain case is done for all values at once, the rest one by one."""

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from core.text import fold
from profiles.unify.values.letters import beyond_words, holding, replaced, uneven

LONGEST_CODE = 3  # letters


def where(values: pa.Array, chosen: pa.Array, change: Callable[[str], str | None]) -> pa.Array:
    """Only the chosen values changed, one by one."""
    chosen = pc.fill_null(chosen, False)
    if not pc.any(chosen).as_py():
        return values
    changed = pa.array([change(text) for text in values.filter(chosen).to_pylist()], pa.string())
    return pc.replace_with_mask(values, chosen, changed)


def changed(values: pa.Array, test: Callable[..., pa.Array], sign: str, pattern: str, plain: str) -> pa.Array:
    """`pattern` replaced where a quick test (`pc.ends_with`, say) finds that a value may have it."""
    return replaced(values, pc.fill_null(test(values, sign), False), pattern, plain)


def foreign(values: pa.Array) -> pa.Array:
    """Which are not ASCII; false for null."""
    return pc.fill_null(pc.invert(pc.string_is_ascii(values)), False)


def folded(values: pa.Array) -> pa.Array:
    """NFKC, ASCII by transliteration, lower case, single spaces, trimmed."""
    plain = pc.ascii_lower(values)
    plain = pc.ascii_trim_whitespace(replaced(plain, holding(plain, uneven), r"[\s\v\x1c-\x1f]+", " "))
    others = foreign(values)
    if not pc.any(others).as_py():
        return plain
    made = pa.array([fold(text) for text in values.filter(others).to_pylist()], pa.string())
    return pc.replace_with_mask(plain, others, made)


def symbols_to_spaces(values: pa.Array) -> pa.Array:
    """Of folded text: apostrophes and dots go, other signs part words."""
    others = holding(values, beyond_words)
    joined = replaced(values, others, r"['`´.]", "")
    return pc.utf8_trim_whitespace(replaced(joined, others, r"[\W_]+", " "))


def plain_words(values: pa.Array) -> pa.Array:
    """Folded, words parted by single spaces."""
    return symbols_to_spaces(folded(values))


def without_umlauts(values: pa.Array) -> pa.Array:
    """Of folded text: ae, oe, ue and aa are what people write for ä, ö, ü and å. Codes stay: AE and AA."""
    longer = pc.fill_null(pc.greater(pc.binary_length(values), LONGEST_CODE), False)
    return replaced(values, longer, "(a)[ae]+|([ou])e+", r"\1\2")


def each_words(values: pa.Array, change: Callable[[list[str]], list[str]]) -> pa.Array:
    """The words of every value changed, in one pass over distinct values."""
    made = [None if text is None else " ".join(change(text.split())) for text in values.to_pylist()]
    return pa.array(made, pa.string())


def each_word(values: pa.Array, change: Callable[[str], str]) -> pa.Array:
    """The same where no word depends on the others: distinct words are changed, once each. Null stays null."""
    parts = pc.split_pattern(values, " ")
    words = pc.list_flatten(parts).dictionary_encode()
    changed_words = pa.array([change(word) for word in words.dictionary.to_pylist()], pa.string())
    lengths = pc.fill_null(pc.list_value_length(parts), 0)
    ends = pc.cumulative_sum(pa.concat_arrays([pa.array([0], pa.int32()), lengths]))
    made = pc.binary_join(pa.ListArray.from_arrays(ends, changed_words.take(words.indices)), " ")
    return pc.if_else(pc.is_valid(values), made, None)


def looked_up(values: pa.Array, known: Callable[[str], str]) -> pa.Array:
    return pa.array([None if text is None else known(text) for text in values.to_pylist()], pa.string())
