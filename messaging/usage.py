"""Where an e-mail is used. Rooms that send e-mails register; what is used cannot be deleted."""

from collections.abc import Callable, Iterable

from messaging.models import EmailTemplate
from profiles.config.usage import Use

Provider = Callable[[], Iterable[tuple[Use, set[str]]]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """`provider()` returns everything that sends e-mails, with their short names, in a number of queries of its own."""
    if provider not in _providers:
        _providers.append(provider)


def uses_of(template: EmailTemplate) -> list[Use]:
    """Everything that sends this e-mail or is about to."""
    return [use for provider in _providers for use, slugs in provider() if template.slug in slugs]
