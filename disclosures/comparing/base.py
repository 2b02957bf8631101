"""Since when: the revision a person saw last, and the others they may compare with."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max, Q

from disclosures import access
from disclosures.comparing.fields import FieldChanges, field_changes
from disclosures.comparing.files import FileChange, file_changes
from disclosures.comparing.paragraphs import Passage, text_changes
from disclosures.models import Decision, Revision, RevisionReading
from organizations.models import User


@dataclass(frozen=True)
class Comparison:
    """A revision beside an earlier one, as `admin/review/changes.html` shows it."""

    before: Revision
    is_last_seen: bool
    fields: FieldChanges
    files: list[FileChange]
    text: list[Passage]
    others: list[int] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs at all."""
        return not (self.fields or self.files or self.text)


def last_seen(revision: Revision, user: User) -> int | None:
    """Number of the newest earlier revision of the item that `user` read on the review page or decided on."""
    earlier = Q(revision__item=revision.item_id, revision__number__lt=revision.number)
    decided = Decision.objects.filter(earlier, Q(decided_by=user) | Q(recorded_by=user))
    read = RevisionReading.objects.filter(earlier, user=user)
    numbers = [rows.aggregate(last=Max("revision__number"))["last"] for rows in (decided, read)]
    return max((number for number in numbers if number is not None), default=None)


def comparison(revision: Revision, user: User, since: int | None = None) -> Comparison | None:
    """`revision` beside revision number `since`, else the one `user` saw last, else the one before it.

    Only earlier revisions that `user` may read are compared with; None where there is none. Raises
    `Revision.DoesNotExist` when `since` names no such revision.
    """
    rows = access.revisions_readable_by(user).filter(item=revision.item_id, number__lt=revision.number)
    numbers = sorted(rows.values_list("number", flat=True))
    if since is not None and since not in numbers:
        raise Revision.DoesNotExist
    if not numbers:
        return None
    seen = last_seen(revision, user)
    chosen = since if since is not None else seen if seen in numbers else numbers[-1]
    before = rows.select_related("entry_version__entry", "matter").get(number=chosen)
    return Comparison(
        before=before,
        is_last_seen=chosen == seen,
        fields=field_changes(before, revision),
        files=file_changes(_files(before), _files(revision)),
        text=text_changes(before.body_text, revision.body_text),
        others=[number for number in numbers if number != chosen],
    )


def _files(revision: Revision) -> Any:
    return revision.attachments.select_related("file").order_by("order", "id")
