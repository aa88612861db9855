"""Builds the bytes of a mail: multipart/alternative, quoted-printable, every line within RFC 5322. Pure and quick."""

import binascii
import re
from base64 import b64encode
from collections.abc import Iterable

_BREAKS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
_LINE_END = re.compile(r"\r\n|\r|\n")
_WORD_BYTES = 42  # of UTF-8, whose base64 (56) and frame (12) fit an encoded word: 75 characters by RFC 2047


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


def build(headers: Iterable[tuple[str, str]], text: bytes, html: bytes, boundary: str) -> bytes:
    """The whole mail with CRLF line ends. Header values must come from `header_text` or `address_header`, `text` and
    `html` from `quoted_printable`.

    `boundary` must be unlikely to occur in a body; encoded bodies never hold a line that starts with "--=".
    """
    head = "".join([f"{name}: {value}\r\n" for name, value in headers])
    head += f'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="{boundary}"\r\n'
    mark = f"\r\n--{boundary}".encode()
    return b"".join([head.encode("ascii", "replace"), mark, _PLAIN, text, mark, _HTML, html, mark, b"--\r\n"])


def _part(kind: str) -> bytes:
    """The head of a part."""
    head = f"\r\nContent-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    return head.encode()


_PLAIN, _HTML = _part("plain"), _part("html")


def quoted_printable(text: str, *, is_last: bool = True) -> bytes:
    """RFC 2045 with CRLF line ends. What is not the last piece of a body ends its line, by a soft break if need be: so
    pieces that were encoded apart can be put together.
    """
    if not text:
        return b""
    data = (_LINE_END.sub("\n", text) if "\r" in text else text).encode("utf-8", "replace")
    if is_last:
        return binascii.b2a_qp(data, istext=True).replace(b"\n", b"\r\n")
    # The further letter makes the encoder leave room for the "=" of a soft break; it is cut off again.
    encoded = binascii.b2a_qp(data + b"x", istext=True)[:-1]
    return (encoded if encoded.endswith(b"\n") else encoded + b"=\n").replace(b"\n", b"\r\n")
