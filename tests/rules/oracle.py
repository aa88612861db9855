"""An independent reading of the rule language in plain Python: slow, obvious, and sharing no code with the compiler."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

Row = dict[str, Any]


class Oracle:
    """`tables`: rows by lake table. Money columns end in `_money` and hold cents."""

    def __init__(self, tables: dict[str, list[Row]], now: datetime) -> None:
        self.tables, self.now = tables, now

    def members(self, rule: Row) -> set[str]:
        return {row["profile_id"] for row in self.tables["unified.profiles"] if self.node(rule, row)}

    def node(self, node: Row, person: Row) -> bool:
        for mode, join in (("all", all), ("any", any)):
            if mode in node:
                return join(self.node(part, person) for part in node[mode])
        if "none" in node:
            return not any(self.node(part, person) for part in node["none"])
        if "segment" in node:
            found = any(
                row["segment"] == node["segment"] and row["profile_id"] == person["profile_id"]
                for row in self.tables["segments.members"]
            )
            return found == (node.get("is", "in") == "in")
        if "related" in node:
            return self.related(node, person)
        return self.attribute(node, person)

    def attribute(self, node: Row, person: Row) -> bool:
        name = node["attribute"]
        measures = [row for row in self.tables["measures.customer"] if row["profile_id"] == person["profile_id"]]
        value = person[name] if name in person else (measures[0][name] if measures else None)
        return self.test(node, value, name.endswith("_money"))

    def related(self, node: Row, person: Row) -> bool:
        rows = [row for row in self.tables["linked.shop.orders"] if row["profile_id"] == person["profile_id"]]
        if window := node.get("within"):
            rows = [
                row
                for row in rows
                if self.test({"op": "in_last", "value": {"n": window["last"], "unit": "days"}}, row["at"], False)
            ]
        if where := node.get("where"):
            rows = [row for row in rows if self.where(where, row)]
        having = node.get("having", {"exists": True})
        if "exists" in having:
            return bool(rows) == having["exists"]
        function, column = next((f, having[f]) for f in having if f not in {"op", "value"})
        if function == "count":
            return self.test(
                having, len(rows) if column is True else sum(row[column] is not None for row in rows), False
            )
        known = [row for row in rows if row[column] is not None]
        values = [row[column] for row in known]
        functions: dict[str, Callable[[], Any]] = {
            "sum": lambda: sum(values),
            "average": lambda: sum(values) / len(values) if values else None,
            "min": lambda: min(values, default=None),
            "max": lambda: max(values, default=None),
            "first": lambda: min(((r["at"], r[column]) for r in known if r["at"]), default=(None, None))[1],
            "last": lambda: max(((r["at"], r[column]) for r in known if r["at"]), default=(None, None))[1],
        }
        return self.test(having, functions[function](), column.endswith("_money"))

    def where(self, group: Row, row: Row) -> bool:
        if "attribute" in group:
            return self.test(group, row[group["attribute"]], group["attribute"].endswith("_money"))
        answers = [self.where(part, row) for mode in group for part in group[mode]]
        return {"all": all(answers), "any": any(answers), "none": not any(answers)}[next(iter(group))]

    def test(self, node: Row, value: Any, money: bool) -> bool:
        op, given = node["op"], node.get("value")
        opposite = {
            "ne": "eq",
            "not_in": "in",
            "not_contains": "contains",
            "not_in_last": "in_last",
            "is_set": "is_empty",
        }
        if op in opposite:
            return not self.test({**node, "op": opposite[op]}, value, money)
        if op == "is_empty":
            return value is None or value == ""
        if value is None:
            return False
        if isinstance(value, str):
            return self.text(op, given, value.lower())
        if isinstance(value, bool):
            return value == (op == "is_true")
        if isinstance(value, datetime):
            return self.time(op, given, value)
        scale = 100 if money else 1
        wanted = [item * scale for item in given] if isinstance(given, list) else given * scale
        return {
            "eq": lambda: value == wanted,
            "gt": lambda: value > wanted,
            "gte": lambda: value >= wanted,
            "lt": lambda: value < wanted,
            "lte": lambda: value <= wanted,
            "between": lambda: wanted[0] <= value <= wanted[1],
            "in": lambda: value in wanted,
        }[op]()

    def text(self, op: str, given: Any, value: str) -> bool:
        if op == "in":
            return value in [item.lower() for item in given]
        low = given.lower()
        return {
            "eq": value == low,
            "contains": low in value,
            "starts_with": value.startswith(low),
            "ends_with": value.endswith(low),
        }[op]

    def time(self, op: str, given: Any, value: datetime) -> bool:
        if op == "in_last":
            local = self.now - timedelta(days=given["n"])  # clock time in the zone of `now`
            return local.astimezone(UTC) <= value <= self.now.astimezone(UTC)
        day = value.astimezone(self.now.tzinfo).date()
        wanted = date.fromisoformat(given)
        assert time.min <= value.time()
        return {"before": day < wanted, "after": day > wanted, "on": day == wanted}[op]
