"""Destroying identities whose time is over; the case stays (S12). Safe late, twice and at once."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from audit.services import SYSTEM
from feedback.models import Case, Identity, IdentityDestruction
from feedback.services.trail import Fact, tell


def due(at: datetime) -> QuerySet[Identity]:
    """Identities of cases that ended longer ago than they are kept."""
    limit = at - timedelta(days=settings.PORTAL_IDENTITY_RETENTION_DAYS)
    ended = Q(case__closed_at__lte=limit) | Q(case__declined_at__lte=limit)
    return Identity.objects.filter(ended, destruction__isnull=True)


def destroy_old_identities(at: datetime) -> int:
    """Empty the sealed text of every identity whose time is over; return how many."""
    return sum(_destroy(pk, at) for pk in list(due(at).order_by("pk").values_list("pk", flat=True)))


def _destroy(pk: int, at: datetime) -> bool:
    with transaction.atomic():
        identity = Identity.objects.select_related("case").get(pk=pk)
        case = Case.objects.select_for_update(of=("self",)).select_related("unit").get(pk=identity.case_id)
        if not due(at).filter(pk=pk).exists():  # meanwhile destroyed, or the case was taken up again
            return False
        Identity.objects.filter(pk=pk).update(ciphertext=b"", nonce=b"")
        IdentityDestruction.objects.create(identity=identity, destroyed_at=at)
        reason = _("The period for which identities are kept is over.")
        tell(Fact("identity.destroyed", reason=reason), case, SYSTEM, at)
    return True
