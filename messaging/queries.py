"""Named reads of the ledger, and what other pages show of it."""

from django.contrib.auth.models import User
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.home import Todo
from core.palette import Hit
from core.usage import Use
from messaging.analytics import WAITING, Audience
from messaging.catalog import vocabulary
from messaging.delivery import trouble
from messaging.models import EmailTemplate, InteractionKind, Message, State
from messaging.tokens import scan
from profiles.customers.panels import Panel
from profiles.models import Profile

PANEL_MESSAGES = 5


def uses_of_attributes() -> list[tuple[Use, set[str]]]:
    """Messages and the attributes that their drafts print or ask for."""
    words, found = vocabulary(), []
    for template in EmailTemplate.objects.order_by("name"):
        texts = (template.subject, template.preview_text, template.body, template.text)
        spoken = {token.name for text in texts for token in scan(text, words).used.values()}
        found.append((Use(_("Message"), template.name, template.get_absolute_url()), spoken))
    return found


def has_work() -> bool:
    """Whether something is due, or was left behind by a sender that died."""
    due = Q(state=State.PLANNED, due_at__lte=timezone.now()) | Q(state=State.CLAIMED)
    return Message.objects.filter(due).exists()


def waits_to_be_sent(journey_key: str = "") -> bool:
    """Whether a message of a journey, or of any, is yet to be sent."""
    return Message.objects.filter(Audience(journey_key).condition(), state__in=WAITING).exists()


def unknown() -> QuerySet[Message]:
    """Messages about which a person must decide, oldest first."""
    return Message.objects.filter(state=State.UNKNOWN).select_related("template_version__template").order_by("pk")


def with_names(messages: QuerySet[Message]) -> QuerySet[Message]:
    """Messages with the `person_name` of whom they are for; "" or nothing where it is not known."""
    name = Profile.objects.filter(pk=OuterRef("profile_id")).values("name")
    return messages.select_related("template_version__template").annotate(person_name=Subquery(name[:1]))


def messages_of(profile_id: str) -> QuerySet[Message]:
    """What was or will be sent to one person, newest first, with numbers of opens and clicks by people."""
    real = Q(interactions__is_machine=False)
    return (
        Message.objects.filter(profile_id=profile_id, is_test=False)
        .select_related("template_version__template")
        .annotate(
            opens=Count("interactions", real & Q(interactions__kind=InteractionKind.OPEN)),
            clicks=Count("interactions", real & Q(interactions__kind=InteractionKind.CLICK)),
        )
        .order_by("-pk")
    )


def profile_panels(user: User, profile_id: str) -> list[Panel]:
    """The newest messages, on the customer's page."""
    if not user.has_perm("messaging.view_message"):
        return []
    rows = list(messages_of(profile_id)[:PANEL_MESSAGES])
    return [Panel(_("Messages"), "messaging/partials/profile_panel.html", {"rows": rows}, order=40)] if rows else []


def palette_hits(user: User, query: str) -> list[Hit]:
    found = EmailTemplate.objects.visible_to(user).filter(name__icontains=query)[:6]
    return [Hit(template.name, template.get_absolute_url(), _("E-mails"), "envelope") for template in found]


def todos(user: User) -> list[Todo]:
    """Messages that nobody knows about, and a mail server that takes nothing."""
    if not user.has_perm("messaging.view_message"):
        return []
    url, found = reverse("messaging:delivery"), []
    count = unknown().count()
    if count:
        text = ngettext(
            "Nobody knows whether %d message was sent.", "Nobody knows whether %d messages were sent.", count
        )
        found.append(Todo(text % count, f"{url}?state=unknown", _("Decide"), "danger"))
    problem = trouble()
    if problem:
        found.append(Todo(str(problem["message"]), url, _("Look"), "danger"))
    return found
