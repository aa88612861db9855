"""Digits and signs of numbers in the scripts of the world, as ASCII writes them."""

import pyarrow as pa
import pyarrow.compute as pc

from sources.values.text import Column

# Where the digits 0 to 9 begin: Arabic, Persian, Devanagari, Bengali, Gurmukhi, Gujarati, Odia, Tamil, Telugu, Kannada,
# Malayalam, Thai, Lao, Tibetan, Myanmar, Khmer, full width.
_ZEROS = (
    0x660, 0x6F0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xE50, 0xED0, 0xF20, 0x1040, 0x17E0,
    0xFF10,
)  # fmt: skip
_SIGNS = {"٫": ".", "٬": ",", "٪": "%", "．": ".", "，": ",", "－": "-", "＋": "+", "／": "/", "：": ":", "％": "%",
          "（": "(", "）": ")", "−": "-", "￥": "¥", "　": " ", "’": "'"}  # fmt: skip
_MARKS = {"\u200e": "", "\u200f": "", "\u061c": ""}  # of direction: they are seen by nobody
_TABLE = str.maketrans({chr(zero + digit): str(digit) for zero in _ZEROS for digit in range(10)} | _SIGNS | _MARKS)
_ANY = f"[{''.join(map(chr, _TABLE))}]"


def text_in_ascii(text: str) -> str:
    """One value, as `in_ascii`."""
    return text.translate(_TABLE)


def in_ascii(column: Column) -> Column:
    """Text with the digits of other scripts, and the signs that stand between digits, as ASCII has them."""
    if not pc.any(pc.match_substring_regex(column, _ANY)).as_py():
        return column
    different = pc.unique(column)
    written = pa.array([value and text_in_ascii(value) for value in different.to_pylist()], column.type)
    at = pc.index_in(column, value_set=different)
    return written.take(at.combine_chunks() if isinstance(at, pa.ChunkedArray) else at)
