"""The ledger, what people did, and consent as tables of the lake, so that segments and measures see them."""

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_noop

from lake.mirror import Mirror, register
from lake.specs import MIRRORED, ColumnSpec
from lake.words import register_columns
from messaging.models import Consent, Interaction, Message

SETTLED = gettext_noop("Sent or settled")
register_columns({"settled_at": SETTLED})


def _messages() -> QuerySet[Message]:
    """Settled messages: their state no longer changes by itself. Tests are left out. No addresses."""
    rows = Message.objects.filter(settled_at__isnull=False, is_test=False)
    return rows.annotate(email=F("template_version__template__name"), purpose=F("template_version__purpose"))


def _interactions() -> QuerySet[Interaction]:
    """What people did. Machines are left out: no rule should take a scanner's click for a person's."""
    rows = Interaction.objects.filter(message__is_test=False, is_machine=False)
    return rows.annotate(
        profile_id=F("message__profile_id"),
        email=F("message__template_version__template__name"),
        journey=F("message__journey_key"),
        url=Coalesce("link__url", None),
    )


def _columns(names: str, **others: str) -> dict[str, str]:
    """Column to field; those in `names` have the field's own name."""
    return {name: others.get(name, name) for name in names.split()}


def _mirrors() -> tuple[Mirror, ...]:
    return (
        Mirror(
            f"{MIRRORED}.messages",
            _messages,
            _columns(
                "id profile_id email template_version purpose journey step state reason settled_at",
                template_version="template_version_id",
                journey="journey_key",
                step="step_key",
            ),
            watermark="settled_at",
            label=gettext_noop("Messages"),
            grain=gettext_noop("message"),
            described=[ColumnSpec("settled_at", label=SETTLED)],
        ),
        Mirror(
            f"{MIRRORED}.interactions",
            _interactions,
            _columns("id message_id profile_id email journey kind url at"),
            watermark="at",
            label=gettext_noop("What people did with messages (opened, clicked)"),
            grain=gettext_noop("event"),
        ),
        Mirror(
            f"{MIRRORED}.consent",
            Consent.objects.all,
            _columns("id address channel purpose state source at"),
            watermark="at",
            label=gettext_noop("Consent"),
            grain=gettext_noop("decision about an address"),
            described=[ColumnSpec("address", semantic="contact.email", sensitive=True)],
        ),
    )


def register_all() -> None:
    for mirror in _mirrors():
        register(mirror)
