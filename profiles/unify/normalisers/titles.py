"""What stands before and after names and is none, folded."""

from collections.abc import Sequence

from profiles.unify.values.words import words

TITLES = frozenset(
    words(
        """
    mr mrs ms miss mx dr prof professor sir madam mme mlle monsieur madame mademoiselle herr herrn frau fraulein
    dipl ing sig sigra sra sr srta senor senora senorita dott dottssa dottore dottoressa dra rev reverend phd md
    docteur doktor doctor mstr dhr mevr mevrouw gospodin gospozha grazhdanin pani judr mudr rndr phdr xiansheng
    nushi xiaojie khun nangsaw shri shrimati smt dato datuk datin encik sheikh shaikh capt sgt esq jr ii iii iv
    m hr captain colonel lieutenant sergeant brigadier admiral viscount viscountess countess marchioness honourable
    honorable rabbi lic licda arq drs mgr frl fru froken rouva bayan sayin veuve vve
    """
    )
)
# Names as well: titles only where two more words follow.
MAYBE_TITLES = frozenset(
    words(
        """
    fr don dona dame lady lord king father sister brother pater st inz mag pan ong ba anh chi bay hanim bey
    master hon pak bapak ibu haji hajji ustadh tuan puan col gen lt maj bc mw
    """
    )
)
# Of the titles, those that are given names of some, where they stand alone.
NAMES_TOO = frozenset(words("m hr ing md dato datin khun pani sheikh shaikh shri smt"))
SUFFIXES = frozenset(
    words(
        """
    jr jnr junior sr snr ii iii iv phd md esq esquire cpa mba bsc msc obe cbe mbe dds dvm rn mr mrs ms
    """
    )
)


def without_titles(plain: Sequence[str]) -> slice:
    """Which of the folded words of a name are the name; never none. What could be a name as well is a title only before
    two more words, and M. is none before another initial."""
    first, end = 0, len(plain)
    while end - first > 1 and (plain[first] in TITLES or (end - first > 2 and plain[first] in MAYBE_TITLES)):
        if len(plain[first]) == len(plain[first + 1]) == 1:
            break
        first += 1
    while end - first > 1 and plain[end - 1] in SUFFIXES:
        end -= 1
    return slice(first, end)
