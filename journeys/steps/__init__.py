"""The kinds of steps, one module each. Importing this package registers them; a new kind is a new module and a line
here."""

from journeys.steps import branch, email, end, wait

__all__ = ["branch", "email", "end", "wait"]
