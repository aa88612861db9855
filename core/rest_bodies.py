"""What a request of the API says."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, TypeVar

from django.db.models import Model
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.parsers import JSONParser

from core import json_text
from core.errors import InvalidInput

M = TypeVar("M", bound=Model)


def refuse_unknown(given: Any, known: list[str], path: str = "") -> None:
    """Raises InvalidInput with the place of the first name that is none of the `known`: a mistyped one would change
    nothing, and nobody would know. `path`: where `given` stands, "" for the body itself."""
    for name in given if isinstance(given, Mapping) else ():
        if name in known:
            continue
        place = f"{path}.{name}" if path else str(name)
        alike = get_close_matches(str(name), known, n=1)
        hint = (
            _("Do you mean “%(name)s”?") % {"name": alike[0]}
            if alike
            else _("There are: %(names)s.") % {"names": ", ".join(known)}
        )
        text = _("“%(name)s” is not known here.") % {"name": name}
        raise InvalidInput(f"{text} {hint}", place=place, fields={place: [f"{text} {hint}"]})


class JsonBody(JSONParser):
    """Refused in words as all else is: what nests without end, and halves of characters."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            value = super().parse(*args, **kwargs)
        except RecursionError as error:
            raise json_text.too_deep() from error
        json_text.refuse_odd(value)
        return value


class OnlyKnown:
    # A body, or an object in one, that has no other names than its fields; else it raises InvalidInput. What is only
    # read may be sent back. (A docstring would be the description of every body that has none.)

    fields: Any
    field_name: str | None
    parent: Any

    def to_internal_value(self, data: Any) -> Any:
        refuse_unknown(data, list(self.fields), self._path())
        return super().to_internal_value(data)  # type: ignore[misc]

    def _path(self) -> str:
        names: list[str] = []
        part: Any = self
        while part is not None:
            names += [part.field_name] if part.field_name else []
            part = part.parent
        return ".".join(reversed(names))


class Body(OnlyKnown, serializers.Serializer[Any]):
    pass


class ModelBody(OnlyKnown, serializers.ModelSerializer[M]):
    pass
