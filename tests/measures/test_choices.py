"""What a measure can be calculated with."""

from typing import Any

import pyarrow as pa
import pytest
from django.urls import reverse

from lake.services import stage
from lake.specs import TableSpec
from profiles.models import Unification


@pytest.mark.usefixtures("orders")
def test_what_customers_did_stands_before_what_they_are(client_of: Any, marketer: Any) -> None:
    made = stage()
    people = pa.table({"id": ["1", "2"], "email": ["a@x.example", "b@x.example"]})
    made.write(TableSpec("crm.people", "People", key=["id"]), people)
    made.write(TableSpec("linked.crm.people", "People"), people.append_column("profile_id", pa.array(["p1", "p2"])))
    made.publish("test")
    Unification.objects.update_or_create(pk=1, defaults={"tables": ["crm.people"]})

    choices = client_of(marketer).get(reverse("measures:create")).context["form"].fields["what"].choices

    assert [group for group, _columns in choices[1:]] == ["Shop · Orders", "Crm · People"]
