"""Standing pages: units, catalogue, leading group, statistics, about, site map, feeds, robots."""

import re
from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from disclosures import time_limits
from disclosures.facets import Cell, tally, year_words
from disclosures.models import CatalogueEntry, CatalogueEntryVersion, Category
from disclosures.remembered import remembered
from disclosures.views.article import comma
from disclosures.views.asking import BoardRequest, visible
from organizations.models import Appointment, Unit, UnitKind

GAP = "□"  # the mark for a character missing in the original


def everything(request: BoardRequest) -> list[Cell]:
    """All that this reader may read, counted by category, unit, phase and year."""
    return remembered(request, ("cells", ("",), (None, None, None)), lambda: tally(visible(request), request.reader))


@require_safe
def units(request: BoardRequest) -> HttpResponse:
    """Units and bodies: those that disclose in their own name first, with their numbers."""
    counts = Counter[int]()
    for cell in everything(request):
        counts[cell.unit] += cell.size
    every = Unit.objects.all()
    disclosing = [row for row in every if row.discloses and (row.is_active or counts[row.pk])]
    context = {
        "here": _("Units"),
        "units": [{"unit": row, "count": counts[row.pk]} for row in disclosing],
        "bodies": [row for row in every if row.is_active and not row.discloses],
    }
    return render(request, "disclosures/units.html", context)


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """The catalogue of duties: what is disclosed, to whom, how, when and by whom (S31, S40)."""
    entries = CatalogueEntry.objects.filter(is_active=True).prefetch_related("versions__forms")
    rows = [row for row in map(entry_row, entries) if row]
    sections = [
        {"category": category, "rows": [row for row in rows if row["category"] == category.pk]}
        for category in Category.objects.all()
    ]
    return render(
        request,
        "disclosures/catalogue.html",
        {"here": _("Disclosure catalogue"), "sections": sections, "total": len(rows)},
    )


def entry_row(entry: CatalogueEntry) -> dict[str, Any] | None:
    """One duty as it stands today; None where none of its versions is in force."""
    version = entry.version_on(timezone.localdate())
    if version is None:
        return None
    return {
        "category": entry.category_id,
        "code": entry.code,
        "title": version.label,
        "scope": version.get_audience_display(),
        "forms": comma().join(form.label for form in version.forms.all()),
        "time_limit": time_limits.in_words(version.time_limit),
        "responsible": version.get_responsible_kind_display(),
        "levels": comma().join(version.level_labels),
        "marks": marks_of(version),
    }


def marks_of(version: CatalogueEntryVersion) -> list[str]:
    """Words for the flags of a duty."""
    flags = [(version.vital_interest, _("Vital interest")), (version.sensitive, _("Needs the superior's review"))]
    return [word for is_set, word in flags if is_set]


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


def member_row(row: Appointment) -> dict[str, Any]:
    """A printed line: what the original lacks is marked, never guessed; padding inside a complete name stays."""
    role = gaps_marked(row.printed_role or row.get_role_display())
    name = row.printed_name if row.name_is_complete else gaps_marked(row.printed_name)
    return {"role": role, "name": name, "office": row.office_held, "has_gap": GAP in role + name}


def gaps_marked(printed: str) -> str:
    """`printed` with a mark for each no-break space that stands for a missing character."""
    return re.sub(r"[ \t]", "", printed).replace("\N{NO-BREAK SPACE}", GAP)


@require_safe
def statistics(request: BoardRequest) -> HttpResponse:
    """Numbers of what this reader may read: by category and year, by unit (S11)."""
    cells = everything(request)
    years = sorted({cell.year for cell in cells}, reverse=True)[:6]
    by_category = Counter[tuple[int, int]]()
    totals, units_total = Counter[int](), Counter[int]()
    for cell in cells:
        by_category[cell.category, cell.year] += cell.size
        totals[cell.category] += cell.size
        units_total[cell.unit] += cell.size
    context = {
        "here": _("Statistics"),
        "total": sum(totals.values()),
        "years": [{"label": year_words(year), "url": reverse("disclosures:archive", args=[year])} for year in years],
        "categories": [
            {"row": row, "counts": [by_category[row.pk, year] for year in years], "total": totals[row.pk]}
            for row in Category.objects.all()
        ],
        "units": [{"unit": row, "count": units_total[row.pk]} for row in Unit.objects.all() if units_total[row.pk]],
        "at": request.at,
    }
    return render(request, "disclosures/statistics.html", context)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What the portal is for, the four steps, the rights of readers (S15, S79)."""
    return render(request, "disclosures/about.html", {"here": _("Guide")})


@require_safe
def site_map(request: BoardRequest) -> HttpResponse:
    """Every public page by its name."""
    years = sorted({cell.year for cell in everything(request)}, reverse=True)
    context = {
        "here": _("Site map"),
        "categories": Category.objects.all(),
        "units": Unit.objects.filter(discloses=True),
        "years": [{"label": year_words(year), "url": reverse("disclosures:archive", args=[year])} for year in years],
    }
    return render(request, "disclosures/site_map.html", context)


@require_safe
def feeds(request: HttpRequest) -> HttpResponse:
    """The list of feeds."""
    context = {
        "here": _("Feeds"),
        "categories": Category.objects.all(),
        "units": Unit.objects.filter(discloses=True),
    }
    return render(request, "disclosures/feeds.html", context)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines should leave alone; no secret stands behind it, every page asks visibility itself."""
    roots = []
    for language in ("zh-hans", "en"):
        with override(language):
            roots.append(reverse("disclosures:board"))
    private = [f"{root}{path}" for root in roots for path in ("admin/", "accounts/", "feedback/track/", "internal/")]
    with override("zh-hans"):
        sitemap = request.build_absolute_uri(reverse("disclosures:sitemap"))
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in private), "", f"Sitemap: {sitemap}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
