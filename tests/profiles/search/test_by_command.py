"""`segment explain` finds the customer by what people know of them."""

import pytest
from django.core.management import CommandError, call_command

from segments import services
from tests.profiles.running.test_stage import person_of


@pytest.fixture
def everybody(unified: None) -> None:
    services.save(name="Everybody", rule={"all": []})


@pytest.mark.parametrize("text", ["jm@example.de", "+49 30 1234567", "Jürgen Müller"])
def test_a_customer_is_explained(everybody: None, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("segment", "explain", "everybody", text)
    assert f"{person_of('shop', 'C3')} is in “Everybody”" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "problem"), [("smith", "finds more than one customer"), ("zzz@nobody.example", "No customer is found by")]
)
def test_what_names_nobody_or_several_is_said(everybody: None, text: str, problem: str) -> None:
    with pytest.raises(CommandError, match=problem):
        call_command("segment", "explain", "everybody", text)
