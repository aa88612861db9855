import pytest

from tests.segments.world import publish_world


@pytest.fixture
def world(db: None) -> None:
    """Six customers with points 0 to 5,000, and their orders."""
    publish_world()
