"""Values that say nothing about a person, found in the data: a shared mailbox, 1900-01-01, a shop's own number."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from profiles.unify.records import Feature, Hub, Records
from profiles.unify.sets import distinct

Codes = npt.NDArray[np.int64]
# How often a value may occur before it is looked at, per table; a household rarely has more members with one address.
PEOPLE_PER_CONTACT = 8
# A day on which this many times more people were born than on a usual day is a default of some form.
DATE_FACTOR = 12
FEWEST_DATES = 40


def set_hubs_aside(records: Records) -> Records:
    """Contact points and ids shared by implausibly many differently named people become unknown; so do dates on which
    far too many were born."""
    return without(records, crowded(records))


def crowded(records: Records) -> dict[str, Codes]:
    """Per feature the codes of the values that say nothing."""
    found = {name: _crowded(records, feature) for name, feature in records.features.items()}
    return {name: codes for name, codes in found.items() if codes.size}


def codes_of(records: Records, hubs: Sequence[Hub]) -> dict[str, Codes]:
    """The codes that values found elsewhere have in these records."""
    found = {}
    for name in {hub.feature for hub in hubs} & set(records.features):
        values = pa.array([hub.value for hub in hubs if hub.feature == name], pa.string())
        found[name] = pc.drop_null(pc.index_in(values, value_set=records.features[name].values)).to_numpy()
    return found


def without(records: Records, hubs: Mapping[str, Codes]) -> Records:
    """The values are unknown from now on, and told in `hubs`."""
    features, told = dict(records.features), list(records.hubs)
    for name, codes in hubs.items():
        feature = features[name]
        counts = feature.counts()
        features[name] = forgotten(feature, codes)
        told += [Hub(name, feature.values[int(code)].as_py(), int(counts[code])) for code in codes]
    told.sort(key=lambda hub: (-hub.records, hub.feature, hub.value))
    return replace(records, features=features, hubs=tuple(told))


def forgotten(feature: Feature, codes: Codes, rows: npt.NDArray[np.bool_] | None = None) -> Feature:
    """The feature without these values, in all records or in `rows`."""
    gone = np.zeros(len(feature.values) + 1, bool)
    gone[codes] = True
    where = True if rows is None else rows
    return replace(feature, columns=tuple(np.where(gone[c] & where, np.int32(-1), c) for c in feature.columns))


def _crowded(records: Records, feature: Feature) -> Codes:
    counts = feature.counts()
    if feature.name == "person.birth_date":
        used = counts[counts > 0]
        usual = float(np.percentile(used, 90)) if used.size else 0.0
        return np.flatnonzero(counts > max(FEWEST_DATES, DATE_FACTOR * usual))
    if feature.name.split(".")[0] not in ("contact", "id"):
        return np.array([], np.int64)
    many = np.flatnonzero(counts > PEOPLE_PER_CONTACT)
    return many[_people(records, feature, many) > PEOPLE_PER_CONTACT] if many.size else many


def _people(records: Records, feature: Feature, values: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Differently named people per value; records where names are unknown altogether."""
    names = records.features.get("person.name")
    wanted = np.zeros(len(feature.values) + 1, bool)
    wanted[values] = True
    pairs = []
    for codes in feature.columns:
        rows = np.flatnonzero((codes >= 0) & wanted[codes])
        who = names.codes[rows] if names is not None and names.known else rows
        pairs.append(np.int64(codes[rows]) << 32 | (np.int64(who) & 0xFFFFFFFF))
    return np.bincount(distinct(np.concatenate(pairs)) >> 32, minlength=len(feature.values))[values]
