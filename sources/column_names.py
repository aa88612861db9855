"""What a column's name says, in whatever way its system spells it: `Billing Zip`, `CITY_NM`, `nr_telefone`, `adr_cp`.

A name is known as a whole (see `vocabulary`), or word by word: the last word that means something decides, if all
others only say whose it is (`cust_`) or what kind of value it has (`_NBR`, `dt_`). With one strange word it has no
meaning.
"""

import re
from collections.abc import Callable

from core.text import fold
from sources import native_words
from sources.vocabulary import (
    BIRTH,
    CUSTOMERS,
    ID_OF_ONE_SOURCE,
    ID_WORDS,
    KINDS,
    MAYBE_IDS,
    NAMES,
    NATIONALITIES,
    OTHER_PEOPLE,
    OWNERS,
    PREFIXES,
    ROLE_OF,
    ROLES,
    SHORT,
    THINGS,
)

_PLACES = ("address.city", "address.region", "address.country", "address.postcode")
# The country of a telephone and the city of a birth are not where somebody lives.
_OF_NO_PLACE = frozenset({"contact.phone", "contact.email", "person.birth_date"})
# Which kinds of value what means something may have; of other kinds, the column is about something else: email_date.
_KINDS_OF = {
    "person.birth_date": {"date"},
    "contact.phone": {"number"},
    "address.postcode": {"number", "code"},
    "address.region": {"name", "code"},
    "address.country": {"name", "code"},
    "address.city": {"name"},
    "organization.name": {"name"},
    "person.gender": {"code"},
    "person.first_name": {"name"},
    "person.last_name": {"name"},
    "person.middle_name": {"name"},
    "person.full_name": {"name"},
}
# Words that also count things: the first order, the last visit.
_ORDINALS = frozenset({"first", "last", "middle", "given", "second"})
_SHORTEST_RESPELLED = 5  # letters of a name of which no pair is taken for an umlaut: rue
_OF = frozenset({"of", "de", "di", "da", "do"})  # name of customer
_NUMBERING = frozenset({"number", "code", "id"})
_ENDINGS = ("number", "nummer", "numer", "nr", "no", "num")
_ENDING = re.compile(f"({'|'.join(_ENDINGS)})$")
_REMARK = re.compile(r"[(\[][^)\]]*[)\]]")
_CHECKED = frozenset({"verified", "confirmed", "valid"})  # in brackets; email_verified is a yes or no
_SIGN_IN = frozenset({"username", "loginname", "screenname", "nickname"})


def words_of(name: str) -> list[str]:
    """Folded, apart: "shipToCity" → ship, to, city; "E-Mail" → e, mail."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    apart = re.sub(r"[\W_]+", " ", fold(spaced))
    return re.sub(r"\be (?=mail|post)", "e", apart).split()


def meaning(name: str) -> str:
    """ "" if the name says nothing of a person, or of another one than the customer."""
    return _alike(_meaning, name)


def _alike(tell: Callable[[str], str], name: str) -> str:
    """What is told of a name as it stands, else without a remark in brackets (DOB (verified)), else of both of its two
    names, where that is the same (National ID / Iqama)."""
    if found := tell(name):
        return found
    without = _REMARK.sub(" ", name)
    if without != name and not any(map(_tells_something, _REMARK.findall(name))):
        return tell(without)
    sides = {tell(side) for side in name.split("/")}
    return sides.pop() if len(sides) == 1 and "/" in name else ""


def _tells_something(remark: str) -> bool:
    """What is in brackets may say that the column is about something else: E-mail (date)."""
    words = words_of(remark)
    of_kind = any(KINDS.get(word, "any") != "any" or word in THINGS for word in words)
    of_others = set(words) & (OTHER_PEOPLE - _CHECKED)
    return of_kind or bool(of_others) or bool(_meaning(remark))


def _meaning(name: str) -> str:
    if native := native_words.meaning(name, native_words.NAMES):
        return native
    words = words_of(name)
    if set(words) & OTHER_PEOPLE or "".join(words) in _SIGN_IN:
        return ""
    semantic, told = _as_a_whole(words) or _word_by_word(words), {_named(SHORT.get(word, word)) for word in words}
    elsewhere = _OF_NO_PLACE & told or BIRTH & set(words)
    if semantic in _PLACES and (elsewhere or {"address.city", "address.postcode"} <= told):
        return ""
    return "" if semantic == "person.full_name" and THINGS & set(words) else semantic


def _as_a_whole(words: list[str]) -> str:
    for spelled in (words, [SHORT.get(word, word) for word in words]):
        without = [word for word in spelled if word not in OWNERS and word != "address"]
        for text in ("".join(spelled), "".join(without), "".join(without).rstrip("0123456789")):
            if found := _named(text) or _named_behind_prefix(text):
                return found
    last = [word for word in words if word not in OWNERS and word != "address"][-2:]
    joined = "".join(last)
    return _named(joined) if len(words) > 2 and len(joined) > 5 else ""


def _named(text: str) -> str:
    """Also with umlauts that were written as two letters: staatsangehoerigkeit."""
    for spelled in (text, re.sub(r"([aou])e", r"\1", text) if len(text) > _SHORTEST_RESPELLED else text):
        if found := next((semantic for semantic, names in NAMES.items() if spelled in names), ""):
            return found
    return ""


def _named_behind_prefix(text: str) -> str:
    """As "ort" in "lieferort"."""
    rests = (text.removeprefix(word) for word in PREFIXES if text.startswith(word))
    return next((found for rest in rests if (found := _named(rest))), "")


def is_role(name: str) -> bool:
    """Whether a column is called after the customer's part in it and nothing else: `passenger`, `account_holder`,
    `kart_sahibi`, Заказчик."""
    words = [word for word in words_of(name) if KINDS.get(word) != "any"]
    if "".join(words) in ROLES or native_words.plain(name) in native_words.ROLES:
        return True
    return bool(set(words) & ROLES) and set(words) <= ROLE_OF


def is_nationality(name: str) -> bool:
    return bool({"".join(words_of(name)), *words_of(name)} & NATIONALITIES)


def may_number(name: str) -> str:
    """The namespace of what is numbered, if the values are numbers: `account` and `cihaz` may as well hold kinds."""
    words = [word for word in words_of(name) if word not in OWNERS] or words_of(name)
    return MAYBE_IDS.get("".join(words), "")


def _word_by_word(words: list[str]) -> str:
    told, kinds = [], set()
    is_name = any(KINDS.get(word) == "name" for word in words)
    for word in (word.rstrip("0123456789") for word in words):
        semantic = _named(SHORT.get(word, word))
        if word in OWNERS or not word:
            continue
        if kind := KINDS.get(word):
            kinds.add(kind)
        elif semantic and (is_name or word not in _ORDINALS):
            told.append(semantic)
        else:
            return ""
    if not told:
        is_of_whom = kinds == {"name", "any"} and not _OF.isdisjoint(words)
        return "person.full_name" if kinds == {"name"} or is_of_whom else ""
    semantic = told[-1]
    return "" if kinds - {"any"} - _KINDS_OF.get(semantic, set()) else semantic


def identifier(name: str, source: str) -> str:
    """`id.<namespace>`, "" if the name is of no identifier of people. Numbers of customers and members are of their
    `source` alone."""
    namespace = _alike(_namespace, name)
    owner = "_".join(words_of(source))[:20] if namespace in ID_OF_ONE_SOURCE else ""
    return f"id.{owner}_{namespace}" if owner else f"id.{namespace}" if namespace else ""


def _namespace(name: str) -> str:
    return _numbered(words_of(name)) or native_words.meaning(name, native_words.IDS)


def is_numbered_name(name: str) -> bool:
    """NAME1, NAME2, kunde_name_2."""
    joined = "".join(word for word in words_of(name) if word not in OWNERS)
    return bool(re.fullmatch(r"(name|naam|navn|namn|nom|nome|nombre)[12]", joined))


def _kind_of_number(text: str) -> str:
    """Whichever word for a number it ends with."""
    stem = _ENDING.sub("", text)
    is_numbered = stem not in CUSTOMERS and stem not in (text, "")
    spelled = [text, *(stem + ending for ending in _ENDINGS)] if is_numbered else [text]
    return next((kind for kind, names in ID_WORDS.items() if not names.isdisjoint(spelled)), "")


def _numbered(words: list[str]) -> str:
    bare = [word for word in words if word not in OWNERS]
    what = [word for word in words if KINDS.get(word) not in _NUMBERING]
    for text in ("".join(words), "".join(bare), "".join(what)):
        if found := _kind_of_number(text):
            return found
    return "customer" if len(what) == 1 < len(words) and what[0] in CUSTOMERS else ""
