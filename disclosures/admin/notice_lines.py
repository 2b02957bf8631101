"""Notices as shown: whoever may no longer read the subject sees neither its title nor a link to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from audit.verbs import sentence
from disclosures import access
from disclosures.models import Item
from notifications.models import Notice
from organizations.models import User

TO_THE_QUEUE = frozenset(("review.step_opened", "review.due_soon"))


@dataclass(frozen=True)
class NoticeLine:
    """One notice: the sentence of its verb, and title and address of its subject where the person reads it today."""

    sentence: str
    created_at: datetime
    title: str = ""
    url: str = ""


def lines_of(notices: Sequence[Notice], user: User) -> list[NoticeLine]:
    """The notices with what `user` may see of their subjects now: two queries, however many there are."""
    refs = [UUID(row.subject_ref) for row in notices if row.subject_kind == "item"]
    items = {str(item.uid): item for item in access.items_readable_by(user).filter(uid__in=refs)}
    decided = access.revisions_readable_by(user).filter(item__uid__in=refs).select_related("item").order_by("number")
    revisions = {str(row.item.uid): row for row in decided}
    lines = []
    for row in notices:
        item, revision = items.get(row.subject_ref), revisions.get(row.subject_ref)
        title, url = "", ""
        if row.subject_kind != "item":
            url = reverse("admin:notifications_notice_changelist")
        elif item is not None:
            title, url = str(item), _address(row, item)
        elif revision is not None:
            title, url = revision.title, reverse("review:revision", args=[revision.uid])
        lines.append(NoticeLine(sentence(row.verb), row.created_at, title, url))
    return lines


def _address(notice: Notice, item: Item) -> str:
    if notice.verb in TO_THE_QUEUE:
        return reverse("review:queue")
    return reverse("admin:disclosures_item_by_uid", args=[item.uid])
