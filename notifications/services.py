"""The only writer of notices; called inside the transaction of the fact."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F, Q, QuerySet

from notifications.models import Channel, Delivery, Notice
from organizations.models import User


def notify(recipients: Iterable[User], *, verb: str, subject_kind: str, subject_ref: str, at: datetime) -> list[Notice]:
    """Write one notice a person, delivered in the portal at once; closed accounts are left out."""
    people = {user.pk: user for user in recipients if user.is_active}
    notices = Notice.objects.bulk_create(
        Notice(recipient=user, verb=verb, subject_kind=subject_kind, subject_ref=subject_ref, created_at=at)
        for user in people.values()
    )
    Delivery.objects.bulk_create(
        Delivery(notice=notice, channel=Channel.PORTAL, attempts=1, delivered_at=at) for notice in notices
    )
    return notices


def undelivered(at: datetime) -> QuerySet[Delivery]:
    """Deliveries that are due at `at` and have not arrived."""
    is_due = Q(next_attempt_at__isnull=True) | Q(next_attempt_at__lte=at)
    return Delivery.objects.filter(is_due, delivered_at__isnull=True)


def deliver_due(at: datetime) -> int:
    """Deliver what is due by the channels that exist; return how many arrived.

    In the portal a notice has arrived once its row stands. One conditional statement: two runs at once never count
    the same delivery twice. A channel that is not there yet leaves its deliveries waiting.
    """
    rows = undelivered(at).filter(channel=Channel.PORTAL)
    return rows.update(delivered_at=at, attempts=F("attempts") + 1, next_attempt_at=None)


def mark_read(recipient: User, *, at: datetime) -> int:
    """Mark the unread notices of `recipient` as read at `at`; returns how many."""
    return Notice.objects.filter(recipient=recipient, read_at__isnull=True).update(read_at=at)
