"""Errors that a person can act on. Services raise them; pages show, the API serialises, commands print them."""

from collections.abc import Mapping, Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _


class KindredError(Exception):
    """Something that was asked for cannot be done.

    `message` says what happened and what to do next, in the reader's language; `place` names where in the input
    (a file and line, a path in a rule, a field); `fields` maps form fields to their own messages.
    """

    code = "error"
    status = 400

    def __init__(
        self,
        message: str,
        *,
        place: str = "",
        fields: Mapping[str, Sequence[str]] | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.fields = {name: [str(line) for line in lines] for name, lines in (fields or {}).items()}
        self.code = code or self.code

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else str(self.message)

    @property
    def html(self) -> SafeString:
        """The message for a page: what it names may be links."""
        return escape(self.message)


class InvalidInput(KindredError):
    code = "invalid"


class TooLarge(InvalidInput):
    """More than is read into memory at once."""

    code = "too_large"
    status = 413

    def __init__(self) -> None:
        super().__init__(_("This is too much at once. Send it in several parts."))


class SignOfNoText(InvalidInput):
    """The sign with the number 0 (NUL), which databases keep in no text."""

    def __init__(self) -> None:
        super().__init__(_("This has a sign in it that no text has (NUL). Take it out."))


class NotAllowed(KindredError):
    code = "not_allowed"
    status = 403


class NotFound(KindredError):
    code = "not_found"
    status = 404


class Gone(NotFound):
    """It was there once. `url`, `action`: the page on which others of its kind are, and the words that lead there."""

    code = "gone"
    status = 410

    def __init__(self, message: str, *, url: str, action: str) -> None:
        super().__init__(message)
        self.url, self.action = url, action


class Conflict(KindredError):
    """The thing is in a state in which this cannot be done, or somebody else was quicker."""

    code = "conflict"
    status = 409


class Unavailable(KindredError):
    """A system that we depend on does not answer. Trying again later may help."""

    code = "unavailable"
    status = 503


class Cancelled(KindredError):
    """A person cancelled the work."""

    code = "cancelled"
    status = 409
