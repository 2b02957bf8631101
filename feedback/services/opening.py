"""Opening the sealed identity of a sender: with a reason, as an Event, told nowhere else (S12)."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from disclosures.refusal import Refused
from feedback import sealing
from feedback.models import Case, Identity
from feedback.sealing import Sender
from feedback.services.engine import why_not
from feedback.services.trail import Fact, tell
from feedback.services.words import needed
from organizations.models import User


def open_identity(*, case: Case, by: User, reason: str) -> Sender:
    """Return who sent `case`; the Event with the reason is written in the same transaction.

    Raises `Refused`: `not_allowed`, `reason`, `no_identity`, `sealed` (wrong key or changed record).
    """
    refusal = why_not("open_identity", case=case, by=by)
    if refusal is not None:
        raise Refused(refusal, code="not_allowed")
    told = needed(reason, "reason", _("Give the reason."))
    with transaction.atomic():
        identity = Identity.objects.select_related("case").filter(case=case).first()
        if identity is None:
            raise Refused(_("The sender gave neither name nor contact."), code="no_identity")
        sender = sealing.unseal(identity)
        tell(Fact("identity.opened", reason=told), case, by, timezone.now())
    return sender
