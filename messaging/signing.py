"""Signed tokens of the public addresses `/t/…`: 24 characters that say which message, and which of its links.

A token cannot be made or changed without the key: so a click leads only to a link of the version that was sent.
"""

import binascii
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

OPEN, CLICK, UNSUBSCRIBE, MESSAGE_ID = b"o", b"c", b"u", b"m"
_MESSAGE_BYTES, _LINK_BYTES = 6, 2
_MAC_BYTES = 10  # 80 bits: a guess every millisecond takes longer than the world is old


@dataclass(frozen=True)
class Claim:
    """What a valid token says."""

    message_id: int
    link: int


def sign(kind: bytes, message_id: int, link: int = 0) -> str:
    data = message_id.to_bytes(_MESSAGE_BYTES, "big") + link.to_bytes(_LINK_BYTES, "big")
    return urlsafe_b64encode(data + _mac(settings.SECRET_KEY, kind, data)).decode()


def read(kind: bytes, token: str) -> Claim | None:
    """What a token says; None for one that we did not sign. Keys in SECRET_KEY_FALLBACKS stay valid."""
    try:
        raw = urlsafe_b64decode(token)
    except (binascii.Error, ValueError):
        return None
    if len(raw) != _MESSAGE_BYTES + _LINK_BYTES + _MAC_BYTES:
        return None
    data, mac = raw[:-_MAC_BYTES], raw[-_MAC_BYTES:]
    keys = [str(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    if not any(hmac.compare_digest(mac, _mac(key, kind, data)) for key in keys):
        return None
    return Claim(int.from_bytes(data[:_MESSAGE_BYTES], "big"), int.from_bytes(data[_MESSAGE_BYTES:], "big"))


def _mac(secret: str, kind: bytes, data: bytes) -> bytes:
    return hmac.digest(_key(secret), kind + data, "sha256")[:_MAC_BYTES]


@lru_cache(maxsize=8)
def _key(secret: str) -> bytes:
    return hmac.digest(secret.encode(), b"kindred.tracking", "sha256")
