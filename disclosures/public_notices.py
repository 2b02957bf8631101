"""Public notices (公示): the window an item of such a duty carries, and why an item that was open is closed now.

An item is a notice when its catalogue entry demands working days of one; its window is that of its release, which was
planned, reviewed and frozen with the revision. No job ends it: lists and its page ask visibility at their instant.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from disclosures.models import CatalogueEntryVersion, Release
from disclosures.visibility import Reader, ReleaseQuerySet


class State(StrEnum):
    """Where a notice stands at an instant."""

    COMING = "coming"
    RUNNING = "running"
    ENDED = "ended"


@dataclass(frozen=True)
class PublicNotice:
    """A window, half-open as every other; `days` are the working days that the catalogue demands at least."""

    begins: datetime
    ends: datetime
    days: int

    def state(self, at: datetime) -> State:
        """Whether it has begun and not ended."""
        if at < self.begins:
            return State.COMING
        return State.RUNNING if at < self.ends else State.ENDED

    @property
    def last_day(self) -> date:
        """The last day of which any part belongs to it."""
        return last_day(self.ends)

    @property
    def ends_at_midnight(self) -> bool:
        """Whether its last day belongs to it whole."""
        return timezone.localdate(self.ends) != self.last_day


def last_day(end: datetime) -> date:
    """The last day of which any part lies before `end`: an end at midnight belongs to the day before."""
    return timezone.localdate(end - timedelta(microseconds=1))


class Closing(StrEnum):
    """Why an item is gone."""

    WITHDRAWN = "withdrawn"
    NOTICE_ENDED = "notice_ended"
    ENDED = "ended"


@dataclass(frozen=True)
class Closed:
    """What the page of a closed item may say: the reason, and the window of a notice; no title, text or name."""

    reason: Closing
    notice: PublicNotice | None = None


def notice_of(release: Release, reader: Reader) -> PublicNotice | None:
    """The notice in `release`: its public window, or the one inside the Party for an item that stays there.

    A release without an end has none and costs no query; one with an end costs one.
    """
    window = _window(release, reader)
    if window is None:
        return None
    versions = CatalogueEntryVersion.objects.filter(pk=release.revision.entry_version_id or 0)
    days = versions.values_list("notice_min_working_days", flat=True).first()
    return PublicNotice(*window, days) if days else None


def _window(release: Release, reader: Reader) -> tuple[datetime, datetime] | None:
    """From the first opening, which a correction carries on, to the end that is set."""
    if release.public_since is not None:
        return (release.public_since, release.public_until) if release.public_until else None
    if reader.reads_internal and release.internal_until is not None:
        return release.internal_since, release.internal_until
    return None


def why_closed(releases: ReleaseQuerySet, reader: Reader, at: datetime) -> Closed:
    """Why nothing of an item that was open to `reader` is open at `at`: asked of the text that was open last."""
    opened = releases.opened_to(reader, at).select_related("revision").defer("revision__body", "revision__body_text")
    last = opened.order_by("-internal_from", "-id").first()
    if last is None or last.withdrawn_at is not None:
        return Closed(Closing.WITHDRAWN)
    notice = notice_of(last, reader)
    return Closed(Closing.NOTICE_ENDED, notice) if notice else Closed(Closing.ENDED)


def in_words(notice: PublicNotice) -> str:
    """From the first day to the last; the hour only where the last day does not belong to the notice whole."""
    begin = date_format(timezone.localtime(notice.begins), "DATE_FORMAT")
    end = date_format(notice.last_day, "DATE_FORMAT")
    if not notice.ends_at_midnight:
        end += f" {timezone.localtime(notice.ends):%H:%M}"
    return _("%(begin)s to %(end)s") % {"begin": begin, "end": end}
