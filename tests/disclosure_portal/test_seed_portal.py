"""What a new portal starts with: the real plan, its catalogue, its people as printed."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from audit.models import Event
from disclosures.models import CatalogueEntry, Category, Decision, FormOfDisclosure, Item, Release, Route
from disclosures.services import perform
from disclosures.visibility import PUBLIC
from organizations.cast import CAST
from organizations.models import Appointment, Membership, Unit, User

pytestmark = pytest.mark.django_db
TITLE = "岳阳市文广新局2012年党务公开实施方案"


def seed(*options) -> str:
    out = StringIO()
    call_command("seed_portal", *options, stdout=out)
    return out.getvalue()


def counts() -> list[int]:
    tables = (
        Unit,
        User,
        Appointment,
        Membership,
        Category,
        CatalogueEntry,
        FormOfDisclosure,
        Route,
        Item,
        Release,
        Event,
    )
    return [table.objects.count() for table in tables]


def test_seed_again_changes_nothing():
    seed("--demo")
    before = counts()
    assert "password" not in seed("--demo").lower()
    assert counts() == before


def test_seed_again_finds_the_plan_after_its_title_was_corrected():
    seed("--demo")
    drafter = User.objects.get(username="drafter")
    item = perform("correct", item=(plan := Item.objects.get()), by=drafter, expected_version=plan.version)
    fields = {"title": "岳阳市文广新局党务公开实施方案"}
    perform("save", item=item, by=drafter, expected_version=item.version, fields=fields)
    before = counts()
    seed("--demo")
    assert counts() == before


def test_catalogue_is_whole():
    seed()
    assert Category.objects.count() == 8
    assert CatalogueEntry.objects.count() == 58
    assert Route.objects.count() == 3
    for entry in CatalogueEntry.objects.prefetch_related("versions__forms"):
        version = entry.version_on(timezone.localdate())
        channels = {form.channel for form in version.forms.all()}
        assert "internal" in channels, entry
        assert "public" in channels or version.audience == "internal", entry


def test_every_responsible_body_of_the_catalogue_exists():
    seed()
    kinds = set(CatalogueEntry.objects.values_list("versions__responsible_kind", flat=True))
    assert kinds <= set(Unit.objects.values_list("kind", flat=True))


def test_leading_group_stands_as_printed():
    seed("--demo")
    printed = list(Appointment.objects.exclude(printed_name="").order_by("order"))
    assert len(printed) == 13
    assert [a.printed_name for a in printed][:3] == ["汪\u00a0 \u00a0", "甘学红", "杨\u00a0 辉"]
    assert [a.name_is_complete for a in printed].count(False) == 3
    assert all(a.user is None for a in printed)


def test_cast_is_never_bound_to_a_printed_name():
    seed("--demo")
    names = {
        a.printed_name.replace("\u00a0", "").replace(" ", "") for a in Appointment.objects.exclude(printed_name="")
    }
    assert not names & {player.display_name for player in CAST}


def test_plan_went_the_whole_way_and_is_open_to_everyone():
    seed()
    release = Release.objects.visible_to(PUBLIC, timezone.now()).get()
    revision = release.revision
    assert (revision.title, str(revision.issued_on)) == (TITLE, "2012-02-02")
    assert revision.is_backfilled
    assert release.internal_from <= release.public_from
    assert "甘学红" in revision.body_text
    assert [step.state for step in revision.steps.all()] == ["approved", "approved"]
    assert set(Decision.objects.values_list("evidence", flat=True)) == {"document"}


def test_accounts_that_entered_the_plan_are_closed():
    seed()
    assert not User.objects.filter(is_active=True).exists()


def test_demo_password_is_random_and_printed_once(settings):
    settings.PORTAL_DEMO_PASSWORD = ""
    password = seed("--demo").rsplit(": ", 1)[1].strip()
    assert User.objects.get(username="leader").check_password(password)


def test_demo_password_from_the_environment_is_not_printed(settings):
    settings.PORTAL_DEMO_PASSWORD = "a-chosen-password"
    assert "a-chosen-password" not in seed("--demo")
    assert User.objects.get(username="leader").check_password("a-chosen-password")
