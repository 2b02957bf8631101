"""Units and what each has disclosed: how much this year, what last, and who answers for it (S36, S76)."""

from django.db.models import OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from disclosures.capped import CappedCount, count_words
from disclosures.facets import year_words
from disclosures.listing import within_year
from disclosures.responsible import responsible_for
from disclosures.views.asking import BoardRequest, visible
from disclosures.views.lists import Column, show
from disclosures.views.printed import name_of
from disclosures.views.rows import dated
from disclosures.visibility import since_field
from organizations.models import Appointment, Unit
from organizations.tree import subtree


@require_safe
def units(request: BoardRequest) -> HttpResponse:
    """Units and bodies: those that disclose in their own name first, with their record."""
    own = visible(request).filter(unit=OuterRef("pk"))
    year = timezone.localdate(request.at).year
    this_year = CappedCount(own.filter(**within_year(since_field(request.reader), year)))
    last = Subquery(own.newest_first(request.reader).values("pk")[:1])
    every = list(Unit.objects.annotate(this_year=this_year, last=last))
    releases = {row.pk: row for row in visible(request).filter(pk__in=[row.last for row in every if row.last])}
    people = responsible_for(every, request.at)
    disclosing = [row for row in every if row.discloses and (row.is_active or row.last)]
    context = {
        "here": _("Units"),
        "year": year_words(year),
        "units": [
            {
                "unit": row,
                "responsible": person_words(people.get(row.pk)),
                "count": count_words(row.this_year),
                "last": dated(request, releases[row.last]) if row.last in releases else None,
            }
            for row in disclosing
        ],
        "bodies": [row for row in every if row.is_active and not row.discloses],
    }
    return render(request, "disclosures/units.html", context)


def person_words(held: Appointment | None) -> dict[str, str] | None:
    """Name and office of a first responsible person."""
    return {"name": name_of(held), "office": held.office_held or str(held.get_role_display())} if held else None


@require_safe
def unit(request: BoardRequest, code: str) -> HttpResponse:
    """What a unit and the units below it disclosed, and its record; a unit without visible items looks empty."""
    chosen = get_object_or_404(Unit.objects.select_related("parent", "party_parent"), code=code)
    column = Column(
        chosen.label,
        kind=_("Disclosing unit"),
        fixed={"unit": chosen},
        crumbs=({"label": _("Units"), "url": reverse("disclosures:units")},),
        feed_url=reverse("disclosures:feed_unit", args=[code]),
        feed_name=chosen.label,
        empty_text=_("The disclosure catalogue says what each unit discloses, and by when."),
        takes_pins=True,
        extra={"unit_facts": [*unit_facts(chosen), *record_of(request, chosen)]},
    )
    return show(request, column)


def unit_facts(chosen: Unit) -> list[dict[str, str]]:
    """What a unit is and where it stands in the two trees."""
    above = [(_("Under"), chosen.parent), (_("Party superior"), chosen.party_parent)]
    facts = [{"label": label, "value": row.label, "url": row.get_absolute_url()} for label, row in above if row]
    return [{"label": _("Kind of unit"), "value": str(chosen.get_kind_display()), "url": ""}, *facts]


def record_of(request: BoardRequest, chosen: Unit) -> list[dict[str, str]]:
    """Who answers for the unit, how much it and those below it disclosed this year, and when they last did."""
    held = responsible_for([chosen], request.at).get(chosen.pk)
    together = subtree(chosen.pk)
    rows = visible(request).filter(unit_id__in=together)
    since, year = since_field(request.reader), timezone.localdate(request.at).year
    count = rows.filter(**within_year(since, year)).order_by()[:1001].count()
    last = rows.newest_first(request.reader).values_list(since, flat=True).first()
    person = person_words(held)
    counted = pgettext("number of items", "%(count)s") % {"count": count_words(count)}
    if len(together) > 1:
        counted = _("%(items)s, with those of the units below it") % {"items": counted}
    said = {
        _("First responsible person"): f"{person['name']} {person['office']}" if person else "",
        _("Disclosed this year"): counted,
        _("Last disclosed"): date_format(timezone.localtime(last), "DATE_FORMAT") if last else "",
    }
    return [{"label": label, "value": value, "url": ""} for label, value in said.items() if value]
