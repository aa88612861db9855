"""Every row has a key, and no two rows have the same. The first row with a key is kept, later ones are set aside."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sources.values.convert import as_text

Mask = np.ndarray[Any, Any]


def key_text(columns: list[Any]) -> Any:
    """The key of every row as text; several columns are joined by "|". Null where a part is missing."""
    texts = [as_text(column) for column in columns]
    return texts[0] if len(texts) == 1 else pc.binary_join_element_wise(*texts, "|", null_handling="emit_null")


class KeyGuard:
    """Remembers the keys of a load as 64-bit hashes, 8 bytes a row (two keys share one once in 10¹⁹ pairs)."""

    def __init__(self) -> None:
        self._seen: list[Mask] = []
        self.duplicates = 0

    def check(self, keys: Any) -> tuple[Mask | None, Mask | None]:
        """(rows without a key, rows whose key came before); None where there are none."""
        missing = None
        if keys.null_count:
            missing = pc.is_null(keys).to_numpy(zero_copy_only=False)
        hashes = np.fromiter(map(hash, keys.to_numpy(zero_copy_only=False)), np.int64, len(keys))
        repeated = self._repeated(hashes, missing)
        if repeated is not None:
            self.duplicates += int(repeated.sum())
        return missing, repeated

    def _repeated(self, hashes: Mask, missing: Mask | None) -> Mask | None:
        ranked = np.sort(hashes if missing is None else hashes[~missing])
        if not (ranked[1:] == ranked[:-1]).any() and not any(_meets(chunk, ranked).any() for chunk in self._seen):
            self._remember(ranked)
            return None
        order = np.argsort(hashes, kind="stable")
        ranked = hashes[order]
        again = np.zeros(hashes.size, bool)
        again[order[1:][ranked[1:] == ranked[:-1]]] = True
        for chunk in self._seen:
            again[order[_meets(chunk, ranked)]] = True
        if missing is not None:
            again &= ~missing
            ranked = np.sort(hashes[~missing])
        self._remember(ranked)
        return again if again.any() else None

    def _remember(self, ranked: Mask) -> None:
        """Chunks of doubling size: each hash is merged some ten times in all, however many batches there are."""
        if ranked.size:
            self._seen.append(ranked)
        while len(self._seen) > 1 and self._seen[-2].size <= 2 * self._seen[-1].size:
            last = self._seen.pop()
            self._seen[-1] = np.sort(np.concatenate((self._seen[-1], last)), kind="stable")


def _meets(chunk: Mask, ranked: Mask) -> Mask:
    """Which of the sorted hashes are in a sorted chunk."""
    return np.asarray(chunk[np.minimum(np.searchsorted(chunk, ranked), chunk.size - 1)] == ranked)


def as_mask(column: Any) -> Mask:
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return np.asarray(pc.fill_null(array, False).to_numpy(zero_copy_only=False))
