"""Who is told of what, as one readable table; `docs/workflow.md` prints it and a test compares the two.

A notice names no content: it says the verb and holds a reference. Whoever did the deed is not told of it. Whether its
reader may still open the subject is asked again when it is shown (`readable_subjects`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from disclosures import deciding, limits
from disclosures.models import Decision, Item, Outcome, ReviewStep
from disclosures.refusal import Sentence
from disclosures.services.trail import contributors_of, notify_about
from organizations.models import User


class Circle(StrEnum):
    """People in relation to an item under way."""

    CONTRIBUTORS = "contributors"
    AGREED = "agreed"
    DECIDERS = "deciders"
    FIRST_RESPONSIBLE = "first_responsible"
    OFFICE = "office"
    URGED_BY = "urged_by"
    REMARKED = "remarked"


C = Circle
WORDS: dict[Circle, Sentence] = {
    C.CONTRIBUTORS: _("everyone who saved the item"),
    C.AGREED: _("those who agreed to this revision before"),
    C.DECIDERS: _("those who can still decide the open step"),
    C.FIRST_RESPONSIBLE: _("the first responsible person"),
    C.OFFICE: _("the office of the leading group"),
    C.URGED_BY: _("the group leader who opened it"),
    C.REMARKED: _("those who remarked on it"),
}


@dataclass(frozen=True)
class Row:
    """One line: when it happens, in words, and who is told."""

    when: Sentence
    told: tuple[Circle, ...]


def row(when: Sentence, *told: Circle) -> Row:
    """Write one line of the table."""
    return Row(when, told)


TABLE: dict[str, Row] = {
    "item.submitted": row(_("An item is submitted"), C.CONTRIBUTORS),
    "review.step_opened": row(_("A step of its review opens"), C.DECIDERS),
    "review.approved": row(_("Someone agrees, and the review goes on"), C.CONTRIBUTORS),
    "review.returned": row(_("A step returns it"), C.CONTRIBUTORS, C.AGREED),
    "item.recalled": row(_("A drafter recalls it"), C.CONTRIBUTORS, C.AGREED, C.DECIDERS),
    "review.raised": row(_("A reviewer sends it on to the superior organisation"), C.CONTRIBUTORS, C.AGREED),
    "review.recused": row(_("A reviewer does not decide on it"), C.OFFICE),
    "review.lowering_asked": row(_("A reviewer asks that it be no longer sensitive"), C.DECIDERS, C.OFFICE),
    "review.lowered": row(_("A second reviewer confirms that it is not sensitive"), C.CONTRIBUTORS, C.AGREED),
    "item.marked_file_destroyed": row(
        _("A file read late bears a secrecy mark and is destroyed"), C.CONTRIBUTORS, C.OFFICE
    ),
    "release.held": row(_("Screening before the public opening finds something new"), C.CONTRIBUTORS, C.OFFICE),
    "release.opened": row(_("The last step agrees and it opens to readers"), C.CONTRIBUTORS, C.AGREED),
    "item.correction_started": row(_("A correction is begun"), C.CONTRIBUTORS),
    "release.withdrawn": row(_("The disclosure is withdrawn"), C.CONTRIBUTORS, C.AGREED, C.DECIDERS),
    "item.remarked": row(_("Someone writes an internal remark"), C.CONTRIBUTORS, C.REMARKED),
    "review.due_soon": row(_("A step is due on the next working day"), C.DECIDERS),
    "review.overdue": row(_("A step is overdue"), C.DECIDERS, C.FIRST_RESPONSIBLE, C.OFFICE),
    "review.stuck": row(_("Too few people are left who may decide an open or coming step"), C.OFFICE),
    "release.urged": row(_("The group leader opens it urgently"), C.CONTRIBUTORS, C.AGREED, C.DECIDERS, C.OFFICE),
    "release.urgency_confirmed": row(_("The urgent publication is confirmed"), C.URGED_BY, C.CONTRIBUTORS, C.OFFICE),
    "release.urgency_ended": row(
        _("The urgent publication is objected to and withdrawn"), C.URGED_BY, C.CONTRIBUTORS, C.AGREED, C.OFFICE
    ),
    "item.redacted": row(_("A leak is masked after publication"), C.CONTRIBUTORS, C.DECIDERS, C.OFFICE),
    "item.redaction_confirmed": row(_("The redaction is confirmed"), C.CONTRIBUTORS, C.OFFICE),
}


def send(verb: str, item: Item, at: datetime, *, by: User | None = None, step: ReviewStep | None = None) -> None:
    """Tell the people of the table's row; `step` is the open step, or the one that was open until now."""
    notify_about(item, verb, recipients(verb, item, at, by=by, step=step), at)


def recipients(
    verb: str, item: Item, at: datetime, *, by: User | None = None, step: ReviewStep | None = None
) -> list[User]:
    """People who are told of `verb`, each once, without whoever did it."""
    found = {user.pk: user for circle in TABLE[verb].told for user in CIRCLES[circle](item, step, at)}
    return [user for pk, user in found.items() if by is None or pk != by.pk]


def _agreed(item: Item, step: ReviewStep | None, at: datetime) -> Iterable[User]:
    decisions = Decision.objects.filter(revision=item.current_revision, outcome=Outcome.APPROVE)
    return User.objects.filter(pk__in=decisions.values("decided_by"))


def _still_deciding(item: Item, step: ReviewStep | None, at: datetime) -> Iterable[User]:
    """Those who may decide the step now (`deciding.undecided`)."""
    seats = deciding.undecided(step, at) if step else []
    return [seat.acting for seat in seats if seat.acting]


def _urged_by(item: Item, step: ReviewStep | None, at: datetime) -> Iterable[User]:
    releases = item.releases.filter(revision=item.current_revision, urgent_by__isnull=False)
    return User.objects.filter(pk__in=releases.values("urgent_by"))


CIRCLES: dict[Circle, Callable[[Item, ReviewStep | None, datetime], Iterable[User]]] = {
    C.CONTRIBUTORS: lambda item, step, at: contributors_of(item),
    C.AGREED: _agreed,
    C.DECIDERS: _still_deciding,
    C.FIRST_RESPONSIBLE: lambda item, step, at: limits.first_responsible_for(item.unit, at),
    C.OFFICE: lambda item, step, at: limits.office(at),
    C.URGED_BY: _urged_by,
    C.REMARKED: lambda item, step, at: User.objects.filter(pk__in=item.remarks.values("by")),
}
