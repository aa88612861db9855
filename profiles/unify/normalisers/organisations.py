"""Names of organisations without what only says which kind of one it is."""

import re
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc
from cleanco.termdata import terms_by_country

from core.shapes import gettext_noop
from core.text import fold
from profiles.unify.normalisers.arrays import each_words, foreign, plain_words, where
from profiles.unify.normalisers.registry import Context, Example, register
from profiles.unify.values.words import words

# Beside those of cleanco, folded. Most stand at the end, some in front.
_MORE = words(
    """
    inc, incorporated, corp, corporation, co, company, ltd, limited, llc, llp, lp, plc, gmbh, mbh, ag, kg, ohg,
    ug, se, sa, sas, sarl, srl, spa, bv, nv, ab, as, oy, oyj, aps, pty, pte, kk, jsc, ooo, ev, ggmbh, kgaa, gmbh
    co kg, ug haftungsbeschrankt, spolka z oo, sp z oo, doo, sro, kft, zrt, lda, ltda, eirl, cia, cie, asbl, sl,
    slu, sau, de cv, sa de cv, sab de cv, sdn bhd, bhd, tbk, pvt ltd, private limited, pcl, public company
    limited, co ltd, gk, yk, kabushiki kaisha, kabushiki gaisha, godo kaisha, stichting, eg, ek, inh, sti, ltd
    sti, anonim sirketi, limited sirketi, tov, pat, prat, fop, tnhh, cong ty tnhh, cong ty co phan, holding,
    holdings, group, international, intl, fze, fzco, llc fz, wll
    """,
    ",",
)
_IN_FRONT = words(
    """
    ooo, zao, oao, pao, ao, ip, tov, pat, prat, fop, pt, cv, ud, stichting, sarl, spa, srl, sas, sa, the, firma,
    cong ty,
    cong ty tnhh, cong ty co phan, kabushiki kaisha
    """,
    ",",
)
# Of cleanco's, they are words of names as well.
_NOT_FORMS = frozenset(
    words(
        """
    and in at da ok et as ba bl ii pp sm sp fa ik ps ks mb ec at it im is et 3at tapui etat
    """
    )
)
_EASTERN = re.compile(
    r"株式会社|有限会社|合同会社|合資会社|\([株有]\)|㈱|㈲|股份有限公司|有限责任公司|有限責任公司|有限公司|集团|集團|公司$|주식회사|유한회사|\(주\)"
    r"|บริษัท|จำกัด|\(มหาชน\)|มหาชน|ห้างหุ้นส่วน|شركة|ש\"מ|בע\"מ"
)
_AND = frozenset(
    words(
        """
    and und et y og och
    """
    )
)
_LONGEST_FORM = 4


@cache
def _forms() -> tuple[frozenset[tuple[str, ...]], frozenset[tuple[str, ...]]]:
    """At the end and in front, as words."""
    own = {tuple(form.split()) for form in _MORE}
    known = {_words(term) for terms in terms_by_country.values() for term in terms}
    known = {form for form in known if form and (len(form) > 1 or (form[0] not in _NOT_FORMS and len(form[0]) > 1))}
    return frozenset(own | known), frozenset(tuple(form.split()) for form in _IN_FRONT)


def _words(term: str) -> tuple[str, ...]:
    return tuple(re.sub(r"[^\w]+", " ", fold(term).replace(".", "")).split())


@register(
    "organisation",
    gettext_noop("Organisation"),
    gettext_noop(
        "As text; legal forms of many countries (GmbH, Inc., S.p.A., ООО, 株式会社) do not count, nor"
        " “and”, “&” and “the”."
    ),
    [
        Example("Müller & Söhne GmbH & Co. KG", "muller sohne"),
        Example("Müller und Söhne", "muller sohne"),
        Example("ACME, Inc.", "acme"),
        Example("The Acme Company Ltd.", "acme"),
        Example("Fiat S.p.A.", "fiat"),
        Example("ООО «Ромашка»", "romashka"),
        Example("株式会社日立製作所", "rilizhizuosuo"),
        Example("Statoil ASA", "statoil"),
        Example("Grupo Bimbo, S.A.B. de C.V.", "grupo bimbo"),
        Example("Limited", "limited"),
        Example("Acme Pty Ltd", "acme"),
        Example("บริษัท ไทย จำกัด", "aithy"),
        Example("n/a", None),
    ],
    semantics=["organization.*"],
)
def organisation(values: pa.Array, context: Context) -> pa.Array:
    values = where(values, foreign(values), lambda text: _EASTERN.sub(" ", text).strip() or text)
    values = pc.replace_substring_regex(values, r"[&+＆]", " and ")
    return each_words(plain_words(values), _without_forms)


def _without_forms(words: list[str]) -> list[str]:
    """What is left when forms are taken from the end, then from the front; never nothing."""
    at_end, in_front = _forms()
    kept = [word for word in words if word not in _AND]
    while size := _form(kept, at_end, from_end=True):
        kept = kept[:-size]
    while size := _form(kept, in_front, from_end=False):
        kept = kept[size:]
    return kept or words


def _form(words: list[str], forms: frozenset[tuple[str, ...]], *, from_end: bool) -> int:
    """Words of the longest form at this end, 0 where there is none or nothing else."""
    for size in range(min(_LONGEST_FORM, len(words) - 1), 0, -1):
        part = words[-size:] if from_end else words[:size]
        if tuple(part) in forms:
            return size
    return 0
