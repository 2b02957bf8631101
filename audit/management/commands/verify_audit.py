"""`manage.py verify_audit`: does every event still have the hash it was written with?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.verifier import verify


class Command(BaseCommand):
    """Prints the number of events; exits with 1 and the first bad uids when any does not match its hash."""

    help = "Recompute the hash of every event of the trail."

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify and report."""
        result = verify()
        if result.bad:
            uids = "\n".join(str(uid) for uid in result.first_bad)
            raise CommandError(f"{result.bad} of {result.read} events do not match their hash. The first:\n{uids}")
        self.stdout.write(f"{result.read} events, all intact.")
