"""The verbs of messages: save, test and freeze an e-mail, plan messages, decide about unknown ones."""

from messaging.services.edit import delete_template, duplicate_template, restore_version, save_template, send_test
from messaging.services.freeze import freeze
from messaging.services.plan import Origin, Recipient, hold, plan, release, stop
from messaging.services.reconcile import mark_as_sent, send_again

__all__ = [
    "Origin",
    "Recipient",
    "delete_template",
    "duplicate_template",
    "freeze",
    "hold",
    "mark_as_sent",
    "plan",
    "release",
    "restore_version",
    "save_template",
    "send_again",
    "send_test",
    "stop",
]
