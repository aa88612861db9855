"""The operators, by family of types. A new one is a decorated function in its family's module."""

from django.utils.translation import gettext as _

from core.errors import InvalidInput
from rules.operators import boolean, lists, number, text, time
from rules.operators.base import FAMILIES, REGISTRY, Context, Operator

__all__ = ["FAMILIES", "Context", "Operator", "boolean", "find", "lists", "names", "number", "of_type", "text", "time"]


def find(type_: str, name: str, place: str) -> Operator:
    """The operator of this name for a column type. Raises InvalidInput that lists what is possible."""
    family = FAMILIES[type_]
    if operator := REGISTRY.get((family, name)):
        return operator
    possible = ", ".join(op.name for op in of_type(type_))
    raise InvalidInput(
        _("“%(op)s” does not work here. Possible: %(possible)s.") % {"op": name, "possible": possible},
        place=f"{place}.op",
    )


def names() -> list[str]:
    """Of all types, each once."""
    return list(dict.fromkeys(name for _family, name in REGISTRY))


def of_type(type_: str) -> list[Operator]:
    """In the order in which a person is offered them."""
    return [operator for (family, _name), operator in REGISTRY.items() if family == FAMILIES[type_]]
