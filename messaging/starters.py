"""E-mails to start from."""

from dataclasses import dataclass
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from messaging.catalog import OWN_TOKENS
from messaging.render import Content, compile_template
from messaging.tokens import Vocabulary

_FOLDER = Path(__file__).parent / "starters_files"


@dataclass(frozen=True)
class Starter:
    """`file` lies beside this module; texts of an e-mail are in its author's language, so they are not translated."""

    key: str
    name: str | Promise
    text: str | Promise
    icon: str
    file: str
    format: str = "mjml"
    subject: str = ""
    preview_text: str = ""

    def body(self) -> str:
        return (_FOLDER / self.file).read_text() if self.file else ""


ALL = [
    Starter(
        "loyal",
        _("Thank loyal customers"),
        _("A coupon for people with many points."),
        "gift",
        "loyal.mjml",
        subject="{{ First Name }}, 20% off as a thank you",
        preview_text="Your code LOYAL20 is waiting",
    ),
    Starter(
        "news",
        _("News"),
        _("A picture, a story and a button."),
        "newspaper",
        "news.mjml",
        subject="What is new at {{ Company Name }}",
    ),
    Starter(
        "letter",
        _("Plain letter"),
        _("Only words, as if written by hand."),
        "chat-left-text",
        "letter.html",
        "html",
        subject="A word from {{ Company Name }}",
    ),
    Starter("empty", _("Empty"), _("Start from nothing."), "file-earmark", "", "html"),
]


@dataclass(frozen=True)
class Offer:
    """A starter, and what it writes that nothing is called: with `lacks` it would begin with an error."""

    starter: Starter
    lacks: list[str]


def offers(known: Vocabulary) -> list[Offer]:
    """Every starter. As long as no attribute is known, none lacks anything: the data comes later."""
    is_empty = all(token in OWN_TOKENS for token in known.tokens)
    return [Offer(starter, [] if is_empty else lacking(starter, known)) for starter in ALL]


def lacking(starter: Starter, known: Vocabulary) -> list[str]:
    content = Content(starter.subject, starter.body(), starter.format, starter.preview_text)
    return list(dict.fromkeys(problem.text for problem in compile_template(content, known).problems))


def get(key: str) -> Starter:
    """The starter with this key; the empty one for an unknown key."""
    return next((starter for starter in ALL if starter.key == key), ALL[-1])
