"""Who may read and handle which case; identities are another matter (`services.opening`)."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from disclosures import limits
from feedback import conflicts
from feedback.models import Case, Rectification
from feedback.workflow import Held, Transition
from organizations import roles
from organizations.models import Appointment, Role, Unit, User
from organizations.roles import TABLE, Ability

READING = (Ability.HANDLE, Ability.READ_ITEMS)


def reads_cases(user: User) -> bool:
    """Whether `user` reads cases of any unit at all."""
    return any(roles.may(user, ability) for ability in READING)


def readable_by(user: User) -> QuerySet[Case]:
    """Cases that `user` may read without their identity: of units handled or read, or waiting on such a unit (S46).

    Never one that complains about `user`, whatever the office.
    """
    rows = Case.objects.exclude(conflicts.about(user))
    granted = [roles.units_where(user, ability) for ability in READING]
    if None in granted:
        return rows
    units = frozenset[int]().union(*(found for found in granted if found))
    return rows.filter(Q(unit_id__in=units) | _responsible(roles.units_where(user, Ability.HANDLE)))


def handled_by(user: User) -> QuerySet[Case]:
    """Cases that `user` may carry on: of the units in which `user` handles feedback, none about user or unit."""
    units = roles.units_where(user, Ability.HANDLE)
    rows = Case.objects.all() if units is None else Case.objects.filter(unit_id__in=units)
    return rows.exclude(conflicts.about(user)).exclude(conflicts.on_units_above(user))


def holds(by: User, transition: Transition, case: Case) -> bool:
    """Whether `by` holds what `transition` takes, where it has to be held."""
    if roles.may(by, transition.ability, case.unit_id):
        return True
    return transition.held is Held.RESPONSIBLE and any(
        answers_for(by, rectification) for rectification in case.rectifications.all()
    )


def handles(user: User, case: Case) -> bool:
    """Whether `user` handles feedback of the unit of `case` today, and the case is not about user or unit."""
    return roles.may(user, Ability.HANDLE, case.unit_id) and bool(conflicts.unconcerned([user], case))


def handles_any(user: User) -> bool:
    """Whether `user` handles feedback of any unit today."""
    return roles.may(user, Ability.HANDLE)


def answers_for(by: User, rectification: Rectification) -> bool:
    """Whether `by` handles feedback in the unit responsible for `rectification`, or in the one that ordered it."""
    units = (rectification.responsible_unit_id, rectification.case.unit_id)
    return any(roles.may(by, Ability.HANDLE, unit) for unit in units)


def handlers_of(unit: Unit, at: datetime, *, case: Case | None = None) -> list[User]:
    """People appointed that day who handle feedback of `unit`; where nobody is, those who handle that of every unit.

    For a `case`, those about whom or whose unit it complains are left out.
    """
    return own_handlers_of(unit, at, case=case) or _fit(_appointed(at, Q(role__in=_everywhere(Ability.HANDLE))), case)


def own_handlers_of(unit: Unit, at: datetime, *, case: Case | None = None) -> list[User]:
    """People appointed in `unit` that day who handle its feedback."""
    return _fit(_appointed(at, Q(unit=unit, role__in=_own(Ability.HANDLE))), case)


def verifiers_of(unit: Unit, at: datetime, *, case: Case | None = None) -> list[User]:
    """People appointed that day who may verify for `unit`: its own handlers and those of every unit."""
    return holders_of(Ability.HANDLE, unit, at, case=case)


def holders_of(ability: Ability, unit: Unit, at: datetime, *, case: Case | None = None) -> list[User]:
    """People appointed that day who hold `ability` in `unit`."""
    held = Q(unit=unit, role__in=_own(ability)) | Q(role__in=_everywhere(ability))
    return _fit(_appointed(at, held), case)


def _own(ability: Ability) -> list[str]:
    return [role for role, granted in TABLE.items() if ability in granted.own]


def _everywhere(ability: Ability) -> list[str]:
    return [role for role, granted in TABLE.items() if ability in granted.everywhere]


def _fit(users: list[User], case: Case | None) -> list[User]:
    return conflicts.unconcerned(users, case) if case else users


def superiors_of(unit: Unit, at: datetime) -> list[User]:
    """People appointed that day to examine for, or handle feedback of, the Party superior; else the office (S43)."""
    roles_there = [Role.SUPERIOR_REVIEWER, *(role for role, granted in TABLE.items() if Ability.HANDLE in granted.own)]
    found = _appointed(at, Q(unit=unit.party_parent_id, role__in=roles_there)) if unit.party_parent_id else []
    return found or limits.office(at)


def heads_of(unit: Unit, at: datetime) -> list[User]:
    """Who answers for the unit: its secretary and its first responsible person, or those of the unit above (S76)."""
    secretaries = _appointed(at, Q(unit=unit, role=Role.BRANCH_SECRETARY))
    own = _appointed(at, Q(unit=unit, is_first_responsible=True))
    return list({user.pk: user for user in (*secretaries, *own)}.values()) or limits.first_responsible_for(unit, at)


def _appointed(at: datetime, condition: Q) -> list[User]:
    held = Appointment.objects.in_force(timezone.localdate(at)).filter(condition, user__is_active=True)
    return list(User.objects.filter(appointments__in=held).distinct().order_by("pk"))


def _responsible(units: frozenset[int] | None) -> Exists:
    waiting = Rectification.objects.filter(case=OuterRef("pk"), responsible_unit_id__in=units or ())
    return Exists(waiting)
