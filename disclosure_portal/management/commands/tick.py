"""`manage.py tick`: send what is due, read files left behind; safe never, late, twice and at once (rule 9)."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from disclosures.reading import read_waiting
from disclosures.services.autosaving import forget_old
from disclosures.services.destroying import destroy_left_behind, drop_old_pages
from disclosures.services.reminding import remind, warn_of_stuck
from disclosures.services.screening_later import drop_marked_lately, hold_openings
from feedback.services import reminding, timing
from feedback.services.forgetting import destroy_old_identities
from notifications.services import deliver_due, undelivered


class Command(BaseCommand):
    """What is visible or overdue is computed when asked; no truth hangs on this command."""

    help = (
        "Reminds of steps and cases that are due and delivers notices. Run it every few minutes, or never:"
        " what readers see does not depend on it."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Remind, deliver and print what was done."""
        at = timezone.now()
        told = remind(at)
        stuck = len(warn_of_stuck(at))
        moved = timing.refresh()
        told_of_cases = reminding.remind(at)
        arrived = deliver_due(at)
        waiting = undelivered(at).count()
        self.stdout.write(f"{told} reminders of steps of review that are due or overdue.")
        self.stdout.write(f"{stuck} steps newly found that nobody can decide.")
        self.stdout.write(f"{told_of_cases} reminders of limits of feedback, {moved} clocks set anew.")
        self.stdout.write(f"{arrived} notices delivered, {waiting} waiting for a channel that is not set up.")
        self.stdout.write(f"{read_waiting(at)} files read for screening.")
        self.stdout.write(f"{drop_marked_lately(at)} files destroyed that bear a secrecy mark.")
        self.stdout.write(f"{hold_openings(at)} public openings held by screening.")
        self.stdout.write(f"{destroy_left_behind(at)} files destroyed that a redaction had left on the disk.")
        self.stdout.write(f"{forget_old(at)} texts dropped that were typed long ago and never saved.")
        self.stdout.write(f"{destroy_old_identities(at)} identities of senders destroyed, as their time was over.")
        drop_old_pages()
