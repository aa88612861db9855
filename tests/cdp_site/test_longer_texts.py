"""Every page in a language whose texts are 40% longer: all of them are translated, and none breaks the layout."""

import re
from collections.abc import Callable, Iterable

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Page

from core import nav
from journeys.models import Journey
from lake.queries import snapshot
from messaging.models import EmailTemplate
from profiles.models import Unification
from segments import services as segments
from tests.profiles import conftest as world
from tests.profiles.conftest import unified, unified_world
from tests.profiles.running.test_stage import person_of
from tests.support.layout import BROKEN, VISIBLE
from tests.support.pseudo import longer_texts

__all__ = ["longer_texts", "unified", "unified_world"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = (1280, 390)
# Names, keys and examples; the name of a country is in the language already, and a currency's code is in all.
AS_IT_IS = "Kindred Ctrl Shift UTC administrator secret you company example Vereinigte Staaten USD"
# Shows the details of a change as they were stored.
NOT_TRANSLATED = ("/core/audit/",)


def pages(user: User) -> Iterable[str]:
    """Those of the navigation, and one of each kind behind them."""
    for _key, _label, items in nav.visible_to(user):
        yield from (reverse(item.url_name) for item in items)
    yield "/"
    yield f"/customers/{person_of('shop', 'C1')}/"
    yield from ("/customers/unify/match/", "/customers/unify/merge/", "/customers/unify/merge/of/email/")
    yield from ("/customers/unify/review/", "/customers/unify/trial/", "/customers/unify/conflicts/")
    segment = segments.save(name="Johns", rule={"all": [{"attribute": "first_name", "op": "eq", "value": "John"}]})
    yield from (segment.get_absolute_url(), f"{segment.get_absolute_url()}edit/")
    yield EmailTemplate.objects.create(name="Hello", subject="Hello", body="<p>Hello</p>").get_absolute_url()
    yield Journey.objects.create(name="Welcome").get_absolute_url()
    yield from ("/measures/new/", "/messages/new/", "/sources/add/", "/sources/add/file/", "/core/people/add/")
    yield from ("/customers/unify/match/new/", "/customers/unify/suggest/", "/customers/unify/merge/groups/")
    yield from ("/customers/unify/map/values/", "/customers/unify/explain/", "/password/")
    yield f"{reverse('journeys:create')}?segment={segment.slug}"


def words(*texts: object) -> set[str]:
    return set(re.findall(r"[A-Za-z]{3,}", " ".join(map(str, texts))))


def data() -> set[str]:
    """What the tables and the configuration say, whose words are nobody's to translate."""
    now = snapshot()
    rows = [world.CUSTOMERS, world.MEMBERS, world.TILL, world.ORDERS, world.LINES]
    said = words(*rows, *(now.info(name) for name in now.names()), Unification.current().rules, AS_IT_IS)
    return said | words("Johns Hello Welcome administrator@kindred.example") | {word.capitalize() for word in said}


def test_all_texts_are_translated_and_fit(
    unified: None, longer_texts: None, page_of: Callable[[User, str], Page], admin: User, live_server
) -> None:
    page = page_of(admin, "/signin/")
    page.emulate_media(reduced_motion="reduce")
    known, found = data(), []
    for path in pages(admin):
        page.set_viewport_size({"width": WIDTHS[0], "height": 800})
        page.goto(f"{live_server.url}{path}")
        if path not in NOT_TRANSLATED:
            found += [f"{path} says “{text}”" for text in page.evaluate(VISIBLE) if words(text) - known]
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            found += [f"{path} at {width}: {fault}" for fault in page.evaluate(BROKEN)]
    assert not found, "\n".join(found)
