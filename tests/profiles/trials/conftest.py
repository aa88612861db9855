"""The small retailer, and what would be if one e-mail address made one customer."""

import pytest

from profiles.models import Trial
from profiles.trials import services
from tests.profiles.conftest import unify_the_shop
from tests.support.worlds import Once, World

SAME_MAIL = [{"name": "Same mailbox", "when": [{"semantic": "contact.email"}]}]


def try_same_mail() -> None:
    unify_the_shop()
    services.start(rules=SAME_MAIL, here=True)


@pytest.fixture(scope="session")
def tried_world(made_once: Once) -> World:
    return made_once(try_same_mail)


@pytest.fixture
def tried(db: None, tried_world: World) -> Trial:
    tried_world.enter()
    return services.found()
