"""`manage.py reindex`: write what the search reads anew, or compare it with the releases."""

from argparse import ArgumentParser
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from disclosures.search import rebuilding

PROGRESS_EVERY = 20_000  # rows


class Command(BaseCommand):
    """Safe at any time and any number of times; a run that is broken off loses nothing."""

    help = "Brings the documents of the search up to date, after a change of its rules or of a unit's name."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--missing, --rebuild or --check; without one every document is compared with its release."""
        way = parser.add_mutually_exclusive_group()
        way.add_argument("--missing", action="store_true", help="write only documents that are missing or of old rules")
        way.add_argument(
            "--rebuild", action="store_true", help="empty the index first; the search finds less meanwhile"
        )
        parser.add_argument(
            "--processes",
            type=int,
            choices=range(1, 65),
            metavar="N",
            help="how many work at once; all cores with PostgreSQL, one with SQLite, where others wait meanwhile",
        )
        way.add_argument("--check", action="store_true", help="write nothing; fail where something does not agree")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write in batches and print the rate, or tell what does not agree."""
        if options["check"]:
            self.check_all()
            return
        if options["rebuild"]:
            rebuilding.empty()
        try:
            rebuilding.check_room()
        except rebuilding.NoRoom as refusal:
            raise CommandError(str(refusal)) from refusal
        self.write(options["missing"], options["processes"] or rebuilding.most_processes())

    def check_all(self) -> None:
        """Fail with every problem found."""
        found = rebuilding.problems()
        if found:
            raise CommandError("\n".join(found))
        self.stdout.write("Releases, documents and index agree.")

    def write(self, only_missing: bool, processes: int) -> None:
        """Write, telling the progress."""
        started = monotonic()
        progress = rebuilding.Progress(0, 0)
        told = 0
        for progress in rebuilding.reindex(only_missing=only_missing, processes=processes):
            if progress.read // PROGRESS_EVERY > told:
                told = progress.read // PROGRESS_EVERY
                self.stdout.write(f"{progress.read} releases ...")
        seconds = max(monotonic() - started, 0.001)
        rate = progress.read / seconds
        self.stdout.write(f"{progress.read} releases read, {progress.changed} documents written: {rate:.0f} a second")
