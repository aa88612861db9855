"""The demo and the workspaces of others."""

from io import StringIO

import pytest
from django.core.management import call_command

from core.models import Workspace
from sources.models import Source

pytestmark = pytest.mark.django_db


def test_a_workspace_with_sources_of_its_own_is_left_as_it_is() -> None:
    Source.objects.create(name="erp", connector="file")
    said = StringIO()
    call_command("demo", "load", "--people", "10", stdout=said)
    assert "has sources of its own" in said.getvalue()
    assert list(Source.objects.values_list("name", flat=True)) == ["erp"]
    assert "demo" not in Workspace.current().extra
