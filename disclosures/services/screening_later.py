"""What screening does after a submission: marks found in files read late, and a look ahead at public openings (S41)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from disclosures import notices
from disclosures.models import Attachment, FileText, Item, Release
from disclosures.screening import Profile, screen
from disclosures.services import destroying, releasing
from disclosures.services.trail import tell

LATELY = timedelta(hours=1)


def drop_marked(read: FileText) -> bool:
    """Take a file that bears a secrecy mark out of every draft and destroy it; False where it bears none."""
    rows = Attachment.objects.filter(file=read.file_id)
    names = list(rows.values_list("filename", flat=True)) or [""]
    if not any(destroying.bears_mark(read, name) for name in names):
        return False
    at = timezone.now()
    with transaction.atomic():
        for item in Item.objects.select_for_update(of=("self",)).filter(pk__in=rows.values("item")).order_by("pk"):
            item.attachments.filter(file=read.file_id).delete()
            item.version += 1
            item.save(update_fields=["version"])
            tell("item.marked_file_destroyed", item, None, after={"version": item.version})
            notices.send("item.marked_file_destroyed", item, at)
    file = read.file
    if destroying.destroy(file):
        read.delete()
        file.delete()
    return True


def drop_marked_lately(at: datetime) -> int:
    """Look at the files read within the last hour; returns how many were destroyed."""
    rows = FileText.objects.filter(changed_at__gt=at - LATELY, state=FileText.State.READ).select_related("file")
    return sum(drop_marked(read) for read in rows)


def hold_openings(at: datetime) -> int:
    """Screen what opens to the public within the next days; what was found anew stays closed to the public.

    Narrower is always allowed (rule 4): the public window ends where it begins, and only a correction opens another.
    """
    until = at + timedelta(days=settings.PORTAL_SCREEN_AHEAD_DAYS)
    coming = Release.objects.filter(public_from__gt=at, public_from__lte=until, withdrawn_at__isnull=True)
    return sum(_hold(release, at) for release in coming.select_related("item__unit", "revision"))


def _hold(release: Release, at: datetime) -> bool:
    if release.public_until is not None and release.public_until <= (release.public_from or at):
        return False
    kept = set(release.revision.findings.values_list("key", flat=True))
    if all(one.key in kept for one in screen(release.revision, profile=Profile.PUBLIC).findings):
        return False
    with transaction.atomic():
        release.public_until = release.public_from
        release.save(update_fields=["public_until"])
        tell("release.held", release.item, None, after=releasing.windows(release))
        notices.send("release.held", release.item, at)
    return True
