"""Who is complained about: units and people that must not decide on the case, or not even read it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from feedback.models.cases import Case
from organizations.models import Unit, User


class NamedBy(models.TextChoices):
    """Who said so."""

    SENDER = "sender", pgettext_lazy("named by", "the sender")
    OFFICE = "office", pgettext_lazy("named by", "the office")


class Target(models.Model):
    """A unit or a person that a case complains about (S46); named once, never taken back: `feedback.conflicts`."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="targets")
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit complained about")
    )
    person_name = models.CharField(_("person complained about"), max_length=100, blank=True)
    person = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    named_by = models.CharField(_("named by"), max_length=10, choices=NamedBy)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("time"))

    class Meta:
        ordering = ["at", "id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(unit__isnull=False) | ~Q(person_name="") | Q(person__isnull=False),
                name="target_names_someone",
                violation_error_message=_("Name a unit or a person."),
            ),
            models.CheckConstraint(
                condition=Q(named_by=NamedBy.SENDER, by__isnull=True) | Q(named_by=NamedBy.OFFICE, by__isnull=False),
                name="target_named_by_sender_or_a_person",
                violation_error_message=_("The office names somebody by one of its people."),
            ),
        ]
        indexes = [models.Index(fields=["person_name"], name="target_by_name")]

    def __str__(self) -> str:
        return f"{self.case} {self.pk}"
