"""JSON objects as rows of a table: nested objects become `parent_child` columns."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from django.utils.translation import gettext as _

from sources.reading.batch import Batch, Reject, shortened, tidy
from sources.reading.encoding import MARK

MAX_DEPTH = 3  # of nested objects that become columns; what is deeper is JSON text
# Python's parser goes further, and how far differs from one Python to the next; what was read must be written again.
MOST_NESTED = 500
EXACT_IN_A_DOUBLE = 2**53
ColumnPath = tuple[str, ...]


class Names:
    """Which column a path in an object is: the same in every batch, and never the same for two paths."""

    def __init__(self) -> None:
        self._names: dict[ColumnPath, str] = {}
        self._taken: set[str] = set()
        self._as_text: set[ColumnPath] = set()

    def of(self, path: ColumnPath) -> str:
        if path not in self._names:
            base = tidy("_".join(path)) or "column"
            name, number = base, 2
            while name.casefold() in self._taken:
                name, number = f"{base}_{number}", number + 1
            self._taken.add(name.casefold())
            self._names[path] = name
        return self._names[path]

    def note_of_text(self, values: Mapping[ColumnPath, Sequence[Any]]) -> list[str]:
        """What of these columns is kept as JSON text, and was not said before."""
        found = [path for path in values.keys() - self._as_text if any(map(_holds_objects, values[path]))]
        if not found:
            return []
        self._as_text |= set(found)
        columns = ", ".join(f"“{name}”" for name in sorted(self.of(path) for path in found))
        message = _("Lists of objects, and objects more than %(levels)s deep, are kept as JSON text: %(columns)s.")
        return [message % {"levels": MAX_DEPTH, "columns": columns}]


def _holds_objects(value: Any) -> bool:
    return bool(value) and (isinstance(value, dict) or (isinstance(value, list) and isinstance(value[0], dict | list)))


class Twice(ValueError):
    """An object says the same name twice: which value is meant cannot be known."""


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """For `object_pairs_hook`. Raises Twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Twice(next(name for position, (name, _v) in enumerate(pairs) if name in dict(pairs[:position])))
    return found


def parse(text: str) -> tuple[Any, str]:
    """(value, "") or (None, what is wrong)."""
    if MARK in text:
        return None, _("There are bytes here that are not text in this file's encoding. Save the file as UTF-8.")
    try:
        value = json.loads(text, object_pairs_hook=once)
    except Twice as error:
        return None, _("This object says “%s” twice. Remove one at the source.") % error
    except (json.JSONDecodeError, RecursionError, ValueError) as error:
        return None, _("This line is not valid JSON (%s).") % getattr(error, "msg", _("nested too deeply"))
    if text.count("[") + text.count("{") > MOST_NESTED and _is_nested_deeper(value, MOST_NESTED):
        return None, _("Lists and objects stand in each other here more than %s deep.") % MOST_NESTED
    return (value, "") if isinstance(value, dict) else (None, _("This line is not an object in braces { }."))


def _is_nested_deeper(value: Any, levels: int) -> bool:
    inside = [value]
    for _level in range(levels):
        parts = (one.values() if isinstance(one, dict) else one for one in inside if isinstance(one, dict | list))
        inside = [part for several in parts for part in several]
    return any(isinstance(one, dict | list) for one in inside)


def batch_of(lines: Sequence[tuple[int, str]], file: str, names: Names) -> Batch:
    """One batch of (line number, JSON text), read patiently, one by one."""
    rows: list[dict[ColumnPath, Any]] = []
    numbers: list[int] = []
    texts: list[str] = []
    rejects: list[Reject] = []
    for number, text in lines:
        value, problem = parse(text)
        if problem:
            rejects.append(Reject(file, number, "", "json", problem, shortened(text.strip().replace(MARK, ""))))
            continue
        rows.append(flat(value))
        numbers.append(number)
        texts.append(text)
    paths = dict.fromkeys(path for row in rows for path in row)
    inner = {path[:length] for path in paths for length in range(1, len(path))}
    for path in inner & set(paths):
        if all(
            row.get(path) in (None, {}) for row in rows
        ):  # an object that some rows lack, or have empty, is no column
            del paths[path]
    values = {path: [row.get(path) for row in rows] for path in paths}
    columns = {names.of(path): column(found) for path, found in values.items()}
    data = pa.table(columns) if columns else _without_columns(len(rows), names)
    return Batch(
        data,
        file,
        np.array(numbers, np.int64),
        lambda row: shortened(texts[row].strip()),
        rejects=rejects,
        notes=names.note_of_text(values),
    )


def _without_columns(rows: int, names: Names) -> pa.Table:
    """Objects without a member are rows all the same."""
    return pa.table({names.of(("column",)): pa.nulls(rows, pa.string())}) if rows else pa.table({})


def flat(value: dict[str, Any], prefix: ColumnPath = (), depth: int = 1) -> dict[ColumnPath, Any]:
    result: dict[ColumnPath, Any] = {}
    for name, item in value.items():
        path = (*prefix, name)
        if isinstance(item, dict) and item and depth < MAX_DEPTH:
            result |= flat(item, path, depth + 1)
        else:
            result[path] = item
    return result


def column(values: list[Any]) -> pa.Array:
    """Native where all values are of one kind, else text. Empty text is null."""
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {int} or kinds <= {bool} or (kinds <= {int, float} and _all_exact(values)):
        try:
            return pa.array([float(v) if v is not None else v for v in values] if len(kinds) > 1 else values)
        except (pa.ArrowInvalid, OverflowError):
            pass
    if kinds == {list} and all(isinstance(item, str) for value in values if value for item in value):
        return pa.array([None if v is None else [_encodable(item) for item in v] for v in values])
    return pa.array([text(value) for value in values], pa.string())


def _all_exact(values: list[Any]) -> bool:
    return all(abs(value) <= EXACT_IN_A_DOUBLE for value in values if type(value) is int)


def text(value: Any) -> str | None:
    """A value as it would stand in a text file."""
    if value is None or isinstance(value, str):
        return (_encodable(value.replace("\0", "")).strip() or None) if value else None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return _encodable(json.dumps(value, ensure_ascii=False))
    return repr(value) if isinstance(value, float) else str(value)


def _encodable(value: str) -> str:
    """Half of a surrogate pair is no character: it becomes the replacement character."""
    return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
