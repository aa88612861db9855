"""What a column's name says, in whatever way its system spells it: `Billing Zip`, `CITY_NM`, `nr_telefone`, `adr_cp`.

A name is known as a whole (see `vocabulary`), or word by word: the last word that means something decides, if all
others only say whose it is (`cust_`) or what kind of value it has (`_NBR`, `dt_`). With one strange word it has no
meaning.
"""

import re

from core.text import fold
from sources import native_words
from sources.vocabulary import CUSTOMERS, ID_OF_ONE_SOURCE, ID_WORDS, KINDS, NAMES, OTHER_PEOPLE, OWNERS, SHORT, THINGS

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
_NUMBERING = frozenset({"number", "code", "id"})
_SIGN_IN = frozenset({"username", "loginname", "screenname", "nickname"})


def words_of(name: str) -> list[str]:
    """Folded, apart: "shipToCity" → ship, to, city; "E-Mail" → e, mail."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    apart = re.sub(r"[\W_]+", " ", fold(spaced))
    return re.sub(r"\be (?=mail|post)", "e", apart).split()


def meaning(name: str) -> str:
    """ "" if the name says nothing of a person, or of another one than the customer."""
    if native := native_words.meaning(name, native_words.NAMES):
        return native
    words = words_of(name)
    if set(words) & OTHER_PEOPLE or "".join(words) in _SIGN_IN:
        return ""
    semantic, told = _as_a_whole(words) or _word_by_word(words), {_named(SHORT.get(word, word)) for word in words}
    if semantic in _PLACES and (_OF_NO_PLACE & told or {"address.city", "address.postcode"} <= told):
        return ""
    return "" if semantic == "person.full_name" and THINGS & set(words) else semantic


def _as_a_whole(words: list[str]) -> str:
    for spelled in (words, [SHORT.get(word, word) for word in words]):
        without = [word for word in spelled if word not in OWNERS and word != "address"]
        for text in ("".join(spelled), "".join(without), "".join(without).rstrip("0123456789")):
            if found := _named(text):
                return found
    last = [word for word in words if word not in OWNERS and word != "address"][-2:]
    joined = "".join(last)
    return _named(joined) if len(words) > 2 and len(joined) > 5 else ""


def _named(text: str) -> str:
    return next((semantic for semantic, names in NAMES.items() if text in names), "")


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
        return "person.full_name" if kinds == {"name"} else ""
    semantic = told[-1]
    return "" if kinds - {"any"} - _KINDS_OF.get(semantic, set()) else semantic


def identifier(name: str, source: str) -> str:
    """`id.<namespace>`, "" if the name is of no identifier of people. Numbers of customers and members are of their
    `source` alone."""
    namespace = _numbered(words_of(name)) or native_words.meaning(name, native_words.IDS)
    owner = "_".join(words_of(source))[:20] if namespace in ID_OF_ONE_SOURCE else ""
    return f"id.{owner}_{namespace}" if owner else f"id.{namespace}" if namespace else ""


def _numbered(words: list[str]) -> str:
    bare = [word for word in words if word not in OWNERS]
    what = [word for word in words if KINDS.get(word) not in _NUMBERING]
    for text in ("".join(words), "".join(bare), "".join(what)):
        if found := next((kind for kind, names in ID_WORDS.items() if text in names), ""):
            return found
    return "customer" if len(what) == 1 < len(words) and what[0] in CUSTOMERS else ""
