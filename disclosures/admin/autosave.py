"""What was typed and not saved: taken in from the page, offered again when the form is opened."""

import re
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from disclosures import access
from disclosures.admin.attachments import PREFIX
from disclosures.admin.item_form import PARTS
from disclosures.models import AutosavedDraft, Item
from disclosures.refusal import Refused
from disclosures.services.autosaving import autosave, forget
from organizations.models import User
from organizations.portal_admin import person, refuse_odd_query

SALT = "disclosures.admin.autosave"
LASTS = 14 * 24 * 60 * 60  # seconds; a form may stay open over a holiday
FIELDS = frozenset(name for part in PARTS for name in part.names)
ROW = re.compile(rf"{PREFIX}-(\d{{1,3}}-(uid|token|label|is_published|order|remove)|(TOTAL|INITIAL)_FORMS)")
MOST_OFFERED = 5


@require_http_methods(["GET", "HEAD", "POST"])
def autosave_page(request: HttpRequest) -> HttpResponse:
    """Keep what was typed (POST), drop it (POST with `discard`); a GET gives a page a fresh token."""
    refuse_odd_query(request)
    user = person(request)
    if not access.units_drafted_by(user).exists():
        raise PermissionDenied
    if request.method != "POST":
        return JsonResponse({"token": get_token(request), "who": user.get_username()})
    item = _subject(request, user)
    if "discard" in request.POST:
        forget(item.uid, user)
        messages.info(request, _("The unsaved text was dropped."))
        return redirect(_form_address(item))
    return _keep(request, item, user)


def _keep(request: HttpRequest, item: Item, user: User) -> HttpResponse:
    content, version = content_of(request), version_of(request)
    try:
        kept = autosave(item, by=user, base_version=version, content=content, at=timezone.now())
    except Refused as refusal:
        answer = {"code": refusal.code, "message": str(refusal.message)}
        return JsonResponse(answer, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    is_stale = is_behind(kept, item)
    at = timezone.localtime(kept.saved_at)
    said = stale_sentence(item) if is_stale else _("What you typed is kept. %(time)s") % {"time": f"{at:%H:%M:%S}"}
    return JsonResponse({"saved_at": at.isoformat(), "stale": is_stale, "message": said})


def content_of(request: HttpRequest) -> dict[str, list[str]]:
    """The sent fields of the drafting form, as they are kept."""
    return {name: _storable(sent) for name, sent in request.POST.lists() if name in FIELDS or ROW.fullmatch(name)}


def _storable(sent: list[str]) -> list[str]:
    return [text.replace("\0", "") for text in sent]  # no database keeps it


def version_of(request: HttpRequest) -> int:
    """The version the form was typed on; 0 for a new draft and for nonsense."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _subject(request: HttpRequest, user: User) -> Item:
    """The item of the form, or the draft it would begin; 404 for one that may not be read, 403 for one not theirs."""
    uid, key = begun_uid(request, user), request.GET.get("item", "")
    rows = access.items_readable_by(user).select_related("unit", "updated_by")
    if key:
        found = rows.filter(pk=key).first() if key.isascii() and key.isdigit() and len(key) < 18 else None
    else:
        found = rows.filter(uid=uid).first() if uid else None
    if key and found is None:
        raise Http404
    if found is None:
        unit = access.units_drafted_by(user).filter(code=request.GET.get("unit", "")).first()
        if unit is None or uid is None:
            raise Http404
        return Item(uid=uid, unit=unit, version=0)
    if not access.may_draft_for(user, found.unit):
        raise PermissionDenied
    return found


def begun_uid(request: HttpRequest, user: User) -> UUID | None:
    """The uid that a form of a new draft was given out with, to this very person."""
    signed = begun_form(request)
    return signed[0] if signed and signed[1] == user.pk else None


def begun_form(request: HttpRequest) -> tuple[UUID, int] | None:
    """The uid a drafting form was given out with, and the key of the person it was shown to."""
    try:
        uid, shown_to = signing.loads(request.POST.get("begun", ""), salt=SALT, max_age=LASTS)
        return UUID(uid), int(shown_to)
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return None


def begun_token(uid: UUID | None, user: User) -> str:
    """The signed uid of an item, or of the one a new draft will be, so that a form sent twice makes one draft."""
    return signing.dumps([str(uid or uuid4()), user.pk], salt=SALT)


def is_behind(kept: AutosavedDraft, item: Item) -> bool:
    """Whether the item was saved anew since the person began to type."""
    return kept.base_version < item.version


def stale_sentence(item: Item) -> str:
    """Who saved when, and that nothing was overwritten."""
    at = date_format(timezone.localtime(item.updated_at), "DATETIME_FORMAT")
    return _("%(who)s saved a newer version at %(at)s. Your text is kept apart, and nothing was overwritten.") % {
        "who": item.updated_by.display_name,
        "at": at,
    }


def context(request: HttpRequest, item: Item) -> dict[str, Any]:
    """What the form needs to keep its text: where to, as whom, and under which uid."""
    user = person(request)
    query = f"item={item.pk}" if item.pk else f"unit={item.unit.code}"
    return {
        "autosave_url": f"{reverse('admin:disclosures_item_autosave')}?{query}",
        "begun": begun_token(item.uid, user),
        "who": user.get_username(),
    }


def offers(request: HttpRequest, item: Item) -> list[dict[str, Any]]:
    """Unsaved texts of this person: of the item, or the drafts of its unit that were never saved."""
    user = person(request)
    rows = AutosavedDraft.objects.filter(user=user, unit=item.unit).order_by("-saved_at")
    if item.pk:
        rows = rows.filter(item_uid=item.uid)
    else:
        rows = rows.filter(base_version=0).exclude(item_uid__in=Item.objects.values("uid"))
    return [_offer(row, item, user) for row in rows[:MOST_OFFERED]]


def _offer(row: AutosavedDraft, item: Item, user: User) -> dict[str, Any]:
    title = "".join(row.content.get("title", []))[:60]
    subject = item if item.pk else Item(uid=row.item_uid, unit=item.unit)
    return {
        "row": row,
        "title": title or _("Untitled draft"),
        "restore_url": restore_address(subject),
        "behind": stale_sentence(item) if item.pk and is_behind(row, item) else "",
        "begun": "" if item.pk else begun_token(row.item_uid, user),
    }


def restore_address(item: Item) -> str:
    """Where the form opens with the unsaved text of whoever opens it."""
    if item.pk:
        return f"{_form_address(item)}?restore=1"
    return f"{_form_address(item)}&entry=&restore={item.uid}"


def _form_address(item: Item) -> str:
    if item.pk:
        return reverse("admin:disclosures_item_change", args=[item.pk])
    return f"{reverse('admin:disclosures_item_add')}?unit={item.unit.code}"


def restored(request: HttpRequest, item: Item) -> tuple[AutosavedDraft, QueryDict] | None:
    """The unsaved text the address asks for, as if the form had just been sent; None where there is none."""
    asked = request.GET.get("restore", "")
    if request.method == "POST" or not asked:
        return None
    try:
        uid = item.uid if item.pk else UUID(asked)
    except ValueError:
        raise Http404 from None
    row = AutosavedDraft.objects.filter(user=person(request), unit=item.unit, item_uid=uid).first()
    if row is None:
        raise Http404
    data = QueryDict(mutable=True)
    for name, sent in row.content.items():
        data.setlist(name, sent)
    return row, data
