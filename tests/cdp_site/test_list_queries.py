"""Lists ask the database as often for many rows as for one, and no oftener than they do today."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import models
from django.test import Client

from core.models import AuditEntry
from jobs.models import Job
from journeys.models import Journey
from measures.models import Measure
from messaging.models import EmailTemplate
from segments.models import Segment
from sources.models import Source

pytestmark = pytest.mark.django_db

LISTS: list[tuple[str, type[models.Model], int]] = [
    ("/segments/", Segment, 5),
    ("/measures/", Measure, 6),
    ("/journeys/", Journey, 7),
    ("/messages/", EmailTemplate, 5),
    ("/jobs/", Job, 6),
    ("/core/audit/", AuditEntry, 6),
    ("/api/v1/segments/", Segment, 4),
    ("/api/v1/measures/", Measure, 4),
    ("/api/v1/journeys/", Journey, 4),
    ("/api/v1/templates/", EmailTemplate, 4),
    ("/api/v1/jobs/", Job, 4),
    ("/api/v1/sources/", Source, 4),
]


@pytest.mark.parametrize(("path", "model", "queries"), LISTS)
def test_many_rows_take_no_more_questions_than_one(
    path: str,
    model: type[models.Model],
    queries: int,
    admin: User,
    client_of: Callable[[User], Client],
    django_assert_num_queries: Any,
) -> None:
    client = client_of(admin)
    named = any(field.name == "name" for field in model._meta.fields)
    for number in range(12):
        model.objects.create(**{"name": f"One of many {number}"} if named else {})
        if number in {0, 11}:
            client.get(path)  # what is looked up once per process is known
            with django_assert_num_queries(queries):
                assert client.get(path).status_code == 200
