"""What this room shows on the home page and in the search for anything."""

from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.translation import gettext as _

from core import formats
from core.home import Kpi, StoryStep, Todo
from core.palette import Hit
from lake.queries import snapshot
from profiles.activities.forms import undeclared
from profiles.config.taking_part import stuck
from profiles.customers import queries
from profiles.inputs.mapping import candidates
from profiles.models import ActivityType, Profile, Unification

PALETTE_HITS = 6


def kpis(user: User) -> list[Kpi]:
    if not user.has_perm("profiles.view_profile"):
        return []
    count = queries.total()
    if not count:
        return []
    return [Kpi(_("Customers"), formats.number(count), reverse("profiles:list"), order=10)]


def todos(user: User) -> list[Todo]:
    """Loaded tables with people and nothing said about unifying them; tables with times and no activity among them."""
    return _not_unified(user) + _standing_still(user) + _without_activities(user)


def _standing_still(user: User) -> list[Todo]:
    if not user.has_perm("profiles.change_unification"):
        return []
    text = _("No customers can be made: %(why)s")
    unify = reverse("profiles:unify")
    return [Todo(text % {"why": table.why}, unify, _("Mend it"), "danger") for table in stuck(snapshot())]


def _without_activities(user: User) -> list[Todo]:
    may = user.has_perm("profiles.add_activitytype")
    if not may or ActivityType.objects.exists() or not Profile.objects.exists() or not undeclared(snapshot()):
        return []
    text = _("Nothing says yet what your customers did: timelines are empty, and no journey can count orders.")
    return [Todo(text, reverse("profiles:activities"), _("Choose activities"), "info")]


def _not_unified(user: User) -> list[Todo]:
    if not user.has_perm("profiles.change_unification") or Unification.current().tables or not candidates(snapshot()):
        return []
    text = _("Your sources hold people, but nobody has said how their records become customers.")
    return [Todo(text, reverse("profiles:unify"), _("Unify customers"))]


def story(user: User) -> StoryStep:
    return StoryStep(
        2,
        _("Unify"),
        _("Records of one person become one customer."),
        reverse("profiles:unify"),
        _("Unify customers"),
        Profile.objects.exists(),
    )


def _reached_at(person: Profile) -> str:
    return person.email or (formats.phone(person.phone) if person.phone else "")


def hits(user: User, query: str) -> list[Hit]:
    if not user.has_perm("profiles.view_profile"):
        return []
    found = queries.search(query, PALETTE_HITS + 1)
    shown = found if len(found) <= PALETTE_HITS else found[: PALETTE_HITS - 1]
    kind = _("Customers")
    hits = [Hit(str(p), p.get_absolute_url(), kind, "person", _reached_at(p)) for p in shown]
    if len(shown) < len(found):
        everybody = f"{reverse('profiles:list')}?{urlencode({'q': query})}"
        hits.append(Hit(_("All customers found for “%(query)s”") % {"query": query}, everybody, kind, "people"))
    return hits
