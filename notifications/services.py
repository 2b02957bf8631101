"""The only writer of notices; called inside the transaction of the fact."""

from collections.abc import Iterable
from datetime import datetime

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
