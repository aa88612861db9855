"""The same people in several scripts."""

from random import Random

from anyascii import anyascii

from bench.unify.rehearsal import pools
from bench.unify.rehearsal.invented import Invented, System, invented
from bench.unify.rehearsal.mistakes import misdated, missing, slip, sometimes
from bench.unify.rehearsal.people import BORN, CITY, EMAIL, FIRST, FULL, LAST, PHONE
from profiles.unify.values.words import words

THAI, CHINESE = pools.BY_KEY["thai"], pools.BY_KEY["chinese"]


@invented
def cyrillic(draw: Random) -> Invented:
    """A Russian shop in Cyrillic, its partner abroad in one of several Latin spellings."""
    shop = System("shop", {"имя": FIRST, "фамилия": LAST, "рождён": BORN, "город": CITY, "телефон": PHONE})
    abroad = System("abroad", {"name": FULL, "born": BORN, "city": CITY, "phone": PHONE, "mail": EMAIL})
    given, family = pools.forms(pools.CYRILLIC_GIVEN), pools.forms(pools.CYRILLIC)
    towns = pools.forms(pools.RUSSIAN_TOWNS)
    for number in range(2_500):
        first, last, town = draw.choice(given), draw.choice(family), draw.choice(towns)
        female = first[0][-1] in "аяА"
        day, tel = pools.birth(draw), f"+7916{pools.digits(draw, 7)}"
        last_here = last[0] + ("а" if female and last[0][-1] == "в" else "")
        shop.add(number, **{"имя": first[0], "фамилия": last_here, "рождён": misdated(day, draw, 0.05),
                            "город": town[0], "телефон": missing(tel, draw, 0.4)})  # fmt: skip
        if draw.random() < 0.7:
            spelt = draw.choice(last[1].split(",")) + ("a" if female and last[1][-1] == "v" else "")
            name = f"{draw.choice(first[1].split(','))} {spelt}"
            abroad.add(
                number,
                name=sometimes(0.05, slip, name, draw),
                born=missing(misdated(day, draw, 0.05), draw, 0.1),
                city=missing(town[1], draw, 0.3),
                phone=missing(tel, draw, 0.5),
                mail=f"u{number}@example.org",
            )
    return Invented((shop, abroad), country="RU")


@invented
def eastern(draw: Random) -> Invented:
    """Japanese in kanji, kana or Latin letters, Chinese and Thai in their own or in Latin letters, either order."""
    desk = System("desk", {"姓": LAST, "名": FIRST, "生年月日": BORN, "電話": PHONE, "市": CITY})
    card = System("card", {"name": FULL, "birth": BORN, "tel": PHONE, "mail": EMAIL})
    family, given = pools.forms(pools.JAPANESE), pools.forms(pools.JAPANESE_GIVEN)
    towns = words("Tokyo Osaka Kyoto Nagoya Sapporo Fukuoka Bangkok Shanghai Beijing")
    for number in range(2_500):
        kind, day, tel = draw.random(), pools.birth(draw), f"+8190{pools.digits(draw, 8)}"
        if kind < 0.6:
            last, first = draw.choice(family), draw.choice(given)
            own, kana, latin = (last[0], first[0]), (last[1], first[1]), (last[2], first[2])
        else:
            culture = CHINESE if kind < 0.8 else THAI
            own = kana = (draw.choice(culture.surnames), draw.choice((*culture.men, *culture.women)))
            latin = tuple(anyascii(part).replace(" ", "").capitalize() for part in own)
        shown = draw.choice((own, own, kana))
        desk.add(number, **{"姓": shown[0], "名": shown[1], "生年月日": misdated(day, draw, 0.04),
                            "電話": missing(tel, draw, 0.4), "市": draw.choice(towns)})  # fmt: skip
        if draw.random() < 0.7:
            one, other = draw.choice((latin, latin, own))
            name = draw.choice((f"{one} {other}", f"{other} {one}")) if one.isascii() else f"{one} {other}"
            card.add(number, name=sometimes(0.04, slip, name, draw),
                     birth=missing(misdated(day, draw, 0.04), draw, 0.1),
                     tel=missing(tel, draw, 0.4), mail=f"e{number}@example.jp")  # fmt: skip
    return Invented((desk, card), country="JP")
