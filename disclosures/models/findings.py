"""What screening found and why it was kept: reasons on the working copy, frozen findings on each revision."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from disclosures.models.items import Item
from disclosures.models.revisions import Revision
from organizations.models import User


class ScreeningOverride(models.Model):
    """Why one finding stays in the text of an item; it hangs on the finding's key, so other words may change (S25)."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="overrides")
    key = models.CharField(max_length=32)
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=50)
    by_office = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("reason to keep a finding")
        verbose_name_plural = _("reasons to keep findings")
        constraints = [
            models.UniqueConstraint(fields=["item", "key"], name="override_once"),
            models.CheckConstraint(
                condition=~Q(reason=""), name="override_says_why", violation_error_message=_("Give the reason.")
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class RevisionFinding(models.Model):
    """A finding that was kept with a reason when the revision was submitted; shown masked, never in full."""

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="findings")
    key = models.CharField(max_length=32)
    kind = models.CharField(max_length=20)
    place = models.CharField(max_length=80)
    where = models.CharField(max_length=300, blank=True)
    excerpt = models.CharField(max_length=120)
    reason = models.CharField(_("reason"), max_length=300)
    by_name = models.CharField(max_length=50)
    by_office = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["revision", "id"]
        verbose_name = _("finding of a revision")
        verbose_name_plural = _("findings of revisions")
        constraints = [models.UniqueConstraint(fields=["revision", "key"], name="revision_finding_once")]

    def __str__(self) -> str:
        return self.excerpt
