"""Loads units, the leading group as printed and the cast; safe to run again."""

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from organizations.cast import CAST, Player
from organizations.models import Appointment, CalendarDay, DayKind, Membership, Role, Unit, User

DATA = Path(__file__).resolve().parent / "data"
PRINTED_ROLES = {
    "组长": Role.GROUP_LEADER,
    "副组长": Role.GROUP_DEPUTY,
    "成员": Role.GROUP_MEMBER,
    "办公室主任": Role.OFFICE_DIRECTOR,
}


@cache
def read(name: str) -> Any:
    """One of this room's data files, parsed once in a process."""
    return yaml.safe_load((DATA / name).read_text(encoding="utf-8"))


def load_units() -> None:
    """Create the units that are missing; units that exist are the bureau's own and stay as they are."""
    for order, row in enumerate(read("units.zh.yaml")["units"]):
        values = {key: row[key] for key in ("name", "name_en", "kind")}
        values |= {"order": order, "discloses": row.get("discloses", False)}
        values |= {key: Unit.objects.get(code=row[key]) for key in ("parent", "party_parent") if key in row}
        Unit.objects.get_or_create(code=row["code"], defaults=values)


def load_leading_group() -> None:
    """Create the appointments of the printed list (S85–S89); missing names stay missing, nobody gets an account."""
    printed = read("leading_group.zh.yaml")
    group = Unit.objects.get(code="LX")
    if group.appointments.exclude(printed_name="").exists():
        return
    Appointment.objects.bulk_create(
        Appointment(
            unit=group,
            role=PRINTED_ROLES[row["role"]],
            printed_name=row["name_printed"],
            printed_role=row["role_printed"],
            name_is_complete=row["name_complete"],
            office_held=row.get("post", ""),
            is_first_responsible=row["role"] == "组长",
            valid_from=printed["issued"]
            if isinstance(printed["issued"], date)
            else date.fromisoformat(printed["issued"]),
            order=order,
        )
        for order, row in enumerate(printed["members"])
    )


def load_calendar() -> None:
    """Enter the published days off and make-up days that are missing; days that were changed here stay as they are."""
    CalendarDay.objects.bulk_create(
        [row for year in read("holidays.zh.yaml")["years"] for row in _days_of(year)], ignore_conflicts=True
    )


def _days_of(year: dict[str, Any]) -> list[CalendarDay]:
    off = [
        CalendarDay(day=row["from"] + timedelta(days=place), kind=DayKind.HOLIDAY, name=row["name"])
        for row in year["holidays"]
        for place in range((row["until"] - row["from"]).days + 1)
    ]
    worked = [CalendarDay(day=row["day"], kind=DayKind.MAKE_UP, name=row["name"]) for row in year["make_up"]]
    for row in (rows := [*off, *worked]):
        row.source = year["source"]
    return rows


def load_cast(password: str, since: date) -> list[User]:
    """Create the demonstration accounts that are missing, appointed from `since`; returns the new ones."""
    return [_engage(player, password, since) for player in CAST if not _exists(player)]


def _exists(player: Player) -> bool:
    return User.objects.filter(username=player.username).exists()


def _engage(player: Player, password: str, since: date) -> User:
    user = User(username=player.username, display_name=player.display_name, is_staff=player.is_staff)
    user.set_password(password)
    user.save()
    for role, unit, office in player.appointments:
        Appointment.objects.create(
            user=user, role=role, unit=Unit.objects.get(code=unit), office_held=office, valid_from=since
        )
    if player.branch:
        Membership.objects.create(user=user, branch=Unit.objects.get(code=player.branch), valid_from=since)
    return user
