"""Values that say nothing about a person, found in the data: a shared mailbox, 1900-01-01, a shop's own number."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from core.text import fold
from profiles.unify.config.rules import meaning_of, own_way
from profiles.unify.reading.records import Feature, Hub, Records, StandIn
from profiles.unify.values.normalise import Context, chain_of, normalised
from profiles.unify.values.readings import Reader
from profiles.unify.values.sets import distinct
from profiles.unify.values.stated import NOTHING, Stated

Codes = npt.NDArray[np.int64]
NAME, BIRTH = "person.name", "person.birth_date"
# Kinds of values that one person has, or few share.
SHARED = ("contact.", "id.")
# Of a contact point or an id, the values that so many share, as a feature of its own: no rule asks for it, but where
# the name is the same besides, evidence may say that two records are one person.
MANY_SHARE = "many share "
# How often a value may occur before it is looked at, per table; a household rarely has more members with one address.
PEOPLE_PER_CONTACT = 8
# A day on which this many times more people were born than on a usual day is a default of some form.
DATE_FACTOR = 12
FEWEST_DATES = 40


def set_hubs_aside(records: Records, country: str = "US", stated: Stated = NOTHING) -> Records:
    """Contact points and ids shared by implausibly many different people become unknown; so do dates on which far too
    many were born. Trusted values stay. `hubs` lists them with the placeholders that normalising found."""
    found = without(records, crowded(records, country, stated))
    placeholders = [hub for feature in _usual(records) for hub in _placeholders(records, feature)]
    return replace(found, hubs=_in_order([*found.hubs, *placeholders]))


def crowded(records: Records, country: str = "US", stated: Stated = NOTHING) -> dict[str, Codes]:
    """Per feature the codes of the values that say nothing."""
    found = {}
    for name, feature in records.features.items():
        codes = _crowded(records, feature)
        if codes.size and stated.by:
            codes = codes[~np.isin(codes, _trusted(records, feature, country, stated))]
        found[name] = codes
    return {name: codes for name, codes in found.items() if codes.size}


def needed(features: Mapping[str, Feature]) -> dict[str, Feature]:
    """What is looked at to find and tell hubs."""
    return {name: one for name, one in features.items() if meaning_of(name).startswith((NAME, BIRTH, *SHARED))}


def _trusted(records: Records, feature: Feature, country: str, stated: Stated) -> Codes:
    """As they are compared in any of the columns."""
    meaning = meaning_of(feature.name)
    columns = {f"{t.name}.{name}" for t in records.tables for name, known in t.semantics.items() if known == meaning}
    written = pa.array(list(stated.trusted(meaning, columns)), pa.string())
    chain, learner = chain_of(meaning, own_way(feature.name)), Reader(records.readings).of(feature.name)
    parts = [(written, Context(country, column)) for column in sorted(columns)]
    made = [one.values for one in normalised(parts, chain, stated.learner(meaning, learner), written.to_pylist())]
    every = pa.chunked_array(made, pa.string()).combine_chunks().drop_null()
    found: Codes = pc.drop_null(pc.index_in(every, value_set=feature.values)).to_numpy().astype(np.int64)
    return found


def codes_of(records: Records, hubs: Sequence[Hub]) -> dict[str, Codes]:
    """The codes that values found elsewhere have in these records."""
    shared = [hub for hub in hubs if hub.reason != "placeholder"]
    found = {}
    for name in {hub.attribute for hub in shared} & set(records.features):
        values = pa.array([hub.value for hub in shared if hub.attribute == name], pa.string())
        found[name] = pc.drop_null(pc.index_in(values, value_set=records.features[name].values)).to_numpy()
    return found


def without(records: Records, hubs: Mapping[str, Codes]) -> Records:
    """The values are unknown from now on, and told in `hubs`."""
    features, told = dict(records.features), list(records.hubs)
    for name, codes in hubs.items():
        features |= of_many(records.features[name], [(codes, None)])
        features[name] = forgotten(features[name], codes)
    for feature in _usual(records):
        if feature.name in hubs:
            told += _hubs(records, feature, hubs[feature.name])
    return replace(records, features=features, hubs=_in_order(told))


def _usual(records: Records) -> list[Feature]:
    """What rules compare in their own way is told once, by the usual feature."""
    return [feature for name, feature in records.features.items() if not own_way(name)]


def _in_order(hubs: Sequence[Hub]) -> tuple[Hub, ...]:
    return tuple(sorted(hubs, key=lambda hub: (-hub.records, hub.attribute, hub.value)))


def forgotten(feature: Feature, codes: Codes, rows: npt.NDArray[np.bool_] | None = None) -> Feature:
    """The feature without these values, in all records or in `rows`."""
    gone = np.zeros(len(feature.values) + 1, bool)
    gone[codes] = True
    where = True if rows is None else rows
    return replace(feature, columns=tuple(np.where(gone[c] & where, np.int32(-1), c) for c in feature.columns))


def of_many(feature: Feature, parts: Sequence[tuple[Codes, npt.NDArray[np.bool_] | None]]) -> dict[str, Feature]:
    """These values alone, each part of them in all records or in some rows, where they may say something."""
    if not feature.name.startswith(SHARED):
        return {}
    known = np.unique(np.concatenate([codes for codes, _rows in parts]))
    columns = [np.full(len(feature.codes), -1, np.int32) for _column in feature.columns]
    for codes, rows in parts:
        place = np.full(len(feature.values) + 1, -1, np.int32)
        place[codes] = np.searchsorted(known, codes)
        for found, column in zip(columns, feature.columns, strict=True):
            np.maximum(found, place[column] if rows is None else np.where(rows, place[column], -1), out=found)
    name = MANY_SHARE + feature.name
    return {name: Feature(name, tuple(columns), feature.values.take(pa.array(known)))}


def _placeholders(records: Records, feature: Feature) -> list[Hub]:
    """Spellings of one placeholder ("N/A", "n/a") together, shown as most records have it."""
    spellings: dict[str, list[StandIn]] = {}
    for found in feature.stand_ins:
        spellings.setdefault(fold(found.value), []).append(found)
    hubs = []
    for same in spellings.values():
        rows = np.unique(np.concatenate([found.rows for found in same]))
        shown = max(same, key=lambda found: (len(found.rows), found.value)).value
        hubs.append(Hub(feature.name, shown, len(rows), _names_of(records, rows), "placeholder"))
    return hubs


def _names_of(records: Records, rows: npt.NDArray[np.int64]) -> int:
    names = records.features.get(NAME)
    if names is None:
        return 0
    known = names.codes[rows]
    return len(np.unique(known[known >= 0]))


def _hubs(records: Records, feature: Feature, codes: Codes) -> list[Hub]:
    reason: Literal["default_date", "shared"] = "default_date" if meaning_of(feature.name) == BIRTH else "shared"
    counts, names = feature.counts, _different(records, feature, codes, NAME)
    values = feature.values.take(pa.array(codes)).to_pylist()
    return [
        Hub(feature.name, value, int(counts[code]), int(people), reason)
        for value, code, people in zip(values, codes, names, strict=True)
    ]


def _crowded(records: Records, feature: Feature) -> npt.NDArray[np.int64]:
    if meaning_of(feature.name) == BIRTH:
        counts = feature.counts
        used = counts[counts > 0]
        usual = float(np.percentile(used, 90)) if used.size else 0.0
        return np.flatnonzero(counts > max(FEWEST_DATES, DATE_FACTOR * usual))
    if not meaning_of(feature.name).startswith(SHARED):
        return np.array([], np.int64)
    many = np.flatnonzero(feature.counts > PEOPLE_PER_CONTACT)
    return many[_people(records, feature, many) > PEOPLE_PER_CONTACT] if many.size else many


def _people(records: Records, feature: Feature, values: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Different people per value: by name or birth date, whichever tells more apart; records where neither is known."""
    known = [name for name in (NAME, BIRTH) if name in records.features and records.features[name].known]
    if not known:
        return feature.counts[values]
    found: npt.NDArray[np.int64] = np.max([_different(records, feature, values, name) for name in known], axis=0)
    return found


def _different(records: Records, feature: Feature, values: npt.NDArray[np.int64], name: str) -> npt.NDArray[np.int64]:
    """Different known values of the feature `name` among the records of each of these values; 0 where it is missing."""
    others = records.features.get(name)
    if others is None:
        return np.zeros(len(values), np.int64)
    wanted = np.zeros(len(feature.values) + 1, bool)
    wanted[values] = True
    pairs = []
    for codes in feature.columns:
        rows = np.flatnonzero((codes >= 0) & wanted[codes] & (others.codes >= 0))
        pairs.append(np.int64(codes[rows]) << 32 | np.int64(others.codes[rows]))
    return np.bincount(distinct(np.concatenate(pairs)) >> 32, minlength=len(feature.values))[values]
