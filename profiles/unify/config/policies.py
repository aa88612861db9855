"""How differing values become one: what is merged and by which policy, as written in the workspace file and stored."""

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError, model_validator

from core.shapes import gettext_noop, problem, refused

Policy = Literal["trust", "recent", "oldest", "frequent", "complete", "longest"]
POLICIES: tuple[Policy, ...] = ("trust", "recent", "oldest", "frequent", "complete", "longest")
# Columns that every profile has beside its merged attributes.
RESERVED = frozenset({"profile_id", "record_count", "sources"})


class Stored(BaseModel):
    model_config = {"extra": "forbid", "frozen": True}


class Choosing(Stored):
    """Which record's value wins. What is equal by the policy is decided by the order of trust: that of the unification,
    or an own one (tables as source.table; those that it does not name follow in the usual order)."""

    policy: Policy = "trust"
    trust: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _each_table_once(self) -> "Choosing":
        if len(set(self.trust)) < len(self.trust):
            raise problem(gettext_noop("The order of trust names a table twice."))
        return self


class AttributePolicy(Choosing):
    """What is different for one attribute. `columns` (source.table.column) replaces the automatic combination of
    columns by meaning and name. `collect`: all different values become a list as well; usual for e-mail and phone."""

    attribute: str = Field(min_length=1, max_length=100)
    label: str = Field("", max_length=100)
    columns: tuple[str, ...] = ()
    collect: bool | None = None
    exclude: bool = False


class GroupPolicy(Choosing):
    """Attributes that travel together: all of them come from one record. `complete` is the record that knows most of
    them, `frequent` the most frequent combination, `longest` the longest texts together."""

    name: str = Field(min_length=1, max_length=100)
    attributes: tuple[str, ...] = Field(min_length=1)


class MergeSettings(Stored):
    """`recency`: per table the column that tells when a record was last true, where it is not the one that is found.
    `groups` None: the parts of an address travel together; a list replaces that."""

    recency: dict[str, str] = Field(default_factory=dict)
    attributes: tuple[AttributePolicy, ...] = ()
    groups: tuple[GroupPolicy, ...] | None = None

    @model_validator(mode="after")
    def _each_once(self) -> "MergeSettings":
        _once([item.attribute for item in self.attributes], gettext_noop("The attribute “%(name)s” has two policies."))
        _once([group.name for group in self.groups or ()], gettext_noop("Two groups are named “%(name)s”."))
        together = [name for group in self.groups or () for name in group.attributes]
        _once(together, gettext_noop("“%(name)s” travels in two groups."))
        columns = [column for item in self.attributes for column in item.columns]
        _once(columns, gettext_noop("“%(name)s” is used for two attributes."))
        for item in self.attributes:
            if item.attribute in RESERVED:
                message = gettext_noop("Every customer has “%(name)s” already. Choose another name.")
                raise problem(message, name=item.attribute)
        return self

    def of(self, attribute: str) -> AttributePolicy:
        """The policy of an attribute; the usual one where none is written."""
        found = (item for item in self.attributes if item.attribute == attribute)
        return next(found, AttributePolicy(attribute=attribute))

    def changed(self, item: AttributePolicy) -> "MergeSettings":
        """With another policy for one attribute; one that says nothing is left out."""
        others = [other for other in self.attributes if other.attribute != item.attribute]
        usual = item == AttributePolicy(attribute=item.attribute)
        return parse_settings({**dump_settings(self), "attributes": _dumped(others if usual else [*others, item])})


def _once(names: Sequence[str], message: str) -> None:
    for name in names:
        if names.count(name) > 1:
            raise problem(message, name=name)


def parse_settings(value: Any) -> MergeSettings:
    """Raises InvalidInput with the place of the first mistake."""
    if isinstance(value, MergeSettings):
        return value
    try:
        return MergeSettings.model_validate(value)
    except ValidationError as error:
        raise refused(error, "merge", value) from error


def dump_settings(settings: MergeSettings) -> dict[str, Any]:
    """As short as it can be written: what is as usual is left out."""
    dumped: dict[str, Any] = {}
    if settings.recency:
        dumped["recency"] = dict(settings.recency)
    if settings.attributes:
        dumped["attributes"] = _dumped(settings.attributes)
    if settings.groups is not None:
        dumped["groups"] = _dumped(settings.groups)
    return dumped


def _dumped(items: Sequence[Choosing]) -> list[dict[str, Any]]:
    return [item.model_dump(mode="json", exclude_defaults=True) for item in items]
