"""What is made piece by piece is what Liquid and the standard library make as a whole."""

import quopri
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from liquid import Markup

from messaging.liquid_env import Missing, MissingValueError, environment
from messaging.outbox import Envelope, Mail
from messaging.render import Rendered
from messaging.skeleton import Body, Fixed, Skeleton
from messaging.values import Style

# Liquid writes a lone carriage return as a line feed; in a mail both are the end of a line.
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=40)
ONE_LINE = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=40)
LINES = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), max_size=400)
LITERALS = st.one_of(LINES, LINES.map(lambda text: text * 3), st.just("=. \n" * 90)).filter(
    lambda text: "{" not in text
)
VALUES = st.one_of(ANY_TEXT, st.integers(), st.dates(), ANY_TEXT.map(Markup))
NODES = st.lists(st.one_of(LITERALS, st.sampled_from(["{{ a }}", "{{ b }}"])), max_size=8)
TAGS = st.sampled_from(["", "{% if a %}{{ b }}{% endif %}", "{%- assign c = b -%}{{ c }}", "{{ a | upcase }}"])


def whole(source: str, context: dict[str, Any], *, autoescape: bool) -> str:
    return environment(Style(), autoescape=autoescape).from_string(source).render(context)


@given(nodes=NODES, tag=TAGS, a=VALUES, b=VALUES, autoescape=st.booleans())
def test_a_filled_skeleton_is_what_liquid_renders(nodes: list[str], tag: str, a: Any, b: Any, autoescape: bool) -> None:
    source, context = "".join([*nodes, tag, *nodes]), {"a": a, "b": b}
    skeleton = Skeleton(environment(Style(), autoescape=autoescape).from_string(source), {"a", "b"})
    assert str(skeleton.fill(context)) == whole(source, context, autoescape=autoescape)


@pytest.mark.parametrize("value", ["one\rtwo", "one\ntwo", "one\r\ntwo"])
def test_a_break_in_a_value_is_the_end_of_a_line(value: str) -> None:
    template = environment(Style(), autoescape=True).from_string("{{ a }}")
    filled = Skeleton(template, {"a"}).fill({"a": value})
    assert filled.quoted_printable() == Body([template.render(a=value)]).quoted_printable() == b"one\r\ntwo"


@given(pieces=st.lists(st.one_of(LINES, LINES.map(Fixed)), max_size=6))
def test_pieces_are_read_back_as_one_text(pieces: list[str | Fixed]) -> None:
    body = Body(pieces)
    encoded = body.quoted_printable()
    assert quopri.decodestring(encoded).replace(b"\r\n", b"\n").decode() == str(body)
    assert all(len(line) <= 76 and line.isascii() for line in encoded.split(b"\r\n"))
    assert b"\n" not in encoded.replace(b"\r\n", b"")


@given(subject=ONE_LINE, name=ONE_LINE, text=LINES, html=LINES, value=ONE_LINE)
def test_a_mail_is_read_as_the_standard_librarys(subject: str, name: str, text: str, html: str, value: str) -> None:
    rendered = Rendered(subject, Body([Fixed(html), value, Fixed(html)]), Body([text, Fixed(text)]))
    mail = Mail(7, "ann@shop.example", rendered, Envelope(name, "hi@shop.example"), "https://u")
    ours = message_from_bytes(mail.data.replace(b"\r\n", b"\n"), policy=policy.default)
    theirs = EmailMessage()
    theirs["Subject"] = rendered.subject
    theirs.set_content(rendered.text, cte="quoted-printable")
    theirs.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    theirs = message_from_bytes(theirs.as_bytes(), policy=policy.default)  # type: ignore[assignment]
    assert _words(ours["Subject"]) == _words(theirs["Subject"])
    assert ours["From"].addresses[0].addr_spec == "hi@shop.example"
    assert ours.get_content_type() == theirs.get_content_type()
    for part, other in zip(ours.iter_parts(), theirs.iter_parts(), strict=True):
        assert part.get_content_type() == other.get_content_type()
        assert part.get_content().rstrip("\n") == other.get_content().rstrip("\n")


def _words(text: str) -> list[str]:
    return str(text).split()


def test_a_missing_value_is_never_a_gap() -> None:
    skeleton = Skeleton(environment(Style(), autoescape=True).from_string("Hi {{ a }}"), {"a"})
    with pytest.raises(MissingValueError):
        skeleton.fill({"a": Missing("First Name")})
