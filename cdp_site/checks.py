"""Settings that contradict each other in production: `manage.py check --deploy`."""

from collections.abc import Sequence
from email.utils import parseaddr
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register


@register(deploy=True)
def production(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """What a checkout may do and a production must not."""
    if not settings.PRODUCTION:
        return [Warning("KINDRED_ENV is not production.", hint="Set KINDRED_ENV=production.", id="kindred.W001")]
    return [*_servers(), *_addresses(), *_mail()]


def has_embedded_database() -> bool:
    return str(settings.DATABASES["default"]["HOST"]).startswith(str(settings.DATA_DIR))


def _servers() -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if has_embedded_database():
        found.append(
            Error("The database is the embedded one.", hint="Set DATABASE_URL to a PostgreSQL ≥ 15.", id="kindred.E001")
        )
    if settings.REDIS_URL.startswith("unix://") and "/broker/broker.sock" in settings.REDIS_URL:
        found.append(Error("The broker is the embedded one.", hint="Set REDIS_URL.", id="kindred.E002"))
    if settings.DATA_DIR == settings.BASE_DIR / "data":
        found.append(
            Warning(
                "The data folder lies in the checkout, where an upgrade may remove it.",
                hint="Set KINDRED_DATA, for example to /var/lib/kindred.",
                id="kindred.W002",
            )
        )
    return found


def _addresses() -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if not settings.BASE_URL.startswith("https://"):
        found.append(
            Error(
                f"BASE_URL is {settings.BASE_URL}: links in mails would not be secret on their way.",
                hint="Set BASE_URL to the public https address.",
                id="kindred.E003",
            )
        )
    host = settings.BASE_URL.partition("://")[2].partition("/")[0].partition(":")[0]
    allowed = [name.lstrip(".") for name in settings.ALLOWED_HOSTS]
    if "*" in allowed:
        found.append(Error("ALLOWED_HOSTS is *.", hint="Name the hosts that are served.", id="kindred.E004"))
    elif not any(host == name or host.endswith(f".{name}") for name in allowed):
        found.append(
            Error(
                f"The host of BASE_URL, {host}, is not in ALLOWED_HOSTS: links in mails would be refused.",
                hint=f"Add {host} to ALLOWED_HOSTS.",
                id="kindred.E005",
            )
        )
    return found


def _mail() -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if settings.USES_SINK:
        found.append(
            Error(
                "Mail goes to the local sink: nobody would receive it.",
                hint="Set EMAIL_URL, or EMAIL_BACKEND and ANYMAIL.",
                id="kindred.E006",
            )
        )
    if parseaddr(settings.DEFAULT_FROM_EMAIL)[1].endswith("@kindred.example"):
        found.append(
            Error(
                "Mail is sent from an example address.",
                hint="Set DEFAULT_FROM_EMAIL to an address of a domain that you send from.",
                id="kindred.E007",
            )
        )
    return found
