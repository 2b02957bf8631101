"""Review of a revision: its steps, the decisions and the verdicts on each aspect."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from disclosures.models.files import StoredFile
from disclosures.models.revisions import Revision
from disclosures.models.routes import RouteKind, Rule
from organizations.models import Unit, User
from organizations.naming import in_language


class Aspect(models.TextChoices):
    """What is examined, one by one (S38)."""

    CONTENT = "content", _("Content")
    SCOPE = "scope", _("Scope of disclosure")
    FORM = "form", _("Form of disclosure")
    SECRECY = "secrecy", _("Secrecy")
    ACCURACY = "accuracy", _("Accuracy")
    NECESSITY = "necessity", _("Necessity")


class StepState(models.TextChoices):
    """Where a step of review stands."""

    WAITING = "waiting", _("Not yet reached")
    OPEN = "open", _("Waiting for a decision")
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned")
    CANCELLED = "cancelled", _("Not decided")
    LIFTED = "lifted", _("No longer required")


class ReviewStep(models.Model):
    """A stage of the route as it was at submission, and its outcome; later changes of the route never touch it."""

    State = StepState

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="steps", verbose_name=_("revision"))
    order = models.PositiveSmallIntegerField(_("order"))
    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("decided in"))
    roles = models.JSONField(default=list)
    route_kind = models.CharField(max_length=12, choices=RouteKind, blank=True)
    route_version = models.PositiveIntegerField(default=1)
    rule = models.CharField(max_length=10, choices=Rule, default=Rule.COUNT)
    chair_roles = models.JSONField(default=list, blank=True)
    quorum = models.PositiveSmallIntegerField(default=1)
    aspects = models.JSONField(default=list)
    takes_evidence = models.BooleanField(default=False)
    limit_working_days = models.PositiveSmallIntegerField(null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=StepState, default=StepState.WAITING)
    opened_at = models.DateTimeField(_("waiting since"), null=True, blank=True)
    closed_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    due_at = models.DateTimeField(_("due until"), null=True, blank=True)

    class Meta:
        ordering = ["revision", "order"]
        verbose_name = _("review step")
        verbose_name_plural = _("review steps")
        constraints = [
            models.UniqueConstraint(fields=["revision", "order"], name="review_step_order_once"),
            models.UniqueConstraint(
                fields=["revision"], condition=Q(state=StepState.OPEN), name="one_open_step_per_revision"
            ),
            models.CheckConstraint(
                condition=~Q(state=StepState.OPEN) | Q(opened_at__isnull=False),
                name="open_step_has_start",
                violation_error_message=_("An open step needs the time since when it waits."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[StepState.APPROVED, StepState.RETURNED]) | Q(closed_at__isnull=False),
                name="decided_step_has_end",
                violation_error_message=_("A decided step needs the time of its decision."),
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "opened_at"], name="open_steps", condition=Q(state=StepState.OPEN)),
            models.Index(fields=["due_at"], name="open_steps_due", condition=Q(state=StepState.OPEN)),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Name in the language of the page; an office, never a person."""
        return in_language(self.name, self.name_en)


class ReminderKind(models.TextChoices):
    """Why a person was reminded of a step."""

    DUE_SOON = "due_soon", _("Due on the next working day")
    OVERDUE = "overdue", _("Overdue")
    STUCK = "stuck", _("Nobody can decide it")


class StepReminder(models.Model):
    """That a person was told once that a step is due, overdue or stuck, so that nobody is told twice."""

    step = models.ForeignKey(ReviewStep, models.PROTECT, related_name="reminders")
    recipient = models.ForeignKey(User, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=ReminderKind)
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["step", "recipient", "kind"], name="step_reminder_once"),
        ]

    def __str__(self) -> str:
        return f"{self.recipient}: {self.get_kind_display()}"


class Outcome(models.TextChoices):
    """What a decision says."""

    APPROVE = "approve", _("Approve")
    RETURN = "return", _("Return")


class Evidence(models.TextChoices):
    """Where a decision was taken."""

    PORTAL = "portal", _("In the portal")
    MINUTES = "minutes", _("In a meeting, with minutes")
    DOCUMENT = "document", _("In a document")


class Decision(models.Model):
    """Who decided what on which revision at which step; names and offices are frozen, rows are append-only."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    step = models.ForeignKey(ReviewStep, models.PROTECT, related_name="decisions")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="decisions")
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    remark = models.CharField(_("remark"), max_length=1000, blank=True)
    decided_at = models.DateTimeField(_("decided at"))
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_by_name = models.CharField(_("decided by"), max_length=100)
    office_held = models.CharField(_("office held"), max_length=110, blank=True)
    role = models.CharField(max_length=30, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_by_name = models.CharField(_("entered by"), max_length=100, blank=True)
    evidence = models.CharField(_("evidence"), max_length=10, choices=Evidence, default=Evidence.PORTAL)
    evidence_number = models.CharField(_("number of the minutes or document"), max_length=100, blank=True)
    evidence_date = models.DateField(_("date of the minutes or document"), null=True, blank=True)
    evidence_file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    evidence_filename = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["decided_at", "id"]
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [
            models.UniqueConstraint(
                fields=["step", "decided_by"],
                condition=Q(decided_by__isnull=False),
                name="one_decision_per_decider_and_step",
            ),
            models.CheckConstraint(
                condition=Q(evidence=Evidence.PORTAL, decided_by__isnull=False, recorded_by__isnull=True)
                | (
                    Q(evidence__in=[Evidence.MINUTES, Evidence.DOCUMENT])
                    & Q(decided_by__isnull=True, recorded_by__isnull=False, evidence_date__isnull=False)
                    & ~Q(evidence_number="")
                ),
                name="decision_in_portal_or_with_evidence",
                violation_error_message=_(
                    "A decision is taken in the portal, or entered with number, date and recorder."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decided_by_name}: {self.get_outcome_display()}"


class Verdict(models.Model):
    """The answer of one decision on one aspect."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="verdicts")
    aspect = models.CharField(_("aspect"), max_length=20, choices=Aspect)
    is_ok = models.BooleanField(_("agreed"))
    remark = models.CharField(_("remark"), max_length=1000, blank=True)

    class Meta:
        ordering = ["decision", "id"]
        verbose_name = _("verdict")
        verbose_name_plural = _("verdicts")
        constraints = [models.UniqueConstraint(fields=["decision", "aspect"], name="one_verdict_per_aspect")]

    def __str__(self) -> str:
        return f"{self.get_aspect_display()}: {self.is_ok}"
