"""A drafting form sent after its log-in had ended: its text is kept for whoever was shown the form, nobody else."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from disclosures import access
from disclosures.admin import autosave
from disclosures.models import Item
from disclosures.refusal import Refused
from disclosures.services import autosaving
from organizations.models import User

FORMS = frozenset(("disclosures_item_add", "disclosures_item_change"))


def rescued(request: HttpRequest) -> HttpResponse | None:
    """Keep what was typed beside the item and lead through the log-in back to it; None where there is nothing to keep.

    Nothing of the item changes and nobody reads the text but the person the form was signed for. That signature also
    proves that the form is ours, so this may follow a token that expired.
    """
    match = request.resolver_match
    found = _form_of(request) if match and match.url_name in FORMS else None
    if found is None:
        return None
    item, user = found
    content, version = autosave.content_of(request), autosave.version_of(request)
    try:
        autosaving.autosave(item, by=user, base_version=version, content=content, at=timezone.now())
    except Refused:  # a mark of secrecy: no copy is kept
        return None
    address = autosave.restore_address(item) + ("&files=again" if request.FILES else "")
    if request.user.is_authenticated:
        return redirect(address)
    messages.warning(
        request, _("Your log-in had ended. What you typed is kept: log in, and it stands in the form again.")
    )
    return redirect_to_login(address)


def _unit_code(request: HttpRequest) -> str:
    code = request.GET.get("unit", "")
    return "" if "\0" in code else code


def _form_of(request: HttpRequest) -> tuple[Item, User] | None:
    """What the form is about and whose it is, if that person may still write it and nobody else is logged in."""
    signed = autosave.begun_form(request)
    user = User.objects.filter(pk=signed[1], is_active=True, is_staff=True).first() if signed else None
    if signed is None or user is None or (request.user.is_authenticated and request.user != user):
        return None
    item = Item.objects.filter(uid=signed[0]).select_related("unit").first()
    if item is None:
        unit = access.units_drafted_by(user).filter(code=_unit_code(request)).first()
        return (Item(uid=signed[0], unit=unit, version=0), user) if unit else None
    return (item, user) if access.may_draft_for(user, item.unit) else None
