"""What one person of the staff has to do today: a section for each kind of work, its number and its most pressing rows.

A section stands only where the person's role gives it a meaning. Every number is a link to the whole list.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from disclosures import access, duties, limits
from disclosures.admin.urgency import to_be_confirmed
from disclosures.admin.waiting import Waiting, overdue_rows, queue_rows, to_be_recorded
from disclosures.models import Decision, Item, Outcome, Pin, Redaction, Release, ReviewStep
from disclosures.models.items import ItemState
from disclosures.redactions import awaiting_confirmation
from organizations import calendar, roles
from organizations.models import User
from organizations.roles import Ability

SHOWN = 5  # rows below the cards


@dataclass(frozen=True)
class Line:
    """One row: what, where to, and what one must know before opening it."""

    title: str
    url: str
    facts: list[str]
    sign: tuple[str, str] | None = None
    note: str = ""


@dataclass(frozen=True)
class Section:
    """One kind of work."""

    key: str
    label: str
    count: int
    url: str
    note: str = ""
    rows: list[Line] = field(default_factory=list)
    is_urgent: bool = False


def sections_for(user: User, at: datetime) -> list[Section]:
    """The sections of `user`, what cannot wait first."""
    return [section for make in SECTIONS for section in make(user, at)]


def warnings_for(user: User, at: datetime) -> list[str]:
    """What whoever keeps the calendar must know: years counted Monday to Friday for want of their days off."""
    if not roles.may(user, Ability.KEEP_CATALOGUE):
        return []
    sentence = _("The days off of %(year)d are not entered: limits of that year are counted Monday to Friday.")
    return [sentence % {"year": year} for year in calendar.unknown_years(timezone.localdate(at))]


def _overdue(user: User, at: datetime) -> Iterable[Section]:
    """For the first responsible person (S76)."""
    if not limits.is_first_responsible(user):
        return
    count = limits.overdue_under(user, at).count()
    rows = [_line_of(row) for row in overdue_rows(user, at, SHOWN)] if count else []
    yield Section(
        "overdue",
        _("Overdue reviews"),
        count,
        reverse("review:queue") + "#overdue",
        _("In the units you answer for"),
        rows,
        count > 0,
    )


def _urgent(user: User, at: datetime) -> Iterable[Section]:
    """Opened urgently, for those who confirm it, its leader and the office."""
    if not roles.may(user, Ability.DECIDE) or not access.may_read_items(user):
        return
    items = to_be_confirmed(access.items_readable_by(user))
    count = items.count()
    if not count:
        return
    address = reverse("admin:disclosures_item_changelist")
    yield Section(
        "urgent",
        _("Urgent publications to confirm"),
        count,
        f"{address}?urgent=waiting",
        _("Open to readers, review not through"),
        _urgent_lines(items),
        True,
    )


def _urgent_lines(items: QuerySet[Item]) -> list[Line]:
    chosen = list(items.values_list("pk", flat=True)[:SHOWN])
    releases = Release.objects.awaiting_confirmation().filter(item_id__in=chosen).order_by("created_at")
    return [
        Line(
            row.revision.title,
            reverse("review:revision", args=[row.revision.uid]),
            [row.unit.label, _("opened %(at)s") % {"at": _instant(row.created_at)}],
            ("focus", _("Opened urgently")),
            row.urgent_reason,
        )
        for row in releases.select_related("revision", "unit")
    ]


def _redacted(user: User, at: datetime) -> Iterable[Section]:
    """Masked after publication by somebody else, for those who may confirm it."""
    if not roles.may(user, Ability.DECIDE) or not access.may_read_items(user):
        return
    rows = awaiting_confirmation().filter(item__in=access.items_readable_by(user)).exclude(by=user)
    rows = rows.exclude(corrected_revision__contributors__user=user).select_related("item__unit")
    count = rows.count()
    if count:
        address = reverse("admin:disclosures_item_changelist") + "?redacted=waiting"
        note = _("Masked after publication by somebody else")
        yield Section("redacted", _("Redactions to confirm"), count, address, note, _redacted_lines(rows), True)


def _redacted_lines(rows: QuerySet[Redaction]) -> list[Line]:
    return [
        Line(
            str(row.item),
            _page_of(row.item),
            [row.item.unit.label, _("masked %(at)s by %(who)s") % {"at": _instant(row.at), "who": row.by_name}],
            ("wait", _("To be confirmed")),
            row.reason,
        )
        for row in rows[:SHOWN]
    ]


def _to_decide(user: User, at: datetime) -> Iterable[Section]:
    """Steps this person decides; what is overdue or due soon has a number of its own."""
    if not roles.may(user, Ability.DECIDE):
        return
    steps, address = access.review_steps_for(user), reverse("review:queue")
    count = steps.count()
    yield Section(
        "decide", _("Mine to decide"), count, address, _("What is overdue first"), _step_lines(steps, at), count > 0
    )
    soon = steps.filter(due_at__lte=limits.soon_until(at)).count()
    note = _("Of these, by the next working day")
    if soon:
        yield Section("soon", _("Due soon or overdue"), soon, f"{address}?due=soon", note, is_urgent=True)


def _to_record(user: User, at: datetime) -> Iterable[Section]:
    """Decisions taken in a meeting or a document, to be entered."""
    if not roles.may(user, Ability.RECORD):
        return
    steps = to_be_recorded(user)
    address = reverse("review:queue") + "#record"
    note = _("Decided in a meeting or a document")
    yield Section("record", _("To be entered from minutes"), steps.count(), address, note, _step_lines(steps, at))


def _step_lines(steps: QuerySet[ReviewStep], at: datetime) -> list[Line]:
    return [_line_of(row) for row in queue_rows(steps[:SHOWN], at)]


def _line_of(row: Waiting) -> Line:
    revision = row.step.revision
    sign = None
    if row.standing and row.standing.is_overdue:
        sign = ("stop", row.standing.words)
    elif row.standing and row.standing.is_soon:
        sign = ("wait", row.standing.words)
    facts = [revision.unit.label, row.step.label, _("waiting %(words)s") % {"words": row.words}]
    if row.standing and sign is None:
        facts.append(row.standing.words)
    if not row.is_readable:
        return Line(_("An item you do not read yourself"), "", facts, sign)
    title = revision.title or _("Untitled draft")
    return Line(title, reverse("review:revision", args=[revision.uid]), facts, sign)


def _returned(user: User, at: datetime) -> Iterable[Section]:
    """Items that came back, with who returned them and why."""
    if not roles.may(user, Ability.DRAFT):
        return
    items = _mine(user, ItemState.RETURNED)
    count = items.count()
    yield Section(
        "returned",
        _("Returned to me"),
        count,
        _list_of(ItemState.RETURNED),
        _("Put right what the review named"),
        _returned_lines(list(items[:SHOWN])),
        count > 0,
    )


def _returned_lines(items: list[Item]) -> list[Line]:
    decisions = Decision.objects.filter(
        revision_id__in=[item.current_revision_id for item in items], outcome=Outcome.RETURN
    ).prefetch_related("verdicts")
    by_revision = {row.revision_id: row for row in decisions}
    return [_returned_line(item, by_revision.get(item.current_revision_id or 0)) for item in items]


def _returned_line(item: Item, decision: Decision | None) -> Line:
    facts = [item.unit.label]
    if decision is None:
        return Line(str(item), _page_of(item), facts)
    who = f"{decision.office_held} {decision.decided_by_name}".strip()
    facts.append(_("returned by %(who)s on %(at)s") % {"who": who, "at": _instant(decision.decided_at)})
    named = [f"{v.get_aspect_display()}：{v.remark}" for v in decision.verdicts.all() if not v.is_ok]
    return Line(str(item), _page_of(item), facts, note="；".join(named) or decision.remark)


def _to_finish(user: User, at: datetime) -> Iterable[Section]:
    """Drafts this person has written on."""
    if not roles.may(user, Ability.DRAFT):
        return
    items = _mine(user, ItemState.DRAFT)
    rows = [
        Line(str(item), _page_of(item), [item.unit.label, _("saved %(at)s") % {"at": _instant(item.updated_at)}])
        for item in items[:SHOWN]
    ]
    address = _list_of(ItemState.DRAFT)
    yield Section("finish", _("Mine to finish"), items.count(), address, _("Drafts not submitted yet"), rows)


def _duties(user: User, at: datetime) -> Iterable[Section]:
    """Duties of the catalogue whose limit runs and for which nothing was submitted; the whole list stands below."""
    if not roles.may(user, Ability.DRAFT):
        return
    owed = duties.due_duties(list(access.units_drafted_by(user)), timezone.localdate(at))
    if owed:
        rows = [_duty_line(duty) for duty in owed]
        yield Section("duties", _("Disclosures due"), len(owed), "#todo-duties", _("The period is over"), rows)


def _duty_line(duty: duties.Duty) -> Line:
    query = urlencode({"unit": duty.unit.code, "entry": duty.version.entry.code})
    span = _("for %(first)s to %(last)s") % {"first": _day(duty.first), "last": _day(duty.last)}
    due = _("due on %(day)s") % {"day": _day(duty.due)}
    return Line(duty.version.label, reverse("admin:disclosures_item_add") + f"?{query}", [duty.unit.label, span, due])


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


def _mine(user: User, state: str) -> QuerySet[Item]:
    own = access.items_readable_by(user).filter(contributors__user=user, state=state)
    return own.select_related("unit").order_by("-updated_at", "-id")


def _list_of(state: str) -> str:
    return reverse("admin:disclosures_item_changelist") + f"?state={state}&hand=mine"


def _page_of(item: Item) -> str:
    return reverse("admin:disclosures_item_change", args=[item.pk])


def _instant(at: datetime) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")


def _pinned(user: User, at: datetime) -> Iterable[Section]:
    """For the office, which orders the lists by hand."""
    if roles.may(user, Ability.PIN):
        yield Section("pinned", _("Pinned items"), Pin.objects.count(), reverse("review:pins"))


SECTIONS: tuple[Callable[[User, datetime], Iterable[Section]], ...] = (
    _overdue,
    _urgent,
    _redacted,
    _to_decide,
    _returned,
    _to_finish,
    _to_record,
    _duties,
    _pinned,
)
