"""Decisions by API and workspace file."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client

from core.errors import InvalidInput
from core.sections import ApplyContext
from profiles.decisions import services as decisions
from profiles.decisions.services import Pair
from profiles.models import Decision
from tests.profiles.decisions.test_deciding import HEAD, JOHN, MARY
from workspace import services as workspace
from workspace.document import parse

ClientOf = Callable[[User], Client]
PATH = "/api/v1/decisions/"
FILE = "kindred: 1\nunification:\n  decisions: pairs.csv\n"
GIVEN = {"left_table": "shop.customers", "left_id": "C2", "right_table": "shop.customers", "right_id": "C1"}


def test_the_api_makes_lists_and_withdraws(unified: None, client_of: ClientOf, analyst: User) -> None:
    client = client_of(analyst)
    made = client.post(PATH, GIVEN | {"verdict": "join", "note": "x"}, content_type="application/json")
    assert (made.status_code, made.json()["left_id"], made.json()["by"]) == (201, "C1", "analyst")
    assert client.get(PATH, {"verdict": "apart"}).json()["count"] == 0
    assert client.get(PATH, {"verdict": "join", "left_id": "C1"}).json()["count"] == 1
    assert client.delete(f"{PATH}{made.json()['id']}/").status_code == 204
    assert not Decision.objects.exists()


def test_the_api_names_the_mistake(unified: None, client_of: ClientOf, analyst: User) -> None:
    client = client_of(analyst)
    answer = client.post(PATH, GIVEN | {"verdict": "perhaps"}, content_type="application/json")
    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, ["verdict"])
    same = client.post(PATH, GIVEN | {"right_id": "C2", "verdict": "join"}, content_type="application/json")
    assert (same.status_code, same.json()["error"]["code"]) == (400, "invalid")


def test_the_api_takes_a_list(unified: None, client_of: ClientOf, analyst: User) -> None:
    text = HEAD + "shop.customers,C1,shop.customers,C2,apart,\nshop.customers,C1\n"
    answer = client_of(analyst).post(PATH + "import/", text, content_type="text/csv").json()
    assert (answer["kept"], [bad["line"] for bad in answer["bad"]]) == (1, [3])


def test_the_api_says_what_a_list_lacks(unified: None, client_of: ClientOf, analyst: User) -> None:
    for body in (b"", b"no list"):
        answer = client_of(analyst).post("/api/v1/decisions/import/", body, content_type="text/csv")
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid")


@pytest.mark.parametrize(
    ("role", "reads"), [("marketer", 200), ("viewer", 200), ("salesperson", 403), ("stranger", 403)]
)
def test_others_do_not_decide_by_api(
    unified: None, client_of: ClientOf, role: str, reads: int, request: pytest.FixtureRequest
) -> None:
    decisions.decide([Pair.of(JOHN, MARY)], "join")
    client = client_of(request.getfixturevalue(role))
    assert client.get(PATH).status_code == reads
    assert client.post(PATH, GIVEN | {"verdict": "join"}, content_type="application/json").status_code == 403
    assert client.post(PATH + "import/", HEAD, content_type="text/csv").status_code == 403
    assert client.delete(f"{PATH}{Decision.objects.get().pk}/").status_code == 403


def test_a_workspace_file_states_decisions(unified: None, tmp_path: Path) -> None:
    (tmp_path / "pairs.csv").write_text(HEAD + "shop.customers,C1,shop.customers,C2,apart,twins\n", encoding="utf-8")
    file = parse(FILE, "w.yaml")
    context = ApplyContext(folder=tmp_path)
    assert len(workspace.diff(file, context)) == 1
    assert not Decision.objects.exists()
    assert len(workspace.apply(file, context)) == 1
    assert workspace.apply(file, context) == []
    exported = workspace.export()
    Decision.objects.all().delete()
    workspace.apply(parse(exported, "w.yaml"), context)
    assert Decision.objects.get().note == "twins"
    assert workspace.diff(parse(exported, "w.yaml"), context) == []


@pytest.mark.parametrize("text", [HEAD + "shop.customers,C1\n", None])
def test_a_file_with_a_mistake_is_refused_as_a_whole(unified: None, tmp_path: Path, text: str | None) -> None:
    if text:
        (tmp_path / "pairs.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"pairs\.csv"):
        workspace.apply(parse(FILE, "w.yaml"), ApplyContext(folder=tmp_path))
    assert not Decision.objects.exists()
