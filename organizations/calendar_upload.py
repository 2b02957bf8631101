"""The page on which a year's published days are pasted or uploaded: looked through first, then entered together."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.services import record
from organizations.models import CalendarDay, User
from organizations.portal_admin import person
from organizations.published_days import decoded, read

MOST_BYTES = 200_000


@dataclass(frozen=True)
class Change:
    """One day of the notice beside what is entered now."""

    row: CalendarDay
    known: CalendarDay | None

    @property
    def is_new(self) -> bool:
        """Whether nothing is entered for the day."""
        return self.known is None

    @property
    def is_changed(self) -> bool:
        """Whether something else is entered for the day."""
        return self.known is not None and (self.known.kind, self.known.name) != (self.row.kind, self.row.name)


class NoticeForm(forms.Form):
    """The lines of the notice, pasted or from a file, and where they were published."""

    source = forms.CharField(label=gettext_lazy("source"), max_length=200)
    file = forms.FileField(
        label=gettext_lazy("CSV or text file"), required=False, help_text=gettext_lazy("In place of the lines below.")
    )
    lines = forms.CharField(
        label=gettext_lazy("Days, one line each"),
        required=False,
        max_length=MOST_BYTES,
        widget=forms.Textarea({"rows": 12}),
        help_text=gettext_lazy("2026-10-01至2026-10-07 放假 国庆节, or 2026-10-10 上班 国庆节调休"),
    )

    def clean(self) -> dict[str, Any]:
        """The text of the file stands for the lines; each line that cannot be read is named."""
        cleaned = super().clean() or {}
        upload = cleaned.get("file")
        text = self._text_of(upload) if isinstance(upload, UploadedFile) else cleaned.get("lines") or ""
        published = read(text)
        for number, problem in published.problems:
            self.add_error("lines", _("Line %(number)d: %(problem)s") % {"number": number, "problem": problem})
        if not published.days and not self.errors:
            self.add_error("lines", _("Enter at least one day."))
        cleaned |= {"lines": text, "days": published.days}
        return cleaned

    def _text_of(self, upload: UploadedFile) -> str:
        text = decoded(upload.read(MOST_BYTES)) if (upload.size or 0) <= MOST_BYTES else None
        if text is None:
            self.add_error("file", _("This is no text file. Save the table as CSV, or paste its lines."))
        return text or ""


def page(request: HttpRequest, base: dict[str, Any]) -> HttpResponse:
    """Ask for the lines; show what they would change; enter it when that is confirmed."""
    if request.method != "POST":
        return _show(request, base, NoticeForm())
    form = NoticeForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, base, form, status=400)
    changes = changes_of(form.cleaned_data["days"])
    if "enter" not in request.POST:
        kept = {"source": form.cleaned_data["source"], "lines": form.cleaned_data["lines"]}
        return _show(request, base, NoticeForm(initial=kept), changes=changes)
    entered = enter(changes, source=form.cleaned_data["source"], by=person(request))
    messages.success(request, _("%(count)d days entered or changed.") % {"count": entered})
    return redirect("admin:organizations_calendarday_changelist")


def changes_of(days: tuple[CalendarDay, ...]) -> list[Change]:
    """Each day beside what is entered for it: one query."""
    known = {row.day: row for row in CalendarDay.objects.filter(day__in=[row.day for row in days])}
    return [Change(row, known.get(row.day)) for row in days]


def enter(changes: list[Change], *, source: str, by: User) -> int:
    """Enter what is new or different, each day with its Event; days the notice does not name stay as they are."""
    with transaction.atomic():
        needed = [change for change in changes if change.is_new or change.is_changed]
        for change in needed:
            _enter(change, source, by)
    return len(needed)


def _enter(change: Change, source: str, by: User) -> None:
    row = change.known or change.row
    before = {"kind": row.kind, "name": row.name} if change.known else None
    row.kind, row.name, row.source = change.row.kind, change.row.name, source
    row.save()
    record(
        "calendar_day.changed" if before else "calendar_day.created",
        by=by,
        subject_kind="calendar_day",
        subject_ref=row.day.isoformat(),
        subject_label=str(row),
        before=before,
        after={"day": row.day, "kind": row.kind, "name": row.name, "source": source},
    )


def _show(
    request: HttpRequest,
    base: dict[str, Any],
    form: NoticeForm,
    *,
    changes: list[Change] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {**base, "title": _("Enter the days of a year"), "form": form, "changes": changes or []}
    response = render(request, "admin/calendar_upload.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response
