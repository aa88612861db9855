"""An explanation as JSON, with everything in words: for the API, the command and the page."""

from dataclasses import asdict
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from profiles.config.words import condition_words
from profiles.explaining.why import Explanation, Name
from profiles.review.pair_words import reason_words
from profiles.unify.judging.explain import Step, Verdict

KEPT_APART: dict[str, str | Promise] = {
    "decision": gettext_lazy("A person decided to keep them apart."),
    "contradiction": gettext_lazy("A rule matched them, but joining them would bring a contradiction together."),
}


def as_json(found: Explanation) -> dict[str, Any]:
    return {
        "same": found.same,
        "profiles": list(found.profiles),
        "path": [_step(step, found.names) for step in found.path],
        "rules": [_verdict(verdict) for verdict in found.verdicts],
        "kept_apart": found.kept_apart,
    }


def _step(step: Step, names: dict[int, Name]) -> dict[str, Any]:
    ends = {"left": names[step.left], "right": names[step.right]}
    told = {f"{side}_{part}": name[place] for side, name in ends.items() for place, part in enumerate(("table", "id"))}
    words = reason_words([asdict(reason) for reason in step.reasons])
    reasons = [
        {"aspect": reason.aspect, "weight": reason.weight, "words": said.words}
        for reason, said in zip(step.reasons, words, strict=True)
    ]
    return told | {"rule": step.rule, "score": step.score, "probability": step.probability, "reasons": reasons}


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "rule": verdict.rule.name,
        "failing": [condition_words(condition) for condition in verdict.failing],
        "vetoed_by": [condition_words(condition) for condition in verdict.vetoed_by],
    }
