"""The catalogue of duties as a table: what, to whom, how, by when, by whom, and what was last disclosed (S31, S40)."""

from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from disclosures import time_limits
from disclosures.coming import concerns
from disclosures.models import CatalogueEntry, CatalogueEntryVersion, Category
from disclosures.views.article import comma
from disclosures.views.asking import BoardRequest, visible
from disclosures.views.rows import Line, Row, lines, row_of
from disclosures.visibility import Reader

RECENT = 1000  # of the newest items, among which most entries occur


@require_safe
def catalogue(request: BoardRequest) -> HttpResponse:
    """Every duty in force today, by category."""
    entries = list(CatalogueEntry.objects.filter(is_active=True).prefetch_related("versions__forms"))
    last = last_rows(request, entries)
    rows = [row for entry in entries if (row := entry_row(entry, last.get(entry.pk), request.reader))]
    sections = [
        {"category": category, "rows": [row for row in rows if row["category"] == category.pk]}
        for category in Category.objects.all()
    ]
    context = {"here": _("Disclosure catalogue"), "sections": sections, "total": len(rows)}
    return render(request, "disclosures/catalogue.html", context)


def last_rows(request: BoardRequest, entries: list[CatalogueEntry]) -> dict[int, Row]:
    """The newest visible item of each entry, by primary key of the entry; three queries.

    Most entries are found among the newest items of all, along one index; only the others are looked for one by one.
    """
    newest = visible(request).newest_first(request.reader)
    keys: dict[int, int] = {}
    for entry, release in newest.values_list("revision__entry_id", "pk")[:RECENT]:
        keys.setdefault(entry, release)
    rare = CatalogueEntry.objects.filter(pk__in=[entry.pk for entry in entries if entry.pk not in keys])
    of_entry = Subquery(newest.filter(revision__entry=OuterRef("pk")).values("pk")[:1])
    keys.update((entry, last) for entry, last in rare.values_list("pk", of_entry) if last)
    found = {row[0]: Line(*row) for row in lines(visible(request).filter(pk__in=keys.values()).order_by())}
    return {entry: row_of(request, found[pk]) for entry, pk in keys.items() if pk in found}


def entry_row(entry: CatalogueEntry, last: Row | None, reader: Reader) -> dict[str, Any] | None:
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
        "last": last,
        "is_for_reader": concerns(version, reader),
    }


def marks_of(version: CatalogueEntryVersion) -> list[str]:
    """Words for the flags of a duty."""
    flags = [(version.vital_interest, _("Vital interest")), (version.sensitive, _("Needs the superior's review"))]
    return [word for is_set, word in flags if is_set]
