"""Values made comparable."""

import phonenumbers
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from profiles.unify.normalise import normalise

CASES = [
    ("person.first_name", "Dr. Jürgen", "jurgen"),
    ("person.first_name", "MARY-ANN", "mary ann"),
    ("person.first_name", " unknown", None),
    ("person.last_name", "O'Brien", "obrien"),
    ("person.last_name", "王", "wang"),
    ("person.full_name", "SMITH, John", "john smith"),
    ("person.full_name", "Dr. Smith, Mary Ann", "mary ann smith"),
    ("person.full_name", "John Smith", "john smith"),
    ("contact.email", "John.Smith+x@GMail.com", "johnsmith@gmail.com"),
    ("contact.email", "a.b@web.example", "a.b@web.example"),
    ("contact.email", "none@none.com", None),
    ("contact.email", "no address", None),
    ("contact.phone", "(212) 555-0123", "+12125550123"),
    ("contact.phone", "+49 (0)30 1234567", "+49301234567"),
    ("contact.phone", "0044 20 7946 0958", "+442079460958"),
    ("contact.phone", "0000000000", None),
    ("contact.phone", "12345", None),
    ("person.birth_date", "2 March 1980", "19800302"),
    ("person.birth_date", "03/02/1980", "19800302"),
    ("person.birth_date", "1980-13-01", None),
    ("person.birth_date", "3030-01-01", None),
    ("person.gender", "weiblich", "f"),
    ("address.line", "12 Main Street, Apt. 4", "12 main st apt 4"),
    ("address.line", "Hauptstraße 5", "haupt st 5"),
    ("address.country", "Deutschland", "de"),
    ("address.postcode", "12345-6789", "12345"),
    ("address.postcode", "02134", "2134"),
    ("address.postcode", "0", None),
    ("id.card", "AB-12 3", "ab123"),
    ("id.card", "000000", None),
]


@pytest.mark.parametrize(("semantic", "written", "wanted"), CASES)
def test_it_makes_spellings_equal(semantic: str, written: str, wanted: str | None) -> None:
    assert normalise(pa.array([written]), semantic, "US").to_pylist() == [wanted]


def test_the_order_of_day_and_month_is_read_from_the_column() -> None:
    assert normalise(pa.array(["03/02/1980", "31/12/1979"]), "person.birth_date").to_pylist() == [
        "19800203",
        "19791231",
    ]


@given(st.sampled_from(["US", "DE", "GB", "FR", "IT", "ES", "VN", "TH", "CN", "EG"]), st.booleans(), st.booleans())
def test_phones_are_as_the_library_parses_them(country: str, international: bool, mobile: bool) -> None:
    kind = phonenumbers.PhoneNumberType.MOBILE if mobile else phonenumbers.PhoneNumberType.FIXED_LINE
    number = phonenumbers.example_number_for_type(country, kind)
    shape = phonenumbers.PhoneNumberFormat.INTERNATIONAL if international else phonenumbers.PhoneNumberFormat.NATIONAL
    written = phonenumbers.format_number(number, shape)
    wanted = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    counted = str(number.national_number) == "123456789"  # France's example: what people type who have no number
    assert normalise(pa.array([written]), "contact.phone", country).to_pylist() == [None if counted else wanted]
