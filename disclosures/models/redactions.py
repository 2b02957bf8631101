"""What was hidden after it had been published: who did it and why, which revisions and which files."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from disclosures.models.items import Item
from disclosures.models.revisions import Revision
from organizations.models import User


class Redaction(models.Model):
    """One act of hiding personal data; append-only but for its confirmation, which is written once (S41, S91).

    What was hidden stands nowhere: `kinds` names the kinds of findings only.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey(Item, models.PROTECT, related_name="redactions", verbose_name=_("item"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=50)
    by_office = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField()
    reason = models.CharField(_("reason"), max_length=500)
    kinds = models.JSONField(default=list, blank=True)
    corrected_revision = models.OneToOneField(Revision, models.PROTECT, related_name="redaction")
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_by_name = models.CharField(max_length=50, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("redaction")
        verbose_name_plural = _("redactions")
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="redaction_has_reason",
                violation_error_message=_("Give the reason."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True, confirmed_by_name="")
                | (Q(confirmed_at__isnull=False, confirmed_by__isnull=False) & ~Q(confirmed_by=F("by"))),
                name="redaction_confirmed_by_another",
                violation_error_message=_("Somebody else confirms a redaction."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by_name} {self.at:%Y-%m-%d}"


class RedactedRevision(models.Model):
    """A revision whose text was overwritten; `digest` is that of the masked text, the original's stays on its row."""

    redaction = models.ForeignKey(Redaction, models.PROTECT, related_name="revisions")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="redacted")
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["redaction", "revision"], name="redacted_revision_once")]

    def __str__(self) -> str:
        return str(self.revision)


class RedactedFile(models.Model):
    """A file that was destroyed: its digest stays, its name is kept masked."""

    redaction = models.ForeignKey(Redaction, models.PROTECT, related_name="files")
    sha256 = models.CharField(max_length=64, db_index=True)
    filename_masked = models.CharField(max_length=150)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["redaction", "sha256"], name="redacted_file_once")]

    def __str__(self) -> str:
        return self.filename_masked
