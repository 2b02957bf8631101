"""The same entries as Atom 1.0, RSS 2.0 and JSON Feed 1.1, by the rules of their specifications."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.html import escape
from django.utils.translation import get_language

from disclosures.feeds.entries import Entry

CHINESE = "zh-Hans"  # the language of what is disclosed, whatever the language of the page


@dataclass(frozen=True)
class Feed:
    """What every format says; addresses are rooted, `absolute` makes them whole."""

    title: str
    lead: str
    page: str
    itself: str
    updated: datetime
    entries: list[Entry]
    absolute: Callable[[str], str]

    @property
    def language(self) -> str:
        """Language of the feed's own words (BCP 47)."""
        return "en" if get_language() == "en" else CHINESE


class Atom(Atom1Feed):
    """Atom with the instant of the last change given; entries stay Chinese in a feed with an English title."""

    content_type = "application/atom+xml; charset=utf-8"

    def latest_post_date(self) -> datetime:
        """When the feed last changed, withdrawals included."""
        return self.feed["updated"]

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        """The language of the entry."""
        return {"xml:lang": CHINESE}


class Rss(Rss201rev2Feed):
    """RSS 2.0; the unit is `dc:creator`, for `author` must be a mail address."""

    content_type = "application/rss+xml; charset=utf-8"

    def latest_post_date(self) -> datetime:
        """When the feed last changed, withdrawals included."""
        return self.feed["updated"]


def written_as_xml(feed: Feed, form: type[SyndicationFeed]) -> str:
    """Atom or RSS; a description is HTML to readers of feeds, so that our plain text is escaped once more."""
    itself = feed.absolute(feed.itself)
    document = form(
        title=feed.title,
        link=feed.absolute(feed.page),
        description=feed.lead,
        language=feed.language,
        feed_url=itself,
        feed_guid=itself,
        updated=feed.updated,
    )
    for entry in feed.entries:
        document.add_item(
            title=entry.title,
            link=feed.absolute(entry.path),
            description=escape(entry.summary),
            unique_id=entry.id,
            unique_id_is_permalink=False,
            author_name=entry.unit,
            categories=[entry.category],
            pubdate=entry.published,
            updateddate=entry.updated,
        )
    return document.writeString("utf-8")


def written_as_json(feed: Feed) -> str:
    """JSON Feed 1.1."""
    said = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.lead,
        "home_page_url": feed.absolute(feed.page),
        "feed_url": feed.absolute(feed.itself),
        "language": feed.language,
        "items": [_json_item(feed, entry) for entry in feed.entries],
    }
    return json.dumps(said, ensure_ascii=False)


def _json_item(feed: Feed, entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "url": feed.absolute(entry.path),
        "title": entry.title,
        "content_text": entry.summary,
        "date_published": entry.published.isoformat(),
        "date_modified": entry.updated.isoformat(),
        "authors": [{"name": entry.unit}],
        "tags": [entry.category],
        "language": CHINESE,
    }


def write(feed: Feed, kind: str) -> tuple[str, str]:
    """The document and its content type; `kind` is atom, rss or json."""
    if kind == "json":
        return written_as_json(feed), "application/feed+json; charset=utf-8"
    form = Rss if kind == "rss" else Atom
    return written_as_xml(feed, form), form.content_type
