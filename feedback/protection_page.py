"""What the page of a case shows of those it is about, of requests to open the identity, and of proposed answers."""

from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from feedback import conflicts
from feedback.models import Case, Identity
from feedback.services import opening, publishing
from feedback.staff_forms import FORMS
from organizations import roles
from organizations.models import User
from organizations.roles import Ability


def shown_of(case: Case, user: User) -> dict[str, Any]:
    """Additions to the page; who is named, and why an identity was asked for, only to those who may decide."""
    is_near = conflicts.concerns(case, user)
    return {
        "is_near": is_near,
        "accused": [] if is_near else accused_of(case),
        "identity_end": _identity_end(case),
        "identity_requests": opening.requests_of(case) if may_follow_identity(case, user) else [],
        "publications": publishing.publications_of(case),
        "transfers": case.transfers.select_related("from_unit", "to_unit", "by"),
    }


def verbs_left_out(case: Case, user: User) -> frozenset[str]:
    """Verbs that make no sense for this person now: everything near to them, and idle doors to the identity."""
    if conflicts.concerns(case, user):
        return frozenset(FORMS) - conflicts.LEFT_TO_THE_UNIT
    if not case.is_named:
        return conflicts.ON_IDENTITY
    idle = set()
    if not opening.waiting_requests(case):
        idle.add("decide_identity")
    if opening.why_not_open(case, user) is not None:
        idle.add("open_identity")
    if not publishing.waiting_publications(case):
        idle.add("review_answer")
    return frozenset(idle)


def may_follow_identity(case: Case, user: User) -> bool:
    """Whether `user` may ask for or grant an opening, and is free to."""
    held = any(roles.may(user, ability, case.unit_id) for ability in (Ability.OPEN_IDENTITY, Ability.GRANT_IDENTITY))
    return held and conflicts.why_not("ask_identity", case, user) is None


def accused_of(case: Case) -> list[dict[str, str]]:
    """Units and people complained about, and who said so."""
    rows = []
    for target in case.targets.all():
        named = [target.unit.label if target.unit else "", target.person_name, str(target.person or "")]
        rows.append({"named": " · ".join(dict.fromkeys(filter(None, named))), "by": target.get_named_by_display()})
    return rows


def _identity_end(case: Case) -> str:
    identity = Identity.objects.select_related("destruction").filter(case=case).first() if case.is_named else None
    if identity is None or not hasattr(identity, "destruction"):
        return ""
    day = formats.date_format(identity.destruction.destroyed_at, "DATE_FORMAT")
    return _("Identity destroyed on %(date)s") % {"date": day}
