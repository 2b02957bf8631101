"""`manage.py tick`: send what is due, read files left behind; safe never, late, twice and at once (rule 9)."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from disclosures.reading import read_waiting
from notifications.services import deliver_due, undelivered


class Command(BaseCommand):
    """What is visible or overdue is computed when asked; no truth hangs on this command."""

    help = "Delivers notices that are due. Run it every few minutes, or never: what readers see does not depend on it."

    def handle(self, *args: Any, **options: Any) -> None:
        """Deliver and print what was done."""
        at = timezone.now()
        arrived = deliver_due(at)
        waiting = undelivered(at).count()
        self.stdout.write(f"{arrived} notices delivered, {waiting} waiting for a channel that is not set up.")
        self.stdout.write(f"{read_waiting(at)} files read for screening.")
