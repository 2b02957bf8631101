"""A Word document into the drafting form: filled in beside what was typed, stored by the next saving and not before."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from disclosures import access
from disclosures.admin import drafting
from disclosures.admin.attachments import PREFIX, list_of
from disclosures.admin.item_form import ItemForm, suggested
from disclosures.admin.paper import label_of
from disclosures.admin.uploading import keep, token_for
from disclosures.models import Item
from disclosures.richtext import plain_text, summary
from disclosures.uploads import UploadRefused, inspect
from disclosures.word_import import Imported, import_word
from organizations.models import User
from organizations.portal_admin import person, refuse_odd_query

FILE, HOW, KEEP = "word", "word_how", "word_keep"
EMPTY_ROWS = 3  # for attachments of a new item
SHOWN = 120  # characters of what was recognised and not taken over


@require_http_methods(["GET", "HEAD", "POST"])
def import_page(request: HttpRequest) -> HttpResponse:
    """Ask for the document of a new item (GET); take one into the form, new or of an item (POST)."""
    refuse_odd_query(request)
    item = _subject(request)
    if request.method == "POST":
        return _receive(request, item)
    if item.pk:
        return redirect(f"{reverse('admin:disclosures_item_change', args=[item.pk])}#word")
    return ask(request, item)


def ask(request: HttpRequest, item: Item, problems: list[str] | None = None, status: int = 200) -> HttpResponse:
    """The page before the form: which document."""
    context = {
        "title": _("Begin with a Word document"),
        "unit": item.unit,
        "units": access.units_drafted_by(person(request)),
        "entry": request.GET.get("entry", ""),
        "problems": problems or [],
    }
    return drafting.page(request, "admin/item/import_page.html", context, status)


def _subject(request: HttpRequest) -> Item:
    """The item named in the address, or a new one of the unit named there; nothing of another unit."""
    user, key = person(request), request.GET.get("item", "")
    if key:
        is_key = key.isascii() and key.isdigit() and len(key) < 18
        item = access.items_readable_by(user).select_related("unit").filter(pk=key).first() if is_key else None
        if item is None:
            raise Http404
        if not access.may_draft_for(user, item.unit):
            raise PermissionDenied
        return item
    units = list(access.units_drafted_by(user))
    if not units:
        raise PermissionDenied
    return Item(unit=drafting.chosen_unit(request, units))


def _receive(request: HttpRequest, item: Item) -> HttpResponse:
    came_from_form = f"{PREFIX}-TOTAL_FORMS" in request.POST
    data = request.POST.copy() if came_from_form else _blank(request, item)
    upload = request.FILES.get(FILE)
    try:
        imported = import_word(_chosen(upload))
        if KEEP in request.POST:
            _keep_for_the_file(data, _chosen(upload), person(request))
    except ValidationError as refusal:
        return _refused(request, item, data, refusal) if came_from_form else ask(request, item, refusal.messages, 400)
    left = take_in(data, imported, request.POST.get(HOW, ""))
    _say(request, imported, left)
    return _form(request, item, data, HTTPStatus.OK, not_taken=left)


def _chosen(upload: Any) -> UploadedFile:
    if not isinstance(upload, UploadedFile):
        raise UploadRefused("no_file", _("Choose the Word document first."))
    return upload


def _blank(request: HttpRequest, item: Item) -> QueryDict:
    """What the form of a new item would send untouched, with what its entry suggests."""
    version = drafting.chosen_version(request)
    form = ItemForm(instance=item, initial=suggested(version) if version else {})
    data = QueryDict(mutable=True)
    for bound in form:
        value = bound.value()
        if isinstance(value, list | tuple):
            data.setlist(bound.html_name, [str(getattr(row, "pk", row)) for row in value])
        elif value not in (None, "", False):
            data[bound.html_name] = "on" if value is True else str(value)
    data.update({f"{PREFIX}-TOTAL_FORMS": str(EMPTY_ROWS), f"{PREFIX}-INITIAL_FORMS": "0"})
    data.update({f"{PREFIX}-{place}-is_published": "yes" for place in range(EMPTY_ROWS)})
    return data


def take_in(data: QueryDict, imported: Imported, how: str) -> list[dict[str, str]]:
    """Write what was recognised into a sent form: where it is empty, or everywhere if asked; the rest is returned."""
    left = []
    for name, value in imported.fields.items():
        typed = data.get(name, "")
        if how == "replace" or not plain_text(typed).strip():
            data[name] = value
        elif name == "body" and how == "append":
            data[name] = typed + value
        else:
            left.append({"label": str(label_of(name)), "value": summary(value, SHOWN)})
    return left


def _keep_for_the_file(data: QueryDict, upload: UploadedFile, user: User) -> None:
    """The document itself as one more attachment, which no reader sees (S34)."""
    upload.inspected = inspect(upload)  # type: ignore[attr-defined]
    stored, name = keep(upload)
    total = data.get(f"{PREFIX}-TOTAL_FORMS", "")
    place = int(total) if total.isascii() and total.isdigit() and len(total) < 4 else 0
    values = {"token": token_for(stored, name, user), "label": "", "is_published": "no", "order": ""}
    data.update({f"{PREFIX}-{place}-{field}": value for field, value in values.items()})
    data[f"{PREFIX}-TOTAL_FORMS"] = str(place + 1)


def _say(request: HttpRequest, imported: Imported, left: list[dict[str, str]]) -> None:
    if len(left) < len(imported.fields):
        messages.success(request, _("The document is filled in below. Read it through; nothing is saved yet."))
    elif not imported.fields:
        messages.warning(request, _("The document holds no text. A scan is attached as a file."))
    if imported.images:
        sentence = ngettext(
            "%(count)d image was left out; attach it as a file.",
            "%(count)d images were left out; attach them as files.",
            imported.images,
        )
        messages.warning(request, sentence % {"count": imported.images})
    if imported.text_boxes:
        messages.info(request, _("Words of text boxes stand behind the paragraph they belonged to. Check their place."))


def _refused(request: HttpRequest, item: Item, data: QueryDict, refusal: ValidationError) -> HttpResponse:
    """The form with everything typed, and the sentence beside the file."""
    return _form(request, item, data, HTTPStatus.BAD_REQUEST, import_problems=refusal.messages)


def _form(request: HttpRequest, item: Item, data: QueryDict, status: int, **more: Any) -> HttpResponse:
    files = list_of(item, person(request), data, request.FILES)
    files.is_valid()
    files.keep_uploads()
    form = ItemForm(data, instance=item)
    return drafting.again(request, item, data, form, files, status, **more)
