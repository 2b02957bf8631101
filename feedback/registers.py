"""The registers 意见登记簿 and 办理登记簿, generated from cases, never typed; no identity stands in them (S45, S46).

What a sender wrote is shortened and masked; of a complaint it stays in the case, for a register is printed and shown.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from disclosures.refusal import Sentence
from disclosures.screening import Profile, masked, screen_text
from feedback import access, clocks, limits
from feedback.clocks import Clock
from feedback.counting import listed
from feedback.models import Case, CaseKind, Rectification
from organizations.calendar import WorkingDays, working_days
from organizations.models import Unit, User

SHOWN = 500  # rows on the screen and on paper
MOST = 20_000  # rows of a file
BATCH = 500  # cases read at once
SCREENED, WORDS = 400, 120  # characters screened, and shown, of what somebody wrote
LONG = 20  # width of a column from which its words may break
DAY = timedelta(days=1)

Value = str | int | date | None


class Register(StrEnum):
    """Which register."""

    RECEIVED = "received"
    HANDLED = "handled"


TITLES: dict[Register, Sentence] = {
    Register.RECEIVED: gettext_lazy("Register of opinions received"),
    Register.HANDLED: gettext_lazy("Register of opinions handled"),
}


@dataclass(frozen=True)
class Chosen:
    """What a register is narrowed to: days of arrival, both included, and one unit, kind or state."""

    first: date
    last: date
    unit: Unit | None = None
    kind: str = ""
    state: str = ""


@dataclass(frozen=True)
class Line:
    """One case with what its row is computed from."""

    case: Case
    limit: Clock | None
    days: WorkingDays


@dataclass(frozen=True)
class Column:
    """One column: its head, its width in a spreadsheet, and its value."""

    head: Sentence
    width: int
    value: Callable[[Line], Value] = field(repr=False)


@dataclass(frozen=True)
class Cell:
    """One cell as it is shown: under which head, and whether its words may run over several lines."""

    head: str
    text: str
    is_long: bool


def cases_for(user: User, chosen: Chosen) -> QuerySet[Case]:
    """The cases of a register that `user` reads, in the order of arrival."""
    found = access.readable_by(user).filter(
        received_at__gte=_midnight(chosen.first), received_at__lt=_midnight(chosen.last + DAY)
    )
    if chosen.unit is not None:
        found = found.filter(unit=chosen.unit)
    exact = {name: value for name, value in (("kind", chosen.kind), ("state", chosen.state)) if value}
    return found.filter(**exact).order_by("received_at", "id")


def rows_of(kind: Register, cases: QuerySet[Case], first: date) -> Iterator[list[Value]]:
    """The rows, each with its running number; read in batches, so that memory stays the same at any size."""
    known, days = limits.load(), working_days(first)
    whole = cases.select_related("unit", "item", "extension").prefetch_related(
        *clocks.PARTS, "rectifications__responsible_unit"
    )
    for place, case in enumerate(whole.iterator(chunk_size=BATCH), start=1):
        line = Line(case, clocks.answer_limit(case, known, days), days)
        yield [place, *(column.value(line) for column in COLUMNS[kind])]


def heads_of(kind: Register) -> list[str]:
    """The heads of the columns."""
    return [_("No."), *(str(column.head) for column in COLUMNS[kind])]


def units_for(user: User) -> QuerySet[Unit]:
    """Units that have cases `user` reads."""
    return Unit.objects.filter(pk__in=access.readable_by(user).order_by().values("unit"))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _words(line: Line) -> str:
    if line.case.kind == CaseKind.COMPLAINT:
        return _("The complaint stands in the case.")
    start = line.case.text[:SCREENED]
    shown = " ".join(masked(start, screen_text(start, "text", profile=Profile.PUBLIC)).split())
    return f"{shown[: WORDS - 1]}…" if len(shown) > WORDS else shown


def _sender(line: Line) -> str:
    named = _("named") if line.case.is_named else _("unnamed")
    return f"{line.case.get_sender_kind_display()} · {named}"


def _day(at: datetime | None) -> date | None:
    return timezone.localdate(at) if at else None


def _answered_on(line: Line) -> date | None:
    return _day(min((reply.at for reply in line.case.replies.all()), default=None))


def _settled_on(line: Line) -> date | None:
    """The day on which the limit was met: of a request the decision, else the answer or the declining."""
    decision = clocks.decision_of(line.case)
    if decision is not None and decision.is_final:
        return _day(decision.at)
    return _answered_on(line) or _day(line.case.declined_at)


def _days_used(line: Line) -> int | None:
    settled = _settled_on(line)
    return line.days.between(line.limit.starts_on, settled) if line.limit and settled else None


def _is_on_time(line: Line) -> str:
    settled = _settled_on(line)
    if line.limit is None or settled is None:
        return ""
    return pgettext("in time", "Yes") if settled <= line.limit.last_day else pgettext("in time", "No")


def _extension(line: Line) -> int | None:
    extension = clocks.extension_of(line.case)
    return extension.working_days if extension else None


def _outcome(line: Line) -> str:
    decision = clocks.decision_of(line.case)
    return decision.get_outcome_display() if decision else ""


def _rectified_by(line: Line) -> str:
    return listed(dict.fromkeys(_owner(row) for row in line.case.rectifications.all()))


def _owner(row: Rectification) -> str:
    """The unit that puts it right, with the person who answers for that."""
    person = row.responsible_person
    return f"{row.responsible_unit.label}（{person}）" if person else row.responsible_unit.label


def _rectified_until(line: Line) -> date | None:
    return max((row.due_on for row in line.case.rectifications.all()), default=None)


def _verified_on(line: Line) -> date | None:
    rows = list(line.case.rectifications.all())
    if not rows or not all(row.is_verified for row in rows):
        return None
    return _day(max(row.last_proof.verdict.verified_at for row in rows if row.last_proof and row.last_proof.verdict))


NUMBER = Column(gettext_lazy("Case number"), 18, lambda line: line.case.number)
ARRIVED = Column(gettext_lazy("Received on"), 13, lambda line: _day(line.case.received_at))
KIND = Column(pgettext_lazy("feedback", "Kind"), 18, lambda line: line.case.get_kind_display())
UNIT = Column(gettext_lazy("Handling unit"), 24, lambda line: line.case.unit.label)
STATE = Column(gettext_lazy("State"), 14, lambda line: line.case.get_state_display())
COLUMNS: dict[Register, tuple[Column, ...]] = {
    Register.RECEIVED: (
        NUMBER,
        ARRIVED,
        KIND,
        Column(pgettext_lazy("case", "Sender"), 14, _sender),
        Column(gettext_lazy("What it says"), 60, _words),
        Column(gettext_lazy("Item"), 20, lambda line: (line.case.item.number or "") if line.case.item else ""),
        UNIT,
        STATE,
    ),
    Register.HANDLED: (
        NUMBER,
        ARRIVED,
        KIND,
        UNIT,
        Column(gettext_lazy("Accepted on"), 13, lambda line: _day(line.case.accepted_at)),
        Column(gettext_lazy("Last day"), 13, lambda line: line.limit.last_day if line.limit else None),
        Column(gettext_lazy("Extended by, working days"), 10, _extension),
        Column(gettext_lazy("Decision on the request"), 20, _outcome),
        Column(gettext_lazy("Answered on"), 13, _answered_on),
        Column(gettext_lazy("Working days taken"), 10, _days_used),
        Column(gettext_lazy("In time"), 8, _is_on_time),
        Column(gettext_lazy("Put right by"), 22, _rectified_by),
        Column(gettext_lazy("To be put right by"), 13, _rectified_until),
        Column(gettext_lazy("Verified on"), 13, _verified_on),
        Column(gettext_lazy("Closed on"), 13, lambda line: _day(line.case.closed_at)),
        STATE,
    ),
}


def as_shown(kind: Register, rows: Iterable[list[Value]]) -> list[list[Cell]]:
    """Cells in words, for the screen and for paper."""
    places = [(_("No."), False), *((str(column.head), column.width >= LONG) for column in COLUMNS[kind])]
    return [
        [Cell(head, _shown(value), is_long) for (head, is_long), value in zip(places, row, strict=True)] for row in rows
    ]


def _shown(value: Value) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)
