"""Whole addresses in one text, taken apart: street, city, region, postcode, country.

Addresses are written in two ways: the postcode before the city (50667 Köln) or behind it (Springfield, IL 62704; London
SW1A 1AA). What fits neither stays as it is; nothing is guessed from lists of cities.
"""

import pyarrow as pa
import pyarrow.compute as pc

LINE, CITY, REGION, POSTCODE, COUNTRY = PARTS = ("line", "city", "region", "postcode", "country")

_NAME = r"\pL[\pL\pM .'’()&/-]*?"
_CITY = rf"(?P<city>{_NAME}(?: \d{{1,2}})?)"  # Praha 1, Paris Cedex 02
_STREET = r"(?P<line>.*\pL{2}.*?)"
_COUNTRY = r"(?:,\s*(?P<country>\pL[\pL\pM .'’()-]+))?$"
_BETWEEN = r"(?:\s*,\s*|\s+-\s+)"
# 50667, D-50667, 110 00, 00-950, 1000-205, 1012 AB
_BEFORE = r"(?P<postcode>(?:[A-Z]{1,3}[- ])?(?:\d{4} ?[A-Z]{2}\b|\d{4}-\d{3}|\d{2}-\d{3}|\d{3} \d{2}|\d{4,6}))"
_UNITED_KINGDOM = r"[A-Za-z]{1,2}\d[A-Za-z\d]? ?\d[A-Za-z]{2}"
_CANADA = r"[A-Za-z]\d[A-Za-z] ?\d[A-Za-z]\d"
_BEHIND = rf"(?P<postcode>\d{{4,6}}(?:-\d{{4}})?|\d{{3}} \d{{3}}|\d{{5}}-\d{{3}}|{_UNITED_KINGDOM}|{_CANADA})"
_STATES = (
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|"
    "Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|"
    "Missouri|Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|"
    "Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|"
    "Virginia|Washington|West Virginia|Wisconsin|Wyoming|District of Columbia|Alberta|British Columbia|Manitoba|"
    "New Brunswick|Newfoundland and Labrador|Nova Scotia|Ontario|Prince Edward Island|Quebec|Québec|Saskatchewan|"
    "New South Wales|Northern Territory|Queensland|South Australia|Tasmania|Victoria|Western Australia|"
    "Andhra Pradesh|Assam|Bihar|Chhattisgarh|Gujarat|Haryana|Himachal Pradesh|Jharkhand|Karnataka|Kerala|"
    "Madhya Pradesh|Maharashtra|Odisha|Punjab|Rajasthan|Tamil Nadu|Telangana|Uttar Pradesh|Uttarakhand|West Bengal"
)
_BEFORE_CITY = rf"{_BEFORE},?\s+{_CITY}(?:,?\s+\(?(?P<region>[A-Z]{{2}})\)?)?{_COUNTRY}"
_FORMS = (
    # Springfield, IL 62704
    rf"^{_STREET}\s*,\s*{_CITY}\s*,?\s+(?P<region>[A-Z]{{2,3}}|{_STATES})\.?,?\s+{_BEHIND}{_COUNTRY}",
    # Hauptstr. 5, 50667 Köln
    rf"^{_STREET}{_BETWEEN}{_BEFORE_CITY}",
    # Hauptstr. 5 50667 Köln; 12 rue de Rivoli 75001 Paris
    rf"^(?P<line>.*\pL{{2}}.*\d ?\pL?|\d+ ?(?:bis|ter|\pL)?,? .*\pL{{2}}.*?)\s+{_BEFORE_CITY}",
    # London SW1A 1AA; São Paulo - SP, 01310-100
    rf"^{_STREET}\s*,\s*{_CITY}(?:\s*[-/]\s*(?P<region>[A-Z]{{2}}))?\s*(?:,|-|\s)\s*{_BEHIND}{_COUNTRY}",
)
# 50667 Köln; Springfield, IL 62704; London SW1A 1AA
_WITHOUT_STREET = (
    rf"^{_BEFORE_CITY}",
    rf"^{_CITY}(?:\s*,\s*|\s+)(?P<region>[A-Z]{{2,3}}|{_STATES})\.?,?\s+{_BEHIND}{_COUNTRY}",
    rf"^{_CITY}\s*(?:,|-|\s)\s*{_BEHIND}{_COUNTRY}",
)
# What has a number of four digits or more, or a British or Canadian postcode, and words on both sides or before.
_LIKELY = rf"\pL.*(?:\d{{4}}|\d{{3}} \d{{2}}|\d{{2}}-\d{{3}}|{_UNITED_KINGDOM}|{_CANADA})"
# No city: Apt 4, 12345 Main Street. RE2 takes a letter with an accent for no letter at \b.
_STREET_WORD = (
    r"(?i)(?:^|[\s.-])(?:st|street|rd|road|ave|avenue|dr|drive|ln|lane|blvd|boulevard|ct|court|hwy|highway|pkwy|parkway|cir|circle|"
    r"ter|terrace|way|sq|square|trail|pike|block|tower|building|floor|unit|apt|flat|suite|room|box|lot)\.?$"
)


def parts_of(values: pa.Array, *, has_street: bool = False) -> dict[str, pa.Array]:
    """Per part the text of each value, null where it has none. What is no whole address, which has at least a street, a
    city and a postcode, is all in `line`. Lines of the text may be set apart by commas, semicolons, bars or breaks.
    `has_street`: another column has the street, so that a city with a postcode is enough, and what is none is all in
    `city`."""
    coded = values.cast(pa.string()).dictionary_encode()
    texts = pc.utf8_trim(pc.replace_substring_regex(coded.dictionary, r"\s*(?:[\r\n;|]+\s*)+,?\s*", ", "), " ,")
    texts = pc.replace_substring_regex(texts, r"\s+", " ")
    found = {part: pa.nulls(len(texts), pa.string()) for part in PARTS}
    open_ = pc.fill_null(pc.match_substring_regex(texts, _LIKELY), False)
    if has_street:
        open_ = pc.fill_null(pc.match_substring_regex(texts, r"\d"), False)
    for form in (*_WITHOUT_STREET, *_FORMS) if has_street else _FORMS:
        if not pc.any(open_).as_py():  # to read such a form takes longer than to look for it in many texts
            break
        fit = pc.extract_regex(pc.if_else(open_, texts, None), form)
        fits = pc.is_valid(fit)
        fits = pc.and_not(fits, pc.fill_null(pc.match_substring_regex(fit.field("city"), _STREET_WORD), False))
        for part in PARTS:
            if part in {field.name for field in fit.type}:
                found[part] = pc.if_else(fits, _text(fit.field(part)), found[part])
        open_ = pc.and_not(open_, fits)
    rest = CITY if has_street else LINE
    found[rest] = pc.if_else(pc.is_valid(found[POSTCODE]), found[rest], coded.dictionary)
    return {part: texts.take(coded.indices) for part, texts in found.items()}


def _text(values: pa.Array) -> pa.Array:
    trimmed = pc.utf8_trim(values, " ,-")
    return pc.if_else(pc.equal(trimmed, ""), None, trimmed)


def share_of_whole(values: pa.Array, *, has_street: bool = False) -> float:
    """How many of the values that there are, are whole addresses: 0 to 1, 0 where there are none. `has_street`: as for
    `parts_of`."""
    known = values.cast(pa.string()).drop_null()
    return pc.count(parts_of(known, has_street=has_street)[POSTCODE]).as_py() / len(known) if len(known) else 0.0
