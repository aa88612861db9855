"""Why a run ended, in words."""

from django.utils.translation import gettext as _


def reason_words() -> dict[str, str]:
    return {
        "completed": _("Came to the end"),
        "stopped": _("The journey was stopped"),
        "merged": _("Was merged with a customer who is in the journey"),
    }


def verb_words() -> dict[str, str]:
    """What the audit trail calls a change, as the history page says it."""
    return {
        "journey.create": _("Made the journey"),
        "journey.edit": _("Changed the steps"),
        "journey.rename": _("Changed the name or description"),
        "journey.goal": _("Changed the goal"),
        "journey.publish": _("Published version"),
        "journey.pause": _("Paused"),
        "journey.resume": _("Resumed"),
        "journey.stop": _("Stopped"),
    }
