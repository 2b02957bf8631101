"""What is already out on a matter, for a reviewer: the same matter, and the same duty of the same unit."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from disclosures.models import Release, Revision
from disclosures.visibility import Reader

MOST = 8  # rows of each list


@dataclass(frozen=True)
class AlreadyOut:
    """Open releases that this reader may see, newest first: of the item itself, of its matter, of its entry before."""

    of_the_item: list[Release]
    of_the_matter: list[Release]
    of_the_entry: list[Release]

    def __bool__(self) -> bool:
        return bool(self.of_the_item or self.of_the_matter or self.of_the_entry)


def already_out(revision: Revision, reader: Reader, at: datetime) -> AlreadyOut:
    """What readers of the same kind find next to `revision` today; asked of visibility alone (rule 1)."""
    matter = Q(revision__matter=revision.matter_id) if revision.matter_id else Q(pk__in=[])
    entry = Q(unit=revision.unit_id, revision__entry=revision.entry_id) if revision.entry_id else Q(pk__in=[])
    own = Q(item=revision.item_id)
    rows = [_rows(which, reader, at) for which in (own, matter & ~own, entry & ~matter & ~own)]
    return AlreadyOut(*rows)


def _rows(which: Q, reader: Reader, at: datetime) -> list[Release]:
    rows = Release.objects.visible_to(reader, at).filter(which).for_reading()
    return list(rows.defer("revision__body", "revision__body_text").newest_first(reader)[:MOST])
