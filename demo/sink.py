"""The local SMTP sink: takes every mail and keeps it in files. No Django, no other room.

`python -m demo.sink FOLDER PORT`. One file per mail, a thousand to a folder: `000012/345.eml`, and one line per mail in
that folder's `index.tsv`: number, time, recipients, subject, bytes. A mail is in the index only when its file is whole.
"""

import asyncio
import signal
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from email.header import decode_header, make_header
from pathlib import Path
from typing import TextIO, cast

FOLDER_SIZE = 1000
HOST = "127.0.0.1"
LARGEST_MAIL = 50 * 1024 * 1024
LONGEST_LINE = 64 * 1024
INDEX = "index.tsv"
END_OF_DATA = b"\r\n.\r\n"
ANSWERS = {
    b"EHLO": b"250-localhost\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE %d\r\n" % LARGEST_MAIL,
    b"HELO": b"250 localhost\r\n",
    b"RSET": b"250 OK\r\n",
    b"NOOP": b"250 OK\r\n",
    b"VRFY": b"252 Send it and see\r\n",
}


@dataclass(frozen=True)
class Entry:
    """One mail of the index. `number` counts from 0 in the order of arrival; `at` is seconds since 1970, UTC."""

    number: int
    at: float
    recipients: str
    subject: str
    size: int

    def line(self) -> str:
        return f"{self.number}\t{self.at:.3f}\t{self.recipients}\t{self.subject}\t{self.size}\n"

    @classmethod
    def parse(cls, line: str) -> "Entry | None":
        """None for a line that was cut off."""
        parts = line.split("\t")
        if len(parts) != 5:
            return None
        return cls(int(parts[0]), float(parts[1]), parts[2], parts[3], int(parts[4]))


def path_of(folder: Path, number: int) -> Path:
    return folder / f"{number // FOLDER_SIZE:06d}" / f"{number % FOLDER_SIZE:03d}.eml"


def next_number(folder: Path) -> int:
    """One more than the newest mail, also when the index lost its last lines in a crash."""
    shards = sorted(path for path in folder.glob("[0-9]*") if path.is_dir())
    for shard in reversed(shards):
        mails = [int(path.stem) for path in shard.glob("*.eml")]
        if mails:
            return int(shard.name) * FOLDER_SIZE + max(mails) + 1
    return 0


class Store:
    """Where mails go. One writer at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.number = next_number(folder)
        self._index: TextIO | None = None

    def add(self, content: bytes, recipients: Iterable[str]) -> Entry:
        path = path_of(self.folder, self.number)
        if self._index is None or self.number % FOLDER_SIZE == 0:
            self._open_index(path.parent)
        with open(path, "wb", buffering=0) as file:
            file.write(content)
        names = _one_line(", ".join(recipients))
        entry = Entry(self.number, time.time(), names, subject_of(content), len(content))
        assert self._index
        self._index.write(entry.line())
        self._index.flush()
        self.number += 1
        return entry

    def _open_index(self, folder: Path) -> None:
        if self._index:
            self._index.close()
        folder.mkdir(exist_ok=True)
        self._index = open(folder / INDEX, "a", encoding="utf-8", errors="replace")  # noqa: SIM115 - kept open


def subject_of(content: bytes) -> str:
    """The subject in plain words; an undecodable one as it stands."""
    head = content[: content.find(b"\r\n\r\n") + 2 or None]
    start = 0 if head[:8].lower() == b"subject:" else head.lower().find(b"\r\nsubject:") + 2
    if start == 1:
        return ""
    end = start
    while True:  # lines that begin with white space continue the one before
        end = head.find(b"\r\n", end)
        if end < 0 or head[end + 2 : end + 3] not in (b" ", b"\t"):
            break
        end += 2
    raw = head[start + 8 : end if end >= 0 else None].decode("utf-8", "replace").strip()
    if "=?" in raw:
        with suppress(ValueError, LookupError):
            raw = str(make_header(decode_header(raw)))
    return _one_line(raw)


def _one_line(text: str) -> str:
    return " ".join(text.split())


class SmtpSession(asyncio.Protocol):
    """One connection, as much of RFC 5321 as a mail client uses, with pipelining.

    Our own, because a general-purpose server in Python takes half as many mails a second as we can send.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.buffer = bytearray()
        self.recipients: list[str] = []
        self.has_sender = False
        self.in_data = False
        self.searched = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.transport.write(b"220 localhost Kindred mail sink\r\n")

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        answers = bytearray()
        while (answer := self._data() if self.in_data else self._command()) is not None:
            answers += answer
        if len(self.buffer) > (LARGEST_MAIL if self.in_data else LONGEST_LINE):
            answers += b"552 Too long\r\n"
            self.transport.write(answers)
            self.transport.close()
        elif answers:
            self.transport.write(answers)

    def _data(self) -> bytes | None:
        """The answer when the mail is whole and kept."""
        if self.buffer.startswith(b".\r\n"):
            end, skip = 0, 3
        else:
            end, skip = self.buffer.find(END_OF_DATA, max(0, self.searched - len(END_OF_DATA))) + 2, 3
            if end == 1:
                self.searched = len(self.buffer)
                return None
        content = bytes(self.buffer[:end])
        if content.startswith(b"."):
            content = content[1:]
        del self.buffer[: end + skip]
        self.in_data = False
        try:
            entry = self.store.add(content.replace(b"\r\n..", b"\r\n."), self.recipients)
        except OSError as error:
            return f"452 Cannot keep the mail: {error.strerror}\r\n".encode()
        finally:
            self._reset()
        return b"250 Kept as %d\r\n" % entry.number

    def _command(self) -> bytes | None:
        end = self.buffer.find(b"\n")
        if end < 0 or self.transport.is_closing():
            return None
        line = bytes(self.buffer[:end]).rstrip(b"\r")
        del self.buffer[: end + 1]
        verb = line[:4].upper()
        if verb == b"MAIL":
            self._reset()
            self.has_sender = True
            return b"250 OK\r\n"
        if verb == b"RCPT":
            return self._add_recipient(line)
        if verb == b"DATA":
            if not self.recipients:
                return b"503 Name a recipient first\r\n"
            self.in_data, self.searched = True, 0
            return b"354 End with a dot on a line of its own\r\n"
        if verb == b"QUIT":
            self.transport.write(b"221 Bye\r\n")
            self.transport.close()
            return None
        if verb == b"RSET":
            self._reset()
        return ANSWERS.get(verb, b"502 Not known here\r\n")

    def _add_recipient(self, line: bytes) -> bytes:
        start, end = line.find(b"<"), line.rfind(b">")
        if not self.has_sender or start < 0 or end < start:
            return b"503 Name a sender first, and the recipient in <>\r\n"
        self.recipients.append(line[start + 1 : end].decode("utf-8", "replace"))
        return b"250 OK\r\n"

    def _reset(self) -> None:
        self.has_sender = False
        self.recipients = []


async def serve(folder: Path, port: int) -> None:
    """Until the process is asked to stop."""
    loop = asyncio.get_running_loop()
    store = Store(folder)
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    server = await loop.create_server(lambda: SmtpSession(store), HOST, port)
    await stopped.wait()
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2])))
