"""Which encoding a text in Latin letters has: that in which most words could be of a language written in it."""

import re

# By encoding, the letters beyond ASCII that a language has. A word is explained where one language has all of its.
_WESTERN = (
    "äöüß",
    "àâæçèéêëîïôœùûü",
    "áéíñóúü",
    "áâãàçéêíóôúü",
    "àèéìîòóù",
    "àçèéíïòóúü",
    "åäöéüæøó",
    "áðéíóúýþæö",
    "éëïóöüáèêç",
)
_CENTRAL = ("ąćęłńóśźż", "áäčďéěíĺľňóôŕřšťúůýž", "áéíóöőúüűä", "ăâîşţ", "čćđšž", "äöüß")
_LETTERS = {
    "cp1252": _WESTERN,
    "cp1250": _CENTRAL,
    "iso8859_2": _CENTRAL,
    "cp1254": ("çğıi̇öşüâîû",),
    "cp1257": ("ąčęėįšųūž", "āčēģīķļņšūž", "äõöüšž"),
    "mac_roman": _WESTERN,
    "cp850": _WESTERN,
}
CLEARLY = 0.9  # of the words: enough to ask for no other script
_BETTER = 0.05  # of the words, by which another encoding has to explain more than that of Western Europe
_MOST_WORDS = 3_000
_BETWEEN_WORDS = re.compile(rb"[\s,;|\"'.:/()_<>=+*!?&-]+")
_SIGNS = re.compile("[’‘“”„–—…€°§«»®™´·•\u00a0]|(?<=[0-9Nn])[ºª²³]")
_LARGE_INSIDE = re.compile("(?<=.)[^\\W\\d_]")
_NASAL = re.compile("õe", re.I)  # as in Portuguese, which has no õ elsewhere


def guess_latin(sample: bytes) -> tuple[str, float]:
    """The likeliest encoding, and which share of the words it explains. Western where others explain no more."""
    words = list({word for word in _BETWEEN_WORDS.split(sample) if not word.isascii()})[:_MOST_WORDS]
    if not words:
        return "cp1252", 1.0
    shares = {name: sum(_explains(name, word) for word in words) / len(words) for name in _LETTERS}
    best = max(shares, key=lambda name: shares[name])
    chosen = best if shares[best] > shares["cp1252"] + _BETTER else "cp1252"
    return chosen, shares[chosen]


def _explains(encoding: str, word: bytes) -> bool:
    text = _SIGNS.sub("", word.decode(encoding, "replace"))
    if encoding in ("cp1252", "mac_roman", "cp850"):
        text = _NASAL.sub("e", text)
    if any("a" <= letter <= "z" for letter in text) and _has_large_inside(text):
        return False
    letters = {letter for letter in text.lower() if letter > "\x7f"}
    return any(letters <= set(known) for known in _LETTERS[encoding])


def _has_large_inside(text: str) -> bool:
    """A capital beyond ASCII within a word of small letters, as bytes that were read wrongly make them."""
    return any(found[0] > "\x7f" and found[0].isupper() for found in _LARGE_INSIDE.finditer(text))
