"""`manage.py reindex`: recompute the text in which the search looks."""

from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand

from disclosures.indexing import Progress, reindex

PROGRESS_EVERY = 50_000  # rows


class Command(BaseCommand):
    """Safe at any time and any number of times; a run that is broken off loses nothing."""

    help = "Recomputes the normalised text of every release, after a change of the rules of search or of a unit's name."

    def handle(self, *args: Any, **options: Any) -> None:
        """Recompute in batches and print the rate."""
        started = monotonic()
        progress = Progress(0, 0)
        for progress in reindex():
            if progress.read % PROGRESS_EVERY == 0:
                self.stdout.write(f"{progress.read} releases ...")
        seconds = max(monotonic() - started, 0.001)
        rate = progress.read / seconds
        self.stdout.write(f"{progress.read} releases read, {progress.changed} changed: {rate:.0f} a second")
