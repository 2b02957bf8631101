"""An answer on its way to readers: proposed, looked at by another person, perhaps taken back."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from feedback.models.dialogue import Reply
from organizations.models import User


class Publication(models.Model):
    """Question and answer as readers are to see them, screened; frozen, with a digest over both."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reply = models.ForeignKey(Reply, models.PROTECT, related_name="publications")
    question = models.TextField(_("question as published"))
    text = models.TextField(_("answer as published"))
    digest = models.CharField(max_length=64)
    findings = models.JSONField(default=list)  # what screening found and somebody kept: key, kind and mask
    kept_because = models.TextField(_("why what was found stays"), blank=True)
    proposed_at = models.DateTimeField(_("proposed at"))
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["proposed_at", "id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~Q(question="") & ~Q(text=""),
                name="publication_has_both_texts",
                violation_error_message=_("A published answer needs its question and its text."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.reply} {self.proposed_at}"

    @property
    def verdict(self) -> "PublicationReview | None":
        """What another person decided, or None while nobody has looked."""
        return getattr(self, "review", None)

    @property
    def taken_back(self) -> "Retraction | None":
        """The row that took it back, if any."""
        return getattr(self, "retraction", None)

    @property
    def is_open(self) -> bool:
        """Whether readers see it: approved and not taken back."""
        return self.verdict is not None and self.verdict.is_ok and self.taken_back is None


class PublicationReview(models.Model):
    """What another person than the proposer decided; a trigger keeps the two apart."""

    publication = models.OneToOneField(Publication, models.PROTECT, related_name="review")
    is_ok = models.BooleanField(_("to be published"))
    remark = models.TextField(_("remark"), blank=True)
    reviewed_at = models.DateTimeField(_("reviewed at"))
    reviewed_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["reviewed_at", "id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(is_ok=True) | ~Q(remark=""),
                name="returned_publication_says_why",
                violation_error_message=_("Say what has to be changed."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.publication} {self.is_ok}"


class Retraction(models.Model):
    """A published answer was taken back, with the reason; its words stay with the case."""

    publication = models.OneToOneField(Publication, models.PROTECT, related_name="retraction")
    reason = models.TextField(_("reason"))
    at = models.DateTimeField(_("time"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""), name="retraction_says_why", violation_error_message=_("Give the reason.")
            )
        ]

    def __str__(self) -> str:
        return f"{self.publication} {self.at}"
