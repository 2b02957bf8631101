"""`manage.py generate_items --count N --seed S`: released items in bulk, for measurement only."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from disclosures.generating import RealItems, generate
from disclosures.search.rebuilding import most_processes

PROGRESS_EVERY = 20_000  # rows


class Command(BaseCommand):
    """Fill a fresh portal; the one named exception to the rule of one writer."""

    help = "Generates released items for measurement; refused where people have made items."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--count, --seed, --until: the same three give the same items on every database."""
        parser.add_argument("--count", type=_positive, required=True, help="how many items to add")
        parser.add_argument("--seed", type=int, default=1, help="another seed gives other texts and dates")
        parser.add_argument(
            "--until", type=date.fromisoformat, help="last day of the ten years, as 2026-01-31; today if left out"
        )
        parser.add_argument(
            "--no-index", action="store_true", help="leave the index of the search to `manage.py reindex`"
        )
        parser.add_argument("--processes", type=_positive, help="how many work at once; all cores with PostgreSQL")

    def handle(self, *args: Any, **options: Any) -> None:
        """Generate and print the rate."""
        until = options["until"] or timezone.localdate()
        started = monotonic()
        try:
            rows = generate(
                options["count"],
                options["seed"],
                until,
                options["processes"] or most_processes(),
                index=not options["no_index"],
            )
            for done in rows:
                if done % PROGRESS_EVERY == 0 or done == options["count"]:
                    seconds = monotonic() - started
                    self.stdout.write(f"{done} items in {seconds:.1f} s: {done / seconds:.0f} a second")
        except RealItems as refusal:
            raise CommandError(str(refusal)) from refusal


def _positive(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if not 1 <= number <= 10_000_000:
        raise ArgumentTypeError("give a whole number from 1 to 10000000")
    return number
