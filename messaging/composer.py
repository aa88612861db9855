"""From claimed messages to mails: one read of personal data per batch, each version compiled once."""

from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

from django.conf import settings

from core.models import Workspace
from messaging import catalog, checks, outbox, people
from messaging.addresses import ascii_address
from messaging.claims import Claimed
from messaging.models import Purpose, Reason, State, TemplateVersion
from messaging.outbox import Envelope, Mail
from messaging.render import UNSUBSCRIBE, Compiled, MissingValueError, RenderError, render
from messaging.settle import Outcome


@dataclass(frozen=True)
class _Ready:
    compiled: Compiled
    envelope: Envelope


class Composer:
    """Makes mails. Lives for one run: the workspace's settings and compiled versions are read once."""

    def __init__(self) -> None:
        self.workspace = Workspace.current()
        self.fixed = catalog.workspace_values(self.workspace)
        self.ready: dict[int, _Ready] = {}

    def compose(self, batch: list[Claimed]) -> Iterator[tuple[Claimed, Mail | Outcome]]:
        """Per message its mail, or why it cannot be made."""
        versions = {message.version_id for message in batch}
        self.compile(versions - self.ready.keys())
        names = {token.name for pk in versions for token in self.ready[pk].compiled.tokens}
        values = people.values_of({message.profile_id for message in batch}, names)
        for message in batch:
            yield message, self.one(message, values.get(message.profile_id, {}))

    def compile(self, version_ids: set[int]) -> None:
        for version in TemplateVersion.objects.filter(pk__in=version_ids):
            compiled = catalog.compile_version(version, self.workspace)
            self.ready[version.pk] = _Ready(compiled, envelope(version, self.workspace))

    def one(self, message: Claimed, values: dict[str, Any]) -> Mail | Outcome:
        ready = self.ready[message.version_id]
        if ready.compiled.problems:
            first = ready.compiled.problems[0]
            return Outcome(message.id, State.SKIPPED, Reason.CANNOT_RENDER, f"{first.code} {first.text}"[:300])
        paths = outbox.tracking(message.id, len(ready.compiled.links), base_url=settings.BASE_URL)
        known = values | self.fixed | {UNSUBSCRIBE.name: paths["unsubscribe"]}
        try:
            rendered = render(ready.compiled, known, paths["links"], pixel=paths["pixel"])
        except MissingValueError as error:
            return Outcome(message.id, State.SKIPPED, Reason.MISSING_VALUE, error.label)
        except RenderError as error:
            return Outcome(message.id, State.SKIPPED, Reason.CANNOT_RENDER, checks.unrendered(error))
        return Mail(message.id, message.address, rendered, ready.envelope, paths["unsubscribe"])


def envelope(version: TemplateVersion, workspace: Workspace) -> Envelope:
    """Sender and headers of a version: its own, else the workspace's, else the installation's."""
    default_name, default_email = parseaddr(str(settings.DEFAULT_FROM_EMAIL))
    return Envelope(
        from_name=version.from_name or workspace.from_name or workspace.company_name or default_name,
        from_email=ascii_address(version.from_email or workspace.from_email or default_email),
        reply_to=ascii_address(version.reply_to),
        is_marketing=version.purpose == Purpose.MARKETING,
        feedback_id=f"{version.template.slug}:{version.number}:{version.purpose}:kindred",
    )
