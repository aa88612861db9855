"""Records of which no column has a meaning that tells persons apart: works, papers, companies."""

from random import Random

from bench.unify.rehearsal import pools
from bench.unify.rehearsal.invented import Invented, System, invented
from bench.unify.rehearsal.mistakes import missing, misspelt, slip, sometimes
from bench.unify.rehearsal.people import CITY, LINE, PHONE, POSTCODE


def _title(draw: Random, least: int, most: int) -> str:
    return " ".join(draw.sample(pools.WORDS, draw.randrange(least, most))).capitalize()


@invented
def music(draw: Random) -> Invented:
    """Recordings in several catalogues; plain columns alone: title, artist, album, year, length."""
    table = System("recordings", {})
    artists = [
        f"{pools.given(draw)[0]} {pools.surname(draw)}" if n % 2 else f"The {_title(draw, 1, 3)}" for n in range(500)
    ]
    albums = [(draw.choice(artists), _title(draw, 1, 4), draw.randrange(1965, 2022)) for _ in range(900)]
    for number in range(2_200):
        artist, album, year = draw.choice(albums)
        title, length, track = _title(draw, 1, 5), draw.randrange(110, 480), draw.randrange(1, 18)
        for _time in range(draw.choice((1, 1, 2, 2, 3, 5))):
            name = draw.choice(
                (title, title, f"{track:03d}-{title}", f"{title} (album version)", f"{artist} - {title}")
            )
            table.add(
                number,
                title=misspelt(name, draw, 0.12),
                artist=missing(misspelt(artist, draw, 0.08), draw, 0.08),
                album=missing(misspelt(album, draw, 0.08), draw, 0.1),
                year=missing(draw.choice((str(year), str(year), f"'{year % 100:02d}")), draw, 0.2),
                length=draw.choice((str(length), f"{length // 60}:{length % 60:02d}", str(length * 1000))),
            )
    return Invented((table,))


@invented
def papers(draw: Random) -> Invented:
    """Two bibliographies; plain columns alone: title, authors, venue, year."""
    one, two = System("library", {}), System("index", {})
    venues = {
        "Very Large Data Bases": "VLDB",
        "Conference on Management of Data": "SIGMOD",
        "Transactions on Database Systems": "TODS",
    }
    for number in range(2_500):
        authors = [(pools.given(draw)[0], pools.surname(draw)) for _ in range(draw.randrange(1, 5))]
        title, (venue, short), year = _title(draw, 4, 9), draw.choice(list(venues.items())), draw.randrange(1992, 2012)
        one.add(number, title=title, authors=", ".join(f"{a} {b}" for a, b in authors), venue=venue, year=year)
        if draw.random() < 0.8:
            spelt = ", ".join(f"{a[0]}. {b}" if draw.random() < 0.5 else f"{a} {b}" for a, b in authors)
            two.add(number, title=misspelt(title.lower(), draw, 0.15),
                    authors=missing(misspelt(spelt, draw, 0.1), draw, 0.05), venue=draw.choice((venue, short)),
                    year=year + draw.choice((0, 0, 0, 0, 0, 1)))  # fmt: skip
    return Invented((one, two))


@invented
def companies(draw: Random) -> Invented:
    """Companies without any person: name, address, telephone; branches at other addresses are others."""
    meanings = {"name": "organization.name", "street": LINE, "city": CITY, "zip": POSTCODE, "tel": PHONE}
    ours, theirs = System("ours", meanings), System("directory", meanings)
    for number in range(2_500):
        stem = f"{pools.surname(draw)} {draw.choice(pools.BRANCHES)}"
        legal, line, town = draw.choice(pools.LEGAL), pools.street(draw), draw.choice(pools.TOWNS)
        post, tel = f"4{pools.digits(draw, 4)}", f"312{200 + number % 700}{pools.digits(draw, 4)}"
        ours.add(number, name=f"{stem} {legal}", street=line, city=town, zip=post, tel=missing(tel, draw, 0.2))
        if draw.random() < 0.75:
            name = draw.choice((stem, f"{stem} {legal}", f"{stem}, {legal}", stem.upper()))
            theirs.add(
                number,
                name=misspelt(name, draw, 0.08),
                street=misspelt(pools.shortened(line), draw, 0.08),
                city=missing(town, draw, 0.1),
                zip=sometimes(0.05, slip, post, draw),
                tel=missing(tel, draw, 0.4),
            )
    return Invented((ours, theirs))
