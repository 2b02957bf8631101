"""What a reviewer leaves on a revision beside decisions: that it was read, and remarks on single passages of it."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from disclosures.models.reviews import Decision
from disclosures.models.revisions import Revision
from organizations.models import User

LONGEST_QUOTE = 500  # characters
AROUND = 40  # characters kept before and after a quote


class RevisionReading(models.Model):
    """Since when and until when somebody had a revision on the review page: “changed since you last saw it”."""

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="readings")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    first_at = models.DateTimeField(_("first read at"))
    last_at = models.DateTimeField(_("last read at"))

    class Meta:
        ordering = ["revision", "id"]
        verbose_name = _("reading of a revision")
        verbose_name_plural = _("readings of revisions")
        constraints = [
            models.UniqueConstraint(fields=["revision", "user"], name="revision_reading_once"),
            models.CheckConstraint(
                condition=Q(last_at__gte=F("first_at")),
                name="revision_reading_in_order",
                violation_error_message=_("The last reading cannot come before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.revision}"


class PassageRemark(models.Model):
    """A remark on a quoted passage of the frozen text, written with the decision it belongs to; append-only.

    `position` counts the characters of `Revision.body_text` before the quote; step, name, office and instant are those
    of the decision, which is frozen as well.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="passages")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="passages")
    quote = models.CharField(_("passage"), max_length=LONGEST_QUOTE)
    before = models.CharField(max_length=AROUND, blank=True)
    after = models.CharField(max_length=AROUND, blank=True)
    position = models.PositiveIntegerField()
    remark = models.CharField(_("remark"), max_length=1000)

    class Meta:
        ordering = ["revision", "position", "id"]
        verbose_name = _("remark on a passage")
        verbose_name_plural = _("remarks on passages")
        constraints = [
            models.CheckConstraint(
                condition=~Q(quote="") & ~Q(remark=""),
                name="passage_remark_says_something",
                violation_error_message=_("A remark on a passage needs the passage and the remark."),
            ),
        ]

    def __str__(self) -> str:
        return self.remark[:40]
