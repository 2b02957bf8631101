"""`manage.py install_triggers`: the cure for audit.E001."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from audit.services import record
from audit.triggers import install, missing, open_editor


class Command(BaseCommand):
    """Creates every registered trigger anew; which ones were missing goes into the trail."""

    help = "Create the database triggers that are missing."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Install and report."""
        names = missing(connection)
        if not names:
            self.stdout.write("No trigger is missing.")
            return
        with transaction.atomic():
            install(open_editor(connection))
            record(
                "audit.triggers_installed",
                by=None,
                subject_kind="database",
                subject_ref=connection.alias,
                after={"missing": names},
            )
        self.stdout.write(f"Created again: {', '.join(names)}.")
