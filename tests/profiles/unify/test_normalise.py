"""Values made comparable: the registry's examples, and what holds for every text."""

import re

import phonenumbers
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInput
from core.text import fold
from profiles.unify.config.rules import parse_rules
from profiles.unify.normalisers.arrays import plain_words
from profiles.unify.normalisers.mail import PROVIDERS, mistyped
from profiles.unify.normalisers.registry import Example, Normaliser, all_normalisers, names, usual
from profiles.unify.values.normalise import Context, chain_of, normalise, normalised
from profiles.unify.values.phones import _valid_pattern
from profiles.unify.values.readings import Reader
from sources.semantics import SEMANTIC_TYPES

EXAMPLES = [(kind, example) for kind in all_normalisers() for example in kind.examples]
# What is easily mistaken: signs of many scripts, digits, separators, controls, and words that normalisers look for.
TEXTS = st.one_of(
    st.text(max_size=30),
    st.text(st.sampled_from("09٣๒Aaéßİçд王김สñ@.+-/#, ''\t\u00a0\u0301日月年")),
    st.lists(st.sampled_from([text.written for _kind, text in EXAMPLES]), max_size=3).map(" ".join),
)


@pytest.mark.parametrize(("kind", "example"), EXAMPLES, ids=[f"{k.name}-{e.written!a}" for k, e in EXAMPLES])
def test_every_example_is_as_documented(kind: Normaliser, example: Example) -> None:
    values = pa.array([example.written, *example.beside])
    assert normalise(values, "", example.country, [kind.name])[0].as_py() == example.wanted


@given(st.sampled_from(names()), st.lists(TEXTS, min_size=1, max_size=4), st.sampled_from(["US", "DE", ""]))
def test_no_text_breaks_a_normaliser_and_twice_is_as_once(name: str, texts: list[str], country: str) -> None:
    once = normalise(pa.array([*texts, None]), "", country, [name])
    assert len(once) == len(texts) + 1
    assert once[-1].as_py() is None
    assert "" not in once.to_pylist()
    kept = once.drop_null()
    assert normalise(kept, "", country, [name]).to_pylist() == kept.to_pylist()


@given(
    st.sampled_from([kind.name for kind in all_normalisers() if not kind.learning]),
    st.lists(TEXTS, min_size=2, max_size=6),
    st.sampled_from(["US", "DE", ""]),
)
def test_a_text_becomes_the_same_whatever_stands_beside_it(name: str, texts: list[str], country: str) -> None:
    alone = [normalise(pa.array([text]), "", country, [name])[0].as_py() for text in texts]
    assert normalise(pa.array(texts), "", country, [name]).to_pylist() == alone


@given(st.lists(TEXTS, min_size=1, max_size=6))
def test_words_are_those_that_text_by_text_has(texts: list[str]) -> None:
    found = [re.sub(r"[^a-z0-9]+", " ", re.sub(r"['`.]", "", fold(text))).strip() for text in texts]
    assert plain_words(pa.array(texts)).to_pylist() == found


def test_every_normaliser_is_documented_and_shown_by_examples() -> None:
    for kind in all_normalisers():
        assert kind.label
        assert kind.description.endswith(".")
        assert len(kind.examples) >= 2, kind.name


def test_every_meaning_has_its_usual_normaliser() -> None:
    special = {meaning: usual(meaning).name for meaning in [*SEMANTIC_TYPES, "id.card"]}
    assert special["contact.email"] == "email"
    assert special["address.city"] == "place"
    assert special["id.card"] == "identifier"
    assert "text" not in special.values()


def test_a_rule_of_an_unknown_normaliser_is_refused_with_its_place() -> None:
    rule = {"name": "Nick", "when": [{"column": "nick", "normalise": ["case", "spacs"]}]}
    with pytest.raises(InvalidInput, match="spacs.*Known.*spaces") as refused:
        parse_rules([rule])
    assert refused.value.place == "rules[Nick].when[0].normalise"


def test_steps_are_applied_in_their_order() -> None:
    steps = ["width", "case", "accents", "symbols"]
    found = normalise(pa.array(["ＭÜLLER-Lüdenscheidt", "UNKNOWN"]), "", "US", steps)
    assert found.to_pylist() == ["muller ludenscheidt", None]


def test_a_trusted_value_is_no_placeholder() -> None:
    part = pa.array(["NULL", "test"]), Context("US")
    found = normalised([part], chain_of("person.last_name"), Reader().of("person.last_name"), trusted=["Null"])[0]
    assert found.values.to_pylist() == ["null", None]
    assert found.stand_ins.to_pylist() == [False, True]


def test_the_order_of_day_and_month_is_read_from_the_column() -> None:
    assert normalise(pa.array(["03/02/1980", "31/12/1979"]), "person.birth_date").to_pylist() == [
        "19800203",
        "19791231",
    ]


def test_no_provider_is_a_slip_of_another() -> None:
    assert not set(mistyped()) & PROVIDERS
    assert not {"ymail.com", "mail.com", "yahoo.ca", "hotmail.be"} & set(mistyped())


def test_every_country_has_a_plan_of_numbers_that_the_engine_can_read() -> None:
    for country in sorted(phonenumbers.SUPPORTED_REGIONS):
        pc.match_substring_regex(pa.array(["+1"]), _valid_pattern(country))


@given(st.sampled_from(["US", "DE", "GB", "FR", "IT", "ES", "VN", "TH", "CN", "EG"]), st.booleans(), st.booleans())
def test_phones_are_as_the_library_parses_them(country: str, international: bool, mobile: bool) -> None:
    kind = phonenumbers.PhoneNumberType.MOBILE if mobile else phonenumbers.PhoneNumberType.FIXED_LINE
    number = phonenumbers.example_number_for_type(country, kind)
    shape = phonenumbers.PhoneNumberFormat.INTERNATIONAL if international else phonenumbers.PhoneNumberFormat.NATIONAL
    written = phonenumbers.format_number(number, shape)
    wanted = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    counted = str(number.national_number) == "123456789"  # France's example: what people type who have no number
    assert normalise(pa.array([written]), "contact.phone", country).to_pylist() == [None if counted else wanted]
