"""Pins: disclosed items that the office puts at the top of a list, by hand and in its own order (S19, S56)."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from disclosures.models.catalogue import Category
from disclosures.models.items import Item
from organizations.models import Unit, User


class Pin(models.Model):
    """An item at the top of one list: a category's, a unit's, or with neither the front page's.

    It opens nothing: whoever may not read the item does not meet it here either.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey(Item, models.PROTECT, related_name="pins", verbose_name=_("item"))
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="pins", verbose_name=_("category")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="pins", verbose_name=_("unit"))
    order = models.PositiveSmallIntegerField(_("order"))
    pinned_at = models.DateTimeField(_("pinned at"))
    pinned_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("pinned by"))

    class Meta:
        ordering = ["category__order", "unit__order", "order", "id"]
        verbose_name = _("pin")
        verbose_name_plural = _("pins")
        constraints = [
            models.CheckConstraint(
                condition=Q(category__isnull=True) | Q(unit__isnull=True),
                name="pin_in_one_list",
                violation_error_message=_("Choose one list."),
            ),
            models.UniqueConstraint(
                fields=["item"], condition=Q(category__isnull=True, unit__isnull=True), name="pin_once_on_the_front"
            ),
            models.UniqueConstraint(fields=["item", "category"], name="pin_once_a_category"),
            models.UniqueConstraint(fields=["item", "unit"], name="pin_once_a_unit"),
        ]

    def __str__(self) -> str:
        return str(self.item)
