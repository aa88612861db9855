"""What uses what. A room that offers something keeps a register; rooms that use it add themselves to that, and what is
used cannot be deleted.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.errors import Conflict

MOST_NAMED = 5


@dataclass(frozen=True)
class Use:
    """Something that uses something: its kind in words ("Journey"), its name and its page."""

    kind: str
    label: str
    url: str


Used = tuple[Use, set[str]]


class Uses:
    """Of one kind of things, which are called by name."""

    def __init__(self) -> None:
        self._providers: list[Callable[[], Iterable[Used]]] = []

    def register(self, provider: Callable[[], Iterable[Used]]) -> None:
        """`provider()` returns all that uses such things, with their names, in a number of queries of its own."""
        if provider not in self._providers:
            self._providers.append(provider)

    def __iter__(self) -> Iterator[Used]:
        return (used for provider in self._providers for used in provider())

    def of(self, name: str) -> list[Use]:
        return [use for use, names in self if name in names]

    def counts(self) -> Counter[str]:
        """How many use each of them, by name."""
        return Counter(name for _use, names in self for name in names)


class InUse(Conflict):
    """What others need cannot go. `words` say it, with `%(uses)s` and whatever `values` hold; on a page, what uses it
    are links."""

    def __init__(self, words: str, uses: Sequence[Use], *, place: str = "", **values: str) -> None:
        self.words, self.uses, self.values = words, uses[:MOST_NAMED], values
        self.more = _(" and %(count)d more") % {"count": len(uses) - MOST_NAMED} if len(uses) > MOST_NAMED else ""
        named = ", ".join(f"{use.kind} “{use.label}”" for use in self.uses)
        super().__init__(words % {**values, "uses": named + self.more}, place=place)

    @property
    def html(self) -> SafeString:
        links = format_html_join(
            ", ", '<a href="{}">{} “{}”</a>', ((use.url, use.kind, use.label) for use in self.uses)
        )
        before, after = (part % self.values for part in self.words.split("%(uses)s"))
        return format_html("{}{}{}{}", before, links, self.more, after)
