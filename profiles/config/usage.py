"""Where attributes of profiles are used, by their names or labels as they are written there; which tables we use."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from core.text import label_key
from core.usage import Use, Uses
from profiles.models import ActivityType, Unification

attributes = Uses()


def uses_of(names: Iterable[str]) -> list[tuple[Use, set[str]]]:
    """Everything that speaks of any of these names or labels, and which of them it is."""
    wanted = {label_key(name): name for name in names}
    found = []
    for use, spoken in attributes if wanted else ():
        mine = {wanted[label_key(name)] for name in spoken if label_key(name) in wanted}
        if mine:
            found.append((use, mine))
    return found


def uses_of_tables() -> list[tuple[Use, set[str]]]:
    """The unification, with the tables that it reads."""
    unify = Use(_("Unification"), _("Tables"), reverse("profiles:unify"))
    return [(unify, set(Unification.current().tables))]


def uses_of_linked() -> list[tuple[Use, set[str]]]:
    """The activities, with the tables whose rows they are."""
    return [
        (Use(_("Activity"), kind.label, reverse("profiles:activity_edit", args=[kind.pk])), {kind.table})
        for kind in ActivityType.objects.all()
    ]
