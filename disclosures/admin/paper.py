"""An item or a revision as readers will see it, for the eyes of staff: facts, text, files."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from disclosures.models import Attachment, Item, Revision, RevisionAttachment

Source = Item | Revision
WIDE = {"title", "entry", "basis", "branches", "forms", "matter", "focus_reason", "change_note"}
HIDDEN_IN_FACTS = {"title", "body", "attachments"}


def values_of(source: Source) -> dict[str, str]:
    """Every reviewed field as words, by name, in the order of the form; empty where nothing is said."""
    return {
        "entry": str(source.entry_version or ""),
        "title": source.title,
        "document_number": source.document_number,
        "issued_on": _day(source.issued_on),
        "basis": source.basis,
        "attachments": listed(row.title for row in source.attachments.all()),
        "audience": str(source.get_audience_display()) if source.audience else "",
        "branches": listed(branch.label for branch in source.branches.all()),
        "planned_internal_from": _instant(source.planned_internal_from),
        "planned_internal_until": _instant(source.planned_internal_until),
        "planned_public_from": _instant(source.planned_public_from),
        "planned_public_until": _instant(source.planned_public_until),
        "forms": listed(form.label for form in source.forms.all()),
        "matter": str(source.matter or ""),
        "phase": str(source.get_phase_display()) if source.phase else "",
        "occurred_on": _day(source.occurred_on),
        "period_from": _day(source.period_from),
        "period_until": _day(source.period_until),
        "vital_interest": _yes(source.vital_interest),
        "sensitive": _yes(source.sensitive),
        "is_focus": _yes(source.is_focus),
        "focus_reason": source.focus_reason,
        "is_backfilled": _yes(source.is_backfilled),
        "change_note": source.change_note,
    }


def label_of(name: str) -> str:
    """The name of a reviewed field in words."""
    if name == "attachments":
        return _("Attachments")
    return capfirst(str(getattr(Item._meta.get_field(name), "verbose_name", name)))


def facts_of(source: Source) -> list[dict[str, Any]]:
    """The facts table: number and unit first, then every field that says something."""
    number = source.number if isinstance(source, Item) else source.item.number
    category = source.entry.category.label if source.entry else ""
    head: list[dict[str, Any]] = [
        {"label": _("Index number"), "value": number if isinstance(number, str) else ""},
        {"label": _("Disclosing unit"), "value": source.unit.label},
        {"label": _("Category"), "value": category, "wide": True},
    ]
    rows = [
        {"label": label_of(name), "value": value, "wide": name in WIDE or None}
        for name, value in values_of(source).items()
        if name not in HIDDEN_IN_FACTS
    ]
    return paired([row for row in (*head, *rows) if row["value"]])


def paired(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same rows, with a narrow one widened where it would stand alone before a wide one or at the end."""
    waiting: dict[str, Any] | None = None
    for row in rows:
        if not row.get("wide"):
            waiting = row if waiting is None else None
        elif waiting is not None:
            waiting["wide"], waiting = True, None
    if waiting is not None:
        waiting["wide"] = True
    return rows


def file_rows(files: Iterable[Attachment | RevisionAttachment], address: Any) -> list[dict[str, Any]]:
    """Rows for `components/attachments.html`; `address` makes the URL of one file."""
    return [
        {
            "url": address(row),
            "label": row.title,
            "kind": row.file.extension,
            "size": row.file.size,
            "is_published": row.is_published,
        }
        for row in files
    ]


def paper(source: Source, address: Any) -> dict[str, Any]:
    """What `admin/paper.html` shows; files that readers never get stand apart."""
    files: list[Any] = list(source.attachments.select_related("file"))
    return {
        "title": source.title,
        "body": source.body,
        "facts": facts_of(source),
        "published": file_rows([row for row in files if row.is_published], address),
        "kept": file_rows([row for row in files if not row.is_published], address),
    }


def listed(names: Iterable[str]) -> str:
    """Names one after the other, with the comma of the page's language."""
    return (", " if get_language() == "en" else "、").join(names)


def _day(value: date | None) -> str:
    return date_format(value, "DATE_FORMAT") if value else ""


def _instant(value: datetime | None) -> str:
    return date_format(timezone.localtime(value), "DATETIME_FORMAT") if value else ""


def _yes(value: bool) -> str:
    return _("Yes") if value else ""
