"""Who asked to open a sealed identity, what a second person decided, when it was seen, and its end."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback.models.cases import Case
from feedback.models.identities import Identity
from organizations.models import User


class IdentityRequest(models.Model):
    """One person asks, with a reason (S12)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="identity_requests")
    reason = models.TextField(_("reason"))
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked at"))

    class Meta:
        ordering = ["asked_at", "id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="identity_request_says_why",
                violation_error_message=_("Give the reason."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.asked_at}"

    @property
    def outcome(self) -> "IdentityDecision | None":
        """What the second person decided, or None while nobody has."""
        return getattr(self, "decision", None)

    @property
    def seen_at(self) -> datetime | None:
        """When the identity was shown, or None."""
        opening = getattr(self, "opening", None)
        return opening.opened_at if opening else None


class IdentityDecision(models.Model):
    """A second person grants or refuses; a trigger keeps the two apart."""

    request = models.OneToOneField(IdentityRequest, models.PROTECT, related_name="decision")
    is_granted = models.BooleanField(_("granted"))
    remark = models.TextField(_("remark"), blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("decided at"))

    class Meta:
        ordering = ["decided_at", "id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(is_granted=True) | ~Q(remark=""),
                name="refused_identity_request_says_why",
                violation_error_message=_("Say why it is refused."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.request} {self.is_granted}"


class IdentityOpening(models.Model):
    """The identity was shown to who asked: once for each grant."""

    request = models.OneToOneField(IdentityRequest, models.PROTECT, related_name="opening")
    opened_at = models.DateTimeField(_("opened at"))

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.request} {self.opened_at}"


class IdentityDestruction(models.Model):
    """The sealed text of an identity was destroyed when its time was over; the case stays."""

    identity = models.OneToOneField(Identity, models.PROTECT, related_name="destruction")
    destroyed_at = models.DateTimeField(_("destroyed at"))

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.identity} {self.destroyed_at}"
