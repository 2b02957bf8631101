"""The table of roles: printed truly, complete, and the only source of rights."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from organizations import roles
from organizations.cast import CAST
from organizations.models import Appointment, Membership, Role, Unit
from organizations.roles import Ability
from organizations.tree import subtree, with_ancestors
from scripts.tables import cast_table, roles_table
from tests.people import person, unit


def test_every_role_has_a_row():
    assert set(roles.TABLE) == set(Role.values)


def test_document_prints_the_tables():
    with translation.override("en"):
        document = Path("docs/roles.md").read_text(encoding="utf-8")
        assert roles_table() in document
        assert cast_table() in document
    assert all(f"| {player.username} |" in document for player in CAST)


@pytest.mark.usefixtures("house")
def test_superuser_flag_gives_nothing():
    user = person("party_member")
    user.is_superuser = user.is_staff = True
    user.save()
    assert not any(roles.may(user, ability) for ability in Ability)
    assert not roles.reads_every_internal(user)


@pytest.mark.usefixtures("house")
def test_appointment_counts_only_on_its_days():
    today = timezone.localdate()
    for until, allowed in ((today, False), (today + timedelta(days=1), True)):
        user = person("drafter")
        user.appointments.update(valid_until=until)
        assert roles.may(user, Ability.DRAFT, unit("JG")) is allowed
    user = person("drafter")
    user.appointments.update(valid_from=today + timedelta(days=1), valid_until=None)
    assert not roles.may(user, Ability.DRAFT)


@pytest.mark.usefixtures("house")
def test_ability_in_the_own_unit_does_not_reach_another():
    user = person("branch_drafter")
    assert roles.may(user, Ability.DRAFT, unit("ZB01"))
    assert not roles.may(user, Ability.DRAFT, unit("JG"))
    assert roles.units_where(user, Ability.DRAFT) == {unit("ZB01").pk}


@pytest.mark.usefixtures("house")
def test_no_single_account_drafts_decides_and_keeps_accounts():
    for player in CAST:
        user = person(player.username)
        held = {ability for ability in Ability if roles.may(user, ability)}
        assert not {Ability.DRAFT, Ability.DECIDE} <= held
        assert not held & {Ability.DRAFT, Ability.DECIDE} or Ability.KEEP_ACCOUNTS not in held


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(
    "values",
    [
        {"user": None, "printed_name": ""},
        {"user": None, "printed_name": "甲", "valid_until": "2019-01-01"},
        {"user": None, "printed_name": "甲", "valid_until": "2020-01-01"},
    ],
)
def test_impossible_appointments_are_refused_by_the_database(values):
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.create(unit=unit("JG"), role="drafter", valid_from="2020-01-01", **values)


@pytest.mark.usefixtures("house")
def test_nobody_is_twice_a_member_of_one_branch():
    user = person("party_member")
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=user, branch=unit("ZB01"), valid_from="2021-01-01")


@pytest.mark.usefixtures("house")
def test_trees_of_units():
    assert unit("ZB01").pk in subtree(unit("JG").pk)
    assert unit("SJ").pk not in subtree(unit("JG").pk)


def test_loop_in_the_tree_ends_the_walk():
    assert with_ancestors([1], {1: 2, 2: 3, 3: 1}) == {1, 2, 3}


@pytest.mark.usefixtures("house")
def test_unit_is_never_its_own_parent():
    for field in ("parent", "party_parent"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Unit.objects.filter(code="JG").update(**{f"{field}_id": unit("JG").pk})
