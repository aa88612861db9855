from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from messaging.liquid_env import MissingValueError
from messaging.render import Content, Footer, RenderError, Style, Token, Vocabulary, compile_template, render
from tests.messaging.conftest import LOYAL

WORDS = Vocabulary(
    [
        Token("first_name", "First name"),
        Token("loyalty_points", "Loyalty points", "integer"),
        Token("company_name", "Company Name"),
        Token("birthday", "生日", "date"),
        Token("spend", "Spend (90 days)", "money", "EUR"),
        Token("terms", "Terms and conditions", "boolean"),
        Token("unsubscribe_link", "Unsubscribe link"),
    ]
)
JOHN: dict[str, Any] = {
    "first_name": "John",
    "loyalty_points": 1500,
    "company_name": "Contoso",
    "birthday": "1980-02-03",
    "spend": Decimal("1234.56"),
    "terms": True,
    "unsubscribe_link": "https://k.example/t/u/x",
}


def html_of(body: str, values: dict[str, Any] | None = None, **content: Any) -> str:
    compiled = compile_template(Content("s", f"<html><body>{body}</body></html>", **content), WORDS)
    assert compiled.problems == []
    html = render(compiled, JOHN | (values or {})).html
    return html.removeprefix("<html><body>").removesuffix("</body></html>")


def problems_of(body: str) -> list[str]:
    return [problem.code for problem in compile_template(Content("s", body), WORDS).problems]


def test_the_loyalty_text_works_as_written() -> None:
    compiled = compile_template(Content("Hello {{First Name}}", LOYAL), WORDS)
    assert compiled.problems == []
    mail = render(compiled, JOHN)
    expected = LOYAL.replace("{{First Name}}", "John").replace("{{Loyalty Points}}", "1,500")
    assert mail.text == expected.replace("{{Company Name}}", "Contoso")
    assert "Hi John, Congratulations! You have earned more than 1,500 loyalty points" in mail.html
    assert mail.subject == "Hello John"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("{{ first_name }} {{FIRST-NAME}} {{ First   name }}", "John John John"),
        ("{{ First Name | upcase }}", "JOHN"),
        ('{{ First Name | default: "friend" }}', "John"),
        ("{{ First&nbsp;Name }}", "John"),
        ("{% if Loyalty Points > 1000 %}gold{% else %}basic{% endif %}", "gold"),
        ("{% if Loyalty Points &gt; 1000 and First Name contains 'oh' %}a{% endif %}", "a"),
        ("{% if Terms and conditions and Loyalty Points > 1 %}ok{% endif %}", "ok"),
        ("{{ 生日 }}", "February 3, 1980"),
        ('{{ 生日 | date: "%d.%m.%Y" }}', "03.02.1980"),
        ("{{ Spend (90 days) }}", "€1,234.56"),
        ("{% if Spend (90 days) > 1000 %}big{% endif %}", "big"),
        ("{{ Loyalty Points | plain }} {{ Loyalty Points | plus: 1 }}", "1500 1,501"),
        ("{% assign n = Loyalty Points | divided_by: 2 %}{{ n }}", "750"),
        ("{% raw %}{{ First Name }}{% endraw %}{% comment %}{{ nothing }}{% endcomment %}", "{{ First Name }}"),
        ("{% case First Name %}{% when 'John' %}J{% endcase %}", "J"),
    ],
)
def test_personalisation(body: str, expected: str) -> None:
    assert html_of(body) == expected


def test_numbers_follow_the_locale() -> None:
    compiled = compile_template(Content("s", "{{ Loyalty Points }} {{ Spend (90 days) }}"), WORDS, Style("de"))
    assert render(compiled, JOHN).text.replace("\xa0", " ") == "1.500 1.234,56 €"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("{{ Fist Name }}", "body.unknown_token"),
        ("{{ }}", "body.empty_token"),
        ("{{ First Name", "body.not_closed"),
        ("{% include 'x' %}", "body.tag"),
        ("{% for i in (1..10000000) %}x{% endfor %}", "body.range"),
        ("{% if First Name %}x", "body.liquid"),
        ("{{ First Name | nosuch }}", "body.filter"),
        ("{{ First Name | safe }}", "body.filter"),
        ("<img alt={{ First Name }}>", "body.unquoted"),
        ("<script>var a = '{{ First Name }}'</script>", "body.in_script"),
        ('<a href="{{ First Name }}">x</a>', "body.link_start"),
        ('<a href="https://{{ First Name }}/">x</a>', "body.link_start"),
        ('<a href="java&#115;cript:alert(1)">x</a>', "body.link_scheme"),
        ('<a href="java&#10;script:alert(1)">x</a>', "body.link_scheme"),
        ("<a href=JavaScript:alert(1)>x</a>", "body.link_scheme"),
        ('<a href="&#1;data:text/html,x">x</a>', "body.link_scheme"),
    ],
)
def test_mistakes_are_problems(body: str, code: str) -> None:
    assert code in problems_of(body)


def test_an_unknown_token_names_its_place_and_what_is_near() -> None:
    problem = compile_template(Content("s", "one\ntwo {{ Fist Name }}"), WORDS).problems[0]
    assert (problem.text, problem.line, problem.column) == ("Fist Name", 2, 8)
    assert problem.near[0] == "First name"


def test_a_label_with_another_word_behind_it_is_unknown_as_a_whole() -> None:
    problems = compile_template(Content("s", '{{ First Name today | default: "you" }}'), WORDS).problems
    assert [(problem.code, problem.text) for problem in problems] == [("body.unknown_token", "First Name today")]


@pytest.mark.parametrize("value", [None, "", "   ", "\n"])
@pytest.mark.parametrize(
    "body", ["Hi {{ First Name }}", "{{ First Name | upcase }}", "{{ 'Hi ' | append: First Name }}"]
)
def test_a_missing_value_is_never_a_gap(body: str, value: str | None) -> None:
    with pytest.raises(MissingValueError, match="First name"):
        html_of(body, {"first_name": value})


@time_machine.travel(datetime(2026, 3, 1, 20, tzinfo=UTC), tick=False)
@pytest.mark.parametrize("told", ["seen", "'now'", "'2026-03-01T20:00:00+00:00'"])
def test_points_in_time_are_those_of_the_workspace(told: str) -> None:
    words, style = Vocabulary([Token("seen", "Seen", "timestamp")]), Style(time_zone="Pacific/Auckland")
    compiled = compile_template(Content("s", f"{{{{ {told} | date: '%d.%m. %H:%M' }}}}"), words, style)
    assert "02.03. 09:00" in render(compiled, {"seen": datetime(2026, 3, 1, 20, tzinfo=UTC)}).html


@pytest.mark.parametrize("filter_", ["plus: 1", "date: '%Y'", "size", "split: ','", "round"])
def test_no_filter_hides_a_missing_value(filter_: str) -> None:
    with pytest.raises(MissingValueError):
        html_of("{{ Loyalty Points | " + filter_ + " }}", {"loyalty_points": None})


def test_a_missing_value_is_false_and_can_have_a_default() -> None:
    missing = {"first_name": None, "loyalty_points": None}
    assert html_of("{% if Loyalty Points > 1 %}a{% elsif First Name %}b{% else %}c{% endif %}", missing) == "c"
    assert html_of("{{ First Name | default: 'friend' }}", missing) == "friend"
    assert (
        html_of(
            "{{ First Name }} {{ Loyalty Points | plus: 1 }}",
            missing,
            defaults={"first name": "friend", "Loyalty Points": "1,000"},
        )
        == "friend 1,001"
    )


@given(name=st.text(min_size=1).filter(lambda text: text.strip()))
def test_a_name_is_only_ever_text(name: str) -> None:
    hostile = "<script>{{ x }}{% if %}\"'>" + name
    html = html_of('<b title="{{ First Name }}">{{ First Name }}</b>', {"first_name": hostile})
    inside = html.removeprefix('<b title="').removesuffix("</b>")
    assert "<" not in inside
    assert inside.count('"') == 1


@pytest.mark.parametrize(
    "body",
    [
        "{% assign s = 'aaaaaaaaaa' %}" + "{% assign s = s | append: s %}" * 40 + "{{ s }}",
        "{% assign s = 'aaaaaaaaaa' %}" + "{% assign s = s | replace: 'a', s %}" * 20 + "{{ s }}",
        "{% assign s = 9 %}" + "{% assign s = s | times: s %}" * 60 + "{{ s }}",
        "{% assign l = '" + "a," * 900 + "' | split: ',' %}{% for a in l %}{% for b in l %}x{% endfor %}{% endfor %}",
        "{{ 生日 | date: '%999999999d' }}",
    ],
)
def test_hostile_templates_reach_a_limit(body: str) -> None:
    with pytest.raises(RenderError):
        html_of(body)


def test_mjml_keeps_tokens_and_conditions() -> None:
    body = (
        "<mjml><mj-body><mj-section><mj-column><mj-text>{% if Loyalty Points > 1000 %}Hi {{ First Name }}{% endif %}"
        '</mj-text><mj-button href="https://shop.example/?a=1&amp;b=2">Go</mj-button></mj-column></mj-section></mj-body></mjml>'
    )
    compiled = compile_template(Content("s", body, format="mjml"), WORDS)
    assert compiled.problems == []
    assert compiled.links == ["https://shop.example/?a=1&b=2"]
    mail = render(compiled, JOHN, {"k_c0": "https://k.example/t/c/1"})
    assert "Hi John" in mail.html
    assert 'href="https://k.example/t/c/1"' in mail.html
    assert "fonts." not in mail.html
    assert mail.text == "Hi John\n\nGo (https://shop.example/?a=1&b=2)"


def test_bad_mjml_is_a_problem_with_its_line() -> None:
    compiled = compile_template(Content("s", "<mjml>\n<mj-body><mj-text>x</mj-body></mjml>", format="mjml"), WORDS)
    assert compiled.problems[0].code == "body.mjml"


def test_mjml_cannot_read_files() -> None:
    body = '<mjml><mj-body><mj-include path="/etc/passwd" /></mj-body></mjml>'
    assert compile_template(Content("s", body, format="mjml"), WORDS).problems[0].code == "body.mjml"


def test_the_footer_is_added_once_where_it_is_missing() -> None:
    footer = Footer('<p><a href="{{ Unsubscribe link }}">Unsubscribe</a></p>', "Unsubscribe: {{ Unsubscribe link }}")
    without = render(compile_template(Content("s", "<p>Hi</p>"), WORDS, footer=footer), JOHN)
    assert without.html.count(JOHN["unsubscribe_link"]) == 1
    assert JOHN["unsubscribe_link"] in without.text
    own = '<p>Hi <a href="{{ Unsubscribe link }}">bye</a></p>'
    given_ = render(compile_template(Content("s", own), WORDS, footer=footer), JOHN)
    assert given_.html.count(JOHN["unsubscribe_link"]) == 1
    assert given_.text.count(JOHN["unsubscribe_link"]) == 1
