"""`manage.py run`: everything that an installation on one machine needs, in one terminal."""

import os
import shlex
import socket
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command, get_commands
from django.core.management.base import BaseCommand, CommandParser

from cdp_site.supervisor import instance
from cdp_site.supervisor.console import Console
from cdp_site.supervisor.supervisor import Supervisor
from core.embedded.server import free_port
from demo import signins

READY_SECONDS = 90
WORKERS = 2


class Command(BaseCommand):
    help = "Starts web server, worker, scheduler and local mail sink, with the demo. Ctrl-C stops them."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dev", action="store_true", help="reload on changes, show errors in the browser")
        parser.add_argument("--no-demo", action="store_true", help="start with an empty workspace")

    def handle(self, *args: Any, dev: bool, no_demo: bool, **options: Any) -> None:
        address = f"http://localhost:{settings.PORT}"
        self._claim(address)
        console = Console(settings.DATA_DIR / "logs")
        console.say(f"Kindred, with its data in {settings.DATA_DIR}")
        people = _people()
        supervisor = Supervisor(settings.BASE_DIR, settings.DATA_DIR, console, _environment(console, dev))
        supervisor.start_guardian()
        try:
            _prepare(console, demo=not no_demo)
            _start_web(supervisor, dev)
            if _await_web(supervisor, address):
                _start_workers(supervisor)
                _welcome(console, address, demo=not no_demo)
                if not no_demo and "demo" in get_commands():
                    supervisor.add("demo", _manage("demo", "load", "--people", str(people)), once=True)
                supervisor.watch()
        finally:
            console.say("Stopping …")
            supervisor.stop()
            console.say("Stopped.")

    def _claim(self, address: str) -> None:
        """Raises CommandError when this data folder is in use, or the port is."""
        try:
            self._lock = instance.claim(settings.DATA_DIR, address)
        except instance.AlreadyRunning as other:
            raise CommandError(
                f"Kindred already runs on this data folder: {other.address} (process {other.pid}).\n"
                f"Stop it with Ctrl-C in its terminal, or: kill {other.pid}\n"
                f"For a second one beside it: make run PORT=8001 KINDRED_DATA=another-folder"
            ) from other
        if not _is_free(settings.PORT):
            raise CommandError(
                f"Port {settings.PORT} is taken by another program. Choose another: make run PORT={settings.PORT + 1}"
            )


def _people() -> int:
    text = os.environ.get("PEOPLE", "10000").replace(",", "").replace("_", "")
    if not text.isdigit() or int(text) < 1:
        raise CommandError(f"PEOPLE is {os.environ['PEOPLE']!r}: write a number, such as PEOPLE=10000.")
    return int(text)


def _is_free(port: int) -> bool:
    """Nobody answers there as "localhost", by either family of addresses, and it can be listened on. BSD and macOS let
    two programs listen on one port of all and of one address."""
    with suppress(OSError), socket.create_connection(("localhost", port), timeout=1):
        return False
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _environment(console: Console, dev: bool) -> dict[str, str]:
    """What every child gets: temporary files in the data folder, and a port for mail that is free."""
    temporary = settings.DATA_DIR / "tmp"
    temporary.mkdir(parents=True, exist_ok=True)
    sink = settings.SINK_PORT
    if not _is_free(sink):
        sink = free_port()
        console.say(f"Port {settings.SINK_PORT} is taken: mail goes to port {sink} instead.")
    environment = {"SINK_PORT": str(sink), "TMPDIR": str(temporary), "PYTHONUNBUFFERED": "1"}
    if sys.platform == "darwin":  # the web server forks; else Apple's libraries may end what was forked
        environment["OBJC_DISABLE_INITIALIZE_FORK_SAFETY"] = "YES"
    return environment | ({"DEBUG": "1"} if dev else {})


def _manage(*arguments: str) -> list[str]:
    return [sys.executable, "manage.py", *arguments]


def _prepare(console: Console, *, demo: bool) -> None:
    started = time.monotonic()
    console.say("Preparing the database …")
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # the static files' server looks for it
    call_command("migrate", verbosity=0, interactive=False)
    if demo:
        signins.ensure()
    console.say(f"Preparing the database … done in {time.monotonic() - started:.1f} s")


def _start_web(supervisor: Supervisor, dev: bool) -> None:
    """What a visitor needs; loading its code, each process takes a core for seconds."""
    python = sys.executable
    supervisor.console.say("Starting web server and mail sink …")
    supervisor.add("mail", [python, "-m", "demo.sink", str(settings.DATA_DIR / "mail"), supervisor.env["SINK_PORT"]])
    if dev:
        supervisor.add("web", _manage("runserver", f"127.0.0.1:{settings.PORT}", "--skip-checks"))
        supervisor.add("bundle", [python, "tools/setup.py", "watch"])
    else:  # --preload: the code is loaded once for all of its processes
        server = [python, "-m", "gunicorn", "--preload", "-c", "python:cdp_site.gunicorn", "cdp_site.wsgi"]
        supervisor.add("web", server)


def _start_workers(supervisor: Supervisor) -> None:
    """What works in the background: whatever was asked for meanwhile waits in the database."""
    celery = [sys.executable, "-m", "celery", "--app", "cdp_site", "--quiet"]
    lean = ["--without-gossip", "--without-mingle"]
    supervisor.add("worker", [*celery, "worker", "--concurrency", str(WORKERS), *lean])
    supervisor.add("beat", [*celery, "beat", "--pidfile", ""])


def _await_web(supervisor: Supervisor, address: str) -> bool:
    """True when the sign-in page answers; False when somebody asked to stop. Raises CommandError after a while."""
    deadline = time.monotonic() + READY_SECONDS
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a proxy knows another "localhost"
    while not supervisor.is_stopping:
        supervisor.tick()
        try:
            with direct.open(f"{address}/signin/", timeout=10):
                return True
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            if time.monotonic() > deadline:
                raise CommandError(f"The web server does not answer. See {_log(supervisor, 'web')}") from None
        time.sleep(0.1)
    return False


def _log(supervisor: Supervisor, name: str) -> Path:
    return supervisor.console.folder / f"{name}.log"


def _welcome(console: Console, address: str, *, demo: bool) -> None:
    console.say()
    console.say(f"  Kindred is ready: {console.emphasise(address)}")
    if demo:
        names = ", ".join(signins.usernames().values())
        console.say(f"  Sign in as {names}; the password is always {signins.PASSWORD}")
        console.say(f"  Mails that it sends stay here: {address}/demo/mail/")
    else:
        console.say("  Make yourself an administrator, in another terminal:")
        folder = shlex.quote(str(settings.DATA_DIR))
        console.say(f"    KINDRED_DATA={folder} .venv/bin/python manage.py createsuperuser")
    console.say("  Ctrl-C stops everything.")
    console.say()
