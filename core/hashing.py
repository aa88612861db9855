"""Stable hashes: the same on every engine, machine and day (engines disagree on their own)."""

import hashlib


def digest(*parts: str) -> int:
    """A 64-bit hash of text parts; the parts are length-prefixed, so ("ab", "c") differs from ("a", "bc")."""
    state = hashlib.blake2b(digest_size=8)
    for part in parts:
        data = part.encode()
        state.update(len(data).to_bytes(4, "big") + data)
    return int.from_bytes(state.digest(), "big")


def bucket(salt: str, key: str, buckets: int) -> int:
    """Which of `buckets` equal groups `key` belongs to, 0 ≤ result < buckets."""
    return digest(salt, key) % buckets
