"""Standing pages: leading group, about, accessibility, site map."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from disclosures.facets import year_words
from disclosures.models import Category
from disclosures.views.asking import BoardRequest, visible
from disclosures.views.printed import GAP, member_row
from disclosures.visibility import since_field
from organizations.models import Appointment, Unit, UnitKind


@require_safe
def leading_group(request: BoardRequest) -> HttpResponse:
    """The leading group exactly as printed in the annex of the plan (S85–S90)."""
    printed = Appointment.objects.in_force(timezone.localdate(request.at)).exclude(printed_name="")
    members = printed.filter(unit__kind__in=(UnitKind.LEADING_GROUP, UnitKind.LEADING_GROUP_OFFICE)).order_by("order")
    context = {
        "here": _("Leading group"),
        "members": [member_row(row) for row in members],
        "office": Unit.objects.filter(kind=UnitKind.LEADING_GROUP_OFFICE).select_related("parent").first(),
        "gap": GAP,
    }
    return render(request, "disclosures/leading_group.html", context)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What the portal is for, the four steps, the rights of readers (S15, S79)."""
    return render(request, "disclosures/about.html", {"here": _("Guide")})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement: what was done, what is not good enough yet, whom to tell."""
    return render(request, "disclosures/accessibility.html", {"here": _("Accessibility")})


def years_open_to(request: BoardRequest) -> list[int]:
    """The years from the first to the last thing this reader may read, newest first; two index look-ups."""
    since = since_field(request.reader)
    rows = visible(request).filter(**{f"{since}__isnull": False}).values_list(since, flat=True)
    first, last = rows.order_by(since).first(), rows.order_by(f"-{since}").first()
    if first is None or last is None:
        return []
    return list(range(timezone.localtime(last).year, timezone.localtime(first).year - 1, -1))


@require_safe
def site_map(request: BoardRequest) -> HttpResponse:
    """Every public page by its name."""
    years = years_open_to(request)
    context = {
        "here": _("Site map"),
        "categories": Category.objects.all(),
        "units": Unit.objects.filter(discloses=True),
        "years": [{"label": year_words(year), "url": f"{reverse('disclosures:items')}?year={year}"} for year in years],
    }
    return render(request, "disclosures/site_map.html", context)
