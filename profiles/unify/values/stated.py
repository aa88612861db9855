"""What an analyst states about values: which mean the same, which say nothing, and which do although they look bare."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pyarrow as pa
from pydantic import BaseModel, Field, ValidationError

from core.shapes import refused
from profiles.unify.normalisers.arrays import plain_words
from profiles.unify.normalisers.registry import Learner, Reading

FULL_NAME = "person.full_name"
DATE = "date"  # the normaliser


class StatedValues(BaseModel):
    """Of one meaning, or of the columns of one name. Case, accents, spaces and symbols do not count."""

    model_config = {"extra": "forbid", "frozen": True, "coerce_numbers_to_str": True}

    aliases: dict[str, str] = Field({}, description="Value: the value that it stands for, as in {bob: robert}.")
    ignore: tuple[str, ...] = Field((), description="Values that say nothing, beside those that are known.")
    trusted_values: tuple[str, ...] = Field(
        (), description="Values that are what they are, though they look like placeholders or many records carry them."
    )
    order: Literal["", "dmy", "mdy"] = Field(
        "", description="Of dates: whether the day or the month stands first. Read from each column where not stated."
    )


@dataclass(frozen=True)
class Stated:
    """By meaning (`contact.email`), by name of a column (`born`), or of a table's column (`shop.customers.born`)."""

    by: Mapping[str, StatedValues] = field(default_factory=dict)

    def applied(self, values: pa.Array, semantic: str, column: str) -> pa.Array:
        """Aliases replaced, ignored values null; as given where nothing is stated. In full names each word counts.
        `column`: `source.table.column`."""
        about = self._about(semantic, {column})
        aliases = {key: text for stated in about for key, text in stated.aliases.items()}
        ignored = {text for stated in about for text in stated.ignore}
        if not aliases and not ignored:
            return values
        known: dict[str, str | None] = dict(zip(_plain(aliases), aliases.values(), strict=True))
        known |= dict.fromkeys(_plain(ignored))
        encoded = values.dictionary_encode()
        texts, plain = encoded.dictionary.to_pylist(), plain_words(encoded.dictionary).to_pylist()
        made = [_one(text, key, known, semantic) for text, key in zip(texts, plain, strict=True)]
        return pa.array(made, pa.string()).take(encoded.indices)

    def trusted(self, semantic: str, columns: Collection[str]) -> tuple[str, ...]:
        return tuple(text for stated in self._about(semantic, columns) for text in stated.trusted_values)

    def learner(self, semantic: str, learner: Learner) -> Learner:
        """What is stated of a column need not be read from it."""

        def stated_first(normaliser: str, column: str, read: Callable[[], Reading]) -> Reading:
            orders = [stated.order for stated in self._about(semantic, {column}) if stated.order]
            if normaliser == DATE and orders:
                return learner(normaliser, column, lambda: {"order": orders[-1]})
            return learner(normaliser, column, read)

        return stated_first

    def _about(self, semantic: str, columns: Collection[str]) -> list[StatedValues]:
        """From the most general to the most special."""
        plain = sorted({column.rpartition(".")[2] for column in columns})
        return [self.by[name] for name in dict.fromkeys([semantic, *plain, *sorted(columns)]) if name in self.by]


NOTHING = Stated()


def parse_stated(values: Mapping[str, Any]) -> Stated:
    """As the workspace file writes it. Raises InvalidInput with the place of the first mistake."""
    found = {}
    for name, value in values.items():
        try:
            found[name] = StatedValues.model_validate(value)
        except ValidationError as error:
            raise refused(error, f"unification.values[{name}]", value) from error
    return Stated(found)


def dump_stated(stated: Stated) -> dict[str, Any]:
    """What is not stated is left out."""
    dumped = {name: value.model_dump(mode="json", exclude_defaults=True) for name, value in stated.by.items()}
    return {name: value for name, value in dumped.items() if value}


def _plain(texts: Collection[str]) -> list[str]:
    found: list[str] = plain_words(pa.array(list(texts), pa.string())).to_pylist()
    return found


def _one(text: str, plain: str, known: Mapping[str, str | None], semantic: str) -> str | None:
    if plain in known:
        return known[plain]
    words = plain.split()
    if semantic != FULL_NAME or not any(known.get(word) for word in words):
        return text
    return " ".join(known.get(word) or word for word in words)
