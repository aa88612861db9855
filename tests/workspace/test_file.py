"""Apply, compare and export through the command, the page and the API."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from core.errors import InvalidInput
from core.models import AuditEntry
from core.sections import ApplyContext
from journeys.graph import Graph
from journeys.models import Journey
from journeys.services import drafts
from measures.models import Measure
from measures.services import save_measure
from messaging.models import EmailTemplate
from messaging.services import save_template
from profiles.models import Unification
from segments import services as segments
from segments.models import Segment
from workspace.document import parse
from workspace.services import apply

TEXT = """
kindred: 1
measures:
  - {name: Lifetime spend, of: customer, sum: shop.orders.total}
segments:
  - name: Loyal customers
    rule: {all: [{attribute: loyalty_points, op: gt, value: 1000}]}
"""


def command(*args: str) -> str:
    out = io.StringIO()
    call_command("workspace", *args, stdout=out)
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "my workspace.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.mark.django_db
def test_applying_makes_what_the_file_says(file: Path) -> None:
    command("apply", str(file))
    assert Measure.objects.get().slug == "lifetime-spend"
    assert Segment.objects.get().slug == "loyal-customers"


@pytest.mark.django_db
def test_applying_again_changes_nothing_and_diff_prints_nothing(file: Path) -> None:
    command("apply", str(file))
    entries = AuditEntry.objects.count()
    command("apply", str(file))
    assert AuditEntry.objects.count() == entries
    assert command("diff", str(file)) == ""


@pytest.mark.django_db
def test_a_dry_run_only_says_what_would_change(file: Path) -> None:
    said = command("apply", str(file), "--dry-run")
    assert "+ measures[Lifetime spend]" in said
    assert not Measure.objects.exists()


@pytest.mark.django_db
def test_a_part_that_is_refused_refuses_all(file: Path) -> None:
    file.write_text(TEXT.replace("{all: [", "{nonsense: ["), encoding="utf-8")
    with pytest.raises(CommandError, match="nonsense"):
        command("apply", str(file))
    assert not Measure.objects.exists()


@pytest.mark.django_db
def test_an_exported_workspace_is_the_same_when_applied(file: Path, tmp_path: Path) -> None:
    command("apply", str(file))
    exported = tmp_path / "export.yaml"
    command("export", str(exported))
    assert command("diff", str(exported)) == ""
    Measure.objects.all().delete()
    command("apply", str(exported))
    assert command("diff", str(file)) == ""


@pytest.mark.django_db
def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nowhere"):
        command("diff", str(tmp_path / "nowhere.yaml"))


def test_the_page_compares_before_it_applies(client_of: Any, admin: Any) -> None:
    client: Client = client_of(admin)
    compared = client.post(reverse("workspace:index"), {"text": TEXT})
    assert b"Loyal customers" in compared.content
    assert not Segment.objects.exists()
    assert client.post(reverse("workspace:index"), {"text": TEXT, "apply": "1"}).status_code == 302
    assert Segment.objects.count() == 1


@pytest.mark.parametrize("role", ["viewer", "marketer"])
def test_other_roles_may_not_apply(role: str, request: pytest.FixtureRequest, client_of: Any) -> None:
    client: Client = client_of(request.getfixturevalue(role))
    client.post(reverse("workspace:index"), {"text": TEXT, "apply": "1"})
    assert not Segment.objects.exists()
    answer = client.post("/api/v1/workspace/apply/", {"text": TEXT}, content_type="application/json")
    assert answer.status_code == 403


def test_strangers_see_nothing(client_of: Any, stranger: Any) -> None:
    client: Client = client_of(stranger)
    assert client.get(reverse("workspace:index")).status_code == 403
    assert client.get(reverse("workspace:download")).status_code == 403
    assert client.get("/api/v1/workspace/").status_code == 403


def test_the_api_speaks_the_one_error_shape(client_of: Any, admin: Any) -> None:
    client: Client = client_of(admin)
    answer = client.post("/api/v1/workspace/diff/", {"text": "kindred: 2"}, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "invalid"


@pytest.mark.parametrize(("name", "words"), [("currency", "is no currency"), ("default_country", "is no country")])
@pytest.mark.django_db
def test_a_misspelt_code_is_said_in_words(name: str, words: str, tmp_path: Path) -> None:
    file = tmp_path / "workspace.yaml"
    file.write_text(f"kindred: 1\nworkspace: {{{name}: euros}}\n")
    with pytest.raises(CommandError, match=f"workspace.{name}: “euros” {words}"):
        call_command("workspace", "apply", str(file))


@pytest.mark.django_db
def test_customers_live_where_the_company_does_unless_the_file_says_otherwise(file: Path) -> None:
    source = "sources: [{name: s, connector: file, tables: [{name: a, path: a.csv, key: id}]}]\n"
    start = "kindred: 1\nworkspace: {default_country: JP}\n" + source
    file.write_text(start + "unification: {tables: [s.a], rules: suggest}\n", encoding="utf-8")
    command("apply", str(file))
    assert Unification.current().default_country == "JP"
    file.write_text(start.replace("JP", "DE") + "unification: {tables: [s.a]}\n", encoding="utf-8")
    command("apply", str(file))
    assert Unification.current().default_country == "JP"
    assert command("diff", str(file)) == ""


ABOUT_OTHERS = """
kindred: 1
segments:
  - {name: A few, rule: {all: [{segment: whales}, {segment: b-list}]}}
  - {name: B list, rule: {all: [{segment: whales, is: not_in}]}}
  - {name: Whales, rule: {all: [{attribute: points, op: gt, value: 1}]}}
"""


@pytest.mark.django_db
def test_segments_may_speak_of_segments_further_below(file: Path, tmp_path: Path) -> None:
    file.write_text(ABOUT_OTHERS, encoding="utf-8")
    command("apply", str(file))
    command("export", str(tmp_path / "out.yaml"))
    assert command("diff", str(file)) == ""
    Segment.objects.all().delete()
    command("apply", str(tmp_path / "out.yaml"))
    assert Segment.objects.filter(state="live").count() == 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ("segment: b-list", "segment: nobody", "segments[A few].rule.all[1]"),
        ("attribute: points, op: gt", "attribute: points, op: bigger", "segments[Whales].rule.all[0].op"),
        ("attribute: points, op: gt, value: 1", "segment: a-few", "segments[A few].rule.all[0]: Segments refer"),
    ],
)
def test_a_mistake_in_a_rule_names_its_segment(file: Path, before: str, after: str, place: str) -> None:
    file.write_text(ABOUT_OTHERS.replace(before, after), encoding="utf-8")
    with pytest.raises(CommandError) as caught:
        command("apply", str(file))
    assert str(caught.value).startswith(place)


def test_who_may_not_apply_a_file_has_none_read(stranger: User, client_of: Callable[[User], Client]) -> None:
    for verb in ("diff", "apply"):
        answer = client_of(stranger).post(f"/api/v1/workspace/{verb}/", {"text": "{"}, "application/json")
        assert answer.status_code == 403


@pytest.mark.django_db
def test_a_table_that_nobody_named_makes_no_customers(file: Path) -> None:
    source = "sources: [{name: s, connector: file, tables: [{name: people, path: a.csv, key: id}]}]\n"
    file.write_text("kindred: 1\n" + source + "unification: {tables: [s.poeple]}\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"unification.tables\[s.poeple\].*Did you mean s.people"):
        command("apply", str(file))


def test_a_person_names_no_file_of_the_server_for_decisions(analyst: User, admin: User, tmp_path: Path) -> None:
    (tmp_path / "pairs.csv").write_text("left_table,left_id,right_table,right_id,verdict\n")
    document = parse(f"kindred: 1\nunification: {{decisions: {tmp_path}/pairs.csv}}\n")
    assert apply(document, ApplyContext(tmp_path)) == []
    with pytest.raises(InvalidInput, match="unification.decisions"):
        apply(document, ApplyContext(tmp_path / "else", by=admin))


@pytest.mark.django_db
def test_an_export_makes_its_folder_or_says_why_not(file: Path, tmp_path: Path) -> None:
    command("export", str(tmp_path / "new folder" / "out.yaml"))
    assert (tmp_path / "new folder" / "out.yaml").exists()
    with pytest.raises(CommandError, match="cannot be written"):
        command("export", str(file / "out.yaml"))


@pytest.mark.django_db
def test_the_page_and_the_audit_say_in_words_what_differs(
    file: Path, admin: User, client_of: Callable[[User], Client]
) -> None:
    command("apply", str(file))
    text = TEXT.replace("value: 1000", "value: 2000").replace("Lifetime spend", "Spend")
    page = client_of(admin).post(reverse("workspace:index"), {"text": text}).content.decode()
    assert "Segment Loyal customers: rule" in page
    assert "<td>Loyalty points gt 2000</td>" in page
    assert "Measure Spend" in page
    assert "<code" in page[: page.index("segments[Loyal customers].rule")].splitlines()[-1]
    client_of(admin).post(reverse("workspace:index"), {"text": text, "apply": "1"})
    audit = client_of(admin).get("/core/audit/").content.decode()
    assert "Measure Spend added; Segment Loyal customers: rule changed" in audit


def test_what_was_renamed_keeps_its_references_in_another_home(db: None, tmp_path: Path) -> None:
    rule = {"all": [{"attribute": "points", "op": "gt", "value": 1}]}
    loyal = segments.save(name="Loyal", rule=rule)
    segments.publish(segments.save(name="Not loyal", rule={"segment": "loyal", "is": "not_in"}))
    segments.save(name="Fans", rule=rule, segment=loyal)
    first, second = (save_template(EmailTemplate(name="Hello", body=body)) for body in ("one", "two"))
    measure = save_measure(Measure(name="Spend", function="sum", table="shop.orders", column="total"), by=None)
    measure.name = "Lifetime spend"
    save_measure(measure, by=None)
    steps = {"start": {"segment": "loyal", "next": "a"}, "steps": [{"id": "a", "kind": "email", "template": "hello-2"}]}
    journey = drafts.create("Old", by=None, graph=Graph.model_validate(steps))
    drafts.rename(journey, "New", "", by=None)

    exported = tmp_path / "exported.yaml"
    command("export", str(exported))
    assert command("diff", str(exported)) == ""
    written = exported.read_text()
    Journey.objects.all().delete()
    for kind in (Segment, EmailTemplate, Measure):
        kind.objects.all().delete()
    command("apply", str(exported))
    assert command("export") == written
    assert {t.slug: t.body for t in EmailTemplate.objects.all()} == {first.slug: "one", second.slug: "two"}
    assert Segment.objects.get(name="Fans").slug == "loyal"
    assert Measure.objects.get().column_name == "spend"


def test_a_short_name_finds_what_was_renamed_meanwhile(db: None, file: Path) -> None:
    command("apply", str(file))
    file.write_text(TEXT.replace("name: Loyal customers", "name: Fans\n    slug: loyal-customers"))
    assert "segments[Fans].name" in command("apply", str(file))
    assert Segment.objects.get().name == "Fans"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("  - {name: loyal  Customers, rule: {all: []}}", "This stands in the file twice"),
        ("  - {name: Fans, slug: a b, rule: {all: []}}", "slug"),
    ],
)
def test_names_of_the_file_are_its_own(db: None, more: str, words: str, file: Path) -> None:
    file.write_text(TEXT + more)
    with pytest.raises(CommandError, match=words):
        command("apply", str(file))


def test_a_name_that_has_another_short_name_here_is_said_so(db: None, file: Path) -> None:
    command("apply", str(file))
    file.write_text(TEXT.replace("name: Loyal customers", "name: Loyal customers\n    slug: fans"))
    with pytest.raises(CommandError, match="has the short name “loyal-customers” here"):
        command("apply", str(file))


def test_rules_may_call_segments_by_their_names(db: None, tmp_path: Path) -> None:
    text = """
kindred: 1
segments:
  - {name: その他, rule: {all: [{segment: ポイント 多い, is: not_in}]}}
  - {name: ポイント 多い, rule: {all: [{attribute: points, op: gt, value: 1}]}}
journeys:
  - name: Hello
    start: {segment: その他}
    steps: [{branch: [{if: {segment: ポイント 多い}, then: [end]}]}]
"""
    file = tmp_path / "names.yaml"
    file.write_text(text, encoding="utf-8")
    command("apply", str(file))
    assert command("diff", str(file)) == ""
    slug = Segment.objects.get(name="ポイント 多い").slug
    assert Segment.objects.get(name="その他").rule == {"all": [{"segment": slug, "is": "not_in"}]}
    assert f'"segment": "{slug}"' in json.dumps(Journey.objects.get().draft)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (r'measures: [{name: "a\0b", count: shop.orders}]', r"measures\[0\]\.name: This has a sign in it"),
        (r'segments: [{name: "\ud800", rule: {all: []}}]', r"segments\[0\]\.name: This has a sign in it"),
        ("templates: [{name: M, from_email: nobody}]", r"templates\[M\]\.from_email: Enter a valid"),
        ("activities: [{type: a, table: orders, time: t, title: x}]", r"activities\[a\]\.table: Write a table as"),
        ("sources: [{name: a.b, connector: file}]", r"sources\[a\.b\]\.name: Use letters"),
        ("workspace: {time_zone: America}", "There is no time zone"),
        (f"workspace: {{time_zone: {'x' * 300}}}", "There is no time zone"),
        (f"sources: [{{name: {'x' * 201}, connector: file}}]", r"sources\[.*\]\.name: This is too long"),
        (
            f"sources: [{{name: a, connector: file, tables: [{{name: t, path: x, columns: {{{'x' * 251}: {{}}}}}}]}}]",
            "This is too long",
        ),
        (f"activities: [{{type: {'x' * 61}, table: a.b, time: t, title: x}}]", "type: This is too long"),
        (
            "unification: {rules: [{name: r, when: [{semantic: contact.email, compare: [exact]}]}]}",
            r"unification\.rules\[r\]\.when\[0\]\.compare",
        ),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_place(db: None, text: str, words: str, tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(f"kindred: 1\n{text}\n")
    with pytest.raises(CommandError, match=words):
        command("apply", str(file))


def test_blanks_around_an_activity_are_no_difference(db: None, tmp_path: Path) -> None:
    file = tmp_path / "blanks.yaml"
    file.write_text('kindred: 1\nactivities: [{type: " a ", table: a.b, time: t, title: "x ", url: ""}]\n')
    command("apply", str(file))
    assert command("diff", str(file)) == ""
