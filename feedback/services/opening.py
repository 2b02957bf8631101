"""Opening a sealed identity: one person asks with a reason, another grants, who asked sees it once (S12).

Reasons may tell something of the sender: they stand in rows that only askers and granters read, never in an Event,
which everybody who reads the case reads with it.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from disclosures.refusal import Refused, Sentence
from feedback import sealing
from feedback.access import holders_of
from feedback.models import Case, Identity, IdentityDecision, IdentityOpening, IdentityRequest
from feedback.sealing import Sender
from feedback.services.trail import Fact, tell
from feedback.services.words import needed
from organizations.models import User
from organizations.roles import Ability

GRANT_HOLDS = timedelta(hours=24)


def why_not_ask(case: Case, by: User) -> Sentence | None:
    """Why nobody can ask: there is nothing to open, or an own request waits or was granted just now."""
    if (nothing := why_nothing_to_open(case)) is not None:
        return nothing
    if any(row.outcome is None for row in requests_of(case) if row.asked_by_id == by.pk):
        return _("Your request waits for a second person.")
    return None


def ask(case: Case, by: User, at: datetime, *, reason: str) -> Fact:
    """Ask to open the identity; whoever may grant it is told."""
    told = needed(reason, "reason", _("Give the reason."))
    made = IdentityRequest.objects.create(case=case, reason=told, asked_by=by, asked_at=at)
    granters = tuple(user for user in granters_of(case, at) if user.pk != by.pk)
    return Fact("identity.asked_for", {"request": made.pk}, recipients=granters)


def why_not_decide(case: Case, by: User) -> Sentence | None:
    """Why nothing can be granted: nothing waits, or only what the same person asked for (four eyes)."""
    if (nothing := why_nothing_to_open(case)) is not None:
        return nothing
    waiting = waiting_requests(case)
    if not waiting:
        return _("Nobody has asked to open the identity.")
    if all(row.asked_by_id == by.pk for row in waiting):
        return _("You asked for it, so another person decides.")
    return None


def decide(case: Case, by: User, at: datetime, *, request: int, is_granted: bool, remark: str = "") -> Fact:
    """Grant or refuse a request; never by who asked."""
    sentence = _("Choose one of the requests.")
    chosen = next((row for row in waiting_requests(case) if row.pk == request), None)
    if chosen is None:
        raise Refused(sentence, code="request", problems={"request": [sentence]})
    if chosen.asked_by_id == by.pk:
        raise Refused(_("You asked for it, so another person decides."), code="four_eyes")
    told = remark.strip() if is_granted else needed(remark, "remark", _("Say why it is refused."))
    IdentityDecision.objects.create(request=chosen, is_granted=is_granted, remark=told, decided_by=by, decided_at=at)
    verb = "identity.granted" if is_granted else "identity.refused"
    return Fact(verb, {"request": chosen.pk}, recipients=(chosen.asked_by,))


def why_not_open(case: Case, by: User) -> Sentence | None:
    """Why `by` cannot see the identity now: nothing granted to them, seen already, or granted too long ago."""
    if (nothing := why_nothing_to_open(case)) is not None:
        return nothing
    if _grant_of(case, by, timezone.now()) is None:
        return _("Ask for it first; another person grants it, and then you see it once within 24 hours.")
    return None


def open_granted(case: Case, by: User) -> Sender:
    """Return who sent `case` to the person it was granted to, once; the Event stands in the same transaction.

    Raises `Refused`: `not_allowed`, `no_identity`, `sealed` (wrong key or changed record).
    """
    with transaction.atomic():
        row = Case.objects.select_for_update(of=("self",)).select_related("unit").get(pk=case.pk)
        at = timezone.now()
        grant = _grant_of(row, by, at)
        if grant is None:
            raise Refused(str(why_not_open(row, by)), code="not_allowed")
        sender = sealing.unseal(Identity.objects.select_related("case").get(case=row))
        IdentityOpening.objects.create(request=grant, opened_at=at)
        tell(Fact("identity.opened", {"request": grant.pk}), row, by, at)
    return sender


def why_nothing_to_open(case: Case) -> Sentence | None:
    """That there is no identity, or no longer."""
    identity = Identity.objects.select_related("destruction").filter(case=case).first()
    if identity is None:
        return _("The sender gave neither name nor contact.")
    if hasattr(identity, "destruction"):
        return _("The identity was destroyed, as its time was over.")
    return None


def requests_of(case: Case) -> list[IdentityRequest]:
    """Every request with its decision and opening, oldest first."""
    rows = case.identity_requests.select_related("asked_by", "decision__decided_by", "opening")
    return list(rows)


def waiting_requests(case: Case) -> list[IdentityRequest]:
    """Those nobody has decided on."""
    return [row for row in requests_of(case) if row.outcome is None]


def granters_of(case: Case, at: datetime) -> list[User]:
    """People who may grant or refuse."""
    return holders_of(Ability.GRANT_IDENTITY, case.unit, at, case=case)


def _grant_of(case: Case, by: User, at: datetime) -> IdentityRequest | None:
    for row in requests_of(case):
        granted = row.outcome is not None and row.outcome.is_granted and at < row.outcome.decided_at + GRANT_HOLDS
        if row.asked_by_id == by.pk and granted and row.seen_at is None:
            return row
    return None
