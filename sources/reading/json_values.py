"""JSON that is not one object per line: an array, objects over several lines, or one object around the records."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from core.errors import InvalidInput
from sources.reading.encoding import Utf8Chunks

MAX_VALUE = 64 * 1024 * 1024  # characters of one value: it must be held in memory
_BETWEEN = " \t\r\n,"
_decoder = json.JSONDecoder()


class Values:
    """(line, text) of every value, streaming: memory holds a chunk and one value. `notes` are right at the end."""

    def __init__(self, path: Path, chunks: Utf8Chunks) -> None:
        self.path, self.notes = path, list[str]()
        self._chunks = iter(chunks)
        self._text, self._at, self._line = "", 0, 1
        self._is_over = False

    def __iter__(self) -> Iterator[tuple[int, str]]:
        self._more()
        is_array = self._skip() == "["
        self._at += is_array
        values = 0
        while (mark := self._skip()) and not (is_array and mark == "]"):
            line, text = self._line, self._value()
            values += 1
            if values == 1 and not is_array and not self._skip() and (inner := self._records(text)):
                yield from ((line, json.dumps(item, ensure_ascii=False)) for item in inner)
                return
            yield line, text
        if mark == "]":
            self._at += 1
            if rest := (self._skip() and self._text[self._at :]):
                yield self._line, rest

    def _records(self, text: str) -> list[Any]:
        """The records, where the only object of the file holds one list of objects: `{"data": [{…}, {…}]}`."""
        try:
            value = json.loads(text)
        except (json.JSONDecodeError, RecursionError):
            return []
        lists = [(name, item) for name, item in value.items() if _is_records(item)] if isinstance(value, dict) else []
        if len(lists) != 1:
            return []
        self.notes.append(_("The records were taken from “%(name)s”.") % {"name": lists[0][0]})
        return list(lists[0][1])

    def _skip(self) -> str:
        """Goes to the next character that matters; "" at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _BETWEEN:
                self._line += self._text[self._at] == "\n"
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def _more(self) -> bool:
        if self._is_over:
            return False
        chunk = next(self._chunks, None)
        self._is_over = chunk is None
        if chunk is not None:
            self._text, self._at = self._text[self._at :] + chunk.decode("utf-8", "replace"), 0
        return chunk is not None

    def _value(self) -> str:
        """The text of the value that begins here; of a broken one, up to the end of its line."""
        while True:
            try:
                end = _decoder.raw_decode(self._text, self._at)[1]
                break
            except (json.JSONDecodeError, RecursionError) as error:
                if isinstance(error, json.JSONDecodeError) and self._more():
                    if len(self._text) > MAX_VALUE:
                        message = _("%s holds one JSON value of more than 64 MB. Export it as one object per line.")
                        raise InvalidInput(message % self.path.name, place=self.path.name) from error
                    continue
                end = self._text.find("\n", self._at) + 1 or len(self._text)
                break
        text = self._text[self._at : end]
        self._line += text.count("\n")
        self._at = end
        return text


def _is_records(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)
