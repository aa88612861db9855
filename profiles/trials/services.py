"""What if: another configuration of unification is tried beside the live result, then published or dropped.

One trial at a time: a new one takes the place of the last. It reads what is there, and writes tables of its own; ids,
history, serving copy and configuration stay as they are until it is published.
"""

import datetime
import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import audit
from core.errors import Conflict, InvalidInput, NotFound
from core.roles import Actor, require
from jobs import refresh
from jobs import services as jobs
from jobs.models import Job
from lake.queries import Snapshot, snapshot
from lake.services import stage
from profiles.config import checking, services
from profiles.decisions import services as decisions
from profiles.inputs.mapping import mapped
from profiles.models import Trial, Unification
from profiles.tables import LINKS, TRIED
from profiles.trials.job import KIND

KEPT = datetime.timedelta(days=14)
STALE = "stale"
# Why a comparison may no longer say what publishing would do.
REASONS: dict[str, str | Promise] = {
    "configuration": gettext_lazy("the configuration was changed"),
    "live": gettext_lazy("customers were unified again"),
    "data": gettext_lazy("source tables were loaded again"),
    "decisions": gettext_lazy("people decided on pairs of records"),
}


def current() -> Trial | None:
    return Trial.objects.select_related("job", "by").first()


def found() -> Trial:
    """Raises NotFound."""
    trial = current()
    if trial is None:
        raise NotFound(_("Nothing is being tried. Change the rules and choose “Try without publishing”."))
    return trial


def start(*, here: bool = False, by: Actor = None, **given: Any) -> Trial:
    """Tries the configuration with what is given changed: the same names as `services.save_unification`. The work is
    done by the workers, or, with `here`, in this process until it is over.

    Raises InvalidInput with the place of the mistake, Conflict while another trial runs or where the configuration
    could not be saved; with `here`, what the work raises.
    """
    require(by, "profiles.add_trial")
    proposal = services.proposed(**given)
    if not proposal.tables:
        raise InvalidInput(_("No tables are chosen yet."), place="unification.tables")
    with transaction.atomic():
        config = Unification.objects.select_for_update().get(pk=proposal.pk)  # whoever else starts one waits here
        before = current()
        if before and before.job and before.job.is_active:
            raise Conflict(jobs.already_running(before.job))
        if before:
            _remove(before)
        trial = Trial.objects.create(proposal=services.state_of(proposal), current=services.state_of(config), by=by)
        audit.record(by, "trial.start", trial, changed=sorted(changed(trial)))
        if not here:
            _enqueue(trial, by)
    if here:
        trial.job, error = jobs.run_here(KIND, {"trial": trial.pk}, key=_key(trial), by=by)
        Trial.objects.filter(pk=trial.pk).update(job=trial.job)
        if error is not None:
            raise error
        trial.refresh_from_db()
    return trial


def publish(trial: Trial, *, anyway: bool = False, by: Actor = None) -> Job:
    """Saves what was tried as the configuration, and starts a run of everything; the trial is gone.

    Raises Conflict while the trial is not done, where a run is under way, and, unless `anyway`, where what it was made
    from has changed since: then with the code "stale".
    """
    require(by, "profiles.change_unification")
    require(by, "profiles.delete_trial")
    if not trial.is_done:
        raise Conflict(_("The trial is not finished. Wait for it, or save the configuration and run it."))
    reasons = stale(trial)
    if reasons and not anyway:
        message = _("Since this trial, %(what)s. Try again to see what would change now, or publish it anyway.")
        raise Conflict(message % {"what": ", ".join(str(REASONS[name]) for name in reasons)}, code=STALE)
    with transaction.atomic():
        services.save_unification(by=by, **trial.proposal)
        job = refresh.start(services.STAGES, full=True, by=by)
        audit.record(by, "trial.publish", trial, changed=sorted(changed(trial)))
        _remove(trial)
    return job


def drop(trial: Trial, *, by: Actor = None) -> None:
    """Nothing of it stays; work that is under way ends at its next step."""
    require(by, "profiles.delete_trial")
    with transaction.atomic():
        audit.record(by, "trial.drop", trial)
        _remove(trial)


def forget_old(now: datetime.datetime | None = None) -> int:
    """Drops trials of more than two weeks ago; how many."""
    old = Trial.objects.filter(at__lt=(now or timezone.now()) - KEPT)
    for trial in old:
        drop(trial)
    return len(old)


def configuration(proposal: Mapping[str, Any]) -> Unification:
    """A proposal as a configuration that is not saved."""
    rules, groups = proposal["rules"], proposal["groups"]
    is_suggested = isinstance(rules, str)
    stored = {"rules": [] if is_suggested else rules, "groups": None if isinstance(groups, str) else groups}
    stored["tables"], stored["only_matched"] = checking.tables_of(proposal["tables"])
    return Unification(pk=1, suggest_rules=is_suggested, **{**proposal, **stored})


def changed(trial: Trial) -> list[str]:
    """Which parts of the configuration the proposal changes."""
    return [name for name, value in trial.proposal.items() if trial.current.get(name) != value]


def basis_of(now: Snapshot, tables: Sequence[str]) -> dict[str, Any]:
    """What a result follows from, beside the proposal."""
    known = [name for name in tables if now.has(name)]
    return {
        "live": now.version_of(LINKS),
        "data": {name: [now.version_of(name), mapped(now.info(name))] for name in known},
        "decisions": decisions.state(),
    }


def state_of(trial: Trial) -> str:
    """waiting, running, done, failed or cancelled."""
    if trial.is_done:
        return "done"
    state = trial.job.state if trial.job else Job.State.FAILED
    return "waiting" if state == Job.State.QUEUED else str(state)


def stale(trial: Trial) -> list[str]:
    """Names of REASONS; none while it is not done."""
    if not trial.is_done:
        return []
    now = _plain(basis_of(snapshot(), configuration(trial.proposal).tables))
    reasons = [name for name in ("live", "data", "decisions") if now[name] != trial.basis[name]]
    configured = services.state_of(Unification.current()) != trial.current
    return (["configuration"] if configured else []) + reasons


def _plain(value: Mapping[str, Any]) -> dict[str, Any]:
    """As it comes back from the database."""
    found: dict[str, Any] = json.loads(json.dumps(value))
    return found


def _enqueue(trial: Trial, by: Actor) -> None:
    trial.job = jobs.enqueue(KIND, {"trial": trial.pk}, key=_key(trial), by=by)
    trial.save(update_fields=["job"])


def _key(trial: Trial) -> str:
    return f"{KIND}:{trial.pk}"


def _remove(trial: Trial) -> None:
    """The row, its tables, and its work. Must run in a transaction."""
    trial.delete()
    if trial.job and trial.job.is_active:
        jobs.cancel(trial.job)
    work = stage()
    for name in TRIED:
        work.drop(name)
    work.publish("trial")
