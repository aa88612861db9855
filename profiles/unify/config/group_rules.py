"""Groups above the person as they are written in the workspace file and stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field, model_validator

from core.shapes import gettext_noop, problem
from profiles.unify.config.policies import Stored
from profiles.unify.config.rules import Condition, parse_named

By = Literal["address", "address and surname"]
# More people are no home, whatever their names are.
LARGEST_HOME = 12
# An address that more people give is an office, a dormitory or a tower: it makes no home of those who share a name.
CROWD = 40
# So many may share what a group of one's own asks for exactly, where each is compared with each.
MOST_COMPARED = 400


@dataclass(frozen=True)
class Way:
    """People belong together who meet all of `when` and none of `unless`."""

    when: tuple[Condition, ...]
    unless: tuple[Condition, ...] = ()

    @property
    def keys(self) -> list[str]:
        return [condition.measured_feature for condition in self.when if condition.is_key]


class GroupRule(Stored):
    """People who belong together, for example a household. `by`: those of one address, or of one address with similar
    surnames; else `when` and `unless`: conditions on profiles as in rules. Groups of more than `largest` people are
    none. `name` names the columns: `household` makes `household_id` and `household_size`."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    label: str = Field("", max_length=100)
    by: By | None = None
    when: tuple[Condition, ...] = ()
    unless: tuple[Condition, ...] = ()
    largest: int | None = Field(None, ge=2)
    active: bool = True

    @model_validator(mode="after")
    def _complete(self) -> "GroupRule":
        if bool(self.by) == bool(self.when):
            raise problem(gettext_noop("Say either “by” or “when”."))
        if self.when and not any(condition.is_key for condition in self.when):
            raise problem(gettext_noop("At least one condition must ask for exactly equal values."))
        if any(condition.is_of_all for condition in (*self.when, *self.unless)):
            message = gettext_noop(
                "Evidence, twins and households are of records, not of people: name what is compared."
            )
            raise problem(message)
        return self

    @property
    def most(self) -> int | None:
        return self.largest or (LARGEST_HOME if self.by else None)

    @property
    def crowd(self) -> int | None:
        """More people than this with equal keys are no group; None: any number."""
        if self.by:
            return CROWD
        return None if all(c.is_key for c in self.when) and not self.unless else MOST_COMPARED

    @property
    def ways(self) -> list[Way]:
        """An address without a postcode is known by its city."""
        if not self.by:
            return [Way(self.when, self.unless)]
        line, postcode, city = (Condition(semantic=f"address.{part}") for part in ("line", "postcode", "city"))
        name = Condition(semantic="person.last_name", compare="jaro_winkler", threshold="high")
        surname = (name,) if self.by == "address and surname" else ()
        other = Condition(semantic="address.postcode", compare="differs")
        return [Way((line, postcode, *surname)), Way((line, city, *surname), (other,))]


HOUSEHOLD = GroupRule(name="household", by="address and surname")


def usual_groups(meanings: set[str]) -> tuple[GroupRule, ...]:
    """Households, where an address and a surname are known."""
    named = bool(meanings & {"person.last_name", "person.full_name"})
    place = bool(meanings & {"address.postcode", "address.city"})
    return (HOUSEHOLD,) if named and place and "address.line" in meanings else ()


def parse_groups(value: Sequence[Any]) -> list[GroupRule]:
    """Raises InvalidInput with the place of the first mistake."""
    return parse_named(GroupRule, value, "groups", gettext_noop("Two groups are named “%(name)s”."))


def dump_groups(rules: Sequence[GroupRule]) -> list[dict[str, Any]]:
    return [rule.model_dump(mode="json", exclude_defaults=True) for rule in rules]
