"""The configuration of unification as the engine takes it."""

from profiles.decisions import services as decisions
from profiles.models import Unification
from profiles.unify.config.policies import parse_settings
from profiles.unify.config.rules import parse_rules
from profiles.unify.setup import Setup
from profiles.unify.values.stated import parse_stated


def setup_of(config: Unification) -> Setup:
    """With people's decisions as they are now. Raises InvalidInput with the place of the first mistake."""
    return Setup(
        country=config.default_country,
        rules=None if config.suggest_rules else tuple(parse_rules(config.rules)),
        stated=parse_stated(config.values),
        merge=parse_settings(config.merge),
        decisions=decisions.answers(),
        only_matched=frozenset(config.only_matched),
    )
