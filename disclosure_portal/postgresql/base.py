"""A connection at rest is silent: what the server sends unasked is nearly always the news that it has ended.

Django asks `SELECT 1` before the first question of every request, a tenth of what a page costs. Here the socket is
looked at instead, as the drivers of Go do; where something waits to be read, or an error came before, Django asks
after all. A line that was cut without a word shows itself at the first question, as it did at `SELECT 1`, and
`disclosure_portal.patience` ends that wait.
"""

import select

from django.db.backends.postgresql import base
from psycopg2 import Error


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own, but for the check of a connection between requests."""

    health_check_done: bool  # since the request began

    def close_if_health_check_failed(self) -> None:
        """Leave a silent connection alone; Django decides about any other."""
        if self.connection is not None and not self.health_check_done and is_silent(self.connection):
            self.health_check_done = True
        super().close_if_health_check_failed()


def is_silent(connection: object) -> bool:
    """Whether the driver's `connection` is open and nothing waits to be read from it."""
    poller = select.poll()
    try:
        poller.register(connection.fileno(), select.POLLIN | select.POLLPRI)  # type: ignore[attr-defined]
        return not poller.poll(0)  # a hang-up or an error is told unasked
    except (Error, OSError, ValueError):
        return False
