"""Word lists of the normalisers, in folded form (ASCII, lower case)."""

from babel import Locale

from core.text import fold


def _list(text: str, separator: str | None = None) -> list[str]:
    return [word.strip() for word in text.split(separator) if word.strip()]


def _table(text: str) -> dict[str, str]:
    """Lines "short: word word" as {word: short}."""
    rows = [line.split(":") for line in text.strip().splitlines()]
    return {word: short.strip() for short, words in rows for word in words.split()}


# What people and forms write where there is nothing to write.
PLACEHOLDERS = frozenset(
    _list(
        """
        012345678, 1234567, 12345678, 123456789, 1234567890, anon, anonymous, asdf, blank, customer, desconocido,
        dummy, empty, example, first name, firstname, guest, inconnu, k a, ka, keine, keine angabe, last name,
        lastname, missing, n a, n/a, na, nachname, nan, nil, no, no address, no email, no name, no phone, noname,
        none, not applicable, not available, not known, not provided, null, qwerty, sample, sconosciuto, tba, tbd,
        test, test test, tester, testing, unbekannt, undefined, unk, unknown, vorname, x, xx, xxx
        """,
        ",",
    )
) | {""}

TITLES = frozenset(
    _list(
        """
        mr mrs ms miss mx dr prof professor sir madam mme mlle m herr frau hr fr dipl ing sig sra sr srta don dona
        dott dottssa dra rev phd md esq jr ii iii iv
        """
    )
)

# They belong to the family name.
PARTICLES = frozenset(_list("van von der den de del della di da dos du la le el al bin ibn ben ter ten st san zu zur"))

GENDERS = _table(
    """
    m: m male man boy mr herr mann mannlich maschile maschio uomo masculino hombre homme masculin h nan nam chai
    f: f female woman girl mrs ms frau weiblich w femminile femmina donna femenino mujer femme feminin nu zhenskii ying
    """
)

ADDRESS_WORDS = _table(
    """
    st: street strt str stret
    ave: avenue av aven avenida
    rd: road
    dr: drive drv
    ln: lane
    ct: court crt
    pl: place plaza plz
    sq: square
    blvd: boulevard boul
    cir: circuit circle cct crcl
    cres: crescent cr
    ter: terrace tce
    pkwy: parkway pky
    hwy: highway
    way: wy
    cl: close
    gr: grove gve
    apt: apartment unit flat suite ste wohnung app
    fl: floor
    n: north
    s: south
    e: east
    w: west
    ne: northeast
    nw: northwest
    se: southeast
    sw: southwest
    pde: parade
    esp: esplanade
    no: number nr num
    mt: mount
    saint: sankt
    """
)

ORGANISATION_WORDS = frozenset(
    _list(
        """
        inc incorporated corp corporation co company ltd limited llc llp lp plc gmbh mbh ag kg ohg ug se sa sas sarl
        srl spa bv nv ab as oy aps pty pte kk jsc ooo the and holding holdings group international intl
        """
    )
)

# Providers that deliver a.b@ and ab@ to the same box.
FREE_DOTS = ("gmail.com",)


def _countries() -> dict[str, str]:
    """Names in five languages."""
    known: dict[str, str] = {}
    for language in ("en", "de", "fr", "es", "it"):
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                known.setdefault(fold(name), code.lower())
    return known | {"usa": "us", "united states of america": "us", "uk": "gb", "great britain": "gb", "england": "gb"}


COUNTRIES = _countries()


def _nicknames() -> dict[str, str]:
    return {nick: group.split()[0] for group in _NICKNAMES.strip().splitlines() for nick in group.split()[1:]}


# First the full name, then what people make of it. A short form that could be several stands with the most common.
_NICKNAMES = """
abigail abby gail
alexander alex alec sasha sascha alessandro alejandro
albert al bert bertie
alfred fred alfie
andrew andy drew andreas andre
anthony tony antonio
barbara barb babs
benjamin ben benny benji
bernard bernie
catherine cathy kate katie kathy katherine kathryn cat katharina
charles charlie chuck chas carlos karl
christopher chris kit christoph
christine chrissie christina tina
cynthia cindy
daniel dan danny
david dave davy
deborah deb debbie debby debra
donald don donny
dorothy dot dottie dolly
edward ed eddie ned ted
eleanor ellie nora
elizabeth liz lizzie beth betty eliza lisa libby bess elisabeth
eugene gene
frances fran
francis frank franklin frankie franz francesco francisco paco
frederick freddy freddie friedrich fritz
gabriel gabe
george georgie jorge giorgio georg
gerald gerry
gregory greg
harold hal
henry harry hank heinrich enrico
isabella isabel bella izzy
jacob jake jakob
james jim jimmy jamie
jeffrey jeff geoffrey geoff
jennifer jen jenny jenn
jessica jess jessie
johann hans johannes
john johnny jack jon
jonathan jonny
joseph joe joey jose giuseppe josef sepp pepe
joshua josh
judith judy
kenneth ken kenny
kimberly kim
lawrence larry laurence lorenzo
leonard leo len lenny
margaret maggie meg peggy marge margie greta margarete
martin marty
matthew matt matteo matthias
maria mary marie molly polly
maximilian max
melissa mel missy
michael mike mick mickey mikey michel michele miguel
nancy nan
natalie nat
nathaniel nathan nate
nicholas nick nicky nico nikolaus klaus nicola
pamela pam
patricia pat patty trish tricia
patrick paddy
peter pete pietro pedro
philip phil phillip filippo
raymond ray
rebecca becky becca
richard rick dick rich ricky richie
robert bob bobby rob robbie bert roberto
ronald ron ronnie
samantha sam
samuel sammy
sandra sandy
sebastian seb bastian basti
stephanie steph steffi
stephen steve steven stefan stephan
susan sue susie suzy suzanne
theodore theo teddy
theresa terry tess teresa
thomas tom tommy tomas tommaso
timothy tim timmy
victoria vicky vicki tori
vincent vince vinny
virginia ginny
walter walt wally
william bill billy will willy liam wilhelm guillermo
wolfgang wolf
yekaterina katya
mikhail misha
nikolai kolya
dmitry dima
anna anya annie
ivan vanya
"""
NICKNAMES = _nicknames()
