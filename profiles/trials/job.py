"""The work of a trial as a kind of job. Its module is imported when a trial runs."""

from typing import Any

from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from jobs.registry import Context, job_kind

KIND = "unification.trial"


@job_kind(KIND, _("Try another unification"), "%", permission="profiles.add_trial")
def run(context: Context, trial: int) -> dict[str, Any]:
    found: dict[str, Any] = import_string("profiles.trials.run.run")(context, trial)
    return found
