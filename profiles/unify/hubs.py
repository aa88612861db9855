"""Values that say nothing about a person, found in the data: a shared mailbox, 1900-01-01, a shop's own number."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from profiles.unify.records import Feature, Hub, Records
from profiles.unify.sets import distinct

# How often a value may occur before it is looked at, per table; a household rarely has more members with one address.
PEOPLE_PER_CONTACT = 8
# A day on which this many times more people were born than on a usual day is a default of some form.
DATE_FACTOR = 12
FEWEST_DATES = 40


def set_hubs_aside(records: Records) -> Records:
    """Contact points and ids shared by implausibly many differently named people become unknown; so do dates on which
    far too many were born."""
    features, hubs = dict(records.features), list(records.hubs)
    for name, feature in records.features.items():
        crowded = _crowded(records, feature)
        if not crowded.size:
            continue
        counts = feature.counts()
        gone = np.zeros(len(feature.values) + 1, bool)
        gone[crowded] = True
        columns = tuple(np.where(gone[codes], np.int32(-1), codes) for codes in feature.columns)
        features[name] = replace(feature, columns=columns)
        hubs += [Hub(name, feature.values[int(code)].as_py(), int(counts[code])) for code in crowded]
    hubs.sort(key=lambda hub: (-hub.records, hub.feature, hub.value))
    return replace(records, features=features, hubs=tuple(hubs))


def _crowded(records: Records, feature: Feature) -> npt.NDArray[np.int64]:
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
