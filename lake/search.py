"""Tables in the search for anything."""

from django.contrib.auth.models import User
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from core.palette import Hit
from lake.models import TableVersion
from lake.words import full_title


def find(user: User, query: str) -> list[Hit]:
    rows = TableVersion.objects.visible_to(user).filter(is_current=True)
    found = rows.filter(Q(name__icontains=query) | Q(label__icontains=query)).only("name", "label")[:6]
    kind = str(_("Tables"))
    return [Hit(full_title(row), reverse("lake:table", args=[row.name]), kind, "table", row.name) for row in found]
