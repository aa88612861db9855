"""Every text as a translation that is 40% longer, with accents: what stays plain does not go through gettext.

"Save %(count)s" becomes "[Ŝàṽé %(count)s ~~~~~]": placeholders, tags and tokens stay, so that pages work as before.
"""

import math
import re
from collections.abc import Iterator
from gettext import NullTranslations
from typing import Any

import pytest
from django.utils.translation import trans_real
from django.utils.translation.trans_real import CONTEXT_SEPARATOR
from playwright.sync_api import Page

LANGUAGE = "de"
LONGER = 0.4
WORD = 5  # letters of what is added, which may break like words
PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
ACCENTED = "àƀçďéƒĝĥîĵķľɱñöþɋŕŝţûṽŵẋýžÀɃÇĎÉƑĜĤÎĴĶĽṀÑÖÞɊŔŜŢÛṼŴẊÝŽ"
LETTERS = str.maketrans(PLAIN, ACCENTED)
KEPT = r"%\(\w+\)[sd]|%[sd%]|\{\{.*?\}\}|\{\w*\}|<[^>]*>|&\w+;"
IN_BROWSER = """(() => {
    const [plain, accented, kept] = %s;
    const accent = (part) => [...part].map((one) => [...accented][plain.indexOf(one)] ?? one).join("");
    const parts = (text) => text.split(new RegExp(`(${kept})`)).map((part, n) => n %% 2 ? part : accent(part));
    const longer = (text) => `[${parts(text).join("")}${" ~~~~~".repeat(Math.ceil(text.length * 0.4 / 6))}]`;
    const own = { gettext: longer, ngettext: (one, many, n) => longer(n === 1 ? one : many) };
    for (const [name, value] of Object.entries(own)) {
        Object.defineProperty(window, name, { get: () => value, set() {} });
    }
})()"""


def longer(text: str) -> str:
    if not text.strip():
        return text
    parts = re.split(f"({KEPT})", text)
    changed = "".join(part if number % 2 else part.translate(LETTERS) for number, part in enumerate(parts))
    return f"[{changed} {' '.join(['~' * WORD] * math.ceil(len(text) * LONGER / (WORD + 1)))}]"


class Longer(NullTranslations):
    """In place of a language's catalogue, for every text that anybody asks for."""

    domain = "django"

    def gettext(self, message: str) -> str:
        return longer(message.rpartition(CONTEXT_SEPARATOR)[2])

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)

    def language(self) -> str:
        return LANGUAGE

    def to_language(self) -> str:
        return LANGUAGE


@pytest.fixture
def longer_texts(settings: Any, page: Page) -> Iterator[None]:
    """The site and its scripts in the longer language, which every request gets."""
    settings.LANGUAGE_CODE, settings.LANGUAGES = LANGUAGE, [(LANGUAGE, "Longer")]
    page.add_init_script(IN_BROWSER % [PLAIN, ACCENTED, KEPT])
    was = trans_real._translations.get(LANGUAGE), trans_real._default
    trans_real._translations[LANGUAGE], trans_real._default = Longer(), None
    yield
    trans_real._translations.pop(LANGUAGE)
    if was[0]:
        trans_real._translations[LANGUAGE] = was[0]
    trans_real._default = was[1]
