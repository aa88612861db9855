"""The ledger, what people did, and consent as tables of the lake, so that segments and measures see them."""

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from lake.mirror import Mirror, register
from lake.specs import ColumnSpec
from messaging.models import Consent, Interaction, Message


def _messages() -> QuerySet[Message]:
    """Settled messages: their state no longer changes by itself. Tests are left out. No addresses."""
    rows = Message.objects.filter(settled_at__isnull=False, is_test=False)
    return rows.annotate(email=F("template_version__template__name"), purpose=F("template_version__purpose"))


def _interactions() -> QuerySet[Interaction]:
    rows = Interaction.objects.filter(message__is_test=False)
    return rows.annotate(
        profile_id=F("message__profile_id"),
        email=F("message__template_version__template__name"),
        journey=F("message__journey_key"),
        url=Coalesce("link__url", None),
    )


def register_all() -> None:
    register(
        Mirror(
            "crm.messages",
            _messages,
            {
                "id": "id",
                "profile_id": "profile_id",
                "email": "email",
                "template_version": "template_version_id",
                "purpose": "purpose",
                "journey": "journey_key",
                "step": "step_key",
                "state": "state",
                "reason": "reason",
                "settled_at": "settled_at",
            },
            watermark="settled_at",
            label=str(_("Messages")),
            grain=str(_("message")),
            described=[ColumnSpec("settled_at", label=str(_("Sent or settled")))],
        )
    )
    register(
        Mirror(
            "crm.interactions",
            _interactions,
            {
                "id": "id",
                "message_id": "message_id",
                "profile_id": "profile_id",
                "email": "email",
                "journey": "journey",
                "kind": "kind",
                "url": "url",
                "is_machine": "is_machine",
                "at": "at",
            },
            watermark="at",
            label=str(_("What people did with messages")),
            grain=str(_("event")),
        )
    )
    register(
        Mirror(
            "crm.consent",
            Consent.objects.all,
            {
                "id": "id",
                "address": "address",
                "channel": "channel",
                "purpose": "purpose",
                "state": "state",
                "source": "source",
                "at": "at",
            },
            watermark="at",
            label=str(_("Consent")),
            grain=str(_("decision about an address")),
            described=[ColumnSpec("address", semantic="contact.email", sensitive=True)],
        )
    )
