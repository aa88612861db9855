"""What the audit calls a change, in the words of the page."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import KindredError
from core.formats import plain
from core.text import humanize

NOTHING: tuple[Any, ...] = (None, "", [], {})

WORDS: dict[str, str | Promise] = {
    "activity_type.add": _("Activity added"),
    "activity_type.change": _("Activity changed"),
    "activity_type.remove": _("Activity removed"),
    "conflict.export": _("Conflicting values exported"),
    "consent.export": _("Unsubscribed addresses exported"),
    "consent.import": _("Unsubscribed addresses imported"),
    "consent.opted_in": _("Consent given"),
    "consent.opted_out": _("Consent withdrawn"),
    "conversion.export": _("Conversions exported"),
    "customer.export": _("Customers exported"),
    "decision.export": _("Decisions on records exported"),
    "decision.make": _("Pair of records decided"),
    "decision.undo": _("Decisions taken back"),
    "decision.withdraw": _("Decision withdrawn"),
    "job.cancel": _("Work cancelled"),
    "job.retry": _("Work started again"),
    "journey.create": _("Journey made"),
    "journey.delete": _("Journey deleted"),
    "journey.edit": _("Steps of a journey changed"),
    "journey.goal": _("Goal of a journey changed"),
    "journey.pause": _("Journey paused"),
    "journey.publish": _("Journey published"),
    "journey.rename": _("Journey renamed"),
    "journey.resume": _("Journey resumed"),
    "journey.stop": _("Journey stopped"),
    "measure.add": _("Measure added"),
    "measure.change": _("Measure changed"),
    "measure.delete": _("Measure deleted"),
    "enrolment.export": _("People of a journey exported"),
    "message.export": _("Messages exported"),
    "message.mark_sent": _("Message marked as sent"),
    "message.send_again": _("Message sent again"),
    "person.activate": _("Access given back"),
    "person.add": _("Person added"),
    "person.change": _("Person changed"),
    "person.deactivate": _("Access taken away"),
    "person.export": _("List of people exported"),
    "quarantine.export": _("Rows set aside exported"),
    "record.export": _("Records without a customer exported"),
    "relationship.add": _("Relationship added"),
    "relationship.remove": _("Relationship removed"),
    "review.export": _("Pairs of records exported"),
    "schedule.change": _("Schedule changed"),
    "segment.add": _("Segment added"),
    "segment.change": _("Segment changed"),
    "segment.delete": _("Segment deleted"),
    "segment.export": _("Members of a segment exported"),
    "segment.publish": _("Segment made live"),
    "segment.unpublish": _("Segment made a draft"),
    "source.add": _("Source added"),
    "source.change": _("Source changed"),
    "source.discard_file": _("Uploaded file discarded"),
    "source.remove": _("Source removed"),
    "source_table.add": _("Table added"),
    "source_table.change": _("Table changed"),
    "source_table.columns": _("Columns of a table changed"),
    "source_table.file": _("Newer file uploaded"),
    "source_table.key": _("Key of a table changed"),
    "source_table.load": _("Load started"),
    "source_table.remove": _("Table removed"),
    "suppression.add": _("Address blocked"),
    "suppression.remove": _("Address unblocked"),
    "table.export": _("Table exported"),
    "template.change": _("E-mail changed"),
    "template.create": _("E-mail made"),
    "template.delete": _("E-mail deleted"),
    "template.test": _("Test e-mail sent"),
    "token.create": _("API token made"),
    "token.revoke": _("API token revoked"),
    "trial.drop": _("Trial dropped"),
    "trial.export": _("Differences of a trial exported"),
    "trial.publish": _("Trial published"),
    "trial.start": _("Trial started"),
    "unification.change": _("Unification changed"),
    "workspace.apply": _("Workspace file applied"),
    "workspace.change": _("Workspace changed"),
}


_DETAILS: dict[str, Callable[[Any], str]] = {}


def register_detail(name: str, words: Callable[[Any], str]) -> None:
    """How a detail of this name is told: a room that keeps more than plain values says it in its own words."""
    _DETAILS[name] = words


_STORIES: dict[str, Callable[[dict[str, Any]], str]] = {}


def register_story(verbs: Iterable[str], tell: Callable[[dict[str, Any]], str]) -> None:
    """How all details of these changes are told together, where they are one thing: a room says it as its form does."""
    _STORIES.update(dict.fromkeys(verbs, tell))


def details_words(verb: str, details: dict[str, Any]) -> str:
    """What a change says besides its verb: as its room tells it, else each detail by itself. Details as older versions
    wrote them may lack what a story needs."""
    if verb in _STORIES:
        try:
            return _STORIES[verb](details)
        except (KindredError, KeyError, ValueError):
            pass
    return ", ".join(detail_words(name, value) for name, value in details.items() if value not in NOTHING)


def detail_words(name: str, value: Any) -> str:
    """ "Rule: Loyalty points is more than 1,000"."""
    return f"{humanize(name)}: {value_words(name, value)}"


def value_words(name: str, value: Any) -> str:
    """ "Loyalty points is more than 1,000"; of what no room tells, the plain values."""
    try:
        return _DETAILS[name](value) if name in _DETAILS else _plain(value)
    except (KindredError, ValueError):  # written by an older version
        return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        stated = {humanize(key).lower(): part for key, part in value.items() if part not in NOTHING}
        return ", ".join(f"{name} {_plain(part)}" for name, part in stated.items())
    if isinstance(value, list):
        return ", ".join(_plain(part) for part in value)
    return plain(value)


def verb_words(verb: str) -> str:
    """ "segment.publish" → "Segment made live"; what has no words, from an older version, is made readable."""
    return str(WORDS[verb]) if verb in WORDS else humanize(verb)
