"""Internal remarks: what those who work on an item say to each other about it; never part of what is disclosed."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from disclosures.models.items import Item
from organizations.models import User


class ItemRemark(models.Model):
    """One remark about the working copy; name and office stay as they were when it was written (S32, S78)."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey(Item, models.PROTECT, related_name="remarks")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=50)
    by_office = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField()
    text = models.TextField(_("remark"), max_length=1000)
    passage = models.CharField(_("passage it is about"), max_length=300, blank=True)
    resolved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    resolved_by_name = models.CharField(max_length=50, blank=True)
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("internal remark")
        verbose_name_plural = _("internal remarks")
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_by__isnull=True, resolved_at__isnull=True)
                | Q(resolved_by__isnull=False, resolved_at__isnull=False),
                name="remark_resolved_by_someone_at_a_time",
                violation_error_message=_("Who settled a remark and when stand together."),
            ),
            models.CheckConstraint(
                condition=~Q(text=""), name="remark_says_something", violation_error_message=_("Write the remark.")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by_name} {self.at:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        """Whether nobody has settled it yet."""
        return self.resolved_at is None
