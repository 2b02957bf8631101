"""Read-only questions about cases: the path and dialogue in plain words, answers that readers may see."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from disclosures.models import Item, Release
from disclosures.visibility import Reader
from feedback import clocks, request_path
from feedback.models import Case, CaseFile, CaseState, RectificationDemand, Reply, Retraction, Verification
from feedback.services.rectifying import rectifications

Office = Callable[[datetime], str]


@dataclass
class Step:
    """One step of the path for `components/timeline.html`."""

    label: str
    state: str = "waiting"
    entries: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Turn:
    """One turn of the dialogue; `who` is an office or the sender, never a person's name."""

    who: str
    at: datetime
    text: str
    is_from_sender: bool
    files: tuple[CaseFile, ...] = ()
    item: Item | None = None


def path_of(case: Case) -> list[Step]:
    """The steps of the case with dates and offices, never people: what the sender and the staff both read."""
    office = offices_of(case)
    steps = [_received(case), _accepted(case, office)]
    if case.state != CaseState.DECLINED:
        middle = (_investigated(case, office), _decided(case), _answered(case, office), _put_right(case, office))
        later = [step for step in middle if step]
        steps += [*_with_reopening(later, _reopened(case, office)), _closed(case)]
    _mark(steps, has_ended=case.is_ended)
    return steps


def dialogue_of(case: Case) -> list[Turn]:
    """Opinion, messages and answers in the order of time, each under the unit that handled the case then."""
    office, sender = offices_of(case), pgettext("dialogue", "Sender")
    files: dict[int | None, tuple[CaseFile, ...]] = {}
    for row in case.files.select_related("file"):
        files[row.message_id] = (*files.get(row.message_id, ()), row)
    turns = [Turn(sender, case.received_at, case.text, True, files.get(None, ()))]
    for message in case.messages.all():
        who = sender if message.is_from_sender else office(message.at)
        turns.append(Turn(who, message.at, message.text, message.is_from_sender, files.get(message.pk, ())))
    turns += [Turn(sender, reopening.at, reopening.reason, True) for reopening in case.reopenings.all()]
    turns += [Turn(office(reply.at), reply.at, reply.text, False, item=_item_of(reply)) for reply in _replies(case)]
    turns += [Turn(office(at), at, text, False) for at, text in request_path.said(case)]
    if case.declined_at:
        turns.append(Turn(office(case.declined_at), case.declined_at, case.decline_reason, False))
    return sorted(turns, key=lambda turn: turn.at)


def offices_of(case: Case) -> Office:
    """The name of the unit that handled the case at an instant."""
    passed_on = [(row.at, row.from_unit.label) for row in case.transfers.select_related("from_unit")]

    def office(at: datetime) -> str:
        return next((label for until, label in passed_on if at < until), case.unit.label)

    return office


def answers_visible_to(reader: Reader, at: datetime) -> QuerySet[Reply]:
    """Published answers in general, and those about items that `reader` sees at `at`; newest first (rule 1).

    An answer is for the audience its item had when it was published: one written while the item was open inside the
    Party alone stays inside when the item opens to the public later.
    """
    shown = _for_readers(reader, at, "case__item", "published_at")
    rows = _published().filter(shown).annotate(put_right_in=Subquery(_put_right_in(reader, at)))
    return rows.order_by("-published_at", "-uid")


def _put_right_in(reader: Reader, at: datetime) -> QuerySet[RectificationDemand, str | None]:
    """Index number of the item that tells readers how it was put right: verified, and one that `reader` sees."""
    visible = Release.objects.visible_to(reader, at).filter(item_id=OuterRef("item_id"))
    found = RectificationDemand.objects.filter(
        Exists(visible),
        rectification__case_id=OuterRef("case_id"),
        rectification__proofs__verification__is_ok=True,
    )
    return found.order_by("-fulfilled_at").values_list("item__number", flat=True)[:1]


def last_retraction(reader: Reader, at: datetime) -> datetime | None:
    """When an answer was last taken back that `reader` would see."""
    shown = _for_readers(reader, at, "publication__reply__case__item", "publication__review__reviewed_at")
    return Retraction.objects.filter(shown).aggregate(last=Max("at"))["last"]


def _for_readers(reader: Reader, at: datetime, item: str, published: str) -> Q:
    visible = Release.objects.visible_to(reader, at).filter(item_id=OuterRef(item))
    if not reader.reads_internal:
        visible = visible.filter(public_since__lte=OuterRef(published))
    return Q(**{f"{item}__isnull": True}) | Q(Exists(visible))


def answers_about(item: Item, reader: Reader, at: datetime) -> QuerySet[Reply]:
    """Published answers about one item for `reader`, oldest first."""
    return answers_visible_to(reader, at).filter(case__item=item).order_by("published_at", "id")


def answered_items() -> frozenset[int]:
    """Keys of the items about which any answer is published, whoever may read it."""
    published = Reply.objects.filter(published_at__isnull=False, case__item__isnull=False).order_by()
    return frozenset(published.values_list("case__item", flat=True).distinct())


def as_listed(replies: Iterable[Reply], reader: Reader, at: datetime) -> list[dict[str, Any]]:
    """Answers with the title and address of the item each is about, as `reader` sees it; one query more."""
    rows = list(replies)
    items = {reply.case.item_id for reply in rows if reply.case.item_id}
    found = Release.objects.visible_to(reader, at).filter(item__in=items).select_related("item", "revision")
    named = found.only("item__number", "revision__title") if items else ()
    about = {row.item_id: {"title": row.revision.title, "url": row.item.get_absolute_url()} for row in named}
    shown = as_shown(rows)
    return [one | {"about": about.get(reply.case.item_id or 0)} for one, reply in zip(shown, rows, strict=True)]


def as_shown(replies: Iterable[Reply]) -> list[dict[str, Any]]:
    """Answers in the shape of `components/feedback_answer.html`, with the item they are about."""
    return [
        {
            "id": f"answer-{reply.uid}",
            "kind": reply.case.get_kind_display(),
            "item": reply.case.item,
            "asked_at": reply.case.received_at,
            "question": reply.published_question,
            "answered_at": reply.published_at,
            "unit": reply.case.unit.label,
            "reply": reply.published_text,
            "outcome": _outcome(reply),
            "put_right_in": getattr(reply, "put_right_in", None),
        }
        for reply in replies
    ]


def _published() -> QuerySet[Reply]:
    verified = Verification.objects.filter(
        proof__rectification__case_id=OuterRef("case_id"),
        proof__rectification__case__state__in=(CaseState.VERIFIED, CaseState.CLOSED),
        is_ok=True,
    )
    rows = Reply.objects.filter(published_at__isnull=False).select_related("case__unit", "case__item")
    return rows.annotate(was_put_right=Exists(verified))


def _outcome(reply: Reply) -> str:
    return _("Verified by another person.") if getattr(reply, "was_put_right", False) else ""


def _entry(at: datetime, body: str, text: str) -> dict[str, Any]:
    return {"at": at, "body": body, "text": text}


def _received(case: Case) -> Step:
    step = Step(pgettext("case", "Received"))
    step.entries = [_entry(case.received_at, "", _("The opinion arrived."))]
    intake = getattr(case, "intake", None)
    if intake:
        came = {"channel": intake.get_channel_display(), "date": formats.date_format(intake.arrived_on, "DATE_FORMAT")}
        step.entries = [
            _entry(case.received_at, case.unit.label, _("entered it here. It came on %(date)s: %(channel)s.") % came)
        ]
    return step


def _accepted(case: Case, office: Office) -> Step:
    if case.declined_at:
        text = _("Declined: %(reason)s") % {"reason": case.decline_reason}
        entries = [*_passed_on(case), _entry(case.declined_at, office(case.declined_at), text)]
        return Step(pgettext("case", "Declined"), entries=entries)
    step = Step(pgettext("case", "Accepted"))
    if case.accepted_at:
        step.entries = [_entry(case.accepted_at, office(case.accepted_at), _("took the case on."))]
    further = [*request_path.extended(case), *_passed_on(case)] if case.accepted_at else _passed_on(case)
    step.entries = sorted([*step.entries, *further], key=lambda entry: entry["at"])
    return step


def _passed_on(case: Case) -> list[dict[str, Any]]:
    """Transfers stand with the acceptance: they say who answers for the case."""
    rows = case.transfers.select_related("from_unit", "to_unit")
    said = _("passed the case on to %(unit)s.")
    return [_entry(row.at, row.from_unit.label, said % {"unit": row.to_unit.label}) for row in rows]


def _investigated(case: Case, office: Office) -> Step | None:
    step = Step(_("Investigation"))
    for row in case.investigations.all():
        step.entries.append(_entry(row.started_at, office(row.started_at), _("began to look into it.")))
        if row.finished_at:
            step.entries.append(_entry(row.finished_at, office(row.finished_at), _("finished the investigation.")))
    is_to_come = case.state in (CaseState.RECEIVED, CaseState.ACCEPTED) and not clocks.is_request(case)
    return step if step.entries or is_to_come else None


def _replies(case: Case) -> QuerySet[Reply]:
    return case.replies.select_related("fulfilment__item")


def _item_of(reply: Reply) -> Item | None:
    return reply.fulfilment.item if hasattr(reply, "fulfilment") else None


def _decided(case: Case) -> Step | None:
    """The decision on a request for disclosure (S57)."""
    return Step(_("Decision on the request"), entries=request_path.decided(case)) if clocks.is_request(case) else None


def _with_reopening(steps: list[Step], reopened: Step | None) -> list[Step]:
    """The steps with the reopening last, or first where something happened since: what is under way stands last."""
    if reopened is None:
        return steps
    at = reopened.entries[-1]["at"]
    goes_on = any(step.entries and step.entries[-1]["at"] > at for step in steps)
    return [reopened, *steps] if goes_on else [*steps, reopened]


def _answered(case: Case, office: Office) -> Step:
    entries = [_entry(reply.at, office(reply.at), _("answered.")) for reply in case.replies.all()]
    return Step(_("Answer"), entries=entries)


def _put_right(case: Case, office: Office) -> Step | None:
    step = Step(_("Putting right"))
    for row in rectifications(case):
        due = formats.date_format(row.due_on, "DATE_FORMAT")
        text = _("is to put it right by %(date)s.") % {"date": due}
        step.entries.append(_entry(row.recorded_at, row.responsible_unit.label, text))
        for proof in row.proofs.all():
            step.entries.append(_entry(proof.done_at, row.responsible_unit.label, _("reported it put right.")))
            if proof.verdict:
                told = _("verified it.") if proof.verdict.is_ok else _("found it not put right yet.")
                step.entries.append(_entry(proof.verdict.verified_at, office(proof.verdict.verified_at), told))
    return step if step.entries else None


def _reopened(case: Case, office: Office) -> Step | None:
    step = Step(_("Not solved"))
    for row in case.reopenings.all():
        if row.was_closed_at:
            step.entries.append(_entry(row.was_closed_at, office(row.was_closed_at), _("closed the case.")))
        step.entries.append(_entry(row.at, "", _("The sender found it not solved, so the case goes on.")))
    return step if step.entries else None


def _closed(case: Case) -> Step:
    step = Step(_("Closing"))
    if case.closed_at:
        step.entries = [_entry(case.closed_at, case.unit.label, _("closed the case."))]
    return step


def _mark(steps: list[Step], *, has_ended: bool) -> None:
    """Done up to the last step in which something happened, which is current until the case ends."""
    last = max(place for place, step in enumerate(steps) if step.entries)
    for place, step in enumerate(steps):
        if place < last or (place == last and (has_ended or place == 0)):
            step.state = "done"
        elif place == last:
            step.state = "current"
