"""What reviewers declare beside their decisions: that they do not decide, and whether a matter is sensitive."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from disclosures.models.items import Item
from disclosures.models.revisions import Revision
from organizations.models import User


class Recusal(models.Model):
    """Somebody does not decide on an item (回避); for good, rows are append-only."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="recusals")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    user_name = models.CharField(max_length=100)
    reason = models.CharField(_("reason"), max_length=1000)
    at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_by_name = models.CharField(max_length=100)

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("recusal")
        verbose_name_plural = _("recusals")
        constraints = [models.UniqueConstraint(fields=["item", "user"], name="recusal_once")]

    def __str__(self) -> str:
        return self.user_name


class SensitivityChange(models.Model):
    """The sensitive flag raised by one reviewer, or lowered by two (S42, S43)."""

    class Kind(models.TextChoices):
        """In which direction."""

        RAISE = "raise", _("Raised")
        LOWER = "lower", _("Lowered")

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="sensitivity_changes")
    kind = models.CharField(max_length=5, choices=Kind)
    reason = models.CharField(_("reason"), max_length=1000)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=100)
    at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_by_name = models.CharField(max_length=100, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("change of the sensitive flag")
        verbose_name_plural = _("changes of the sensitive flag")
        constraints = [
            models.UniqueConstraint(
                fields=["revision"], condition=Q(kind="lower", confirmed_at__isnull=True), name="one_lowering_waits"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(kind="lower", confirmed_by__isnull=False, confirmed_at__isnull=False) & ~Q(confirmed_by=F("by")),
                name="lowering_confirmed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.by_name}"
