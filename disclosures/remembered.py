"""What public pages share until something changes: numbers beside filters, categories and units; kept in memory.

A value is kept with the content version read before it was computed and holds until the next opening or closing, as a
page copy does. Readers with an audience of their own are always computed anew.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import datetime
from threading import Lock
from typing import Any, NamedTuple, TypeVar

from disclosures.content_scopes import ALL
from disclosures.content_version import next_change
from disclosures.models import ContentVersion
from disclosures.prepared import Prepared
from disclosures.views.asking import BoardRequest

MOST = 512  # values of one process
Value = TypeVar("Value")


class Kept(NamedTuple):
    """A value with the version and the interval for which it holds."""

    stamp: Any
    made_at: datetime
    until: datetime
    value: Any


_stamps_of_all = Prepared(lambda: ContentVersion.objects.filter(scope=ALL).values_list("stamp", flat=True))
_kept: OrderedDict[Hashable, Kept] = OrderedDict()
_lock = Lock()


def remembered(request: BoardRequest, name: Hashable, compute: Callable[[], Value]) -> Value:
    """The value called `name` for the public at the instant of the request, from memory where it still holds.

    `name` says everything the value depends on beside the content and the instant. Values are shared: never change one.
    """
    if request.reader.reads_internal:
        return compute()
    stamp = _stamp(request)
    found = _kept.get(name)
    if found is not None and found.stamp == stamp and found.made_at <= request.at < found.until:
        return found.value
    value = compute()
    _keep(name, Kept(stamp, request.at, _until(request, stamp), value))
    return value


def state_of(request: BoardRequest) -> str:
    """A word for all that is public at the instant of the request: another one after every change, told or planned."""
    stamp = _stamp(request)
    return f"{stamp}.{_until(request, stamp).timestamp():.6f}"


def _stamp(request: BoardRequest) -> Any:
    """The content version, asked once a request and before the content."""
    if "content_stamp" not in request.__dict__:
        request.__dict__["content_stamp"] = sum(_stamps_of_all())
    return request.__dict__["content_stamp"]


def _until(request: BoardRequest, stamp: Any) -> datetime:
    """When time itself will change what is kept now."""
    name = "next change"
    found = _kept.get(name)
    if found is None or found.stamp != stamp or not found.made_at <= request.at < found.until:
        edge = next_change(request.at)
        found = Kept(stamp, request.at, edge, edge)
        _keep(name, found)
    return found.until


def _keep(name: Hashable, kept: Kept) -> None:
    with _lock:
        _kept[name] = kept
        _kept.move_to_end(name)
        while len(_kept) > MOST:
            _kept.popitem(last=False)
