"""Generates released items in bulk for measurement: the one named exception to the rule of one writer (rule 2).

Nothing here decides about real items: it refuses to run beside them. Every release is marked `is_generated`, and one
Event tells the run. No review is invented: a generated revision has neither steps nor decisions. All triggers stay.
Item number k of a seed is the same on every database and in every run that ends on the same day.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import pairwise
from multiprocessing import get_context
from random import Random
from typing import Any

from django.db import connections, models, transaction
from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone

from audit.services import record
from disclosures import composing
from disclosures.bulk_rows import write_rows
from disclosures.models import (
    Audience,
    CatalogueEntry,
    CatalogueEntryVersion,
    FormOfDisclosure,
    Item,
    ItemContributor,
    Matter,
    Phase,
    Release,
    Revision,
    RevisionContributor,
)
from disclosures.models.catalogue import Channel
from disclosures.models.fields import REVIEWED_FIELDS
from disclosures.models.items import ItemState
from disclosures.numbers import ALPHABET
from disclosures.search.documents import index_releases
from disclosures.services import freezing
from organizations.models import Level, Unit, UnitKind, User

BATCH = 1000  # a multiple of GROUP
DAYS = 3652  # ten years
ACCOUNT = ("generator", "测量数据生成")
BUREAU_SHARE = 0.6
FUTURE_SHARE = 0.03
WITHDRAWN_SHARE = 0.02
ENDED_SHARE = 0.03
LIMITED_SHARE = 0.3  # of what stays inside the Party
FOCUS_SHARE = 0.01
GROUP = 20  # of so many items in a row, the first three follow one matter
PHASES = (Phase.BEFORE, Phase.DURING, Phase.AFTER)
SUFFIXES = len(ALPHABET) ** 6  # a power of two, so that an odd factor mixes without meeting twice
MIXER = 387_420_489


class RealItems(Exception):
    """The portal holds items that people made; nothing may be generated beside them."""


@dataclass(frozen=True)
class House:
    """What generated items refer to, read once."""

    author: User
    bureau: list[Unit]
    branches: list[Unit]
    duties: dict[str, list[CatalogueEntryVersion]]
    forms: dict[int, list[FormOfDisclosure]]

    @classmethod
    def read(cls, day: date) -> "House":
        """The disclosing units, and the duties in force on `day` with one form for each channel."""
        units = list(Unit.objects.filter(discloses=True, is_active=True).order_by("order", "code"))
        entries = CatalogueEntry.objects.filter(is_active=True).select_related("category").order_by("code")
        found = (
            entry.version_on(day) for entry in entries.prefetch_related("versions__forms", "versions__entry__category")
        )
        versions = [version for version in found if version]
        return cls(
            author=_author(),
            bureau=[unit for unit in units if unit.kind != UnitKind.BRANCH],
            branches=[unit for unit in units if unit.kind == UnitKind.BRANCH],
            duties={level: [v for v in versions if level in v.levels] for level in Level.values},
            forms={version.pk: _one_a_channel(version) for version in versions},
        )


def _author() -> User:
    """The account that stands for the generator: closed, without a password, no person."""
    user, is_new = User.objects.get_or_create(
        username=ACCOUNT[0], defaults={"display_name": ACCOUNT[1], "is_active": False}
    )
    if is_new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


def _one_a_channel(version: CatalogueEntryVersion) -> list[FormOfDisclosure]:
    forms = sorted(version.forms.all(), key=lambda form: (form.order, form.code))
    return [next(form for form in forms if form.channel == channel) for channel in _channels(version)]


def _channels(version: CatalogueEntryVersion) -> list[str]:
    public = version.audience == Audience.INTERNAL_THEN_PUBLIC
    return [Channel.INTERNAL, Channel.PUBLIC] if public else [Channel.INTERNAL]


@dataclass
class Draft:
    """One item with everything that hangs on it, not stored yet."""

    item: Item
    words: str
    forms: list[FormOfDisclosure]
    branches: list[Unit]
    opening: datetime
    draw: Random
    revision: Revision = field(init=False)


def real_items() -> models.QuerySet[Item]:
    """Items that are neither generated nor the seeded plan."""
    generated = Release.objects.filter(item=OuterRef("pk"), is_generated=True)
    return Item.objects.filter(~Exists(generated)).exclude(title=composing.plan_title(), is_backfilled=True)


def generate(count: int, seed: int, until: date, processes: int = 1, *, index: bool = True) -> Iterator[int]:
    """Add `count` released items whose openings lie in the ten years before `until`; yield how many stand so far.

    A batch is a transaction; the Event of the run stands in the first. Without `index` nothing is found by the search
    until it is indexed anew. Raises RealItems, then nothing was written. With several `processes` the text of one
    batch is composed while the database takes in another.
    """
    if real_items().exists():
        raise RealItems("This portal holds items that people made. Generate only into a fresh portal.")
    house = House.read(until)
    first = Release.objects.filter(is_generated=True).count()
    edges = [first, *range((first // BATCH + 1) * BATCH, first + count, BATCH), first + count]
    batches = [range(begin, end) for begin, end in pairwise(edges)]
    with transaction.atomic():
        _tell(count, seed, first, until)
        _write_batch(batches[0], seed, until, house, index=index)
    done = len(batches[0])
    yield done
    for written in _written(batches[1:], processes, seed=seed, until=until, house=house, index=index):
        done += written
        yield done


def _written(batches: list[range], processes: int, **how: Any) -> Iterator[int]:
    """Write each batch and yield its size; begins at a multiple of `BATCH`, so that no matter lies in two of them."""
    write = partial(_write_apart, **how)
    if processes == 1 or len(batches) < processes:
        yield from map(write, batches)
        return
    connections.close_all()  # a connection is never shared with a child
    with get_context("fork").Pool(processes) as pool:
        yield from pool.imap_unordered(write, batches)


def _write_apart(places: range, seed: int, until: date, house: House, index: bool) -> int:
    with transaction.atomic():
        _write_batch(places, seed, until, house, index=index)
    return len(places)


def _tell(count: int, seed: int, first: int, until: date) -> None:
    record(
        "portal.items_generated",
        by=None,
        subject_kind="portal",
        subject_ref="items",
        after={"count": count, "seed": seed, "first": first, "until": until},
    )


def _write_batch(places: range, seed: int, until: date, house: House, *, index: bool) -> None:
    matters = _matters(places, seed, house)
    drafts = [draft(place, seed, until, house, matters.get(place // GROUP)) for place in places]
    _write_items(drafts)
    _write_revisions(drafts)
    _approve(drafts)
    releases = _write_releases(drafts)
    if index:
        index_releases(releases)


# --- What an item says -----------------------------------------------------------------------------------------------
def _matters(places: range, seed: int, house: House) -> dict[int, Matter]:
    """The matters of these places by group; those begun in an earlier batch are read."""
    groups = {place // GROUP for place in places if place % GROUP < len(PHASES)}
    numbers = {f"GEN-{group:06d}": group for group in groups}
    known = {
        numbers[matter.number]: matter for matter in Matter.objects.filter(number__in=numbers).select_related("unit")
    }
    fresh = [_matter(number, group, seed, house) for number, group in numbers.items() if group not in known]
    return known | {numbers[matter.number]: matter for matter in Matter.objects.bulk_create(fresh)}


def _matter(number: str, group: int, seed: int, house: House) -> Matter:
    draw = Random(f"{seed}:matter:{group}")  # noqa: S311
    words = composing.phrases()
    return Matter(
        number=number, title=f"{draw.choice(words['subjects'])}{draw.choice(words['matters'])}", unit=_unit(draw, house)
    )


def _unit(draw: Random, house: House) -> Unit:
    in_bureau = house.bureau and (draw.random() < BUREAU_SHARE or not house.branches)
    return draw.choice(house.bureau if in_bureau else house.branches)


def draft(place: int, seed: int, until: date, house: House, matter: Matter | None) -> Draft:
    """Item number `place` of `seed`, with its forms and branches."""
    draw = Random(f"{seed}:{place}")  # noqa: S311
    phase = PHASES[place % GROUP] if place % GROUP < len(PHASES) else Phase.NONE
    unit = matter.unit if phase and matter else _unit(draw, house)
    version = draw.choice(house.duties[unit.level])
    opening = _opening(draw, until)
    written = opening - timedelta(days=draw.randint(1, 10))
    day = timezone.localdate(written)
    prose = composing.prose(draw, day.year)
    is_future = opening >= _midnight(until)
    is_focus = draw.random() < FOCUS_SHARE
    item = Item(
        number=f"{unit.code}-{day.year}-{_suffix(place)}",
        unit=unit,
        entry=version.entry,
        entry_version=version,
        matter=matter if phase else None,
        phase=phase,
        title=composing.title(draw, version.title, day.year, place + 1),
        document_number=f"党公开〔{day.year}〕{draw.randint(1, 400)}号" if draw.random() < 0.5 else "",
        issued_on=day,
        occurred_on=day - timedelta(days=draw.randint(0, 20)),
        basis=draw.choice(composing.phrases()["bases"]),
        body=prose.html,
        audience=version.audience,
        planned_internal_from=opening if is_future else None,
        vital_interest=version.vital_interest,
        sensitive=version.sensitive,
        is_focus=is_focus,
        focus_reason=draw.choice(composing.phrases()["focus"]) if is_focus else "",
        state=ItemState.DRAFT,
        version=2,
        created_at=min(written, _midnight(until)),
        created_by=house.author,
        updated_at=min(opening, _midnight(until)),
        updated_by=house.author,
    )
    return Draft(item, prose.words, house.forms[version.pk], _branches(draw, item, house), opening, draw)


def _opening(draw: Random, until: date) -> datetime:
    """An instant in office hours: in the ten years before `until`, or at times in the year after it."""
    days = -draw.randint(1, 365) if draw.random() < FUTURE_SHARE else draw.randint(1, DAYS)
    day = until - timedelta(days=days)
    return _midnight(day) + timedelta(seconds=draw.randint(8 * 3600, 18 * 3600))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _suffix(place: int) -> str:
    """Six characters, different for every place and without a visible order."""
    rest, letters = place * MIXER % SUFFIXES, []
    for _position in range(6):
        rest, letter = divmod(rest, len(ALPHABET))
        letters.append(ALPHABET[letter])
    return "".join(letters)


def _branches(draw: Random, item: Item, house: House) -> list[Unit]:
    """Now and then an item for Party members is meant for one or two branches only."""
    if item.goes_public or not house.branches or draw.random() >= LIMITED_SHARE:
        return []
    if item.unit.level == Level.BRANCH:
        return [item.unit]
    return draw.sample(house.branches, k=min(len(house.branches), draw.randint(1, 2)))


# --- Rows ------------------------------------------------------------------------------------------------------------
def _write_items(drafts: list[Draft]) -> None:
    write_rows(Item, (draft.item for draft in drafts))
    _link(Item.forms.through, "item_id", "formofdisclosure_id", [(d.item.pk, d.forms) for d in drafts])
    _link(Item.branches.through, "item_id", "unit_id", [(d.item.pk, d.branches) for d in drafts])
    write_rows(
        ItemContributor,
        (ItemContributor(item=d.item, user=d.item.created_by, first_at=d.item.created_at) for d in drafts),
    )


def _link(through: type[models.Model], near: str, far: str, rows: list[tuple[int, list[Any]]]) -> None:
    """Write the rows of a many-to-many relation."""
    write_rows(through, (through(**{near: pk, far: other.pk}) for pk, others in rows for other in others))


def _write_revisions(drafts: list[Draft]) -> None:
    for each in drafts:
        each.revision = _revision(each)
    write_rows(Revision, (draft.revision for draft in drafts))
    _link(Revision.forms.through, "revision_id", "formofdisclosure_id", [(d.revision.pk, d.forms) for d in drafts])
    _link(Revision.branches.through, "revision_id", "unit_id", [(d.revision.pk, d.branches) for d in drafts])
    write_rows(
        RevisionContributor,
        (
            RevisionContributor(revision=d.revision, user=d.item.created_by, name=d.item.created_by.display_name)
            for d in drafts
        ),
    )


def _revision(draft: Draft) -> Revision:
    """The frozen snapshot with its real digest."""
    item = draft.item
    values = freezing.described(
        item, forms=[form.code for form in draft.forms], branches=[branch.code for branch in draft.branches]
    )
    return Revision(
        item=item,
        number=1,
        unit=item.unit,
        body_text=draft.words,
        digest=freezing.digest(values),
        submitted_at=item.created_at,
        submitted_by=item.created_by,
        submitted_by_name=item.created_by.display_name,
        **{name: getattr(item, name) for name in REVIEWED_FIELDS},
    )


def _approve(drafts: list[Draft]) -> None:
    """Point the items at their revisions; an item needs its number first and a revision needs its item."""
    own = Revision.objects.filter(item_id=OuterRef("pk")).values("pk")[:1]
    rows = Item.objects.filter(pk__in=[draft.item.pk for draft in drafts])
    rows.update(state=ItemState.APPROVED, current_revision_id=Subquery(own))


def _write_releases(drafts: list[Draft]) -> list[Release]:
    releases = write_rows(Release, (_release(draft) for draft in drafts))
    rows = [(release.pk, draft.branches) for release, draft in zip(releases, drafts, strict=True)]
    _link(Release.branches.through, "release_id", "unit_id", rows)
    return releases


def _release(draft: Draft) -> Release:
    item, opening = draft.item, draft.opening
    assert item.entry is not None
    assert item.entry_version is not None
    not_before = opening + timedelta(days=item.entry_version.internal_lead_days)
    public_from = not_before if item.goes_public else None
    release = Release(
        item=item,
        revision=draft.revision,
        unit=item.unit,
        category=item.entry.category,
        is_limited=bool(draft.branches),
        is_focus=item.is_focus,
        is_generated=True,
        created_at=item.updated_at,
        internal_from=opening,
        internal_since=opening,
        public_not_before=not_before,
        public_from=public_from,
        public_since=public_from,
    )
    _close(release, draft)
    return release


def _close(release: Release, draft: Draft) -> None:
    """End some windows: a public notice that ran out, or a withdrawal."""
    fate, draw = draft.draw.random(), draft.draw
    if fate < WITHDRAWN_SHARE and draft.item.planned_internal_from is None:
        at = release.internal_from + timedelta(hours=draw.randint(1, 5))  # still before the last midnight
        release.internal_until = at
        release.public_until = max(at, release.public_from) if release.public_from else None
        release.withdrawn_at, release.withdrawn_by = at, draft.item.created_by
        release.withdrawn_reason = draw.choice(composing.phrases()["withdrawals"])
    elif fate < WITHDRAWN_SHARE + ENDED_SHARE and release.public_from:
        release.public_until = release.public_from + timedelta(days=draw.randint(7, 30))
