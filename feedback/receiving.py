"""Which unit receives a case: the one chosen, unless the complaint is about it or about a unit it stands under."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from feedback import access
from organizations.models import Unit, UnitKind, User
from organizations.roles import TABLE, Ability
from organizations.tree import at_or_above, party_superiors


def receiving_unit(chosen: Unit, complained_about: Unit | None, at: datetime) -> Unit:
    """The nearest Party superior in which somebody independent handles feedback, else a discipline group (S46).

    Where nobody does, the nearest superior: the case waits there, and the office sees that it waits.
    """
    if complained_about is None or not stands_under(chosen, complained_about):
        return chosen
    discipline = list(Unit.objects.filter(kind=UnitKind.DISCIPLINE_GROUP, is_active=True))
    above = [unit for unit in party_superiors(complained_about) if unit.is_active]
    fit = [unit for unit in [*above, *discipline] if not stands_under(unit, complained_about)]
    manned = [unit for unit in fit if _is_manned(unit, complained_about, at)]
    return next(iter([*manned, *fit]), chosen)


def stands_under(unit: Unit, other: Unit) -> bool:
    """Whether `unit` is `other` or stands under it in either tree."""
    return other.pk in at_or_above([unit.pk])


def transfer_units(at: datetime) -> QuerySet[Unit]:
    """Units that handle feedback: those that disclose, and those in which somebody appointed handles it."""
    roles = [role for role, granted in TABLE.items() if Ability.HANDLE in granted.own]
    held = Q(appointments__role__in=roles, appointments__valid_from__lte=timezone.localdate(at))
    held &= Q(appointments__valid_until__isnull=True) | Q(appointments__valid_until__gt=timezone.localdate(at))
    return Unit.objects.filter(Q(discloses=True) | held, is_active=True).distinct()


def _is_manned(unit: Unit, complained_about: Unit, at: datetime) -> bool:
    return any(_is_free(user, complained_about) for user in access.own_handlers_of(unit, at))


def _is_free(user: User, complained_about: Unit) -> bool:
    return complained_about.pk not in at_or_above(held.unit_id for held in user.appointments_today)
