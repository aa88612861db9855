"""Any encoding to UTF-8, chunk by chunk. Bytes that do not belong to the encoding are marked, not dropped."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
from charset_normalizer import from_bytes
from django.utils.translation import gettext as _

from core.errors import InvalidInput, Unavailable
from sources.reading.latin import CLEARLY, guess_latin

# Of a file in hand. A load holds some forty times as much; more at a time is no faster.
CHUNK_BYTES = 8 * 1024 * 1024
MARK = "\uffff"  # a noncharacter: stands before each byte that could not be decoded
MARK_BYTES = MARK.encode()
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NOT_LATIN = [
    "cp1251", "koi8_r", "gb18030", "big5", "cp932", "euc_jp", "cp949", "cp1253", "cp1255", "cp1256", "cp874",
    "shift_jis",
]  # fmt: skip
_NOT_LATIN_SHARE = 0.3  # of bytes beyond ASCII among those that are letters: western text has far fewer
_STRANGE_SHARE = 0.5  # of the bytes of words that have any beyond ASCII: in Western Europe, one in five
_PAIRED_WORDS = 5  # so many words of an even number of bytes are not of Thailand, whose bytes could be anybody's
_KANA = re.compile("[\u3041-\u30fa]")
_WORD_BYTES = 4  # two signs of China; leaves out à and été
_BETWEEN_WORDS = re.compile(rb"[\s,;|\"'.:/()-]+")


def _marked(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return "".join(f"{MARK}\\x{byte:02x}" for byte in error.object[error.start : error.end]), error.end


codecs.register_error("kindred.mark", _marked)


def known_encoding(name: str) -> str:
    """The codec's own name. Raises InvalidInput for a name that no codec has."""
    try:
        return codecs.lookup(name).name
    except LookupError as error:
        raise InvalidInput(_("There is no encoding “%s”. Try utf-8, utf-16 or windows-1252.") % name) from error


def bom_of(head: bytes) -> str:
    return next((encoding for mark, encoding in _BOMS if head.startswith(mark)), "")


def guess_wide(head: bytes) -> str:
    """UTF-16 without a byte order mark: every other byte of western text is zero."""
    sample = head[:4096]
    if len(sample) < 8 or sample.count(0) < len(sample) * 0.3:
        return ""
    return "utf-16-le" if sample[1::2].count(0) > sample[0::2].count(0) else "utf-16-be"


def guess_narrow(data: bytes) -> str:
    """What bytes that are not UTF-8 are likeliest to be. Of Western Europe when in doubt."""
    sample = b"\n".join([line for line in data[: 1 << 20].split(b"\n") if not line.isascii()][:2000])
    beyond = sum(byte > 127 for byte in sample)
    letters = beyond + sum(chr(byte).isalpha() for byte in sample if byte < 128)
    latin, share = guess_latin(sample)
    if beyond < letters * _NOT_LATIN_SHARE:
        sample = b"\n".join(_strange_words(sample))
        if not sample or share >= CLEARLY:
            return latin
    words = re.findall(rb"[\x80-\xff]+", sample)
    is_of_pairs = len(words) >= _PAIRED_WORDS and all(len(word) % 2 == 0 for word in words)
    candidates = [name for name in _NOT_LATIN if not (is_of_pairs and name == "cp874")]
    best = from_bytes(sample, cp_isolation=candidates).best()
    if best and best.encoding == "euc_jp" and not _KANA.search(sample.decode("euc_jp", "replace")):
        return "gb18030"  # the same bytes, which Japan seldom writes without kana
    return best.encoding if best else latin


def _strange_words(sample: bytes) -> list[bytes]:
    """Words with bytes beyond ASCII, where these have few others: names of Japan beside many e-mail addresses."""
    words = [word for word in _BETWEEN_WORDS.split(sample) if len(word) >= _WORD_BYTES and not word.isascii()]
    beyond = sum(byte > 127 for word in words for byte in word)
    return words if beyond > sum(map(len, words)) * _STRANGE_SHARE else []


class Utf8Chunks:
    """The file as UTF-8, in chunks. `encoding` is what was used, once it is over; `notes` say what was assumed.

    Without a stated encoding the file is UTF-8 until its first line beyond ASCII says otherwise. In a file that is
    mostly UTF-8, single wrong bytes are marked with `MARK` and their value, so that the row can be set aside.
    """

    def __init__(self, path: Path, encoding: str = "", *, chunk_bytes: int = CHUNK_BYTES) -> None:
        self.path, self.chunk_bytes = path, chunk_bytes
        self.stated = known_encoding(encoding) if encoding else ""
        self.encoding = self.stated
        self.bytes_read = 0
        self.notes: list[str] = []

    def __iter__(self) -> Iterator[bytes]:
        size = self.path.stat().st_size
        with self.path.open("rb") as file:
            head = file.read(4096)
            bom = bom_of(head)
            wide = bom if bom.startswith(("utf-16", "utf-32")) else "" if self.stated else guess_wide(head)
            if not self.stated or bom:
                self.encoding = wide or ("utf-8" if bom else self.encoding)
            file.seek(3 if bom == "utf-8" else 0)
            self.bytes_read = file.tell()
            yield from self._wide(file) if self._is_stateful() else self._lines(file)
        if self.bytes_read < size:
            raise Unavailable(
                _("%s became shorter while it was read. It is probably being written: try again when it is complete.")
                % self.path.name,
                place=self.path.name,
            )

    def _is_stateful(self) -> bool:
        return self.encoding.startswith(("utf-16", "utf-32", "utf-7", "iso2022", "hz"))

    def _wide(self, file: object) -> Iterator[bytes]:
        decoder = codecs.getincrementaldecoder(self.encoding)("kindred.mark")
        while chunk := file.read(self.chunk_bytes):  # type: ignore[attr-defined]
            self.bytes_read += len(chunk)
            yield decoder.decode(chunk).encode("utf-8", "replace")
        yield decoder.decode(b"", True).encode("utf-8", "replace")

    def _lines(self, file: object) -> Iterator[bytes]:
        """Cuts after line ends, so that no character is cut in two."""
        rest = b""
        while chunk := file.read(self.chunk_bytes):  # type: ignore[attr-defined]
            self.bytes_read += len(chunk)
            cut = chunk.rfind(b"\n") + 1
            if cut:
                yield self._utf8(b"".join((rest, memoryview(chunk)[:cut])))
                rest = chunk[cut:]
            else:
                rest += chunk
        if rest:
            yield self._utf8(rest)

    def _utf8(self, data: bytes) -> bytes:
        if data.isascii():
            return data
        if not self.encoding:
            self.encoding = self._decide(data)
        if self.encoding == "utf-8":
            return data if _is_utf8(data) else data.decode("utf-8", "kindred.mark").encode()
        return data.decode(self.encoding, "kindred.mark").encode("utf-8", "replace")

    def _decide(self, data: bytes) -> str:
        if _is_utf8(data):
            return "utf-8"
        beyond = [line for line in data.split(b"\n") if not line.isascii()]
        right = sum(_is_utf8(line) for line in beyond)
        if right >= len(beyond) - right:
            return "utf-8"
        guess = guess_narrow(data)
        self.notes.append(
            _("%(file)s is not UTF-8; it was read as %(encoding)s. If letters look wrong, set its encoding.")
            % {"file": self.path.name, "encoding": guess}
        )
        return guess


def _is_utf8(data: bytes) -> bool:
    """Checked in place: decoding would copy all of it."""
    ends = pa.py_buffer(np.array([0, len(data)], np.int64))
    try:
        pa.Array.from_buffers(pa.large_string(), 1, [None, ends, pa.py_buffer(data)]).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True
