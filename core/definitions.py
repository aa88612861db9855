"""Definitions in the workspace file: which one of those that are there an entry means."""

from collections.abc import Iterable
from typing import Annotated, Any, Generic, TypeVar

from django.utils.translation import gettext as _
from pydantic import BeforeValidator, Field

from core.errors import InvalidInput
from core.models import Definition, natural_slug
from core.sections import Strict
from core.text import label_key

D = TypeVar("D", bound=Definition)


def _single_spaces(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


class Named(Strict):
    """An entry with a name. `slug` is the short name by which others refer to it, where that isn't made from the name:
    after it was renamed, or where another one had it already."""

    name: Annotated[str, BeforeValidator(_single_spaces)] = Field(min_length=1, max_length=200)
    slug: str = Field("", max_length=200, pattern=r"^[-\w]*$")


def stated_slug(definition: Definition) -> str:
    """What a file must say so that the definition gets its short name anywhere else; mostly nothing."""
    return "" if definition.slug == definition.natural_slug else definition.slug


class Known(Generic[D]):
    """The definitions of one kind before a file is applied."""

    def __init__(self, section: str, known: Iterable[D]) -> None:
        self._section = section
        self._by_slug = {one.slug: one for one in known}
        self._by_name: dict[str, D] = {}
        for one in sorted(self._by_slug.values(), key=lambda one: (bool(stated_slug(one)), one.pk)):
            self._by_name.setdefault(label_key(one.name), one)
        self._seen: set[str] = set()

    def find(self, entry: Named) -> D | None:
        """By the short name that the entry states, else by its name. Raises InvalidInput for what stands in the file
        twice, and for a name that has another short name here."""
        path = f"{self._section}[{entry.name}]"
        key = entry.slug or natural_slug(entry.name)
        if key in self._seen:
            raise InvalidInput(_("This stands in the file twice. Give each one its own name."), place=path)
        self._seen.add(key)
        if entry.slug in self._by_slug:
            return self._by_slug[entry.slug]
        named = self._named(entry.name)
        if entry.slug and named is not None and not self._is_another(named):
            message = _(
                "“%(name)s” has the short name “%(here)s” here, not “%(slug)s”. Write the one that it has here."
            )
            values = {"name": named.name, "here": named.slug, "slug": entry.slug}
            raise InvalidInput(message % values, place=f"{path}.slug")
        return None if entry.slug else named

    def _is_another(self, named: D) -> bool:
        """Whether an entry further above is about that one: names may stand twice where short names differ."""
        return named.slug in self._seen

    def _named(self, name: str) -> D | None:
        """Names that differ in signs alone, such as `x y` and `x_y`, may give different short names."""
        natural = self._by_slug.get(natural_slug(name))
        if natural is not None and label_key(natural.name) == label_key(name):
            return natural
        return self._by_name.get(label_key(name))
