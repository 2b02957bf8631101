"""Passing a case on to the unit that answers for it; the limits run on from the receipt (S46)."""

from datetime import datetime

from django.utils.translation import gettext as _

from disclosures.refusal import Refused
from feedback.access import handlers_of
from feedback.models import Case, Transfer
from feedback.receiving import stands_under, transfer_units
from feedback.services.trail import Fact
from feedback.services.words import needed
from organizations.models import Unit, User


def transfer(case: Case, by: User, at: datetime, *, unit: Unit, reason: str) -> Fact:
    """Pass the case on, with a reason; never to a unit it complains about or that stands under one."""
    told = needed(reason, "reason", _("Give the reason."))
    problem = _problem(case, unit, at)
    if problem:
        raise Refused(problem, code="unit", problems={"unit": [problem]})
    Transfer.objects.create(case=case, from_unit=case.unit, to_unit=unit, reason=told, at=at, by=by)
    codes = {"from": case.unit.code, "to": unit.code}
    case.unit = unit
    return Fact("case.transferred", codes, reason=told, recipients=tuple(handlers_of(unit, at, case=case)))


def _problem(case: Case, unit: Unit, at: datetime) -> str:
    if unit.pk == case.unit_id:
        return _("The case is with this unit already.")
    if not transfer_units(at).filter(pk=unit.pk).exists():
        return _("This unit handles no feedback.")
    accused = [target.unit for target in case.targets.select_related("unit") if target.unit]
    if any(stands_under(unit, other) for other in accused):
        return _("The case complains about this unit or one above it.")
    return ""
