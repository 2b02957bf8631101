"""The pages of step one: choose an entry, write, save, submit; everything is stored by the services alone (S30–S35)."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from disclosures import access
from disclosures.admin import autosave
from disclosures.admin.attachments import SEVERAL, AttachmentList, list_again, list_of, spread
from disclosures.admin.item_form import ItemForm, entries_for, filled, suggested, take_over
from disclosures.admin.item_record import entries_with_items, record_of
from disclosures.admin.paper import label_of, listed, paper, values_of
from disclosures.admin.refusals import show_problems, status_of
from disclosures.admin.screened import MASK, Findings, findings_of, mask_in, reasons_in
from disclosures.models import AutosavedDraft, CatalogueEntry, CatalogueEntryVersion, Item
from disclosures.refusal import Refused
from disclosures.richtext import nonced, plain_text
from disclosures.services import perform, why_not
from disclosures.services.drafting import holds
from disclosures.time_limits import in_words
from disclosures.uploads import ALLOWED
from organizations.models import Unit
from organizations.portal_admin import person

FORM = "admin/item/draft.html"
LONGEST_REASON = 500  # characters


def begin(request: HttpRequest) -> HttpResponse:
    """The add page: first the unit and the entry, then the form; its POST stores the first draft."""
    units = list(access.units_drafted_by(person(request)))
    if not units:
        raise PermissionDenied
    if "entry" not in request.GET and request.method != "POST":
        return choose_entry(request, units)
    item = Item(unit=chosen_unit(request, units))
    if request.method == "POST":
        return receive(request, begun(request, item))
    if (kept := autosave.restored(request, item)) is not None:
        return restored_page(request, item, *kept)
    initial = suggested(version) if (version := chosen_version(request)) else {}
    return form_page(request, item, ItemForm(instance=item, initial=initial), list_of(item, person(request)))


def choose_entry(request: HttpRequest, units: list[Unit]) -> HttpResponse:
    """The catalogue as a list of duties: choosing one prefills the form."""
    unit = chosen_unit(request, units)
    groups: dict[str, list[dict[str, Any]]] = {}
    earlier = entries_with_items(person(request), unit)
    for entry in entries_for(unit):
        version = entry.version_on(timezone.localdate())
        if version is not None:
            groups.setdefault(entry.category.label, []).append(
                {"version": version, "due": in_words(version.time_limit), "has_earlier": entry.pk in earlier}
            )
    context = {
        "title": _("Which duty does it carry out?"),
        "unit": unit,
        "units": units,
        "groups": groups,
        "offers": autosave.offers(request, Item(unit=unit)),
        "autosave_url": f"{reverse('admin:disclosures_item_autosave')}?unit={unit.code}",
    }
    return page(request, "admin/item/choose_entry.html", context)


def chosen_unit(request: HttpRequest, units: list[Unit]) -> Unit:
    """The unit named in the address, else the first one; Http404 for one that is not among `units`."""
    code = request.GET.get("unit", "")
    chosen = [unit for unit in units if unit.code == code] if code else units
    if not chosen:
        raise Http404
    return chosen[0]


def chosen_version(request: HttpRequest) -> CatalogueEntryVersion | None:
    """The version in force of the entry named in the address; Http404 for an entry that does not exist."""
    code = request.GET.get("entry", "")
    entry = CatalogueEntry.objects.filter(code=code, is_active=True).first() if code else None
    if code and entry is None:
        raise Http404
    return entry.version_on(timezone.localdate()) if entry else None


def show(request: HttpRequest, item: Item) -> HttpResponse:
    """The page of one item: the form for its drafters, the text for everyone else who reads it."""
    if request.method == "POST":
        if not access.may_draft_for(person(request), item.unit):
            raise PermissionDenied
        return receive(request, item)
    if why_not("save", item=item, by=person(request)) is None:
        if (kept := autosave.restored(request, item)) is not None:
            return restored_page(request, item, *kept)
        offered = autosave.offers(request, item)
        return form_page(request, item, ItemForm(instance=item), list_of(item, person(request)), offers=offered)
    return reading_page(request, item)


def begun(request: HttpRequest, item: Item) -> Item:
    """The new draft under the uid its form was given out with: sent twice, the form finds what it made before."""
    uid = autosave.begun_uid(request, person(request))
    if uid is None:
        return item
    made = Item.objects.filter(uid=uid, unit=item.unit).select_related("unit", "entry").first()
    return made or Item(uid=uid, unit=item.unit)


def restored_page(request: HttpRequest, item: Item, kept: AutosavedDraft, data: Any) -> HttpResponse:
    """The form with what was typed and never saved; saving it meets the version it was typed on (P23)."""
    files = list_of(item, person(request), data, MultiValueDict())
    files.is_valid()
    original = item if item.pk else Item(uid=kept.item_uid, unit=item.unit)
    rows = list_again(files, original, person(request), data, MultiValueDict())
    messages.info(request, _("This is what you typed and did not save. Save it to keep it."))
    if request.GET.get("files") == "again":
        messages.warning(request, _("The files you had chosen were not received. Choose them again."))
    return form_page(request, original, ItemForm(data, instance=original), rows, seen=kept.base_version)


def reading_page(request: HttpRequest, item: Item) -> HttpResponse:
    """The working copy as text, why it cannot be changed, and its record."""
    context = {
        "title": str(item),
        "item": item,
        "paper": paper(item, lambda row: file_address(item, row.uid)),
        "why_not_save": why_not("save", item=item, by=person(request)),
        "record": record_of(item, person(request)),
    }
    return page(request, "admin/item/reading.html", context)


def receive(request: HttpRequest, item: Item) -> HttpResponse:
    """Save what was sent, and submit it where asked; a refusal shows the form again with everything typed."""
    data = request.POST.copy()
    spread(data, request.FILES)
    form, files = ItemForm(data, instance=item), list_of(item, person(request), data, request.FILES)
    is_valid = all([form.is_valid(), files.is_valid()])
    files.keep_uploads()
    is_valid = is_valid and files.is_valid()  # a file may be refused when it is read
    tell_twice(request, item, files)
    if "_take_over" in data:
        return _with_suggestions(request, item, data, files)
    if MASK in data and item.pk:
        messages.info(request, mask_in(data, item))
        return again(request, item, data, ItemForm(data, instance=item), files, HTTPStatus.OK)
    if not is_valid:
        form.add_error(None, list(files.non_form_errors()))
        return again(request, item, data, form, files, HTTPStatus.BAD_REQUEST)
    try:
        saved = _save(request, item, form, files)
    except IntegrityError:
        made = begun(request, item)  # the same new draft, sent twice at once
        if item.pk or made.pk is None:
            raise
        return receive(request, made)
    except Refused as refusal:
        if refusal.code == "stale":
            stored = Item.objects.get(pk=item.pk)
            if _version(request) >= 0 and holds(stored, **_wanted(form, files)):
                return _again_sent(request, stored)
            return clash(request, item, data, form, files, refusal)
        show_problems(form, refusal)
        return again(request, item, data, form, files, status_of(refusal))
    return _submit(request, saved) if "_submit" in data else _done(request, saved, _("The draft is saved."))


def tell_twice(request: HttpRequest, item: Item, files: AttachmentList) -> None:
    """Say which new files are here already, and which other items that this person reads have them too."""
    for name in files.twice():
        messages.warning(request, _("“%(name)s” is attached already; it was not added again.") % {"name": name})
    new = [form.stored.pk for form in files.forms if form.stored and not form.is_twice]
    others = access.items_readable_by(person(request)).filter(attachments__file__in=new).exclude(pk=item.pk)
    for other in others.distinct()[:3]:
        messages.info(request, _("The item “%(title)s” has a file with the same content.") % {"title": other})


def _save(request: HttpRequest, item: Item, form: ItemForm, files: AttachmentList) -> Item:
    subject = Item.objects.get(pk=item.pk) if item.pk else Item(uid=item.uid, unit=item.unit)
    seen = _version(request) if item.pk else None
    return perform(
        "save",
        item=subject,
        by=person(request),
        expected_version=seen,
        reasons=reasons_in(request.POST),
        **_wanted(form, files),
    )


def _wanted(form: ItemForm, files: AttachmentList) -> dict[str, Any]:
    return {**form.content(), "attachments": files.drafts()}


def _again_sent(request: HttpRequest, stored: Item) -> HttpResponse:
    """The button was pressed twice: what was sent stands there already, and is submitted where that was asked."""
    if "_submit" in request.POST and stored.is_editable:
        return _submit(request, stored)
    return _done(request, stored, _("Submitted for review.") if "_submit" in request.POST else _("The draft is saved."))


def _submit(request: HttpRequest, saved: Item) -> HttpResponse:
    """Submit what was just saved; what is missing is said beside each field, and the draft stays saved."""
    try:
        submitted = perform("submit", item=saved, by=person(request), expected_version=saved.version)
    except Refused as refusal:
        item = Item.objects.select_related("unit", "entry").get(pk=saved.pk)
        form = filled(item)
        show_problems(form, refusal)
        messages.warning(request, _("The draft is saved, but it was not submitted."))
        return form_page(request, item, form, list_of(item, person(request)), status=status_of(refusal))
    return _done(request, submitted, _("Submitted for review."))


def _done(request: HttpRequest, item: Item, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("admin:disclosures_item_change", item.pk)


def _version(request: HttpRequest) -> int:
    """The version the person saw, or chose to save over; -1, which no item has, for anything else."""
    text = request.POST.get("version_over") or request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _with_suggestions(request: HttpRequest, item: Item, data: Any, files: AttachmentList) -> HttpResponse:
    """The same form with scope, forms and flags as the chosen entry suggests; nothing is stored yet."""
    field: Any = ItemForm(instance=item).fields["entry"]
    chosen = data.get("entry", "")
    entry = field.queryset.filter(pk=chosen).first() if chosen.isascii() and chosen.isdigit() else None
    version = entry.version_on(timezone.localdate()) if entry and len(chosen) < 10 else None
    if version is None:
        messages.warning(request, _("Choose a catalogue entry first."))
    else:
        take_over(data, version)
        messages.info(request, _("Scope, forms and weight now follow the entry. Nothing is saved yet."))
    form = ItemForm(data, instance=item)
    return again(request, item, data, form, files, HTTPStatus.OK)


def again(
    request: HttpRequest, item: Item, data: Any, form: ItemForm, files: AttachmentList, status: int, **context: Any
) -> HttpResponse:
    """The form with everything that was typed; files that could be kept need not be chosen again."""
    original = Item.objects.select_related("unit", "entry").get(pk=item.pk) if item.pk else item
    rows = list_again(files, original, person(request), data, request.FILES)
    return form_page(request, original, form, rows, status=status, seen=_seen(request), **context)


def _seen(request: HttpRequest) -> int:
    return max(_version(request), 0)


def clash(
    request: HttpRequest, item: Item, data: Any, form: ItemForm, files: AttachmentList, refusal: Refused
) -> HttpResponse:
    """Someone saved in between: what they changed beside what was typed here, and the choice between the two (P23)."""
    theirs = Item.objects.select_related("unit", "entry", "entry_version", "matter").get(pk=item.pk)
    changes = refusal.changes
    context = {
        "refusal": refusal,
        "changes": changes,
        "differences": _differences(theirs, form, files, changes.get("fields", [])),
        "why_not_over": why_not("save", item=theirs, by=person(request)),
    }
    return again(request, item, data, form, files, HTTPStatus.CONFLICT, clash=context)


def _differences(theirs: Item, form: ItemForm, files: AttachmentList, names: list[str]) -> list[dict[str, str]]:
    stored, mine = values_of(theirs), _typed(form, files)
    stored["body"] = plain_text(theirs.body)
    known = [name for name in names if name in stored]
    return [{"label": label_of(n), "theirs": stored[n], "mine": mine.get(n, ""), "name": n} for n in known]


def _typed(form: ItemForm, files: AttachmentList) -> dict[str, str]:
    """What was typed, in the same words as what is stored."""
    mine = form.instance  # holds the cleaned values and is never saved
    values = values_of(mine)
    values["body"] = plain_text(mine.body)
    for name in ("forms", "branches"):
        values[name] = listed(row.label for row in form.cleaned_data.get(name, ()))
    entry = form.cleaned_data.get("entry")
    values["entry"] = str(entry or "")
    values["attachments"] = listed(draft.label or draft.filename for draft in files.drafts())
    return values


def form_page(
    request: HttpRequest,
    item: Item,
    form: ItemForm,
    files: AttachmentList,
    *,
    status: int = HTTPStatus.OK,
    seen: int | None = None,
    **more: Any,
) -> HttpResponse:
    """The drafting form; an unsaved item has no record yet."""
    context = {
        "title": str(item) if item.pk else _("New disclosure item"),
        "item": item,
        "form": form,
        "files": files,
        "version": (item.version if item.pk else 0) if seen is None else seen,
        "action": _action(request, item),
        "media": nonced(form.media, request.csp_nonce),  # type: ignore[attr-defined]
        "demands": demands(form),
        "findings": _beside_fields(form, findings_of(request, item)),
        "several": SEVERAL,
        "accepted": ",".join(f".{extension}" for extension in ALLOWED),
        "largest": settings.UPLOAD_MAX_BYTES // (1024 * 1024),
        "why_not_submit": why_not("submit", item=item, by=person(request)),
        "file_rows": [(row, file_address(item, row.kept.uid) if row.kept else "") for row in files.forms],
        "record": record_of(item, person(request)) if item.pk else None,
        **autosave.context(request, item),
        **more,
    }
    return page(request, FORM, context, status)


def _beside_fields(form: ItemForm, findings: Findings | None) -> Findings | None:
    """Hang each finding on the field it stands beside."""
    for name, rows in (findings.by_field if findings else {}).items():
        if name in form.fields:
            form[name].found = rows  # type: ignore[attr-defined]
    return findings


def demands(form: ItemForm) -> list[str]:
    """What the chosen entry asks for beyond the fields it fills in, in short sentences."""
    chosen = str(form["entry"].value() or "")
    is_key = chosen.isascii() and chosen.isdigit() and len(chosen) < 10
    entry = CatalogueEntry.objects.filter(pk=chosen).first() if is_key else None
    version = entry.version_on(timezone.localdate()) if entry else None
    if version is None:
        return []
    lead, notice = version.internal_lead_days, version.notice_min_working_days
    sentences = [
        _("Time limit: %(limit)s.") % {"limit": in_words(version.time_limit)} if version.time_limit else "",
        _("At least %(days)d days inside the Party before the public.") % {"days": lead} if lead else "",
        _("A public notice lasts at least %(days)d working days.") % {"days": notice} if notice else "",
        _("It holds personal data: disclose no more than is needed.") if version.personal_data else "",
    ]
    return [sentence for sentence in sentences if sentence]


def _action(request: HttpRequest, item: Item) -> str:
    if item.pk:
        return reverse("admin:disclosures_item_change", args=[item.pk])
    return f"{reverse('admin:disclosures_item_add')}?unit={item.unit.code}&entry="


def file_address(item: Item, uid: Any) -> str:
    """Where staff download a file of the working copy."""
    return reverse("admin:disclosures_item_file", args=[item.pk, uid])


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any], status: int = HTTPStatus.OK
) -> TemplateResponse:
    """A page of the workbench about items."""
    request.current_app = admin.site.name
    whole = {**admin.site.each_context(request), "opts": Item._meta, **context}
    return TemplateResponse(request, template, whole, status=status)


def reason_of(request: HttpRequest) -> str:
    """The reason sent with a verb; raises `Refused` for one that no column holds."""
    reason = request.POST.get("reason", "")
    if "\0" in reason or len(reason) > LONGEST_REASON:
        raise Refused(
            _("Give the reason in at most %(most)d characters.") % {"most": LONGEST_REASON}, code="reason_length"
        )
    return reason
