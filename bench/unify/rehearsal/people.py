"""Persons as shops, hospitals, hotels and offices write them down."""

from random import Random

from bench.unify.rehearsal import pools
from bench.unify.rehearsal.invented import Invented, Row, System, invented
from bench.unify.rehearsal.mistakes import by_ear, cut, initial, misdated, misread, missing, misspelt, slip, sometimes
from profiles.unify.values.words import words

FIRST, LAST, FULL = "person.first_name", "person.last_name", "person.full_name"
BORN, EMAIL, PHONE = "person.birth_date", "contact.email", "contact.phone"
LINE, CITY, POSTCODE = "address.line", "address.city", "address.postcode"


def _phone(draw: Random, number: int) -> str:
    return f"{draw.choice((212, 312, 415, 503, 617, 718))}{200 + number % 700}{draw.randrange(10_000):04d}"


def _written(phone: str, draw: Random) -> str:
    a, b, c = phone[:3], phone[3:6], phone[6:]
    return draw.choice((f"({a}) {b}-{c}", f"+1 {a} {b} {c}", f"{a}.{b}.{c}", f"001{a}{b}{c}", f"{a}-{b}-{c} ext. 2"))


@invented
def business(draw: Random) -> Invented:
    """Contacts of companies: job title and work e-mail, no birth date, no address; some write from home."""
    crm = System("crm", {"given": FIRST, "surname": LAST, "company": "organization.name", "mail": EMAIL, "tel": PHONE})
    fair = System("fair", {"visitor": FULL, "firm": "organization.name", "mail": EMAIL})
    firms = [f"{pools.surname(draw)} {draw.choice(pools.BRANCHES)} {draw.choice(pools.LEGAL)}" for _ in range(700)]
    for number in range(3_000):
        firm, job = draw.choice(firms), draw.choice(pools.TITLES)
        first, last = pools.given(draw)[0], pools.surname(draw)
        host = firm.lower().replace(" ", "")[:14].replace(".", "")
        mail = f"{first[0]}.{last}@{host}.example".lower() if number % 2 else f"{first}.{last}@{host}.example".lower()
        values = {"given": misspelt(first, draw, 0.05), "surname": misspelt(last, draw, 0.05)}
        crm.add(number, **values, company=firm, job=job, mail=missing(mail, draw, 0.15),
                tel=missing(_written(_phone(draw, number), draw), draw, 0.4))  # fmt: skip
        if draw.random() < 0.65:
            name = f"{first} {last}" if draw.random() < 0.6 else f"{initial(first, draw)} {last}"
            private = f"{last}{draw.randrange(100)}@home.example".lower()
            fair.add(number, visitor=misspelt(name, draw, 0.06), firm=" ".join(firm.split()[: draw.choice((2, 3))]),
                     job=pools.TITLE_FORMS.get(job, job), mail=draw.choice((mail, mail, private, None)))  # fmt: skip
    return Invented((crm, fair))


@invented
def patients(draw: Random) -> Invented:
    """Two hospitals: names, birth date, sex, postcode, a national number with typos; twins."""
    meanings = {
        "first": FIRST,
        "family": LAST,
        "dob": BORN,
        "sex": "person.gender",
        "zip": POSTCODE,
        "nin": "id.national",
    }
    one, two = System("north", meanings), System("south", meanings)
    people: list[Row] = []
    for number in range(3_000):
        first, sex = pools.given(draw)
        person = {"first": first, "family": pools.surname(draw), "dob": pools.birth(draw, 1925, 2020), "sex": sex,
                  "zip": f"{draw.randrange(10, 60)}{pools.digits(draw, 3)}", "nin": pools.digits(draw, 10)}  # fmt: skip
        if number % 33 == 1:  # a twin of the one before
            before = people[-1]
            person |= {name: before[name] for name in ("family", "dob", "zip")}
            person["nin"] = before["nin"][:8] + pools.digits(draw, 2)
        people.append(person)
        for system, share in ((one, 0.9), (two, 0.7)):
            if draw.random() < share:
                moved = draw.random() < 0.1
                system.add(number, first=misspelt(person["first"], draw, 0.08),
                           family=misspelt(person["family"], draw, 0.08), dob=misdated(person["dob"], draw, 0.05),
                           sex=missing(person["sex"], draw, 0.05),
                           zip=pools.digits(draw, 5) if moved else sometimes(0.04, slip, person["zip"], draw),
                           nin=missing(sometimes(0.05, slip, person["nin"], draw), draw, 0.25))  # fmt: skip
    return Invented((one, two), shared_id="id.national")


@invented
def guests(draw: Random) -> Invented:
    """Hotel guests of many countries: day and month in either order, renewed passports, names as on tickets."""
    desk = System("desk", {"guest": FULL, "born": BORN, "tel": PHONE, "passport": "id.passport",
                           "nation": "address.country"}, "%d/%m/%Y")  # fmt: skip
    web = System("web", {"given": FIRST, "name": LAST, "birthday": BORN, "tel": PHONE, "mail": EMAIL,
                         "passport": "id.passport"}, "%m/%d/%Y")  # fmt: skip
    keys = ("english", "german", "french", "italian", "spanish", "vietnamese")
    nations = {"english": "US", "german": "DE", "french": "FR", "italian": "IT", "spanish": "ES", "vietnamese": "VN"}
    dial = {"US": "+1212555", "DE": "+491512", "FR": "+33612", "IT": "+393471", "ES": "+34612", "VN": "+84912"}
    for number in range(2_500):
        key = draw.choice(keys)
        first, last, day = pools.given(draw, key)[0], pools.surname(draw, key), pools.birth(draw)
        year, month, of_month = day.split("-")
        passport = draw.choice("CFGXY") + pools.digits(draw, 8)
        tel = dial[nations[key]] + pools.digits(draw, 4 if key == "english" else 6)
        for _stay in range(draw.choice((1, 1, 1, 2, 2, 3))):
            plain = pools_folded(f"{last}/{first}") if draw.random() < 0.6 else f"{first} {last}"
            desk.add(
                number,
                guest=misspelt(plain, draw, 0.08),
                born=missing(f"{of_month}/{month}/{year}", draw, 0.1),
                tel=missing(tel, draw, 0.4),
                nation=missing(nations[key], draw, 0.1),
                passport=missing(f"X{pools.digits(draw, 8)}" if draw.random() < 0.08 else passport, draw, 0.2),
            )
        if draw.random() < 0.6:
            web.add(number, given=misspelt(first, draw, 0.05), name=misspelt(last, draw, 0.05),
                    birthday=missing(f"{month}/{of_month}/{year}", draw, 0.3), tel=missing(tel, draw, 0.2),
                    mail=f"guest{number}@example.net", passport=missing(passport, draw, 0.5))  # fmt: skip
    return Invented((desk, web), shared_id="id.passport")


def pools_folded(text: str) -> str:
    """In the capitals of a machine-readable zone."""
    from anyascii import anyascii

    return anyascii(text).upper()


@invented
def app(draw: Random) -> Invented:
    """A loyalty app that knows e-mail and telephone alone: plus tags, dots, several spellings of numbers."""
    members = System("members", {"email": EMAIL, "mobile": PHONE})
    receipts = System("receipts", {"mail": EMAIL, "phone": PHONE})
    for number in range(3_000):
        name = f"{pools.given(draw)[0]}.{pools.surname(draw)}{number}".lower()
        phone = _phone(draw, number)
        members.add(
            number, email=missing(f"{name}@gmail.com", draw, 0.1), mobile=missing(_written(phone, draw), draw, 0.1)
        )
        for _visit in range(draw.choice((0, 1, 1, 2))):
            spelt = draw.choice((name, name.replace(".", ""), f"{name}+shop", f"{name}+{draw.randrange(9)}"))
            receipts.add(number, mail=missing(f"{spelt}@{draw.choice(('gmail.com', 'googlemail.com'))}", draw, 0.35),
                         phone=missing(_written(phone, draw), draw, 0.35))  # fmt: skip
    return Invented((members, receipts))


@invented
def iberian(draw: Random) -> Invented:
    """Two surnames, of which one is dropped, and second given names that come and go."""
    bank = System("bank", {"nombre": FIRST, "apellidos": LAST, "nacido": BORN, "ciudad": CITY, "tel": PHONE})
    gym = System("gym", {"socio": FULL, "nacimiento": BORN, "ciudad": CITY, "tel": PHONE})
    towns = words("Madrid Sevilla Valencia Bilbao Zaragoza Málaga Murcia Granada Oviedo León Porto Lisboa Braga")
    for number in range(2_500):
        first, second = pools.given(draw, "spanish")[0], draw.choice(pools.SECOND)
        one, other = pools.surname(draw, "spanish"), pools.surname(draw, "spanish")
        both = f"{first} {second}" if draw.random() < 0.4 else first
        day, town, tel = pools.birth(draw), draw.choice(towns), f"6{pools.digits(draw, 8)}"
        bank.add(number, nombre=misspelt(both, draw, 0.04), apellidos=f"{one} {other}",
                 nacido=misdated(day, draw, 0.04), ciudad=town, tel=missing(tel, draw, 0.3))  # fmt: skip
        if draw.random() < 0.7:
            family = draw.choice((one, f"{one} {other}", f"{one}-{other}", f"{one} y {other}", other))
            gym.add(
                number,
                socio=pools_plain(misspelt(f"{draw.choice((first, both))} {family}", draw, 0.05) or "", draw),
                nacimiento=misdated(day, draw, 0.06),
                ciudad=missing(town, draw, 0.2),
                tel=missing(tel, draw, 0.4),
            )
    return Invented((bank, gym), country="ES")


def pools_plain(text: str, draw: Random) -> str:
    """Half of them without accents."""
    from anyascii import anyascii

    return anyascii(text) if draw.random() < 0.5 else text


@invented
def voters(draw: Random) -> Invented:
    """Two years of a register: full address, age in years in place of the birth date; one in eight has moved."""
    meanings = {
        "first": FIRST,
        "middle": "person.middle_name",
        "last": LAST,
        "street": LINE,
        "town": CITY,
        "zip": POSTCODE,
    }
    old, new = System("y2021", meanings), System("y2023", meanings)
    for number in range(3_000):
        first, age = pools.given(draw)[0], draw.randrange(18, 92)
        middle, last = draw.choice("ABCDEFGHJKLMNPRSTW"), pools.surname(draw)
        home = {"street": pools.street(draw), "town": draw.choice(pools.TOWNS), "zip": f"2{pools.digits(draw, 4)}"}
        if draw.random() < 0.9:
            old.add(number, first=first, middle=missing(middle, draw, 0.3), last=last, age=age, **home)
        if draw.random() < 0.8:
            if draw.random() < 0.12:
                home = home | {"street": pools.street(draw), "zip": f"2{pools.digits(draw, 4)}"}
            line = pools.shortened(home["street"]) if draw.random() < 0.5 else home["street"]
            new.add(number, first=misspelt(first, draw, 0.06), middle=missing(middle, draw, 0.3),
                    last=misspelt(last, draw, 0.05), age=age + 2 + draw.choice((0, 0, 0, 0, -1)),
                    **(home | {"street": misspelt(line, draw, 0.06)}))  # fmt: skip
    return Invented((old, new))


@invented
def newsletter(draw: Random) -> Invented:
    """One table with nothing but duplicates: up to nine records of one person."""
    list_ = System("list", {"name": FULL, "email": EMAIL, "tel": PHONE, "city": CITY})
    for number in range(1_500):
        first, last = pools.given(draw)[0], pools.surname(draw)
        mails = [f"{first}.{last}{number}@example.org".lower(), f"{last}{number}@example.com".lower()]
        tel, town = _phone(draw, number), draw.choice(pools.TOWNS)
        for _time in range(draw.choice((1, 2, 3, 3, 4, 5, 6, 9))):
            name = draw.choice((f"{first} {last}", f"{last}, {first}", f"{first[0]}. {last}", f"Mr. {first} {last}"))
            list_.add(
                number,
                name=missing(misspelt(name, draw, 0.1), draw, 0.1),
                email=missing(sometimes(0.05, slip, draw.choice(mails), draw), draw, 0.2),
                tel=missing(_written(tel, draw), draw, 0.5),
                city=missing(cut(town, draw, 8), draw, 0.4),
            )
    return Invented((list_,))


@invented
def sparse(draw: Random) -> Invented:
    """Three fifths of all values are missing."""
    meanings = {
        "first": FIRST,
        "last": LAST,
        "born": BORN,
        "email": EMAIL,
        "phone": PHONE,
        "street": LINE,
        "zip": POSTCODE,
    }
    one, two = System("one", meanings), System("two", meanings)
    for number in range(3_000):
        person = {"first": pools.given(draw)[0], "last": pools.surname(draw), "born": pools.birth(draw),
                  "email": f"s{number}@example.org", "phone": _phone(draw, number), "street": pools.street(draw),
                  "zip": f"7{pools.digits(draw, 4)}"}  # fmt: skip
        for system in (one, two):
            kept = {name: missing(value, draw, 0.6) for name, value in person.items()}
            kept["last"] = missing(misspelt(person["last"], draw, 0.06), draw, 0.1)
            system.add(number, **(kept | {"street": sometimes(0.1, misread, kept["street"], draw)}))
    return Invented((one, two))


@invented
def historical(draw: Random) -> Invented:
    """One table of many spellings of each: name, birth date, and plain columns for birth place and occupation."""
    table = System("people", {"first_name": FIRST, "surname": LAST, "dob": BORN, "postcode_fake": POSTCODE})
    for number in range(1_200):
        first, last, day = pools.given(draw)[0], pools.surname(draw), pools.birth(draw, 1650, 1880)
        place, job, post = (
            draw.choice(pools.TOWNS),
            draw.choice(pools.JOBS),
            f"{draw.choice(pools.TOWNS)[:2]}{pools.digits(draw, 3)}",
        )
        for _time in range(draw.choice((1, 2, 3, 4, 5, 6, 8))):
            table.add(number, first_name=missing(misspelt(first, draw, 0.2), draw, 0.03),
                      surname=missing(misspelt(last, draw, 0.2), draw, 0.03),
                      dob=missing(misdated(day, draw, 0.25), draw, 0.2), birth_place=missing(place, draw, 0.2),
                      postcode_fake=missing(sometimes(0.15, slip, post, draw), draw, 0.25),
                      occupation=missing(job, draw, 0.4))  # fmt: skip
    return Invented((table,), country="GB")


@invented
def recorded(draw: Random) -> Invented:
    """A census and its errors: up to six records of one person, several mistakes in each, swapped names."""
    table = System("census", {"given_name": FIRST, "surname": LAST, "address_1": LINE, "suburb": CITY,
                              "postcode": POSTCODE, "date_of_birth": BORN, "soc_sec_id": "id.national"})  # fmt: skip
    for number in range(2_000):
        person: Row = {"given_name": pools.given(draw)[0], "surname": pools.surname(draw),
                       "address_1": pools.street(draw), "suburb": draw.choice(pools.TOWNS),
                       "postcode": pools.digits(draw, 4), "date_of_birth": pools.birth(draw).replace("-", ""),
                       "soc_sec_id": pools.digits(draw, 7)}  # fmt: skip
        table.add(number, **person)
        for _time in range(draw.choice((0, 0, 1, 1, 2, 5))):
            copy = dict(person)
            for name in draw.sample(sorted(copy), draw.randrange(1, 5)):
                copy[name] = draw.choice((slip, slip, misread, by_ear, lambda text, draw: None))(copy[name], draw)
            if draw.random() < 0.1:
                copy["given_name"], copy["surname"] = copy["surname"], copy["given_name"]
            table.add(number, **copy)
    return Invented((table,), country="AU", shared_id="id.national")
