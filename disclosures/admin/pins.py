"""The page on which the office puts items at the top of lists and orders them by hand."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from disclosures.admin.refusals import show_problems, status_of
from disclosures.models import Category, Item, Pin
from disclosures.refusal import Refused
from disclosures.services import pinning
from disclosures.services.pinning import Place, place_of
from organizations import roles
from organizations.models import Unit
from organizations.portal_admin import person
from organizations.roles import Ability


class PinForm(forms.Form):
    """Which item, at the top of which list."""

    number = forms.CharField(
        label=gettext_lazy("Index number"),
        max_length=40,
        help_text=gettext_lazy("Stands on the page of the item."),
    )
    place = forms.ChoiceField(label=gettext_lazy("List"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = _choices()  # type: ignore[attr-defined]

    def clean_number(self) -> Item:
        """The item with this number, disclosed or not: the service says what hinders."""
        item = Item.objects.filter(number=self.cleaned_data["number"].strip()).first()
        if item is None:
            raise forms.ValidationError(_("No item has this number."), code="unknown")
        return item

    def clean_place(self) -> Place:
        """The list behind its code."""
        kind, _colon, name = self.cleaned_data["place"].partition(":")
        if kind == "category":
            return Place(category=Category.objects.get(slug=name))
        return Place(unit=Unit.objects.get(code=name)) if kind == "unit" else Place()


def _choices() -> list[tuple[Any, Any]]:
    """The front page, the eight categories and the disclosing units."""
    units = Unit.objects.filter(discloses=True, is_active=True)
    return [
        ("board", _("Front page")),
        (_("Category"), [(f"category:{row.slug}", row.label) for row in Category.objects.all()]),
        (_("Disclosing unit"), [(f"unit:{row.code}", row.label) for row in units]),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def pins(request: HttpRequest) -> HttpResponse:
    """Show the pins of every list; a POST adds one, moves one or takes one off."""
    if not roles.may(person(request), Ability.PIN):
        raise PermissionDenied
    if request.method != "POST":
        return _page(request, PinForm())
    if "add" in request.POST:
        return _add(request)
    return _change(request)


def _page(request: HttpRequest, form: PinForm, status: int = 200) -> HttpResponse:
    rows = Pin.objects.select_related("item", "category", "unit").order_by(
        "category__order", "unit__order", "order", "id"
    )
    lists: dict[str, list[Pin]] = {}
    for row in sorted(rows, key=lambda row: bool(row.category_id or row.unit_id)):
        lists.setdefault(_label(place_of(row)), []).append(row)
    context = {
        **admin.site.each_context(request),
        "title": _("Pinned items"),
        "lists": [{"label": label, "pins": found} for label, found in lists.items()],
        "form": form,
    }
    return render(request, "admin/pins.html", context, status=status)


def _label(place: Place) -> str:
    return str(place.category or place.unit or _("Front page"))


def _add(request: HttpRequest) -> HttpResponse:
    form = PinForm(request.POST)
    if not form.is_valid():
        return _page(request, form, 400)
    try:
        pinning.pin(form.cleaned_data["number"], place=form.cleaned_data["place"], by=person(request))
    except Refused as refused:
        show_problems(form, refused)
        return _page(request, form, status_of(refused))
    messages.success(request, _("The item stands at the top of the list now."))
    return redirect("review:pins")


def _change(request: HttpRequest) -> HttpResponse:
    """Move or remove the pin that the pressed button names."""
    for verb in ("up", "down", "remove"):
        if verb in request.POST:
            row = get_object_or_404(Pin, uid=_uid(request.POST[verb]))
            if verb == "remove":
                pinning.unpin(row, by=person(request))
            else:
                pinning.move(row, by=person(request), up=verb == "up")
            return redirect("review:pins")
    raise Http404


def _uid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
