"""Who answers for a unit's disclosures before its readers: the first responsible person (S76)."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from organizations.models import Appointment, Role, Unit, UnitKind


def responsible_for(units: Iterable[Unit], at: datetime) -> dict[int, Appointment]:
    """The appointment of the first responsible person of each unit, by primary key; one query.

    For the bureau it is the leader of the leading group. A name as printed in the plan goes before an account.
    """
    leads = Q(role=Role.GROUP_LEADER, unit__kind=UnitKind.LEADING_GROUP)
    held = Appointment.objects.in_force(timezone.localdate(at)).filter(Q(is_first_responsible=True) | leads)
    people = sorted(held.select_related("unit", "user"), key=lambda row: (not row.printed_name, row.order, row.pk))
    found = {}
    for unit in units:
        answering = next((row for row in people if _answers(row, unit)), None)
        if answering is not None:
            found[unit.pk] = answering
    return found


def _answers(held: Appointment, unit: Unit) -> bool:
    if held.is_first_responsible and held.unit_id == unit.pk:
        return True
    return unit.kind == UnitKind.BUREAU and held.role == Role.GROUP_LEADER
