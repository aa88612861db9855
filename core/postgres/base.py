"""PostgreSQL as Django speaks to it. What differs: whether a connection is alive is not asked with every request."""

import select
import time

from django.db.backends.postgresql import base

SURE_SECONDS = 5.0
"""After so long without a request a connection is asked in any case: a machine or a firewall on the way may have gone
without a word."""


class DatabaseWrapper(base.DatabaseWrapper):
    """A server that ends a connection says so, and the system knows before anything is sent: looking there takes no way
    to the server and back."""

    health_check_done: bool
    _sure_until = 0.0

    def close_if_health_check_failed(self) -> None:
        if not self.health_check_done:
            now = time.monotonic()
            self.health_check_done = now < self._sure_until and self._is_silent()
            self._sure_until = now + SURE_SECONDS
        super().close_if_health_check_failed()

    def _is_silent(self) -> bool:
        """Whether nothing came from the server since the last answer, not even its farewell."""
        if self.connection is None or self.connection.closed:
            return False
        waiting = select.poll()
        waiting.register(self.connection.fileno(), select.POLLIN)
        return not waiting.poll(0)
