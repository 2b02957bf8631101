from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from disclosures.models import FileText
from disclosures.reading import read_behind
from disclosures.services.screening_later import drop_marked
from disclosures.thumbnails import ensure_thumbnails_behind


class Command(BaseCommand):
    """Started by the portal itself for files that take longer than an answer may."""

    help = "Reads the text of one stored file for screening; `tick` does the same for files that were left behind."

    def add_arguments(self, parser: CommandParser) -> None:
        """The digest of the file."""
        parser.add_argument("sha256")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read it."""
        read_behind(options["sha256"])
        for read in FileText.objects.filter(file__sha256=options["sha256"]).select_related("file"):
            if not drop_marked(read):
                ensure_thumbnails_behind(read.file)
