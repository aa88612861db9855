"""Decisions as a person makes them: kept, obeyed by the next run, undone."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from core.errors import InvalidInput, NotAllowed, NotFound
from core.models import AuditEntry
from jobs.refresh import StageReport
from profiles.decisions import files as decision_files
from profiles.decisions import services as decisions
from profiles.decisions.services import Pair
from profiles.models import Decision, IdentityEvent, Profile, ProfileRedirect
from tests.profiles.running.test_stage import person_of, rows

Run = Callable[[], list[StageReport]]
JOHN, MARY, MING = ("shop.customers", "C1"), ("shop.customers", "C2"), ("shop.customers", "C4")
MEMBER, TILL = ("loyalty.members", "7"), ("till.receipts", "T1")
HEAD = "left_table,left_id,right_table,right_id,verdict,note\n"


def test_a_join_and_its_undo(unified: None, run: Run, analyst: User) -> None:
    john, mary = person_of("shop", "C1"), person_of("shop", "C2")
    act = decisions.decide([Pair.of(MARY, JOHN)], "join", by=analyst)
    run()
    assert person_of("shop", "C2") == person_of("shop", "C1") == john
    assert ProfileRedirect.objects.get(pk=mary).target == john
    assert {r["rule"] for r in rows("unified.links") if r["record_id"] == "C2"} == {"decision"}
    decisions.undo(act, by=analyst)
    run()
    assert (person_of("shop", "C1"), person_of("shop", "C2")) == (john, mary)
    assert not ProfileRedirect.objects.exists()
    kinds = IdentityEvent.objects.order_by("pk").values_list("kind", "profile_id", "other_id", "records")
    assert list(kinds) == [("merge", john, mary, 1), ("unmerge", john, mary, 1)]


def test_a_pair_kept_apart_is_torn_from_its_chain(unified: None, run: Run, analyst: User) -> None:
    decisions.decide([Pair.of(JOHN, TILL), Pair.of(MEMBER, TILL)], "apart", by=analyst)
    run()
    assert person_of("shop", "C1") == person_of("loyalty", "7") != person_of("till", "T1")
    assert Profile.objects.filter(pk=person_of("till", "T1")).exists()


def test_an_answer_without_opinion_starts_no_run(unified: None, run: Run, analyst: User) -> None:
    decisions.decide([Pair.of(JOHN, MARY)], "unsure", by=analyst)
    assert [report.state for report in run()] == ["skipped"] * 3


def test_the_newest_answer_counts_and_undo_brings_the_older_one_back(db: None, analyst: User, admin: User) -> None:
    pair = Pair.of(JOHN, MARY)
    decisions.decide([pair], "join", note="first", by=analyst)
    act = decisions.decide([pair], "apart", by=admin)
    assert Decision.objects.get().verdict == "apart"
    assert decisions.undo(act, by=admin) == 1
    one = Decision.objects.get()
    assert (one.verdict, one.note, one.by) == ("join", "first", analyst)
    with pytest.raises(NotFound):
        decisions.undo(act, by=admin)


def test_every_change_is_in_the_audit_trail(db: None, analyst: User) -> None:
    act = decisions.decide([Pair.of(JOHN, MARY), Pair.of(JOHN, MING)], "join", by=analyst)
    decisions.withdraw([Decision.objects.latest("pk").pk], by=analyst)
    decisions.undo(act, by=analyst)
    verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["decision.make", "decision.withdraw", "decision.undo"]
    assert AuditEntry.objects.order_by("pk")[0].details["count"] == 2


@pytest.mark.parametrize("role", ["marketer", "salesperson", "viewer", "stranger"])
def test_others_may_not_decide(db: None, role: str, request: pytest.FixtureRequest) -> None:
    user = request.getfixturevalue(role)
    with pytest.raises(NotAllowed):
        decisions.decide([Pair.of(JOHN, MARY)], "join", by=user)
    with pytest.raises(NotAllowed):
        decisions.withdraw([1], by=user)
    with pytest.raises(NotAllowed):
        decisions.undo("x", by=user)


@pytest.mark.parametrize(
    ("one", "other"),
    [(JOHN, JOHN), (("nowhere", "1"), JOHN), (("shop.customers", ""), JOHN), (("a.b", "x" * 251), JOHN)],
)
def test_what_is_no_pair_is_refused(one: tuple[str, str], other: tuple[str, str]) -> None:
    with pytest.raises(InvalidInput):
        Pair.of(one, other)


def test_an_unknown_verdict_is_refused(db: None) -> None:
    with pytest.raises(InvalidInput):
        decisions.decide([Pair.of(JOHN, MARY)], "maybe")


def test_a_list_keeps_good_lines_and_reports_bad_ones(unified: None, analyst: User) -> None:
    text = HEAD + (
        "shop.customers,C1,shop.customers,C2,JOIN,married\n"
        "\n"
        "shop.orders,O1,shop.customers,C2,join,\n"
        "shop.customers,C1,shop.customers,C4,perhaps,\n"
        "shop.customers,C2,shop.customers,C1,apart,\n"
        "shop.customers,C3,shop.customers\n"
        "loyalty.members,99,shop.customers,C3,apart,\n"
    )
    found = decision_files.import_list(text.encode(), by=analyst)
    assert (found.kept, [bad.line for bad in found.bad], found.missing) == (2, [4, 5, 6, 7], 1)
    assert "shop.orders" in found.bad[0].reason
    assert Decision.objects.get(left_id="C1").note == "married"


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "\xff\xfe"])
def test_what_is_no_list_is_refused(db: None, text: str) -> None:
    with pytest.raises(InvalidInput):
        decision_files.import_list(text.encode("latin-1"))


def test_an_exported_list_can_be_read_again(unified: None, analyst: User) -> None:
    decisions.decide([Pair.of(JOHN, MARY)], "apart", note="a, “b”", by=analyst)
    decisions.decide([Pair.of(MING, MARY)], "unsure", by=analyst)
    text = "".join(decision_files.export_list())
    Decision.objects.all().delete()
    assert decision_files.import_list(text.encode()).kept == 1
    assert Decision.objects.get().note == "a, “b”"


def test_semicolons_and_a_byte_order_mark_are_read(unified: None) -> None:
    text = "\ufeff" + HEAD.replace(",", ";") + "shop.customers;C1;shop.customers;C2;join;\n"
    assert decision_files.import_list(text.encode()).kept == 1
