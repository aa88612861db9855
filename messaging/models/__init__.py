"""Templates, the ledger of messages, what people did with them, and who may be written to."""

from messaging.models.consent import Channel, Consent, ConsentState, Suppression, SuppressionReason
from messaging.models.ledger import Interaction, InteractionKind, Message, Reason, State, TrackedLink
from messaging.models.template import BodyFormat, EmailTemplate, Purpose, TemplateVersion

__all__ = [
    "BodyFormat",
    "Channel",
    "Consent",
    "ConsentState",
    "EmailTemplate",
    "Interaction",
    "InteractionKind",
    "Message",
    "Purpose",
    "Reason",
    "State",
    "Suppression",
    "SuppressionReason",
    "TemplateVersion",
    "TrackedLink",
]
