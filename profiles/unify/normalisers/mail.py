"""E-mail addresses as keys: who would get the mail, not where it is sent to."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.shapes import gettext_noop
from profiles.unify.normalisers.arrays import changed, folded, where
from profiles.unify.normalisers.registry import Context, Example, Learning, Part, Reading, register
from profiles.unify.values.letters import any_of, holding, replaced
from profiles.unify.values.words import words

# Providers that deliver a.b@ and ab@ to the same box.
FREE_DOTS = ("gmail.com",)
# Domains of one provider that are the same box.
SAME_BOX = {
    "googlemail.com": "gmail.com",
    "me.com": "icloud.com",
    "mac.com": "icloud.com",
    "ya.ru": "yandex.ru",
    "yandex.com": "yandex.ru",
    "pm.me": "proton.me",
    "protonmail.com": "proton.me",
    "protonmail.ch": "proton.me",
}
_COUNTRIES = words(
    """
    com de fr it es at ch nl be se dk no fi pl pt gr cz hu ro ie in ca ru co.uk co.in co.jp co.kr co.za co.nz
    co.id co.th com.au com.br com.mx com.ar com.co com.pe com.sg com.hk com.tw com.vn com.ph com.tr com.my
    """
)
# Where mistyped domains are taken for: long names only, for near a short one (gmx, web, aol) lie too many others.
PROVIDERS = frozenset(
    words(
        """
    gmail.com googlemail.com icloud.com protonmail.com t-online.de freenet.de libero.it virgilio.it orange.fr
    wanadoo.fr laposte.net yandex.ru comcast.net verizon.net bellsouth.net sbcglobal.net rediffmail.com
    btinternet.com naver.com outlook.com yahoo.com hotmail.com yahoo.co.uk hotmail.co.uk yahoo.co.jp yahoo.co.in
    hotmail.fr hotmail.it hotmail.de yahoo.de yahoo.fr yahoo.it yahoo.es hotmail.es yahoo.com.br outlook.de
    outlook.fr
    """
    )
)
# Real ones that lie close to those.
_OTHERS = frozenset(
    words(
        """
    ymail.com mail.com email.com fmail.com qmail.com gmail.de hotmail.org cloud.com outlook.jp outlook.kr
    libero.es orange.es orange.be orange.ch orange.pl yandex.ua yandex.by yandex.kz yandex.fr never.com
    freenet.at icloud.co laposte.fr verizon.com comcast.com
    """
    )
)
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789.-"
# A mistyped domain has at most this many addresses in a column, or this share of those of the provider.
FEW, RARE = 3, 0.01
# No one's address, whatever the domain.
_NOBODY = (
    r"^(?:(?:no|not|non)[._-]?(?:e?mail|reply|one)?|noreply\d*|donotreply|test\d*|testing|unknown|none|na|n\.a|null|nobody"
    r"|fake|abc|xxx+|asdf|a|anonymous|unbekannt|keine|kein|inconnu|sconosciuto|desconocido|undefined|nomail|noemail)@"
    r"|@(?:none|na|test|nomail|noemail|unknown|invalid)\.[a-z]+$|^[^@]+@[^@]*\.invalid$"
)


@cache
def _known() -> frozenset[str]:
    national = {f"{name}.{end}" for name in ("yahoo", "hotmail", "outlook", "live") for end in _COUNTRIES}
    return PROVIDERS | _OTHERS | national | set(SAME_BOX)


@cache
def mistyped() -> dict[str, str]:
    """Every domain at Damerau distance 1 from exactly one provider, and its provider."""
    found: dict[str, set[str]] = {}
    for domain in PROVIDERS:
        for typo in _neighbours(domain) - _known():
            found.setdefault(typo, set()).add(domain)
    return {typo: min(domains) for typo, domains in found.items() if len(domains) == 1}


def _neighbours(word: str) -> set[str]:
    parts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    dropped = {a + b[1:] for a, b in parts if b}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in parts if len(b) > 1}
    changed = {a + sign + b[1:] for a, b in parts if b for sign in _LETTERS}
    added = {a + sign + b for a, b in parts for sign in _LETTERS}
    return dropped | swapped | changed | added


def stand_ins(values: pa.Array) -> pa.Array:
    """unknown@, noreply@ and the like."""
    return pc.fill_null(pc.match_substring_regex(values, _NOBODY), False)


def _domains(values: pa.Array) -> pa.DictionaryArray:
    return pc.list_element(pc.split_pattern(values, "@"), 1).dictionary_encode()


def _read(parts: Sequence[Part]) -> Reading:
    """The domains that look mistyped and are domains of their own, for too many have an address there."""
    counts: Counter[str] = Counter()
    for part in parts:
        domains = _domains(part.made)
        used = np.bincount(pc.drop_null(domains.indices).to_numpy(), minlength=len(domains.dictionary))
        counts.update(dict(zip(domains.dictionary.to_pylist(), used.tolist(), strict=True)))
    likely = {domain: mistyped()[domain] for domain in counts if domain in mistyped()}
    return {
        domain: domain for domain, right in likely.items() if counts[domain] > max(FEW, RARE * counts.get(right, 0))
    }


def _finish(part: Part, reading: Reading) -> pa.Array:
    """Domains of one mailbox made one, slips repaired, dots taken out where they do not count."""
    values, domains = part.made, _domains(part.made)
    plain = {domain: _plain_domain(domain, reading) for domain in domains.dictionary.to_pylist()}
    differs = pa.array([domain != right for domain, right in plain.items()], pa.bool_())
    values = where(values, differs.take(domains.indices), lambda address: _moved(address, plain))
    dotted = pc.match_substring_regex(values, rf"\..*@(?:{'|'.join(map(re.escape, FREE_DOTS))})$")
    return where(values, dotted, _without_dots)


def _plain_domain(domain: str, own: Reading) -> str:
    right = domain if domain in own else mistyped().get(domain, domain)
    return SAME_BOX.get(right, right)


def _moved(address: str, plain: Mapping[str, str]) -> str:
    box, domain = address.split("@")
    return f"{box}@{plain[domain]}"


def _without_dots(address: str) -> str | None:
    box, domain = address.split("@")
    return f"{box.replace('.', '')}@{domain}" if box.strip(".") else None


@register(
    "email",
    gettext_noop("E-mail address"),
    gettext_noop(
        "Case and +tags do not count, nor dots where the provider ignores them (Gmail). Domains of one"
        " mailbox are equal. A rare domain one slip away from a well-known provider is taken for it. Mail is"
        " still sent to the address as it is."
    ),
    [
        Example("John.Smith+x@GMail.com", "johnsmith@gmail.com"),
        Example("john.smith@googlemail.com", "johnsmith@gmail.com"),
        Example("a.b@web.example", "a.b@web.example"),
        Example("<mailto:ann@x.org>", "ann@x.org"),
        Example("ann@gmial.com", "ann@gmail.com"),
        Example("ann@hotmail.con", "ann@hotmail.com"),
        Example(
            "ann@gmial.com", "ann@gmial.com", beside=("a1@gmial.com", "a2@gmial.com", "a3@gmial.com", "a4@gmial.com")
        ),
        Example("ann@ymail.com", "ann@ymail.com"),
        Example("ann@me.com", "ann@icloud.com"),
        Example("ａｎｎ＠x.org", "ann@x.org"),
        Example("ann@münchen.de", "ann@munchen.de"),
        Example("none@none.com", None),
        Example("unknown@example.com", None),
        Example("no address", None),
    ],
    semantics=["contact.email"],
    stand_ins=stand_ins,
    learning=Learning(_read, _finish),
)
def email(values: pa.Array, context: Context) -> pa.Array:
    clean = folded(values)
    clean = replaced(clean, holding(clean, any_of("<>,;: ")), r"^[<\s]*(?:mailto:)?|[\s>,;]", "")
    clean = changed(clean, pc.match_substring, "+", r"^([^@+]+)\+[^@]*@", r"\1@")
    valid = pc.match_substring_regex(clean, r"^[^@\s]+@[^@\s.][^@\s]*\.[a-z0-9-]{2,}$")
    return pc.if_else(pc.fill_null(valid, False), clean, None)
