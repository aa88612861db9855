"""What stands before and after names and is none, folded."""

from profiles.unify.words import words

TITLES = frozenset(
    words(
        """
    mr mrs ms miss mx dr prof professor sir madam mme mlle monsieur madame mademoiselle herr herrn frau fraulein
    dipl ing sig sigra sra sr srta senor senora senorita dott dottssa dottore dottoressa dra rev reverend phd md
    docteur doktor doctor mstr dhr mevr mevrouw gospodin gospozha grazhdanin pani judr mudr rndr phdr xiansheng
    nushi xiaojie khun nangsaw shri shrimati smt dato datuk datin encik sheikh shaikh capt sgt esq jr ii iii iv
    m hr
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
SUFFIXES = frozenset(
    words(
        """
    jr jnr junior sr snr ii iii iv phd md esq esquire cpa mba bsc msc obe cbe mbe dds dvm rn mr mrs ms
    """
    )
)
