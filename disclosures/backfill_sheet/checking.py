"""What stands against a row, cell by cell, and what a row says in the words of the catalogue."""

import html

from django.utils import timezone
from django.utils.translation import gettext as _

from disclosures.backfill_sheet.columns import COLUMNS, SCOPES, Row
from disclosures.chinese_dates import YEARS, date_in
from disclosures.models import CatalogueEntry, FormOfDisclosure, Item
from organizations.models import Unit


def check(rows: list[Row], unit: Unit) -> list[Row]:
    """The same rows with every problem and warning that today's catalogue and items of `unit` give them."""
    entries = {row.code: row for row in CatalogueEntry.objects.prefetch_related("versions").filter(is_active=True)}
    forms = known_forms()
    there = set(Item.objects.filter(unit=unit).values_list("title", "issued_on"))
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        _check_required(row)
        _check_entry(row, entries, unit)
        _check_days(row)
        if row.values["audience"] and row.values["audience"] not in SCOPES:
            row.problems["audience"].append(_("Choose the scope from the list."))
        if unknown := [form for form in form_names(row) if form not in forms]:
            row.problems["forms"].append(
                _("Not a form of disclosure: %(names)s.") % {"names": "、".join(unknown)[:100]}
            )
        key = (row.values["title"], row.values["issued_on"])
        if (key[0], date_in(key[1])) in there:
            row.warnings.append(_("An item of this title and date is there already."))
        if key in seen:
            row.warnings.append(_("The same title and date as row %(number)d.") % {"number": seen[key]})
        seen.setdefault(key, row.number)
    return rows


def _check_required(row: Row) -> None:
    for column in COLUMNS:
        if column.is_required and not row.values[column.name] and not row.problems.get(column.name):
            row.problems[column.name].append(_("This must be filled in."))


def _check_entry(row: Row, entries: dict[str, CatalogueEntry], unit: Unit) -> None:
    code = row.values["entry"]
    entry = entries.get(code)
    version = entry.version_on(timezone.localdate()) if entry else None
    if code and version is None:
        row.problems["entry"].append(_("The catalogue holds no such code."))
    elif version and unit.level not in version.levels:
        row.problems["entry"].append(_("This catalogue entry is not a duty of %(unit)s.") % {"unit": unit})


def _check_days(row: Row) -> None:
    for column in COLUMNS:
        text = row.values[column.name] if column.is_day else ""
        if text and date_in(text) is None:
            row.problems[column.name].append(
                _("Not a date from %(first)d to %(last)d, such as 2012-02-02.") % {"first": YEARS[0], "last": YEARS[-1]}
            )
    issued, first, last = (date_in(row.values[name]) for name in ("issued_on", "period_from", "period_until"))
    if issued and issued > timezone.localdate():
        row.problems["issued_on"].append(_("The date of issue lies in the future."))
    if first and last and last < first:
        row.problems["period_until"].append(_("The period ends before it begins."))


def form_names(row: Row) -> list[str]:
    """Forms of disclosure as the row names them."""
    parts = (
        row.values["forms"].replace("，", "、").replace(",", "、").replace("；", "、").replace(";", "、").split("、")
    )
    return [part.strip() for part in parts if part.strip()]


def known_forms() -> dict[str, FormOfDisclosure]:
    """Active forms by their Chinese name."""
    return {form.name: form for form in FormOfDisclosure.objects.filter(is_active=True)}


def body_html(text: str) -> str:
    """Lines of a cell as paragraphs."""
    return "".join(f"<p>{html.escape(line)}</p>" for line in text.split("\n") if line.strip())
