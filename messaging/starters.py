"""E-mails to start from."""

from dataclasses import dataclass
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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


def get(key: str) -> Starter:
    """The starter with this key; the empty one for an unknown key."""
    return next((starter for starter in ALL if starter.key == key), ALL[-1])
