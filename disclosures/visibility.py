"""Who may see which release at which instant: one queryset and one predicate, kept together and tested to agree.

A window is half-open, `from <= at < until`, and an empty `until` never ends. Three answers only (rule 1): visible,
gone (was open to such a reader and is closed now) and missing (everything else, hidden or non-existent alike).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from organizations import roles
from organizations.models import Membership, User
from organizations.tree import party_parents, with_ancestors

if TYPE_CHECKING:
    from disclosures.models.releases import Release


@dataclass(frozen=True)
class Reader:
    """What visibility needs to know of a reader; never `request.user`, so that previews can ask as someone else.

    `branches` holds primary keys: the reader's branches with their Party superiors. `reads_every_internal` is the
    office of a supervisor, superior or leading-group member; a superuser or administrator has neither (rule 6).
    """

    is_member: bool = False
    branches: frozenset[int] = frozenset()
    reads_every_internal: bool = False

    @property
    def reads_internal(self) -> bool:
        """Whether any internal disclosure can be visible to this reader."""
        return self.is_member or self.reads_every_internal


PUBLIC = Reader()


def reader_for(user: User, at: datetime) -> Reader:
    """The reader behind an account at the instant `at`: memberships in force that day, offices held."""
    if not user.is_authenticated or not user.is_active:
        return PUBLIC
    day = timezone.localdate(at)
    own = list(Membership.objects.in_force(day).filter(user=user).values_list("branch_id", flat=True))
    return Reader(
        is_member=bool(own),
        branches=with_ancestors(own, party_parents()) if own else frozenset(),
        reads_every_internal=roles.reads_every_internal(user),
    )


class PublicWindow(Protocol):
    """Whatever has the two ends of the window in which a release is open to the public."""

    @property
    def public_from(self) -> datetime | None:
        """When it opens; None never."""

    @property
    def public_until(self) -> datetime | None:
        """When it ends; None never."""


class Answer(StrEnum):
    """The three answers a reader can get about an item."""

    VISIBLE = "visible"
    GONE = "gone"
    MISSING = "missing"


def _open(channel: str, at: datetime) -> Q:
    """Rows whose window of `channel` (`internal` or `public`) holds `at`; NULL openings never match `lte`."""
    until = f"{channel}_until"
    return Q(**{f"{channel}_from__lte": at}) & (Q(**{f"{until}__isnull": True}) | Q(**{f"{until}__gt": at}))


def _opened(channel: str, at: datetime) -> Q:
    """Rows whose window of `channel` was open at some instant up to `at`: begun, and not empty."""
    begin, until = f"{channel}_from", f"{channel}_until"
    return Q(**{f"{begin}__lte": at}) & (Q(**{f"{until}__isnull": True}) | Q(**{f"{until}__gt": F(begin)}))


class ReleaseQuerySet(models.QuerySet["Release"]):
    """Releases as asked for by a reader at an instant; the plain manager shows every row."""

    def _reaching(self, reader: Reader) -> Q:
        """Internal rows inside the scope of `reader`."""
        if reader.reads_every_internal:
            return Q(pk__isnull=False)
        if not reader.is_member:
            return Q(pk__in=[])
        through = self.model.branches.through
        chosen = through.objects.filter(release_id=OuterRef("pk"), unit_id__in=reader.branches)
        return Q(is_limited=False) | Q(Exists(chosen))

    def visible_to(self, reader: Reader, at: datetime) -> ReleaseQuerySet:
        """Releases that `reader` may read at `at`."""
        condition = _open("public", at)
        if reader.reads_internal:
            condition |= _open("internal", at) & self._reaching(reader)
        return self.filter(condition)

    def opened_to(self, reader: Reader, at: datetime) -> ReleaseQuerySet:
        """Releases that were open to such a reader at some instant up to `at`."""
        condition = _opened("public", at)
        if reader.reads_internal:
            condition |= _opened("internal", at) & self._reaching(reader)
        return self.filter(condition)

    def awaiting_confirmation(self) -> ReleaseQuerySet:
        """Urgent publications that nobody has confirmed or ended yet; asked by the staff alone."""
        return self.filter(urgent_by__isnull=False, urgent_confirmed_at__isnull=True, withdrawn_at__isnull=True)

    def newest_first(self, reader: Reader) -> ReleaseQuerySet:
        """Order by first opening: inside the Party for those who read there, to the public for everyone else."""
        return self.order_by(f"-{since_field(reader)}", "-id")

    def for_reading(self) -> ReleaseQuerySet:
        """With the rows a list or page shows, in one query."""
        return self.select_related("revision", "unit", "category", "item")


def since_field(reader: Reader) -> str:
    """The column that dates a release for `reader`."""
    return "internal_since" if reader.reads_internal else "public_since"


def is_public(release: PublicWindow, at: datetime) -> bool:
    """Twin of `visible_to` for everyone, of one loaded row."""
    return _holds(release.public_from, release.public_until, at)


def is_visible(release: Release, reader: Reader, at: datetime) -> bool:
    """Twin of `visible_to` for one loaded release; reads its branches only where they matter."""
    if is_public(release, at):
        return True
    return _holds(release.internal_from, release.internal_until, at) and _reaches(release, reader)


def was_open(release: Release, reader: Reader, at: datetime) -> bool:
    """Twin of `opened_to` for one loaded release."""
    if _began(release.public_from, release.public_until, at):
        return True
    return _began(release.internal_from, release.internal_until, at) and _reaches(release, reader)


def _holds(begin: datetime | None, until: datetime | None, at: datetime) -> bool:
    return begin is not None and begin <= at and (until is None or at < until)


def _began(begin: datetime | None, until: datetime | None, at: datetime) -> bool:
    return begin is not None and begin <= at and (until is None or begin < until)


def _reaches(release: Release, reader: Reader) -> bool:
    if reader.reads_every_internal:
        return True
    if not reader.is_member:
        return False
    if not release.is_limited:
        return True
    return any(branch.pk in reader.branches for branch in release.branches.all())


def newest_visible(releases: ReleaseQuerySet, reader: Reader, at: datetime) -> ReleaseQuerySet:
    """Of releases of one item, the one that `reader` may read at `at`; no row for none."""
    return releases.visible_to(reader, at).for_reading().order_by("-internal_from", "-id")[:1]


def answer(
    releases: ReleaseQuerySet, reader: Reader, at: datetime, visible: list[Release] | None = None
) -> tuple[Answer, Release | None]:
    """Answer about the item that `releases` belong to: the visible release, or gone, or missing.

    One query where it is visible, none where `newest_visible` was asked already and found `visible`; everything else
    costs the same two, so that what is hidden takes as long as what does not exist.
    """
    found = newest_visible(releases, reader, at) if visible is None else visible
    newest = next(iter(found), None)
    if newest is not None:
        return Answer.VISIBLE, newest
    return (Answer.GONE if releases.opened_to(reader, at).exists() else Answer.MISSING), None
