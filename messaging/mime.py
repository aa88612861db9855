"""Builds the bytes of a mail: multipart/alternative, quoted-printable, every line within RFC 5322. Pure and quick."""

import binascii
import re
from base64 import b64encode
from collections.abc import Iterable

_BREAKS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
_LINE_END = re.compile(r"\r\n|\r|\n")
MAX_HEADER_LINE = 76  # RFC 2047: an encoded word has at most 75 characters
_WORD_BYTES = 42  # bytes of UTF-8 whose base64 (56) and frame (12) fit such a word


def header_text(text: str) -> str:
    """A header's value: one line; words of other scripts encoded by RFC 2047."""
    text = _BREAKS.sub(" ", text).strip()
    if text.isascii() and len(text) <= 900 and "=?" not in text:
        return text
    words, chunk = [], b""
    for character in text:
        data = character.encode("utf-8", "replace")
        if len(chunk) + len(data) > _WORD_BYTES:
            words.append(chunk)
            chunk = b""
        chunk += data
    words.append(chunk)
    return "\r\n ".join(f"=?utf-8?B?{b64encode(word).decode()}?=" for word in words)


def address_header(name: str, address: str) -> str:
    """`Name <address>`; the name is quoted or encoded as needed."""
    name = _BREAKS.sub(" ", name).strip()
    if not name:
        return address
    if not name.isascii():
        return f"{header_text(name)} <{address}>"
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}" <{address}>'


def build(headers: Iterable[tuple[str, str]], text: str, html: str, boundary: str) -> bytes:
    """The whole mail with CRLF line ends. Header values must come from `header_text` or `address_header`.

    `boundary` must be unlikely to occur in a body; encoded bodies never hold a line that starts with "--=".
    """
    lines = [f"{name}: {value}" for name, value in headers]
    lines += ["MIME-Version: 1.0", f'Content-Type: multipart/alternative; boundary="{boundary}"', ""]
    head = "\r\n".join(lines).encode("ascii", "replace")
    mark = f"\r\n--{boundary}".encode()
    parts = [head]
    for kind, content in (("plain", text), ("html", html)):
        part = f"\r\nContent-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        parts += [mark, part.encode(), _quoted_printable(content)]
    return b"".join([*parts, mark, b"--\r\n"])


def _quoted_printable(text: str) -> bytes:
    data = _LINE_END.sub("\n", text).encode("utf-8", "replace")
    return binascii.b2a_qp(data, quotetabs=False, istext=True, header=False).replace(b"\n", b"\r\n")
