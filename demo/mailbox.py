"""Reads what the local SMTP sink kept. Lists come from the index files; a mail's own file is opened only to show it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import islice
from pathlib import Path
from typing import Any

from core.list_filters import Filter
from demo.sink import INDEX, Entry, path_of


@dataclass(frozen=True)
class MailRows:
    """Rows of a list page: newest first; each word of the query must be in the recipients or the subject."""

    folder: Path
    words: tuple[str, ...] = ()

    def narrow(
        self, query: str, search: Sequence[str], filters: Sequence[Filter], values: Mapping[str, Any], order: str
    ) -> "MailRows":
        return MailRows(self.folder, tuple(query.casefold().split()[:10]))

    def count(self) -> int:
        return sum(1 for _line in self._lines())

    def slice(self, start: int, stop: int) -> Sequence[Entry]:
        lines = islice(self._lines(), start, stop)
        return [entry for line in lines if (entry := Entry.parse(line))]

    def all(self) -> Iterator[Entry]:
        return (entry for line in self._lines() if (entry := Entry.parse(line)))

    def _lines(self) -> Iterator[str]:
        for shard in sorted(self.folder.glob(f"[0-9]*/{INDEX}"), reverse=True):
            text = shard.read_text(encoding="utf-8", errors="replace")
            if self.words and not all(word in text.casefold() for word in self.words):
                continue
            for line in reversed(text.splitlines()):
                if not self.words or self._matches(line.casefold()):
                    yield line

    def _matches(self, line: str) -> bool:
        searched = line.split("\t", 2)[-1].rsplit("\t", 1)[0]
        return all(word in searched for word in self.words)


@dataclass(frozen=True)
class Mail:
    """One mail, parsed. `html` is what the sender wrote: never show it outside a sandbox."""

    number: int
    subject: str
    sender: str
    recipient: str
    headers: list[tuple[str, str]]
    text: str
    html: str


def read(folder: Path, number: int) -> Mail | None:
    """None when there is no such mail."""
    path = path_of(folder, number)
    if not path.is_file():
        return None
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    headers = [(name, str(value)) for name, value in message.items()]
    subject, sender, recipient = (str(message[name] or "") for name in ("Subject", "From", "To"))
    return Mail(number, subject, sender, recipient, headers, _body(message, "plain"), _body(message, "html"))


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    if part is None:
        return ""
    content = part.get_payload(decode=True)
    charset = part.get_content_charset() or "utf-8"
    try:
        return bytes(content).decode(charset, "replace") if isinstance(content, bytes) else str(content)
    except LookupError:  # a character set that nobody knows
        return bytes(content).decode("utf-8", "replace")
