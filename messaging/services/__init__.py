"""The verbs of messages: save and freeze an e-mail, plan messages, decide about unknown ones."""

from messaging.services.freeze import freeze
from messaging.services.plan import Origin, Recipient, plan, stop

__all__ = ["Origin", "Recipient", "freeze", "plan", "stop"]
