"""What the catalogue expects in a category that shows nothing, and when it is next due (S31, S40)."""

from collections.abc import Iterable

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from disclosures.coming import Coming, coming_duties, concerns, versions_in_force
from disclosures.models import CatalogueEntryVersion, Category
from disclosures.views.asking import BoardRequest, visible


def words_of_empty(
    category: Category, versions: Iterable[CatalogueEntryVersion], coming: Iterable[Coming]
) -> dict[str, str]:
    """What belongs in a category that shows nothing, and when it is next due (or why not)."""
    text = _("What belongs here: %(text)s") % {"text": category.text}
    return {"empty_text": text, "next_text": _next_words(category, versions, coming)}


def next_of(request: BoardRequest, category: Category) -> str:
    """When the category is next due, or why not; asked only where it is empty."""
    versions = versions_in_force(timezone.localdate(request.at))
    coming = coming_duties(versions, visible(request), request.reader, request.at)
    return _next_words(category, [row for row in versions if concerns(row, request.reader)], coming)


def _next_words(category: Category, versions: Iterable[CatalogueEntryVersion], coming: Iterable[Coming]) -> str:
    if not any(version.entry.category_id == category.pk for version in versions):
        return _("By the catalogue, all of this is disclosed inside the Party.")
    duty = next((duty for duty in coming if duty.version.entry.category_id == category.pk), None)
    if duty is None:
        return _("By the catalogue, it is disclosed as soon as there is such a matter.")
    said = {"title": duty.version.label, "day": formats.date_format(duty.due, "DATE_FORMAT"), "period": duty.period}
    return _("Next: “%(title)s” (%(period)s), by %(day)s at the latest.") % said
