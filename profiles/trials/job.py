"""The work of a trial as a kind of job. Its module is imported when a trial runs."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jobs.registry import Context, Subject, job_kind

KIND = "unification.trial"


def subjects(many: Sequence[Mapping[str, Any]]) -> list[list[Subject]]:
    return [[Subject(gettext("What if"), reverse("profiles:trial"))] for _params in many]


@job_kind(KIND, _("Try another unification"), "%", permission="profiles.add_trial", subjects=subjects)
def run(context: Context, trial: int) -> dict[str, Any]:
    found: dict[str, Any] = import_string("profiles.trials.run.run")(context, trial)
    return found
