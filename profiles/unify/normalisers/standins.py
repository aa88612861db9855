"""Stand-ins: what people and forms write where there is nothing to write."""

from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from profiles.unify.values.words import words

WORDS = frozenset(
    words(
        """
        012345678, 1234567, 12345678, 123456789, 1234567890, anon, anonymous, asdf, blank, customer, desconocido,
        dummy, empty, example, first name, firstname, guest, inconnu, k a, ka, keine, keine angabe, last name,
        lastname, missing, n a, n/a, na, nachname, nan, nil, no, no address, no email, no name, no phone, noname,
        none, not applicable, not available, not known, not provided, null, qwerty, sample, sconosciuto, tba, tbd,
        test, test test, tester, testing, unbekannt, undefined, unk, unknown, vorname, x, xx, xxx,
        nb, kein, ohne, ohne angabe, nicht bekannt, non renseigne, non communique, aucun, aucune, sans, nessuno,
        nessuna, non disponibile, non noto, ninguno, ninguna, sin datos, sin nombre, no aplica, nao informado, nenhum,
        onbekend, geen, nieznany, nieznane, brak, neznamy, ismeretlen, neizvestno, neizvestnyy, net dannykh, nevidomo,
        okand, ukendt, ukjent, tuntematon, bilinmiyor, yok, khong co, khong ro, weizhi, mairabu, maimi,
        max mustermann, erika mustermann, mustermann, placeholder, default, do not use, deleted, redacted, hidden,
        private, not set, not specified, to be confirmed, user, test user, new customer
        """,
        ",",
    )
)
# Names as well: 娜 and Na, 노 and No, Ka, Blank.
NAMES = frozenset(
    words(
        """
    na no ka nan sans blank private sample brak
    """
    )
)
# What a newborn is called in lists until it is named; what follows is the name of the mother: "Baby boy of Ann".
_NEWBORN = (
    "baby ?boy|baby ?girl|baby of|bebe|newborn|nouveau ?nee?|neugeborenes|saugling|pasgeborene|neonat[oa]"
    "|recien nacid[oa]|recem nascid[oa]|rn de"
)
NEWBORN = rf"(?:{_NEWBORN})\b"
# A family name as well.
NEWBORN_FIRST = rf"(?:{_NEWBORN}|baby)\b"


@cache
def _words(of_names: bool) -> pa.Array:
    """Made when first asked for: `pa.array` of a list loads pandas, which most commands can do without."""
    return pa.array(sorted(WORDS - NAMES if of_names else WORDS))


def common_stand_ins(values: pa.Array) -> pa.Array:
    """Words that stand for "no value", one digit or sign repeated; of folded values, never null."""
    return _stand_ins(values, of_names=False)


def stand_ins_of_names(values: pa.Array) -> pa.Array:
    """The same without the words that people are called by."""
    return _stand_ins(values, of_names=True)


def stand_ins_of_given_names(values: pa.Array) -> pa.Array:
    """The same, and what newborns are called."""
    newborn = pc.match_substring_regex(values, rf"^{NEWBORN_FIRST}")
    return pc.or_(stand_ins_of_names(values), pc.fill_null(newborn, False))


def _stand_ins(values: pa.Array, *, of_names: bool) -> pa.Array:
    word = pc.is_in(values, value_set=_words(of_names))
    repeated = pc.match_substring_regex(
        values, r"^(?:0+|1{5,}|2{5,}|3{5,}|4{5,}|5{5,}|6{5,}|7{5,}|8{5,}|9{4,}|x{2,}|[^\pL\pN]+)$"
    )
    return pc.fill_null(pc.or_(word, repeated), False)
