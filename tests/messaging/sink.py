"""A real SMTP server for tests and measurements, as a process of its own.

`python -m tests.messaging.sink PORT FILE [EXTENSION …]`, the extension being PIPELINING. Every mail it takes becomes
one line in FILE (Message-ID, recipient), and a dot on standard output after the port. It refuses by recipient:
`full@…` for now, `gone@…` for ever (no such mailbox), `blocked@…` by policy.

STORM instead of an extension, or beside it: one address in two has one of the moods below, mostly once. It is told from
the address alone (`mood_of`), so that a test knows what to expect.
"""

import asyncio
import re
import sys
from pathlib import Path
from typing import Any
from zlib import crc32

from aiosmtpd.smtp import SMTP, Envelope, Session

ANSWERS = {
    "full": "452 4.2.2 Mailbox full, try later",
    "gone": "550 5.1.1 No such user here",
    "blocked": "550 5.7.1 Message refused by policy",
}


MOODS = (
    "greylist",  # 451 to the recipient, the first time
    "later",  # 451 to the content, the first time
    "closing",  # 421 to the content, the first time
    "refuse",  # 554 to the content
    "hang up",  # takes the mail, and closes the connection instead of saying so
    "lose",  # closes the connection instead of taking the mail
    "slow",
)


def mood_of(address: str) -> str:
    number = crc32(address.encode()) % (2 * len(MOODS))
    return MOODS[number] if number < len(MOODS) else ""


class Sink:
    def __init__(self, path: Path, extensions: list[str]) -> None:
        self.file = path.open("a", buffering=1)
        self.extensions = [name for name in extensions if name != "STORM"]
        self.is_stormy = "STORM" in extensions
        self.seen: set[str] = set()

    def is_first(self, address: str) -> bool:
        is_first = address not in self.seen
        self.seen.add(address)
        return is_first

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], *(f"250-{name}" for name in self.extensions), *responses[-1:]]

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        refusal = ANSWERS.get(address.split("@")[0])
        if refusal:
            return refusal
        if self.is_stormy and mood_of(address) == "greylist" and self.is_first(address):
            return "451 4.7.1 Greylisted"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        mood = mood_of(envelope.rcpt_tos[0]) if self.is_stormy else ""
        if mood in {"later", "closing"} and self.is_first(envelope.rcpt_tos[0]):
            return "451 4.3.0 Later" if mood == "later" else "421 4.3.2 Closing"
        if mood == "refuse":
            return "554 5.6.0 No"
        if mood == "lose":
            server.transport.close()
            return "451 lost"
        if mood == "slow":
            await asyncio.sleep(0.01)
        found = re.search(rb"^Message-ID: (\S+)", envelope.content or b"", re.MULTILINE)  # type: ignore[arg-type]
        self.file.write(f"{found[1].decode() if found else ''} {envelope.rcpt_tos[0]}\n")
        print(".", flush=True)
        if mood == "hang up":
            server.transport.close()
        return "250 OK"


async def main(port: int, path: Path, extensions: list[str]) -> None:
    sink = Sink(path, extensions)
    loop = asyncio.get_running_loop()

    def protocol() -> Any:
        return SMTP(sink, loop=loop, data_size_limit=None)

    server = await loop.create_server(protocol, "127.0.0.1", port)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]))
