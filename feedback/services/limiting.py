"""Setting a limit of feedback: another row with its first day and reason, and an Event; nothing is changed (rule 7)."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.services import record
from audit.verbs import describe, name_kinds
from disclosures import access
from disclosures.refusal import Refused
from disclosures.richtext import clean_line
from feedback import limits
from feedback.models import CaseLimit, ClockStep
from organizations.models import User

name_kinds({"case_limit": gettext_lazy("limit of feedback")})
describe({"case_limit.set": gettext_lazy("set a limit of feedback")})


def set_limit(*, step: ClockStep, working_days: int, valid_from: date, reason: str, by: User) -> CaseLimit:
    """Set a limit for cases received from a day to come; cases that are here keep theirs.

    Raises `Refused`: `not_allowed`, `valid_from`, `reason`.
    """
    if not access.may_keep_catalogue(by):
        raise Refused(_("The office of the leading group sets the limits."), code="not_allowed")
    at = timezone.now()
    refusal = why_not_from(valid_from, at)
    if refusal:
        raise Refused(refusal, code="valid_from")
    told = clean_line(reason)
    if not told:
        raise Refused(_("Give the reason."), code="reason")
    with transaction.atomic():
        before = limits.load().of(step, valid_from)
        row = CaseLimit.objects.create(
            step=step, working_days=working_days, valid_from=valid_from, reason=told, set_at=at, set_by=by
        )
        record(
            "case_limit.set",
            by=by,
            subject_kind="case_limit",
            subject_ref=step,
            subject_label=str(row.get_step_display()),
            before={"working_days": before},
            after={"working_days": working_days, "valid_from": valid_from},
            reason=told,
        )
    return row


def why_not_from(valid_from: date, at: datetime) -> str:
    """Why a limit cannot begin that day: cases received up to today would get another limit than they had."""
    if valid_from > timezone.localdate(at):
        return ""
    return _("Choose a day to come: cases received up to today keep the limit they have.")
