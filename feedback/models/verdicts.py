"""What the sender says of an answer: once for each answer, and the reopening that “not solved” brings."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback.models.cases import Case
from feedback.models.dialogue import Reply


class Verdict(models.TextChoices):
    """Whether the matter is solved for the sender."""

    SOLVED = "solved", _("Solved")
    PARTLY = "partly", _("Partly solved")
    NOT_SOLVED = "not_solved", _("Not solved")


class Satisfaction(models.Model):
    """What the sender said of the last answer; asked once for each answer."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="satisfactions")
    reply = models.OneToOneField(Reply, models.PROTECT, related_name="satisfaction")
    verdict = models.CharField(_("what the sender says"), max_length=10, choices=Verdict)
    at = models.DateTimeField(_("time"))

    class Meta:
        ordering = ["at", "id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=Verdict.values),
                name="satisfaction_verdict_known",
                violation_error_message=_("Choose one of the values offered."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.get_verdict_display()}"


class Reopening(models.Model):
    """The sender found it not solved and said why; the case goes on. `was_closed_at` keeps the closing it undid."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="reopenings")
    reply = models.OneToOneField(Reply, models.PROTECT, related_name="reopening")
    reason = models.TextField(_("why it is not solved"))
    at = models.DateTimeField(_("time"))
    was_closed_at = models.DateTimeField(_("had been closed at"), null=True, blank=True)

    class Meta:
        ordering = ["at", "id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="reopening_says_why",
                violation_error_message=_("Say what is not solved."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.at}"
