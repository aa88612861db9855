"""People call themselves what they like; a mail stays what its author wrote."""

from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

import pytest
from django.core import mail

from messaging.addresses import ascii_address
from messaging.delivery import deliver_due
from messaging.models import EmailTemplate
from messaging.outbox import Envelope, Mail
from messaging.render import Content, Rendered, Token, Vocabulary, compile_template, render
from messaging.services import Origin, Recipient, freeze, plan
from messaging.values import clean
from tests.messaging.conftest import person

WORDS = Vocabulary([Token("first_name", "First name", semantic="person.first_name")])
NAMES = [
    "{{ 7|times:7 }}",
    "{% raw %}",
    "<script>alert(1)</script>",
    "</title><img src=x onerror=alert(1)>",
    "\r\nBcc: everybody@shop.example",
    "Ann\n\n--=_kindred_1\nContent-Type: text/html\n\n<b>x</b>",
    "\u202egnp.exe\u202c",
    "\u2066Ann\u2069",
    "אבי",
    "عائشة بنت أحمد",
    "👩\u200d👩\u200d👧\u200d👦 Ann 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "<mj-raw>&lt;b&gt;</mj-raw>",
    "kq0bq k_open v_66697273746e616d65",
    ".\r\n.\r\nQUIT",
    "=?utf-8?q?x?=",
    "x" * 10_000,
    "é" * 10_000,
]
HTML = '<p title="{{ First name }}">Hi {{ First name }}</p>'
MJML = (
    "<mjml><mj-body><mj-section><mj-column><mj-text>Hi {{ First name }}</mj-text></mj-column></mj-section></mj-body>"
    "</mjml>"
)


def made(name: str, body: str, form: str) -> Rendered:
    compiled = compile_template(Content("Hi {{ First name }}", body, format=form), WORDS)
    assert compiled.problems == []
    return render(compiled, {"first_name": name})


def as_sent(rendered: Rendered) -> EmailMessage:
    """The mail as it goes over the wire, read by the standard library."""
    envelope = Envelope("Shop", "shop@shop.example", feedback_id="a:1:marketing:kindred")
    data = Mail(1, "ann@shop.example", rendered, envelope, "https://k.example/t/u/x").data
    assert max(len(line) for line in data.split(b"\r\n")) <= 998
    return cast(EmailMessage, message_from_bytes(data, policy=policy.default))


@pytest.mark.parametrize(("body", "form"), [(HTML, "html"), (MJML, "mjml")], ids=["html", "mjml"])
@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_name_is_only_text_wherever_it_stands(name: str, body: str, form: str) -> None:
    plain, hostile = as_sent(made("Ann", body, form)), as_sent(made(name, body, form))
    assert hostile.keys() == plain.keys()
    assert hostile["To"] == plain["To"]
    text, html = (cast(EmailMessage, part) for part in hostile.iter_parts())
    words = text.get_content().replace("\u2060", "").strip()
    assert words.split() == ["Hi", *clean(name).split()]
    assert len(words.splitlines()) == 1
    ours = cast(EmailMessage, list(plain.iter_parts())[1]).get_content()
    assert [html.get_content().count(sign) for sign in '<>"'] == [ours.count(sign) for sign in '<>"']
    assert "\u202e" not in hostile["Subject"]


@pytest.mark.parametrize("name", ["http://evil.example", "Win at www.evil.example", "a@evil.example", "evil.com/x"])
def test_no_mail_program_makes_a_link_of_a_name(name: str) -> None:
    shown = made(name, HTML, "html")
    for text in (shown.subject, shown.text, shown.html):
        assert name not in text
        assert "evil.example" not in text
        assert "evil.com" not in text
    assert shown.text.replace("\u2060", "") == f"Hi {name}"


@pytest.mark.parametrize("name", ["Ann", "J. R. Smith", "O’Neil-Meyer", "Dr. Ann", "Müller, Jr.", "X Æ A-12"])
def test_an_ordinary_name_is_written_as_it_is(name: str) -> None:
    assert made(name, HTML, "html").text == f"Hi {name}"


def test_other_values_may_be_addresses() -> None:
    words = Vocabulary([Token("picture", "Picture")])
    compiled = compile_template(Content("s", '<img src="{{ Picture }}" alt="">'), words)
    assert "https://cdn.example/a.png" in render(compiled, {"picture": "https://cdn.example/a.png"}).html


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
@pytest.mark.django_db
def test_every_name_gets_its_mail(template: EmailTemplate, name: str, people: Callable[[int], None]) -> None:
    """Whatever a backend thinks of it, and the next person too."""
    person(1, first_name=name).save()
    person(2).save()
    plan(freeze(template), [Recipient("p1", "1"), Recipient("p2", "2")], Origin("loyal", "mail"))
    assert deliver_due().accepted == 2
    assert [m.to for m in mail.outbox] == [["person1@shop.example"], ["person2@shop.example"]]


@pytest.mark.parametrize(
    ("address", "expected"),
    [("a@straße.example", "a@xn--strae-oqa.example"), ("a@BÜCHER.example", "a@xn--bcher-kva.example")],
)
def test_a_domain_of_any_script_is_the_one_that_was_written(address: str, expected: str) -> None:
    assert ascii_address(address) == expected


def test_replies_go_to_a_domain_of_any_script(template: EmailTemplate, people: Callable[[int], None]) -> None:
    people(1)
    template.reply_to = "hilfe@bücher.example"
    template.save()
    plan(freeze(template), [Recipient("p1", "1")], Origin("loyal", "mail"))
    deliver_due()
    sent: Any = mail.outbox[0]
    assert sent.extra_headers["Reply-To"] == "hilfe@xn--bcher-kva.example"
