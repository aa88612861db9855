"""Steps as a person writes them into the workspace file. Nothing is lost on the way there and back.

- email: loyal-coupon
- wait: 3 days
- branch:
    - {if: {attribute: City, op: is, value: Rome}, then: [{email: rome}]}
  else: [{end: Elsewhere}]
- end
"""

from typing import Any

from django.utils.translation import gettext as _

from core.errors import InvalidInput
from journeys import kinds
from journeys.graph import Graph
from journeys.tree import Node, start_of, to_graph, to_tree

_SHARED = {"id", "label"}
_PATH = {"if", "then", "label"}


def read(nodes: Any, place: str = "steps") -> list[Node]:
    """The nested reading (see `journeys.tree`) of a list of steps. Raises InvalidInput that names the place."""
    if not isinstance(nodes, list):
        raise InvalidInput(_("Write a list of steps."), place=place)
    return [_read_step(node, f"{place}[{number}]") for number, node in enumerate(nodes)]


def _read_step(node: Any, place: str) -> Node:
    if isinstance(node, str):
        node = {node: None}
    if not isinstance(node, dict):
        raise InvalidInput(_("Write a step like “email: welcome” or “wait: 3 days”."), place=place)
    if set(node) == {"go_to"}:
        return {"go_to": node["go_to"]}
    named = [key for key in node if kinds.get(str(key))]
    if len(named) != 1:
        known = ", ".join(kind.name for kind in kinds.all_kinds())
        raise InvalidInput(_("A step has exactly one of: %(known)s.") % {"known": known}, place=place)
    name = named[0]
    is_branch = name == "branch"
    unknown = set(node) - _SHARED - {name} - ({"else", "else_label"} if is_branch else set())
    if unknown:
        raise InvalidInput(
            _("Not known here: %(names)s.") % {"names": ", ".join(sorted(map(str, unknown)))}, place=place
        )
    shared = {key: node[key] for key in _SHARED & set(node)}
    if is_branch:
        return {"kind": name, **shared, **_read_branch(node, place)}
    kind = kinds.get(name)
    assert kind is not None
    try:
        return {"kind": name, **kind.longhand(node[name]), **shared}
    except InvalidInput as error:
        raise InvalidInput(error.message, place=f"{place}.{name}") from error


def _read_branch(node: dict[str, Any], place: str) -> Node:
    if not isinstance(node["branch"], list):
        raise InvalidInput(_("A branch is a list of paths, each with “if” and “then”."), place=f"{place}.branch")
    branches = []
    for number, path in enumerate(node["branch"]):
        here = f"{place}.branch[{number}]"
        if not isinstance(path, dict) or set(path) - _PATH:
            raise InvalidInput(_("A path has “if”, “then” and maybe a “label”."), place=here)
        rule = path.get("if") or {}
        if not isinstance(rule, dict):
            raise InvalidInput(_("Write a rule."), place=f"{here}.if")
        branches.append(
            {"label": str(path.get("label") or ""), "rule": rule, "steps": read(path.get("then") or [], f"{here}.then")}
        )
    rest = read(node.get("else") or [], f"{place}.else")
    return {"branches": branches, "otherwise": rest, "otherwise_label": str(node.get("else_label") or "")}


def write(graph: Graph) -> list[Any]:
    """The steps of a graph as a person would write them; ids only where reading them back would give others."""
    tree = to_tree(graph)
    plain = [_write_step(node, with_ids=False) for node in tree]
    start = start_of(graph)
    try:
        if to_graph(start, read(plain)) == to_graph(start, tree):
            return plain
    except InvalidInput:
        pass  # a jump to a step whose id was left out: written with ids below
    return [_write_step(node, with_ids=True) for node in tree]


def _write_step(node: Node, *, with_ids: bool) -> Any:
    if "go_to" in node:
        return {"go_to": node["go_to"]}
    kind = kinds.get(node["kind"])
    assert kind is not None
    shared = {"id": node["id"]} if with_ids else {}
    if "branches" in node:
        return _write_branch(node, shared, with_ids)
    step = kind.schema.model_validate(node)
    short = kind.shorthand(step)
    if kind.finishes:
        return {kind.name: short, **shared} if short or shared else kind.name
    return {kind.name: short, **({"label": step.label} if step.label else {}), **shared}


def _write_branch(node: Node, shared: dict[str, Any], with_ids: bool) -> dict[str, Any]:
    def steps(nodes: list[Node]) -> list[Any]:
        return [_write_step(inner, with_ids=with_ids) for inner in nodes]

    paths = [
        ({"label": branch["label"]} if branch["label"] else {}) | {"if": branch["rule"], "then": steps(branch["steps"])}
        for branch in node["branches"]
    ]
    result: dict[str, Any] = {"branch": paths, **shared}
    if node["label"]:
        result["label"] = node["label"]
    if node["otherwise"]:
        result["else"] = steps(node["otherwise"])
    if node["otherwise_label"]:
        result["else_label"] = node["otherwise_label"]
    return result
