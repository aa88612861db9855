"""Why two records are taken for one person, or not: what each aspect adds to the evidence."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from profiles.unify.weighing.aspect import Index, Levels
from profiles.unify.weighing.aspects import NAMELESS
from profiles.unify.weighing.evidence import Evidence
from profiles.unify.weighing.model import Numbers, odds


@dataclass(frozen=True)
class Reason:
    """`level` of `equal` as the aspect defines them, never 0. `weight`: by how much the logarithm of the odds is higher
    than if nothing were known of this aspect; below 0 it speaks against one person."""

    aspect: str
    level: int
    equal: int
    weight: float


def reasons(evidence: Evidence, left: Index, right: Index) -> list[list[Reason]]:
    """For each pair of record numbers what speaks for and against, the weightiest first. Unknown aspects say nothing.

    What an aspect adds is the weight of all less the weight without it; so the parts need not sum up to the whole
    where aspects explain each other (a household shares name and address).
    """
    levels = evidence.aspects.levels(left, right)
    whole, unknown = _weigh(evidence, left, levels), np.zeros(len(left), np.uint8)
    found: list[list[Reason]] = [[] for _pair in range(len(left))]
    for aspect in evidence.aspects.all:
        without = _weigh(evidence, left, {**levels, aspect.name: unknown})
        for pair, (level, weight) in enumerate(zip(levels[aspect.name].tolist(), whole - without, strict=True)):
            if level:
                name, equal = aspect.name, aspect.equal
                if name == NAMELESS:
                    name = evidence.aspects.identifiers[(level - 1) % len(evidence.aspects.identifiers)]
                    level = equal = evidence.aspects.named(name).equal
                found[pair].append(Reason(name, level, equal, round(float(weight), 3)))
    return [sorted(parts, key=lambda part: (-abs(part.weight), part.aspect)) for parts in found]


def _weigh(evidence: Evidence, left: Index, levels: Mapping[str, Levels]) -> Numbers:
    return odds(evidence.model, *evidence.likelihoods(left, levels))
