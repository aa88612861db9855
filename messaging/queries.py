"""Named reads of the ledger."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from messaging.models import Message, State


def has_work() -> bool:
    """Whether something is due, or was left behind by a sender that died."""
    due = Q(state=State.PLANNED, due_at__lte=timezone.now()) | Q(state=State.CLAIMED)
    return Message.objects.filter(due).exists()


def unknown() -> QuerySet[Message]:
    """Messages about which a person must decide, oldest first."""
    return Message.objects.filter(state=State.UNKNOWN).select_related("template_version__template").order_by("pk")
