"""What the W3C feed validator demands and warns about, as far as a feed of ours could break it."""

import json
import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
XML = "{http://www.w3.org/XML/1998/namespace}"
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
RFC822 = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4}"
    r" \d\d:\d\d:\d\d [+-]\d{4}"
)
URN = re.compile(r"urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MARKUP = re.compile(r"<[a-z/!]", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
TYPES = {
    "atom": "application/atom+xml; charset=utf-8",
    "rss": "application/rss+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}


def check(response, kind: str, address: str) -> None:
    """Refuse an answer that breaks a rule of its format; `address` is where it was fetched."""
    assert response.status_code == 200
    assert response["Content-Type"] == TYPES[kind]
    text = response.content.decode("utf-8")
    assert not CONTROL.search(text)
    {"atom": check_atom, "rss": check_rss, "json": check_json}[kind](text, address)


def only(parent, name):
    """The text of the one child `name`."""
    found = parent.findall(name)
    assert len(found) == 1, f"{len(found)} {name}"
    assert (found[0].text or "").strip(), f"{name} is empty"
    return found[0].text


def whole(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in ("http", "https") and bool(parts.netloc) and address.isascii() and " " not in address


def check_atom(text: str, address: str) -> None:
    root = ElementTree.fromstring(text.encode())
    assert root.tag == f"{ATOM}feed"
    assert root.get(f"{XML}lang") in ("zh-Hans", "en")
    assert whole(only(root, f"{ATOM}id"))
    assert not MARKUP.search(only(root, f"{ATOM}title").replace("<二>", ""))
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links["self"] == address
    assert whole(links["alternate"])
    updated = instant(only(root, f"{ATOM}updated"))
    entries = root.findall(f"{ATOM}entry")
    ids = [atom_entry(entry, updated) for entry in entries]
    assert len(ids) == len(set(ids))


def atom_entry(entry, feed_updated: datetime) -> str:
    assert entry.get(f"{XML}lang") == "zh-Hans"
    only(entry, f"{ATOM}title")
    assert only(entry.find(f"{ATOM}author"), f"{ATOM}name")
    published, updated = (instant(only(entry, f"{ATOM}{name}")) for name in ("published", "updated"))
    assert published <= updated <= feed_updated
    alternate = [link for link in entry.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
    assert len(alternate) == 1
    assert whole(alternate[0].get("href"))
    summary = entry.find(f"{ATOM}summary")
    assert summary.get("type") == "html"
    assert not MARKUP.search(summary.text or "")
    assert all(category.get("term") for category in entry.findall(f"{ATOM}category"))
    found = only(entry, f"{ATOM}id")
    assert URN.fullmatch(found)
    return found


def check_rss(text: str, address: str) -> None:
    root = ElementTree.fromstring(text.encode())
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    (channel,) = root
    for name in ("title", "description", "language"):
        only(channel, name)
    assert whole(only(channel, "link"))
    assert channel.find(f"{ATOM}link").attrib == {"rel": "self", "href": address}
    last = parsedate_to_datetime(rfc822(only(channel, "lastBuildDate")))
    guids = [rss_item(item, last) for item in channel.findall("item")]
    assert len(guids) == len(set(guids))


def rss_item(item, last: datetime) -> str:
    only(item, "title")
    assert whole(only(item, "link"))
    assert item.find("author") is None, "author must be a mail address: the unit is dc:creator"
    assert only(item, f"{DC}creator")
    assert parsedate_to_datetime(rfc822(only(item, "pubDate"))) <= last
    assert not MARKUP.search(item.findtext("description") or "")
    assert item.find("guid").get("isPermaLink") == "false"
    guid = only(item, "guid")
    assert URN.fullmatch(guid)
    return guid


def check_json(text: str, address: str) -> None:
    feed = json.loads(text)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    assert feed["feed_url"] == address
    assert whole(feed["home_page_url"])
    assert feed["language"] in ("zh-Hans", "en")
    for item in feed["items"]:
        assert URN.fullmatch(item["id"])
        assert whole(item["url"])
        assert isinstance(item["content_text"], str)
        assert instant(item["date_published"]) <= instant(item["date_modified"])
        assert all(author["name"] for author in item["authors"])
        assert all(isinstance(tag, str) for tag in item["tags"])
    ids = [item["id"] for item in feed["items"]]
    assert len(ids) == len(set(ids))


def instant(text: str) -> datetime:
    assert RFC3339.fullmatch(text), text
    assert text >= "1990", f"{text} is an implausible date"
    return datetime.fromisoformat(text)


def rfc822(text: str) -> str:
    assert RFC822.fullmatch(text), text
    return text
