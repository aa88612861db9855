"""Japanese names in kana, as passports write them in Latin letters: by Hepburn, without long vowels."""

import re
import unicodedata

from core.text import fold

SMALL_Y, SMALL_VOWELS, DOUBLED, LONG = "ャュョゃゅょ", "ァィゥェォぁぃぅぇぉ", "ッっ", "ー"
_SOFT = ("sh", "ch", "j")  # which keep no y: シュ is shu, キュ is kyu
_LONG_VOWELS = re.compile("(o)(?:o|u(?!e))|(u)u")  # but not in イノウエ, which is inoue


def in_latin(text: str) -> str:
    """ "ジュンイチロウ" → "junichiro". Signs of no kana are folded."""
    found, doubled = "", False
    for sign in unicodedata.normalize("NFKC", text):
        sound = " " if sign.isspace() else fold(sign)
        if sign in SMALL_Y and found.endswith("i"):
            found = found[:-1] + (sound[1:] if found[:-1].endswith(_SOFT) else sound)
        elif sign in SMALL_VOWELS and found:
            found = found[:-1] + sound
        elif sign not in DOUBLED + LONG:
            found += ("t" if sound.startswith("ch") else sound[:1] if doubled else "") * doubled + sound
        doubled = sign in DOUBLED
    return _LONG_VOWELS.sub(r"\1\2", found)
