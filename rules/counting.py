"""How many meet a rule, asked while somebody changes it: the question and its answer, behind the page's door and the
API's."""

from collections.abc import Collection
from typing import Annotated, Any, Literal

from django.core.cache import cache
from django.utils import timezone
from django.utils.text import capfirst
from pydantic import BaseModel, Field, ValidationError
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import from_json

from core.errors import Conflict
from core.roles import Actor, require
from core.shapes import refused
from lake.queries import snapshot
from lake.watch import QueryUnwanted
from rules import services
from rules.language import Rule, parse
from rules.problems import refuse, superseded
from rules.words import Words, describe

REMEMBER_SECONDS = 600


class Asked(BaseModel, extra="forbid"):
    """`sequence` numbers the questions of one `builder`: a question is refused once a later one has arrived."""

    rule: Any = Field(description="A rule, as in docs/rules.md.")
    parts: set[Literal["funnel", "sample"]] = set()
    sequence: Annotated[int, Field(ge=0)] | SkipJsonSchema[None] = None
    builder: Annotated[str, Field(pattern=r"^[\w-]{1,64}$")] | SkipJsonSchema[None] = None


def read(text: bytes) -> Any:
    """A JSON document. Raises InvalidInput."""
    try:
        return from_json(text)
    except ValueError as error:
        raise refuse("json", "rule") from error


def answer(sent: Any, *, by: Actor) -> dict[str, Any]:
    """How many customers meet the rule of `Asked` now; with parts also block by block, and five of them. Raises
    NotAllowed, InvalidInput, Conflict, and as a count does."""
    require(by, "rules.use")
    try:
        asked = Asked.model_validate(sent)
    except ValidationError as error:
        raise refused(error, value=sent) from error
    try:
        counted = _counted(parse(asked.rule), asked.parts, _superseded_by(asked, by))
    except QueryUnwanted as error:
        raise Conflict(superseded(), code="superseded") from error
    return counted | {"sequence": asked.sequence}


def _counted(rule: Rule, parts: Collection[str], unwanted: services.Unwanted | None) -> dict[str, Any]:
    lake, now = snapshot(), timezone.localtime()  # in the workspace's zone: `core.middleware.WorkspaceTimeZone`
    counted = services.count(rule, lake, now, funnel="funnel" in parts, unwanted=unwanted)
    found: dict[str, Any] = {
        "total": counted.total,
        "of_all": counted.of_all,
        "share": counted.share,
        "words": describe(rule, lake),
    }
    if "funnel" in parts:
        words = Words(lake)
        texts = [str(capfirst(words.node(node))) for node in rule.nodes]
        found["blocks"] = [
            {"path": block.path, "words": text, "alone": block.alone, "left": block.left}
            for block, text in zip(counted.blocks, texts, strict=False)
        ]
    if "sample" in parts:
        people = services.sample(rule, snapshot=lake, now=now, unwanted=unwanted)
        found["sample"] = [{"id": p.profile_id, "name": p.name, "email": p.email} for p in people]
    return found


def _superseded_by(asked: Asked, by: Actor) -> services.Unwanted | None:
    """Tells whether a later question of the same builder has arrived: then nobody waits for this answer any more."""
    sequence = asked.sequence
    if sequence is None or not asked.builder:
        return None
    key = f"rules.sequence.{by.pk if by else ''}.{asked.builder}"
    if cache.get(key, -1) < sequence:
        cache.set(key, sequence, REMEMBER_SECONDS)
    return lambda: bool(cache.get(key, -1) > sequence)
