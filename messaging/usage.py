"""Where an e-mail is used, by its short name: everything that sends it or is about to."""

from core.usage import Uses

emails = Uses()
