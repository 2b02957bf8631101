"""A case passed on to another unit."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from feedback.models.cases import Case
from organizations.models import Unit, User


class Transfer(models.Model):
    """From which unit to which, why, when and by whom; limits run on from the receipt."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="transfers")
    from_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("from unit"))
    to_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("to unit"))
    reason = models.TextField(_("reason"))
    at = models.DateTimeField(_("time"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~Q(from_unit=F("to_unit")) & ~Q(reason=""),
                name="transfer_leads_elsewhere_with_reason",
                violation_error_message=_("A transfer needs another unit and a reason."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.from_unit} → {self.to_unit}"
