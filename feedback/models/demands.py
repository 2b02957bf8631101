"""What a rectification must lead to in what is disclosed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from disclosures.models import Item
from feedback.models.cases import together
from feedback.models.rectifications import Rectification
from organizations.models import User


class DemandKind(models.TextChoices):
    """What has to be disclosed."""

    CORRECTION = "correction", _("Correct the item")
    AFTER = "after", _("Disclose the result in an item of the phase “after”")


class RectificationDemand(models.Model):
    """A rectification that ends in a corrected item or in one that tells the result (S47)."""

    rectification = models.OneToOneField(Rectification, models.PROTECT, related_name="demand")
    kind = models.CharField(_("what has to be disclosed"), max_length=15, choices=DemandKind)
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+")
    fulfilled_at = models.DateTimeField(_("fulfilled at"), null=True, blank=True)
    fulfilled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=together("fulfilled_at", "fulfilled_by") & together("fulfilled_at", "item"),
                name="fulfilled_demand_has_item_person_and_time",
                violation_error_message=_("A fulfilled demand needs its item, a person and a time."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.rectification} {self.kind}"
