"""One rule set by hand, for data with any of the usual columns: ours and SQL read it alike. What keeps two records
apart is the same for all rules: birth dates that differ in four digits or more."""

from dataclasses import dataclass

LARGEST_DATE_DIFFERENCE = 3  # digits, neighbours swapped count once
NAME_ALIKE = 0.86  # Jaro-Winkler of both parts, in either order
KEYS = ("id", "email", "phone", "birth", "line", "city", "postcode")


@dataclass(frozen=True)
class Rule:
    """Equal in all of `keys`; `name` equal or alike, where it is asked for; `near`: birth dates one digit apart, or day
    and month swapped."""

    keys: tuple[str, ...]
    name: str = ""
    near: bool = False

    @property
    def title(self) -> str:
        parts = ["same " + " and ".join(self.keys), f"name {self.name}" if self.name else "", "near birth date"]
        return ", ".join(part for part in parts[: 3 if self.near else 2] if part)


RULES = (
    Rule(("id",), "alike"),
    Rule(("email",), "alike"),
    Rule(("phone",), "alike"),
    Rule(("birth", "postcode"), "alike"),
    Rule(("birth", "city"), "alike"),
    Rule(("birth",), "equal"),
    Rule(("line", "postcode"), "alike"),
    Rule(("line", "city"), "alike"),
    Rule(("email", "birth")),
    Rule(("phone", "birth")),
    Rule(("postcode",), "equal"),
    Rule(("city",), "equal", near=True),
)
