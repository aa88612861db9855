"""The lists of questions and of decisions."""

from functools import partial

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.lists import BulkAction, Choice, Column, Empty, ListPage
from core.roles import actor
from lake.queries import Snapshot
from lake.words import table_title
from profiles.decisions import services as decisions
from profiles.decisions.services import Answer, Origin, Pair, Verdict
from profiles.models import Decision, Unification
from profiles.review import queue as review_queue
from profiles.review.pair_words import SHORT_KINDS
from profiles.unify.judging.review import KINDS

TONES = {Verdict.JOIN: "good", Verdict.APART: "bad", Verdict.UNSURE: ""}
LEFT, RIGHT = "profiles/partials/review_left.html", "profiles/partials/review_right.html"


def review_page(now: Snapshot) -> ListPage:
    return ListPage(
        name="review",
        personal="review.export",
        columns=[
            Column("number", _("No."), "number", link=True),
            Column("reason", _("Why"), value=lambda q: SHORT_KINDS.get(q.reason, q.reason), sort="reason"),
            Column("left", _("First record"), value=lambda q: _record(now, q.pair, "left"), template=LEFT),
            Column("right", _("Second record"), value=lambda q: _record(now, q.pair, "right"), template=RIGHT),
            Column("probability", _("One person"), "percent"),
            Column("is_joined", _("Now"), value=_now, sort=False),
            Column("gain", _("Records it moves"), "number", value=lambda q: round(q.gain, 1), sort="gain"),
        ],
        search=["left", "right", "left_name", "right_name"],
        filters=[
            Choice("reason", _("Why"), choices=[(kind, SHORT_KINDS[kind]) for kind in KINDS]),
            Choice("is_joined", _("Now"), choices=[("True", _("One person")), ("False", _("Two people"))]),
        ],
        bulk=[
            BulkAction("join", _("One person"), partial(_answer, "join"), "profiles.add_decision", icon="union"),
            BulkAction("apart", _("Two people"), partial(_answer, "apart"), "profiles.add_decision", icon="x-lg"),
            BulkAction("unsure", _("Don’t know"), partial(_answer, "unsure"), "profiles.add_decision", icon="question"),
        ],
        default_sort="number",
        search_hint=_("Name or id of a record"),
        key=lambda q: str(q.number),
        url=lambda q: f"../?at={q.number}",
        empty=Empty(
            title=_("Nothing to decide"),
            text=_("Pairs that are close to the line appear here with every run."),
            icon="check2-all",
            action=_("Unify"),
            url="profiles:unify",
        ),
    )  # fmt: skip


def _record(now: Snapshot, pair: Pair | Decision, side: str) -> str:
    return f"{table_title(now, getattr(pair, f'{side}_table'))} {getattr(pair, f'{side}_id')}"


def _now(question: review_queue.Question) -> str:
    return _("One person") if question.is_joined else _("Two people")


def _answer(verdict: str, request: HttpRequest, numbers: list[str]) -> str:
    chosen = set(numbers)
    asked = [q for q in review_queue.questions(mode=review_queue.QUEUE) if str(q.number) in chosen and not q.verdict]
    given = [Answer(q.pair, verdict, probability=q.probability) for q in asked]
    decisions.record(given, origin=Origin.REVIEW, by=actor(request))
    return ngettext("%(count)d pair answered.", "%(count)d pairs answered.", len(given)) % {"count": len(given)}


def decisions_page(now: Snapshot) -> ListPage:
    tables = [(name, table_title(now, name)) for name in Unification.current().tables]
    return ListPage(
        name="decisions",
        columns=[
            Column("left", _("First record"), value=lambda d: _record(now, d, "left"), sort="left_id"),
            Column("right", _("Second record"), value=lambda d: _record(now, d, "right"), sort="right_id"),
            Column("verdict", _("Answer"), "pill", pill=lambda d: (d.get_verdict_display(), TONES[d.verdict])),
            Column("origin", _("From"), value=lambda d: d.get_origin_display(), sort="origin"),
            Column("probability", _("Evidence then"), "percent", hidden=True),
            Column("note", _("Note"), sort=False),
            Column("by", _("By"), value=lambda d: d.by and d.by.get_username(), sort="by__username"),
            Column("at", _("When"), "ago"),
        ],
        search=["left_id", "right_id", "note"],
        filters=[
            Choice("verdict", _("Answer"), choices=Verdict.choices),
            Choice("origin", _("From"), choices=Origin.choices),
            Choice("left_table", _("First table"), choices=tables),
        ],
        bulk=[
            BulkAction(
                "withdraw",
                _("Withdraw"),
                _withdraw,
                "profiles.delete_decision",
                confirm=_("Rules and evidence decide on these pairs again, from the next run on."),
                icon="trash",
                danger=True,
            )
        ],
        default_sort="-at",
        export=False,
        url=lambda decision: "",
        empty=Empty(
            title=gettext_lazy("Nothing has been decided yet"),
            text=gettext_lazy("Answers, lists and customers that were joined or taken apart appear here."),
            icon="list-check",
            action=gettext_lazy("Review"),
            url="profiles:review",
        ),
    )  # fmt: skip


def _withdraw(request: HttpRequest, ids: list[str]) -> str:
    count = decisions.withdraw(ids, by=actor(request))
    return ngettext("%(count)d decision withdrawn.", "%(count)d decisions withdrawn.", count) % {"count": count}
