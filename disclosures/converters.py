"""Parts of addresses: what does not have the right shape is a missing page before any database is asked."""

from django.urls.converters import StringConverter

from disclosures.sitemaps import Span


class ItemNumber(StringConverter):
    """Index number of an item (索引号): unit code, year, random suffix."""

    regex = "[-_A-Za-z0-9]{1,40}"


class MatterNumber(StringConverter):
    """Number of a matter as its office writes it, without slashes and control characters."""

    regex = r"[^/\x00-\x1f\x7f]{1,40}"


class SheetCode(StringConverter):
    """Code of an approval sheet: a uid and the beginning of a digest."""

    regex = "[0-9a-f]{32}-[0-9a-f]{16}"


class DataKind(StringConverter):
    """A format of the yearly files."""

    regex = "csv|jsonl"


class FeedKind(StringConverter):
    """A format of a feed besides Atom, which has the shortest address."""

    regex = "rss|json"


class SitemapSpan:
    """A month or a day of the calendar, 2026-03 or 2026-03-15."""

    regex = "(?:19|20|21)[0-9]{2}-[0-9]{2}(?:-[0-9]{2})?"

    def to_python(self, value: str) -> Span:
        """The span; ValueError, which is a missing page, for a month or a day that is not in the calendar."""
        return Span.read(value)

    def to_url(self, value: Span | str) -> str:
        """The span as it stands in an address."""
        return str(value)


class Year:
    """A year with four digits, 1900 to 2199."""

    regex = "(?:19|20|21)[0-9]{2}"

    def to_python(self, value: str) -> int:
        """The year as a number."""
        return int(value)

    def to_url(self, value: int) -> str:
        """The year as it stands in an address."""
        return str(value)
