"""The workspace file as text: YAML in, checked values out. Nothing here touches the database."""

import json
from dataclasses import dataclass
from typing import Any

import yaml
from django.utils.translation import gettext as _
from pydantic import TypeAdapter, ValidationError

from core.errors import InvalidInput
from core.sections import Section, all_sections
from core.shapes import refused
from core.text import is_text
from core.yaml_text import load

VERSION = 1
MAX_BYTES = 10_000_000  # a workspace of thousands of definitions stays below 1 MB
MAX_DEPTH = 40
SHOWN = 40  # characters of a version that is none
_PLAIN = (bool, int, float, str, type(None))
MAX_NODES = 500_000  # what anchors may expand to


@dataclass(frozen=True)
class Document:
    """A checked workspace file: section name → its value, of the type that the section's `spec` names."""

    values: dict[str, Any]

    def sections(self) -> list[tuple[Section, Any]]:
        """In the order in which they are applied; only those that the file has."""
        return [(section, self.values[section.name]) for section in all_sections() if section.name in self.values]


def parse(text: str, name: str = "workspace file") -> Document:
    """Reads YAML. Raises InvalidInput naming the line, or the place of a value that is not as it should be."""
    raw = _read(text, name)
    _check_version(raw, name)
    known = {section.name: section for section in all_sections()}
    unknown = set(raw) - set(known) - {"kindred"}
    if unknown:
        raise InvalidInput(
            _("“%(key)s” is not a part of a workspace file. The parts are: %(known)s.")
            % {"key": sorted(map(str, unknown))[0], "known": ", ".join(known)},
            place=name,
        )
    return Document(
        {key: _checked(known[key], value, name) for key, value in raw.items() if key in known and value is not None}
    )


def _check_version(raw: dict[str, Any], name: str) -> None:
    if "kindred" not in raw:
        raise InvalidInput(_("A workspace file begins with “kindred: 1”."), place=name)
    stated = raw["kindred"]
    if stated != VERSION or not isinstance(stated, int) or isinstance(stated, bool):  # in Python, True is 1
        message = _("“kindred: %(stated)s” is no version of workspace files that is read here. Write “kindred: 1”.")
        shown = json.dumps(stated, ensure_ascii=False)[:SHOWN] if isinstance(stated, _PLAIN) else "…"
        raise InvalidInput(message % {"stated": shown}, place=name)


def _read(text: str, name: str) -> dict[str, Any]:
    if len(text) > MAX_BYTES:
        raise InvalidInput(_("The file is larger than 10 MB. That is no workspace file."), place=name)
    try:
        raw = load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{name}, line {mark.line + 1}" if mark else name
        raise InvalidInput(
            _("This is not valid YAML: %(problem)s.") % {"problem": error.problem or error}, place=place
        ) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise _no_yaml(error, name) from error
    if not isinstance(raw, dict):
        raise InvalidInput(_("A workspace file begins with “kindred: 1”."), place=name)
    _check_size(raw, name)
    _check_texts(raw, name)
    return raw


def _no_yaml(problem: object, place: str) -> InvalidInput:
    return InvalidInput(_("This is not valid YAML: %(problem)s.") % {"problem": problem}, place=place)


def _check_size(raw: Any, name: str) -> None:
    """Aliases can make a small file mean a huge value ("billion laughs"), and deep nesting exhausts the stack."""
    nodes, level, depth = 0, [raw], 0
    while level:
        nodes, depth = nodes + len(level), depth + 1
        if nodes > MAX_NODES or depth > MAX_DEPTH:
            raise InvalidInput(_("The file nests or repeats more than a workspace file may."), place=name)
        level = [
            child
            for node in level
            if isinstance(node, dict | list)
            for child in (node.values() if isinstance(node, dict) else node)
        ]


def _check_texts(value: Any, place: str) -> None:
    """Escapes of YAML can write what no database can hold."""
    if isinstance(value, str) and not is_text(value):
        raise InvalidInput(_("This has a sign in it that no text has. Take it out."), place=place)
    if isinstance(value, dict):
        for key, inner in value.items():
            _check_texts(str(key), place)
            _check_texts(inner, f"{place}: {key}" if ": " not in place else f"{place}.{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            _check_texts(inner, f"{place}[{number}]")


def _checked(section: Section, value: Any, name: str) -> Any:
    try:
        return TypeAdapter(section.spec).validate_python(value)
    except ValidationError as error:
        raise refused(error, f"{name}: {section.name}", value) from error


def dump(values: dict[str, Any]) -> str:
    """The file that says `values` (plain JSON values by section), in the given order; text readable as it is."""
    text: str = yaml.safe_dump({"kindred": VERSION, **values}, sort_keys=False, allow_unicode=True, width=120)
    return text


def _schema_of(section: Section, prefix: str) -> tuple[dict[str, Any], dict[str, Any]]:
    part = TypeAdapter(section.spec).json_schema(ref_template="#/$defs/" + prefix + "{model}")
    return part, {prefix + name: value for name, value in part.pop("$defs", {}).items()}


def schema() -> dict[str, Any]:
    """The JSON Schema of a workspace file, for editors and checks."""
    properties: dict[str, Any] = {"kindred": {"const": VERSION}}
    definitions: dict[str, Any] = {}
    for section in all_sections():
        part, own = _schema_of(section, "")
        if any(definitions.get(name, value) != value for name, value in own.items()):
            part, own = _schema_of(section, f"{section.name}.")  # two rooms call different things by the same name
        definitions |= own
        properties[section.name] = part
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Kindred workspace file",
        "type": "object",
        "required": ["kindred"],
        "additionalProperties": False,
        "properties": properties,
        "$defs": dict(sorted(definitions.items())),
    }
