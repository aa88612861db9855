"""Where a segment is used, by its short name; the other segments included."""

from core.usage import Uses

segments = Uses()
