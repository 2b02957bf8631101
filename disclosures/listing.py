"""Lists of releases: what a reader may ask for in an address, and paging by key so that every page costs the same."""

import base64
import re
import struct
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from django.core.exceptions import BadRequest
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import Http404, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from disclosures.models import Category, FormOfDisclosure, Phase, Release, Revision, RevisionAttachment
from disclosures.search.finding import Asked, narrow
from disclosures.textnorm import MAX_QUERY_CHARS, MAX_QUERY_WORDS, query_words
from disclosures.visibility import Reader, ReleaseQuerySet, since_field
from organizations.models import Unit
from organizations.tree import with_ancestors

PAGE_SIZE = 20
LAST_ID = 2**62
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_YEAR = re.compile(r"(?:19|20|21)\d\d", re.ASCII)
_MONTH = re.compile(r"((?:19|20|21)\d\d)-(0[1-9]|1[0-2])", re.ASCII)
_DAY = re.compile(r"(?:19|20|21)\d\d-\d\d-\d\d", re.ASCII)
_KEY = re.compile(r"[A-Za-z0-9_-]{32}")


class BadParameter(BadRequest):
    """A part of the address that does not fit; `sentence` tells the reader what to do."""

    def __init__(self, name: str, sentence: str = "") -> None:
        super().__init__(f"parameter {name}")
        self.name = name
        self.sentence = sentence


@dataclass(frozen=True)
class Key:
    """A place in a list: the instant of a row and its uid. Never a primary key: gaps would betray hidden rows."""

    since: datetime
    uid: UUID

    def __str__(self) -> str:
        micros = (self.since - EPOCH) // timedelta(microseconds=1)
        return base64.urlsafe_b64encode(struct.pack(">q16s", micros, self.uid.bytes)).decode()

    @classmethod
    def read(cls, name: str, text: str) -> "Key":
        """The key behind `text`; raises BadParameter for anything else."""
        if not _KEY.fullmatch(text):
            raise BadParameter(name)
        micros, uid = struct.unpack(">q16s", base64.urlsafe_b64decode(text))
        try:
            since = EPOCH + timedelta(microseconds=micros)
        except OverflowError:
            raise BadParameter(name) from None
        if not 1900 <= since.year < 2200:
            raise BadParameter(name)
        return cls(since, UUID(bytes=uid))


@dataclass(frozen=True)
class Vocabulary:
    """The words filters know: categories, units, forms of disclosure; four queries, then from memory."""

    categories: tuple[Category, ...]
    units: tuple[Unit, ...]
    forms: tuple[FormOfDisclosure, ...]
    used_forms: frozenset[int] = frozenset()

    @classmethod
    def load(cls, within: ReleaseQuerySet) -> "Vocabulary":
        """Read every category, unit and form, and which forms occur in `within`; small tables."""
        forms = tuple(FormOfDisclosure.objects.all())
        return cls(tuple(Category.objects.all()), tuple(Unit.objects.all()), forms, _occurring(forms, within))

    def subtree(self, unit: Unit) -> frozenset[int]:
        """Primary keys of `unit` and every unit below it."""
        return self._subtrees[unit.pk]

    @cached_property
    def _subtrees(self) -> dict[int, frozenset[int]]:
        """The subtree of every unit, found once for as long as the words are remembered."""
        parents = {row.pk: row.parent_id for row in self.units}
        below: dict[int, set[int]] = {pk: set() for pk in parents}
        for pk in parents:
            for above in with_ancestors([pk], parents):
                below[above].add(pk)
        return {pk: frozenset(found) for pk, found in below.items()}


def _occurring(forms: Iterable[FormOfDisclosure], within: ReleaseQuerySet) -> frozenset[int]:
    """The forms that occur in `within`.

    Each form is named in a condition of its own: PostgreSQL knows then which are rare, and does not read every text for
    one that nobody uses.
    """
    links = Revision.forms.through.objects.filter(revision__release__in=within.order_by())
    each = [Q(pk=form.pk) & Exists(links.filter(formofdisclosure_id=form.pk)) for form in forms]
    found = FormOfDisclosure.objects.filter(Q(*each, _connector=Q.OR)) if each else FormOfDisclosure.objects.none()
    return frozenset(found.order_by().values_list("pk", flat=True))


@dataclass(frozen=True)
class Choice:
    """What a reader asked a list for; everything optional, everything combinable."""

    category: Category | None = None
    unit: Unit | None = None
    year: int | None = None
    month: date | None = None
    until: date | None = None
    phase: str = ""
    form: FormOfDisclosure | None = None
    attachments: bool = False
    q: str = ""
    after: Key | None = None
    before: Key | None = None

    @property
    def words(self) -> list[str]:
        """Normalised words of the query."""
        return query_words(self.q)

    def params(self, without: Iterable[str] = ()) -> dict[str, str]:
        """The parameters of this choice in canonical order, paging left out."""
        left_out = {*without, "after", "before"}
        chosen = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in left_out}
        return {name: _written(name, value) for name, value in chosen.items() if value}


def _written(name: str, value: Any) -> str:
    """The value of a filter as it stands in an address."""
    if isinstance(value, Category):
        return value.slug
    if isinstance(value, Unit | FormOfDisclosure):
        return value.code
    if value is True:
        return "1"
    return f"{value:%Y-%m}" if name == "month" else str(value)


def parse(params: QueryDict, vocabulary: Vocabulary, fixed: Mapping[str, Any] | None = None) -> Choice:
    """Read the filters of an address; names this list does not know are left alone.

    `fixed` holds what the page itself sets (a category page its category). Raises BadParameter for a value without
    sense (400) and Http404 for a category, unit or form that does not exist.
    """
    given = _given(params, fixed or {})
    read: dict[str, Any] = {name: _READERS[name](value, vocabulary) for name, value in given.items()}
    if "after" in read and "before" in read:
        raise BadParameter("after")
    return Choice(**{**read, **(fixed or {})})


def is_choice(params: QueryDict) -> bool:
    """Whether an address asks for a part of a list, or for a page of it."""
    return any(params.get(name, "").strip() for name in _READERS)


def _given(params: QueryDict, fixed: Mapping[str, Any]) -> dict[str, str]:
    """Known parameters with their one value; an empty one counts as not given."""
    given = {}
    for name in _READERS:
        values = params.getlist(name)
        if len(values) > 1 or (values and name in fixed):
            raise BadParameter(name)
        if name == "q":
            values = [_without_controls(value) for value in values]
        if values and any(unicodedata.category(character) == "Cc" for character in values[0]):
            raise BadParameter(name)
        if values and values[0].strip():
            given[name] = values[0].strip()
    return given


def _without_controls(typed: str) -> str:
    """What was typed or pasted: tabs and ends of lines are blanks, other control characters mean nothing."""
    controls = {character for character in typed if unicodedata.category(character) == "Cc"}
    return typed.translate({ord(character): " " if character.isspace() else None for character in controls})


def _one_of(rows: Iterable[Any], attribute: str, value: str) -> Any:
    for row in rows:
        if getattr(row, attribute) == value:
            return row
    raise Http404


def _year(value: str, vocabulary: Vocabulary) -> int:
    if not _YEAR.fullmatch(value):
        raise BadParameter("year")
    return int(value)


def _month(value: str, vocabulary: Vocabulary) -> date:
    found = _MONTH.fullmatch(value)
    if not found:
        raise BadParameter("month")
    return date(int(found[1]), int(found[2]), 1)


def _day(value: str, vocabulary: Vocabulary) -> date:
    try:
        return date.fromisoformat(value if _DAY.fullmatch(value) else "")
    except ValueError:
        raise BadParameter("until") from None


def _phase(value: str, vocabulary: Vocabulary) -> str:
    if value not in (Phase.BEFORE, Phase.DURING, Phase.AFTER):
        raise BadParameter("phase")
    return value


def _switch(value: str, vocabulary: Vocabulary) -> bool:
    if value != "1":
        raise BadParameter("attachments")
    return True


def _query(value: str, vocabulary: Vocabulary) -> str:
    if len(value) > MAX_QUERY_CHARS or len(value.split()) > MAX_QUERY_WORDS:
        sentence = _("That is too much to search for at once. Use at most %(words)d words.")
        raise BadParameter("q", sentence % {"words": MAX_QUERY_WORDS})
    return value


_READERS: dict[str, Any] = {
    "category": lambda value, known: _one_of(known.categories, "slug", value),
    "unit": lambda value, known: _one_of(known.units, "code", value),
    "year": _year,
    "month": _month,
    "until": _day,
    "phase": _phase,
    "form": lambda value, known: _one_of(known.forms, "code", value),
    "attachments": _switch,
    "q": _query,
    "after": lambda value, known: Key.read("after", value),
    "before": lambda value, known: Key.read("before", value),
}


def midnight(day: date) -> datetime:
    """The instant at which `day` begins here."""
    return datetime(day.year, day.month, day.day, tzinfo=timezone.get_current_timezone())


def within_year(since: str, year: int) -> dict[str, datetime]:
    """The condition on the column `since` of lying in `year` here."""
    return {f"{since}__gte": midnight(date(year, 1, 1)), f"{since}__lt": midnight(date(year + 1, 1, 1))}


def month_after(month: date) -> date:
    """First day of the month after the one that begins on `month`."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def framed(rows: ReleaseQuerySet, choice: Choice, reader: Reader) -> ReleaseQuerySet:
    """Rows inside the chosen month, day, form and words: what stands before the counts beside the filters."""
    since = since_field(reader)
    if choice.month:
        begin, end = midnight(choice.month), midnight(month_after(choice.month))
        rows = rows.filter(**{f"{since}__gte": begin, f"{since}__lt": end})
    if choice.until:
        rows = rows.filter(**{f"{since}__lt": midnight(choice.until + timedelta(days=1))})
    if choice.form:
        links = Revision.forms.through.objects.filter(revision_id=OuterRef("revision_id"))
        rows = rows.filter(Exists(links.filter(formofdisclosure_id=choice.form.pk)))
    if choice.attachments:
        files = RevisionAttachment.objects.filter(revision_id=OuterRef("revision_id"), is_published=True)
        rows = rows.filter(Exists(files))
    if choice.words:
        rows = narrow(rows, Asked(tuple(choice.words), is_public=not reader.reads_internal))
    return rows


def narrowed(rows: ReleaseQuerySet, choice: Choice, vocabulary: Vocabulary, reader: Reader) -> ReleaseQuerySet:
    """Framed rows of the chosen category, unit with its subtree, year and phase."""
    since = since_field(reader)
    rows = framed(rows, choice, reader)
    if choice.category:
        rows = rows.filter(category=choice.category)
    if choice.unit:
        rows = rows.filter(unit_id__in=vocabulary.subtree(choice.unit))
    if choice.year:
        rows = rows.filter(**within_year(since, choice.year))
    if choice.phase:
        rows = rows.filter(revision__phase=choice.phase)
    return rows


class Placed(Protocol):
    """A row that has a place in lists: both instants of opening and its uid."""

    @property
    def uid(self) -> UUID: ...
    @property
    def internal_since(self) -> datetime: ...


Placeable = TypeVar("Placeable", bound=Placed)


@dataclass(frozen=True)
class Page(Generic[Placeable]):
    """One page of a list, newest first, with the keys that lead on."""

    rows: list[Placeable]
    newer: Key | None = None
    older: Key | None = None


def page_keys(rows: ReleaseQuerySet, choice: Choice, reader: Reader, size: int = PAGE_SIZE) -> QuerySet[Release, int]:
    """Primary keys of the page after or before the chosen key, else of the newest, and of one row more.

    They are asked for alone because an index answers that. The row behind a key may have closed since: rows of the same
    instant then come once more, never not at all. Nearest to the chosen key first.
    """
    since = since_field(reader)
    if choice.before:
        found = rows.filter(_beyond(rows, choice.before, since, "gt")).order_by(since, "id")
    elif choice.after:
        found = rows.filter(_beyond(rows, choice.after, since, "lt")).newest_first(reader)
    else:
        found = rows.newest_first(reader)
    return found.values_list("pk", flat=True)[: size + 1]


def page_of(
    keys: Sequence[int],
    choice: Choice,
    reader: Reader,
    read: Callable[[list[int]], Mapping[int, Placeable]],
    size: int = PAGE_SIZE,
) -> Page[Placeable]:
    """The page whose `keys` were found by `page_keys`; `read` gets rows by key, without those that closed meanwhile."""
    has_more, shown = len(keys) > size, list(keys[:size])
    if choice.before:
        shown.reverse()
    found = read(shown)
    rows = [found[key] for key in shown if key in found]
    if choice.before:
        return _page(rows, reader, newer=has_more, older=True)
    return _page(rows, reader, newer=choice.after is not None, older=has_more)


def _beyond(rows: ReleaseQuerySet, key: Key, since: str, side: str) -> Q:
    """Rows on one side of `key`; the bound on the instant comes first, so that an index can serve it."""
    anchor = Subquery(rows.filter(uid=key.uid).order_by().values("pk")[:1])
    place = Coalesce(anchor, Value(LAST_ID if side == "lt" else -1))
    beyond = Q(**{f"{since}__{side}": key.since}) | Q(**{since: key.since, f"id__{side}": place})
    return Q(**{f"{since}__{side}e": key.since}) & beyond


def _page(shown: list[Placeable], reader: Reader, *, newer: bool, older: bool) -> Page[Placeable]:
    if not shown:
        return Page([])
    since = since_field(reader)
    first, last = (Key(getattr(row, since) or row.internal_since, row.uid) for row in (shown[0], shown[-1]))
    return Page(shown, first if newer else None, last if older else None)
