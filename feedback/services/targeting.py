"""Recording who is complained about, and keeping the case away from them (S46)."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from disclosures.refusal import Refused
from disclosures.richtext import clean_line
from feedback.access import handlers_of
from feedback.models import Case, NamedBy, Target, Transfer
from feedback.receiving import receiving_unit
from feedback.services.trail import Fact
from organizations.models import Unit, User


@dataclass(frozen=True)
class Accused:
    """Who a sender says it is about: a unit, a person by name, both or neither."""

    unit: Unit | None = None
    person_name: str = ""

    @property
    def is_known(self) -> bool:
        """Whether anybody is named."""
        return bool(self.unit or self.person_name)


NOBODY = Accused()


def name_at_receipt(case: Case, accused: Accused, at: datetime) -> None:
    """Store whom the sender named; the handling unit was chosen with it in mind."""
    if accused.is_known:
        name = clean_line(accused.person_name)
        Target.objects.create(case=case, unit=accused.unit, person_name=name, named_by=NamedBy.SENDER, at=at)


def name_target(
    case: Case, by: User, at: datetime, *, unit: Unit | None = None, person_name: str = "", username: str = ""
) -> Fact:
    """Record a unit or a person complained about; a case in the hands of that unit passes to its superior at once.

    The event names nobody: whoever is complained about may read the trail.
    """
    name = clean_line(person_name)
    account = _account(username)
    if unit is None and not name and account is None:
        told = _("Name a unit or a person.")
        raise Refused(told, code="unit", problems={"unit": [told]})
    Target.objects.create(case=case, unit=unit, person_name=name, person=account, named_by=NamedBy.OFFICE, by=by, at=at)
    before, case.unit = case.unit, receiving_unit(case.unit, unit, at)
    if case.unit == before:
        return Fact("case.target_named")
    Transfer.objects.create(
        case=case,
        from_unit=before,
        to_unit=case.unit,
        reason=_("A unit does not handle a complaint about itself."),
        at=at,
        by=by,
    )
    told_to = tuple(handlers_of(case.unit, at, case=case))
    return Fact("case.target_named", {"from": before.code, "to": case.unit.code}, recipients=told_to)


def _account(username: str) -> User | None:
    name = clean_line(username)
    if not name:
        return None
    found = User.objects.filter(username=name).first()
    if found is None:
        told = _("There is no account with this user name.")
        raise Refused(told, code="username", problems={"username": [told]})
    return found
