"""One journey step to many people through SMTP, against a bare loop that sends the very same mails ready-made.

Ours starts with planned messages and does everything else: claims with consent, suppression and shared addresses;
personal data, rendering, signed links, ledger. One worker with up to EMAIL_CONNECTIONS connections; theirs has one. The
sink is the demo's, in a process of its own.
"""

import shutil
import signal
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from bench.common import FOLDER, Result, Run, arguments, cpu, django, in_turns, measured, report, wall
from bench.data import prepare
from bench.site import free_port

LEAST_RATE = 0.5
READY_SECONDS = 60


@contextmanager
def sink(port: int, folder: Path) -> Iterator[Path]:
    shutil.rmtree(folder, ignore_errors=True)
    process = subprocess.Popen([sys.executable, "-m", "demo.sink", str(folder), str(port)])
    try:
        end = time.monotonic() + READY_SECONDS
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield folder
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def version() -> Any:
    """The demo's e-mail, frozen."""
    from demo.generate.workspace_file import workspace_text
    from messaging.checks import require_sendable
    from messaging.models import EmailTemplate
    from messaging.services.freeze import freeze

    [content] = yaml.safe_load(workspace_text())["templates"]
    content["defaults"] = content["defaults"] | {"Loyalty Points": "1000"}
    template, _created = EmailTemplate.objects.get_or_create(name="Bench", defaults=content | {"name": "Bench"})
    require_sendable(template)
    return freeze(template)


def recipients(count: int) -> list[str]:
    """Ids of people with an address that no other of them has."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(id) FROM profiles_profile WHERE email <> '' GROUP BY email ORDER BY 1 LIMIT %s", [count]
        )
        return [row[0] for row in cursor.fetchall()]


def plan(what: Any, ids: list[str], number: int) -> None:
    """A journey's step, planned; those of earlier runs stay in the ledger."""
    from messaging.services.plan import Origin, Recipient
    from messaging.services.plan import plan as plan_messages

    journey = f"bench-{time.time_ns()}-{number}"
    people = (Recipient(pk, f"{journey}/{pk}") for pk in ids)
    assert plan_messages(what, people, Origin(journey, "mail")) == len(ids)


def ready_made(folder: Path, count: int) -> list[tuple[str, str, bytes]]:
    """(sender, recipient, bytes) of the mails in the sink."""
    from demo.sink import path_of

    found = []
    for number in range(count):
        content = path_of(folder, number).read_bytes()
        headers = dict(line.partition(b": ")[::2] for line in content.partition(b"\r\n\r\n")[0].split(b"\r\n"))
        found.append(("bench@kindred.example", headers[b"To"].decode(), content))
    return found


def bare(port: int, mails: list[tuple[str, str, bytes]]) -> int:
    with smtplib.SMTP("127.0.0.1", port) as server:
        for sender, recipient, content in mails:
            server.sendmail(sender, [recipient], content)
    return len(mails)


def main(argv: Sequence[str] | None = None) -> None:
    options = arguments(argv, 20_000, runs=3)
    port = free_port()
    django(EMAIL_URL=f"smtp://127.0.0.1:{port}")
    prepare(options.people + options.people // 8, exactly=False)  # one in ten has no address of their own
    from messaging.delivery import deliver_due

    what, ids = version(), recipients(options.people)
    assert len(ids) == options.people, f"Only {len(ids)} people have an address of their own."
    number = 0
    with sink(port, FOLDER / "mail") as folder:

        def ours() -> Run:
            nonlocal number
            number += 1
            plan(what, ids, number)
            run = measured(deliver_due)
            assert run.result.accepted == len(ids), run.result
            return run

        ours()
        mails = ready_made(folder, len(ids))
        mine, other = in_turns(ours, lambda: measured(lambda: bare(port, mails)), options.runs)
    size = sum(len(content) for _from, _to, content in mails) / len(mails) / 1000
    report([_result(len(ids), size, mine, other)], options.json)


def _result(count: int, size: float, mine: list[Run], other: list[Run]) -> Result:
    ours, theirs = count / wall(mine), count / wall(other)
    return Result(
        "send", f"{count:,} mails of {size:.1f} kB", ours, theirs, "mails/s", ours / theirs, f"≥ {LEAST_RATE:g} ×",
        ours / theirs >= LEAST_RATE, "mails/s bare loop", cpu(mine), cpu(other),
    )  # fmt: skip


if __name__ == "__main__":
    main()
