"""YAML as people write it by hand: what looks like a code or a day stays what it says."""

import re
from typing import Any

import yaml
from django.utils.translation import gettext as _

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)$")
_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$|[-+]?\.inf$|\.nan$")
_TRUTH = re.compile(r"(?:yes|Yes|no|No|true|True|TRUE|false|False|FALSE|on|On|off|Off)$")


class Loader(yaml.SafeLoader):
    """Plain values of YAML 1.1, without those of its readings that turn a value into another one in silence: 000141 is
    no octal 97, 12:30 no 750, 1_000 no 1000, NO no false, and a day is the text that stands there. A key that stands
    twice is an error instead of a loss.
    """

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _value in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str | int | float | bool | None):
                raise yaml.constructor.ConstructorError(None, None, _("keys must be plain words"), key_node.start_mark)
            if key in seen:
                message = _("“%(key)s” stands here twice") % {"key": key}
                raise yaml.constructor.ConstructorError(None, None, message, key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


_OWN = {"tag:yaml.org,2002:" + kind for kind in ("int", "float", "bool", "timestamp")}
Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag not in _OWN]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver("tag:yaml.org,2002:int", _INTEGER, list("-+0123456789"))
Loader.add_implicit_resolver("tag:yaml.org,2002:float", _NUMBER, list("-+0123456789."))
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", _TRUTH, list("yYnNtTfFoO"))


def load(text: str) -> Any:
    """Raises yaml.YAMLError, ValueError for a number that is none, RecursionError for what nests without end."""
    return yaml.load(text, Loader=Loader)  # noqa: S506  a SafeLoader
