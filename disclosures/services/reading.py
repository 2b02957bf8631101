"""Who had which revision on the review page: the one row that reading writes."""

from datetime import datetime

from django.db import IntegrityError, transaction

from disclosures.models import Revision, RevisionReading
from organizations.models import User


def note_reading(revision: Revision, user: User, at: datetime) -> None:
    """Remember that `user` had `revision` on the review page at `at`.

    Opening a page writes nothing anywhere else in the portal. This one row is the exception, because “changed since
    you last saw it” cannot be answered without knowing what was seen: a button “I have read it” would be forgotten,
    and the session is gone the next day. It holds no content, is shown to nobody else, and no decision depends on it.
    Previews never call it.
    """
    mine = RevisionReading.objects.filter(revision=revision, user=user)
    if mine.update(last_at=at):
        return
    try:
        with transaction.atomic():
            RevisionReading.objects.create(revision=revision, user=user, first_at=at, last_at=at)
    except IntegrityError:  # two tabs opened at once: the other one wrote it
        mine.update(last_at=at)
