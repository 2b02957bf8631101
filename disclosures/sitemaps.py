"""The map of the site for search engines: public pages only, whoever asks, cut by the calendar.

A part holds the items whose present text opened in one month. Each is a range of an index, so that the last costs what
the first costs; months long past stay as they are, and a correction moves its item into the month of the correction.
A month found to hold more items than a part may name is listed day by day.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import override

from disclosures.listing import midnight, month_after
from disclosures.models import Category, Release
from disclosures.visibility import PUBLIC, ReleaseQuerySet
from organizations.models import Unit

OF_THE_BOARD = (
    "board items focus search units catalogue leading_group statistics archive_index about accessibility site_map feeds"
    " open_data"
).split()
STANDING = [*(f"disclosures:{name}" for name in OF_THE_BOARD), "feedback:home", "feedback:answers"]
ROWS = 50_000  # addresses in one part, by the protocol
REMEMBERED = 30 * 24 * 60 * 60  # seconds
PLACEHOLDER = "NUMBER-OF-AN-ITEM"
LANGUAGES = (("zh-hans", "zh-Hans"), ("en", "en"))
URLSET = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
)
INDEX = '<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
Absolute = Callable[[str], str]


@dataclass(frozen=True)
class Span:
    """A month or a day of the calendar."""

    first: date
    is_day: bool = False

    @classmethod
    def read(cls, text: str) -> "Span":
        """The span written as 2026-03 or 2026-03-15; raises ValueError."""
        is_day = text.count("-") == 2
        return cls(date.fromisoformat(text if is_day else f"{text}-01"), is_day)

    def __str__(self) -> str:
        return self.first.isoformat() if self.is_day else f"{self.first:%Y-%m}"

    @property
    def memo(self) -> str:
        """Under which key it is remembered as holding too many items."""
        return f"sitemap-overfull-{self}"

    @property
    def after(self) -> date:
        """The first day behind it."""
        return self.first + timedelta(days=1) if self.is_day else month_after(self.first)

    def days(self) -> list["Span"]:
        """Its days, newest first."""
        return [Span(self.first + timedelta(days=n), True) for n in reversed(range((self.after - self.first).days))]

    def among(self, rows: ReleaseQuerySet) -> ReleaseQuerySet:
        """Those of `rows` whose present text opened in it."""
        return rows.filter(public_from__gte=midnight(self.first), public_from__lt=midnight(self.after))


@dataclass(frozen=True)
class Part:
    """A part of the map that holds something, and when something in it last opened."""

    span: Span
    changed: datetime


def parts(at: datetime) -> list[Part]:
    """Every part with public items at `at`, newest first; three queries, one more for each month of over ROWS items."""
    public = Release.objects.visible_to(PUBLIC, at).order_by("public_from", "id")
    instants = public.values_list("public_from", flat=True)
    oldest, newest = instants.first(), instants.last()
    if oldest is None or newest is None:
        return []
    found = _filled(public, _months(oldest, newest))
    full = _overfull([part.span for part in found])
    return [small for part in found for small in (_filled(public, part.span.days()) if part.span in full else [part])]


def _months(oldest: datetime, newest: datetime) -> list[Span]:
    """The months from the newest back to the oldest."""
    month, found = timezone.localdate(oldest).replace(day=1), []
    while midnight(month) <= newest:
        found.append(Span(month))
        month = month_after(month)
    return found[::-1]


def _filled(public: ReleaseQuerySet, spans: list[Span]) -> list[Part]:
    """The spans that hold an item, each with its newest: one row, a look into an index for each span."""
    newest = public.order_by("-public_from", "-id")
    asked = {f"n{n}": Subquery(span.among(newest).values("public_from")[:1]) for n, span in enumerate(spans)}
    row = _one_row(asked)
    return [Part(span, row[f"n{n}"]) for n, span in enumerate(spans) if row.get(f"n{n}")]


def _overfull(spans: list[Span]) -> set[Span]:
    """Months whose part was once found to hold more than it may name; counting them here would read every item."""
    known = cache.get_many([span.memo for span in spans])
    return {span for span in spans if span.memo in known}


def _one_row(columns: Mapping[str, Subquery]) -> dict[str, Any]:
    """What `columns` ask, in one row: that of the first category, which is always there."""
    return Category.objects.order_by("order").annotate(**columns).values(*columns).first() or {}


def item_rows(span: Span, at: datetime) -> list[tuple[str | None, datetime | None]]:
    """Number and last change of the public items of a part; one that holds too many is listed by days from then on."""
    public = span.among(Release.objects.visible_to(PUBLIC, at)).order_by("public_from", "id")
    rows = list(public.values_list("item__number", "public_from")[: ROWS + 1])
    if len(rows) > ROWS:
        cache.set(span.memo, True, REMEMBERED)
    return rows[:ROWS]


def index(found: Iterable[Part], absolute: Absolute) -> str:
    """The document that names the parts."""
    with override("zh-hans"):
        places: list[tuple[str, datetime | None]] = [(reverse("disclosures:sitemap_pages"), None)]
        places += [(reverse("disclosures:sitemap_part", args=[part.span]), part.changed) for part in found]
    rows = [f"<sitemap><loc>{escape(absolute(path))}</loc>{_lastmod(at)}</sitemap>\n" for path, at in places]
    return f"{INDEX}{''.join(rows)}</sitemapindex>\n"


def items_map(rows: Iterable[tuple[str | None, datetime | None]], absolute: Absolute) -> str:
    """The part that names items."""
    chinese, english = addresses(absolute, "disclosures:item", PLACEHOLDER)
    entry = _entry(chinese, english)
    named = (entry.format(lastmod=_lastmod(at)).replace(PLACEHOLDER, str(number)) for number, at in rows)
    return f"{URLSET}{''.join(named)}</urlset>\n"


def pages_map(absolute: Absolute, years: Iterable[int]) -> str:
    """The part that names pages which exist whatever is disclosed, and the `years` of the archive.

    Nobody knows when they last changed. Matters are left out: which of them have a public item would have to be asked
    of every item, and each is linked from its items.
    """
    named = (_entry(*addresses(absolute, name, *args)).format(lastmod="") for name, *args in _standing(years))
    return f"{URLSET}{''.join(named)}</urlset>\n"


def _standing(years: Iterable[int]) -> Iterator[tuple[Any, ...]]:
    yield from ((name,) for name in STANDING)
    yield from (("disclosures:archive", year) for year in years)
    yield from (("disclosures:category", slug) for slug in Category.objects.values_list("slug", flat=True))
    yield from (
        ("disclosures:unit", code) for code in Unit.objects.filter(discloses=True).values_list("code", flat=True)
    )


def addresses(absolute: Absolute, name: str, *args: Any) -> list[str]:
    """Whole addresses of a page, one for each language."""
    found: list[str] = []
    for code, _tag in LANGUAGES:
        with override(code):
            found.append(escape(absolute(reverse(name, args=args))))
    return found


def _entry(chinese: str, english: str) -> str:
    """One page with its editions, `{lastmod}` still to be filled in."""
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{tag}" href="{url}"/>'
        for (_code, tag), url in zip(LANGUAGES, (chinese, english), strict=True)
    )
    return f"<url><loc>{chinese}</loc>{{lastmod}}{links}</url>\n"


def _lastmod(at: datetime | None) -> str:
    return f"<lastmod>{timezone.localtime(at).isoformat(timespec='seconds')}</lastmod>" if at else ""
