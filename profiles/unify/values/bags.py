"""Which texts cannot be alike, by the letters that each consists of: a quick test that lets some too many pass.

Two texts are at least as far apart as their letters are, whatever the order (bag distance: Bartolini, Ciaccia, Patella,
String Matching with Metric Trees Using an Approximate Distance, 2002). Letters are counted in 16 classes, up to four
in each, one bit for each that is there: texts differ in at least as many letters as these numbers differ in bits.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from profiles.unify.values.letters import letters_of

Numbers = npt.NDArray[np.int64] | npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]
Lengths = npt.NDArray[np.floating[Any]]
Bits = npt.NDArray[np.uint64]
Ceiling = Callable[[Lengths, Lengths, Lengths], Lengths]
CLASSES, PER_CLASS = 16, 4
PER_WORD = 8  # classes counted in the bytes of one number
# What has letters beyond ASCII, or more letters than a byte counts, is never ruled out.
LONGEST = 255
ROUNDING = 1e-4
# So few texts at once that what is made of them stays in the processor's cache.
AT_ONCE = 20_000


class Bags:
    """Of an array of texts: `lengths`, 0 where nothing is known of the letters, and `bits`."""

    def __init__(self, values: pa.Array) -> None:
        letters, ends = letters_of(values)
        lengths = np.diff(ends)
        plain = pc.fill_null(pc.string_is_ascii(values), False).to_numpy(zero_copy_only=False)
        self.lengths = np.where(plain & (lengths <= LONGEST), lengths, 0).astype(np.float32)
        self.bits = _bits(letters, ends)

    def hopeful(self, ceiling: Ceiling, least: float, one: Numbers, other: Numbers) -> Mask:
        """For which pairs of texts, by number, the `ceiling` of their similarity is not below `least`."""
        of_one, of_other = self.lengths.take(one), self.lengths.take(other)
        apart = np.bitwise_count(self.bits.take(one) ^ self.bits.take(other))
        known = np.minimum(of_one, of_other) > 0
        with np.errstate(divide="ignore", invalid="ignore"):
            most = ceiling((of_one + of_other - apart) * np.float32(0.5), of_one, of_other)
        hope: Mask = ~known | (most >= least - ROUNDING)
        return hope


def edits(common: Lengths, one: Lengths, other: Lengths) -> Lengths:
    """The highest similarity, 1 − edits / length, of texts of these lengths with so many letters in common."""
    return common / np.maximum(one, other)


def jaro_winkler(common: Lengths, one: Lengths, other: Lengths) -> Lengths:
    """As if the letters in common stood in one order, and both began alike, which counts above 0.7."""
    jaro: Lengths = (common / one + common / other + 1) / 3
    begun_alike: Lengths = jaro + (jaro > 0.7 - ROUNDING) * np.float32(0.4) * (1 - jaro)
    return begun_alike


def token_set(common: Lengths, one: Lengths, other: Lengths) -> Lengths:
    """As if all letters in common were in the same words. Of texts in which no word stands twice."""
    return 2 * common / (common + np.minimum(one, other))


def without_repeats(values: pa.Array) -> pa.Array:
    """Each word of a text once."""
    words = pc.split_pattern(values.cast(pa.string()), " ")
    rows = pc.list_parent_indices(words).to_numpy()
    numbers = pc.list_flatten(words).dictionary_encode().indices.to_numpy()
    pairs = np.sort(rows.astype(np.int64) << 32 | numbers)
    repeated = np.zeros(len(values), bool)
    repeated[pairs[1:][pairs[1:] == pairs[:-1]] >> 32] = True
    if not repeated.any():
        return values
    mask = pa.array(repeated)
    made = [" ".join(dict.fromkeys(text.split())) for text in values.filter(mask).to_pylist()]
    return pc.replace_with_mask(values.cast(pa.string()), mask, pa.array(made, pa.string()))


def _bits(letters: npt.NDArray[np.uint8], ends: npt.NDArray[np.int64]) -> Bits:
    found = np.zeros(max(0, len(ends) - 1), np.uint64)
    for start in range(0, len(found), AT_ONCE):
        some = ends[start : start + AT_ONCE + 1]
        counts = np.stack([_counted(letters[some[0] : some[-1]], some - some[0], word) for word in _WORDS], axis=1)
        marks = _MARKS.take(counts.view(np.uint8))
        found[start : start + AT_ONCE] = (marks[:, ::2] | marks[:, 1::2] << PER_CLASS).view(np.uint64)[:, 0]
    return found


def _counted(letters: npt.NDArray[np.uint8], ends: npt.NDArray[np.int64], word: npt.NDArray[np.uint64]) -> Bits:
    """Per text how many letters of each class of the word there are, one byte each."""
    if not len(letters):
        return np.zeros(len(ends) - 1, np.uint64)
    found: Bits = np.add.reduceat(word.take(letters), np.minimum(ends[:-1], len(letters) - 1))
    found[ends[1:] == ends[:-1]] = 0  # of an empty text `reduceat` counts the letter at its place
    return found


def _word(first: int) -> Bits:
    """Per letter a one in the byte of its class, for the classes from `first` on."""
    classes = np.arange(256) % CLASSES - first
    ones = np.uint64(1) << (8 * np.clip(classes, 0, PER_WORD - 1)).astype(np.uint64)
    return np.where((classes >= 0) & (classes < PER_WORD), ones, np.uint64(0))


_WORDS = tuple(map(_word, range(0, CLASSES, PER_WORD)))
# As many bits as were counted, PER_CLASS at most.
_MARKS = np.array([(1 << min(count, PER_CLASS)) - 1 for count in range(256)], np.uint8)
