"""A rectification that must show in what is disclosed: a corrected item, or one that tells the result (S47)."""

from datetime import datetime

from django.utils.translation import gettext as _

from disclosures.models import Phase, Release
from disclosures.refusal import Refused
from disclosures.richtext import clean_line
from feedback.models import Case, DemandKind, Rectification, RectificationDemand
from organizations.models import User


def demand(rectification: Rectification, kind: str) -> None:
    """Record what has to be disclosed; an empty `kind` demands nothing."""
    if not kind:
        return
    if kind == DemandKind.CORRECTION and rectification.case.item is None:
        _refuse("demand", _("The case is not about an item, so there is none to correct."))
    RectificationDemand.objects.create(rectification=rectification, kind=DemandKind(kind))


def fulfil(rectification: Rectification, number: str, by: User, at: datetime) -> None:
    """Link the item that was disclosed since the order; without it nothing that was demanded is done.

    The working copy does not count: only a release approved after the order, which the verifier can read.
    """
    row = RectificationDemand.objects.filter(rectification=rectification).first()
    if row is None:
        return
    wanted = clean_line(number) or _number_of(rectification.case, row)
    since = Release.objects.filter(item__number=wanted, created_at__gte=rectification.recorded_at)
    release = since.select_related("item", "revision").order_by("-created_at").first() if wanted else None
    if release is None:
        _refuse("item_number", _("Enter the index number of the item disclosed since this was ordered."))
    elif row.kind == DemandKind.CORRECTION and release.item_id != rectification.case.item_id:
        _refuse("item_number", _("The item of the case itself has to be corrected."))
    elif row.kind == DemandKind.AFTER and release.revision.phase != Phase.AFTER:
        _refuse("item_number", _("This item is not of the phase “after”."))
    else:
        row.item, row.fulfilled_at, row.fulfilled_by = release.item, at, by
        row.save(update_fields=["item", "fulfilled_at", "fulfilled_by"])


def _number_of(case: Case, row: RectificationDemand) -> str:
    """A correction needs no number: it is of the item the case is about."""
    return (case.item.number or "") if row.kind == DemandKind.CORRECTION and case.item else ""


def _refuse(field: str, sentence: str) -> None:
    raise Refused(sentence, code=field, problems={field: [sentence]})
