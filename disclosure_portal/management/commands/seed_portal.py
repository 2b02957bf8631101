"""`manage.py seed_portal [--demo]`: everything a new portal starts with; safe to run again."""

import secrets
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

import disclosures.seeding
import feedback.seeding
import organizations.seeding
from organizations.models import Appointment, Role, Unit, User

RECORDERS = (("records_drafter", "补录起草", Role.DRAFTER, "JG"), ("records_entry", "补录登记", Role.EXAMINER, "LB"))


class Command(BaseCommand):
    """Load the data of the plan and, with --demo, the cast."""

    help = "Loads units, catalogue, routes, the leading group and the plan of 2012; --demo adds the demonstration cast."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--demo adds the cast, with PORTAL_DEMO_PASSWORD or a random password printed once."""
        parser.add_argument("--demo", action="store_true", help="add the demonstration accounts")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load everything in one transaction."""
        with transaction.atomic():
            organizations.seeding.load_units()
            organizations.seeding.load_leading_group()
            organizations.seeding.load_calendar()
            disclosures.seeding.load_catalogue()
            disclosures.seeding.load_routes()
            feedback.seeding.load_limits()
            self._load_plan()
            if options["demo"]:
                self._load_cast()

    def _load_plan(self) -> None:
        """Carry the plan through by two accounts that exist for this alone and are closed again."""
        drafter, recorder = (self._recorder(*row) for row in RECORDERS)
        item = disclosures.seeding.load_plan(drafter, recorder)
        User.objects.filter(pk__in=[drafter.pk, recorder.pk]).update(is_active=False)
        self.stdout.write(f"{item.title}: /items/{item.number}/")

    def _recorder(self, username: str, display_name: str, role: str, unit: str) -> User:
        user, is_new = User.objects.get_or_create(username=username, defaults={"display_name": display_name})
        if is_new:
            user.set_unusable_password()
            user.save()
            today = timezone.localdate()
            Appointment.objects.create(
                user=user,
                role=role,
                unit=Unit.objects.get(code=unit),
                office_held=display_name,
                valid_from=today,
                valid_until=today + timedelta(days=1),
            )
        return user

    def _load_cast(self) -> None:
        password = settings.PORTAL_DEMO_PASSWORD or secrets.token_urlsafe(9)
        since = timezone.localdate().replace(month=1, day=1)
        new = organizations.seeding.load_cast(password, since)
        if new:
            names = ", ".join(user.username for user in new)
            shown = "PORTAL_DEMO_PASSWORD" if settings.PORTAL_DEMO_PASSWORD else password
            self.stdout.write(f"Demonstration accounts: {names}\nPassword of all of them, shown once: {shown}")
