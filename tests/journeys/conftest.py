"""A world with 30 customers, all of them loyal, and a marketer who draws."""

import pytest
from django.contrib.auth.models import User

from segments.models import Segment
from tests.journeys import world


@pytest.fixture
def people(db: None) -> list[str]:
    world.publish_people(30)
    return [world.person_id(n) for n in range(30)]


@pytest.fixture
def segment(people: list[str]) -> Segment:
    segment = world.make_segment()
    world.publish_members(segment.slug, people)
    segment.refresh_from_db()
    return segment


@pytest.fixture
def template(people: list[str]) -> object:
    return world.make_template()


@pytest.fixture
def ready(segment: Segment, template: object, marketer: User) -> User:
    """Everything that a journey needs; the marketer who draws it."""
    return marketer
