"""Limits of feedback as data with history, extensions, the running clock of each case, and reminders sent."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback.models.cases import Case
from organizations.models import User


class ClockStep(models.TextChoices):
    """What a limit is set for; a limit of an extension says by how many working days, or up to how many, at most."""

    ACCEPT = "accept", _("Acceptance")
    REPLY = "reply", pgettext_lazy("limit", "Answer")
    EXTENSION = "extension", _("Extension of the answer, at most")
    DECIDE = "decide", _("Decision on a request")
    EXTENDED_DECISION = "extended_decision", _("Decision on a request, extended, at most")
    DISCLOSE = "disclose", _("Disclosure of what was granted")
    WRITTEN_REASON = "written_reason", _("Written reason of a refusal")
    RECTIFY = "rectify", _("Putting right")


RUNNING = tuple(
    step for step in ClockStep if step not in (ClockStep.EXTENSION, ClockStep.EXTENDED_DECISION)
)  # what a clock can run for; the day of a rectification is set with its order
LIMITED = tuple(step for step in ClockStep if step != ClockStep.RECTIFY)


class CaseLimit(models.Model):
    """A limit in working days for cases received from a day on; never changed, only followed by another (rule 7)."""

    step = models.CharField(_("limit for"), max_length=20, choices=[(s.value, s.label) for s in LIMITED])
    working_days = models.PositiveSmallIntegerField(_("working days"))
    valid_from = models.DateField(_("for cases received from"))
    reason = models.CharField(_("reason"), max_length=300)
    set_at = models.DateTimeField(_("set at"))
    set_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("set by"))

    class Meta:
        ordering = ["step", "-valid_from", "-id"]
        default_permissions = ()
        verbose_name = _("limit of feedback")
        verbose_name_plural = _("limits of feedback")
        constraints = [
            models.CheckConstraint(
                condition=Q(step__in=[step.value for step in LIMITED], working_days__gte=1, working_days__lte=250),
                name="case_limit_is_sensible",
                violation_error_message=_("A limit has 1 to 250 working days."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()} {self.working_days}"


class Extension(models.Model):
    """A limit made longer, once a case, before it passed and with a reason the sender reads."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="extension")
    step = models.CharField(max_length=20, choices=[(s.value, s.label) for s in (ClockStep.REPLY, ClockStep.DECIDE)])
    working_days = models.PositiveSmallIntegerField(_("working days more"))
    reason = models.TextField(_("reason"))
    at = models.DateTimeField(_("time"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(step__in=["reply", "decide"], working_days__gte=1) & ~Q(reason=""),
                name="extension_has_days_and_reason",
                violation_error_message=_("An extension needs working days and a reason."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.case} +{self.working_days}"


class CaseClock(models.Model):
    """The clock that runs out first, for lists: derived by `services.timing`, made anew by each verb and by `tick`."""

    case = models.OneToOneField(Case, models.CASCADE, related_name="clock")  # derived: it goes with its case
    step = models.CharField(max_length=20, choices=[(step.value, step.label) for step in RUNNING])
    starts_on = models.DateField()
    last_day = models.DateField()
    due_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.case} {self.step} {self.last_day}"


class ReminderStage(models.TextChoices):
    """How far a clock has run."""

    SOON = "soon", _("Due on the next working day")
    TODAY = "today", _("Due today")
    OVERDUE = "overdue", _("Overdue")


class ClockReminder(models.Model):
    """A person was told of one clock of a case at one stage; this row keeps it from being told twice."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="reminders")
    step = models.CharField(max_length=20, choices=[(step.value, step.label) for step in RUNNING])
    last_day = models.DateField()
    stage = models.CharField(max_length=10, choices=ReminderStage)
    recipient = models.ForeignKey(User, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["case", "step", "last_day", "stage", "recipient"], name="clock_reminder_once_a_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.step} {self.stage}"
