"""Who stands too near to a complaint: computed from appointments, asked by everything that reads or handles a case.

A unit complained about, with all that stands under it in either tree, decides nothing on the case and learns nothing
of who complained. A person complained about does not find the case at all.
`docs/decisions/conflicts-from-appointments.md` says why.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from disclosures.refusal import Sentence
from feedback.models import Case, Target
from organizations.models import Appointment, User
from organizations.tree import at_or_above

LEFT_TO_THE_UNIT = frozenset({"report_done"})  # what a unit complained about may still do: put things right
ON_IDENTITY = frozenset({"ask_identity", "decide_identity", "open_identity"})


def about(user: User | AnonymousUser) -> Exists:
    """Whether the case of the outer row complains about `user`: by account, or by exactly the same name."""
    key = user.pk or 0  # a visitor without account is nobody
    printed = Appointment.objects.filter(user_id=key).exclude(printed_name="").values("printed_name")
    by_name = Q(person_name=getattr(user, "display_name", "")) | Q(person_name__in=printed)
    return Exists(Target.objects.filter(Q(person_id=key) | (~Q(person_name="") & by_name), case=OuterRef("pk")))


def on_units_above(user: User) -> Exists:
    """Whether the case of the outer row complains about a unit in which, or under which, `user` is appointed."""
    return Exists(Target.objects.filter(case=OuterRef("pk"), unit_id__in=_units_above(user)))


def names(case: Case, user: User) -> bool:
    """Whether `case` complains about `user`."""
    targets = list(case.targets.all())
    if not targets:
        return False
    if any(target.person_id == user.pk for target in targets):
        return True
    printed = Appointment.objects.filter(user=user).values_list("printed_name", flat=True)
    return bool({target.person_name for target in targets if target.person_name} & {user.display_name, *printed})


def concerns(case: Case, user: User, *, as_member: bool = False) -> bool:
    """Whether `case` complains about a unit in which, or under which, `user` is appointed; or is a member, if asked."""
    units = {target.unit_id for target in case.targets.all() if target.unit_id}
    return bool(units) and not units.isdisjoint(_units_above(user, as_member=as_member))


def why_not(verb: str, case: Case, by: User) -> Sentence | None:
    """Why `by` stands too near to do `verb` on `case`."""
    if names(case, by):
        return _("Your role does not allow this for %(unit)s.") % {"unit": case.unit}
    if verb not in LEFT_TO_THE_UNIT and concerns(case, by, as_member=verb in ON_IDENTITY):
        return _("The case complains about your unit. Its superior decides; your unit puts right what it is told to.")
    return None


def unconcerned(users: Iterable[User], case: Case) -> list[User]:
    """Those of `users` about whom, and about whose units, `case` says nothing."""
    if not case.targets.exists():
        return list(users)
    return [user for user in users if not names(case, user) and not concerns(case, user)]


def unnamed(users: Iterable[User], case: Case) -> list[User]:
    """Those of `users` about whom `case` says nothing."""
    if not case.targets.exists():
        return list(users)
    return [user for user in users if not names(case, user)]


def _units_above(user: Any, *, as_member: bool = False) -> frozenset[int]:
    units = {held.unit_id for held in user.appointments_today}
    if as_member:
        units |= set(user.memberships.in_force(timezone.localdate()).values_list("branch_id", flat=True))
    return at_or_above(units) if units else frozenset()
