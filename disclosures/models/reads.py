"""How often an item was read, by day; nothing about who read it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from disclosures.models.items import Item


class ReadsByDay(models.Model):
    """The tally of one item and one local day: no address, no account, no browser, no hour."""

    item = models.ForeignKey(  # goes with its item; without a constraint, so that counting never locks a row of items
        Item, models.CASCADE, related_name="+", verbose_name=_("item"), db_constraint=False
    )
    day = models.DateField(_("day"))
    count = models.PositiveIntegerField(_("times read"))

    class Meta:
        ordering = ["item", "day"]
        verbose_name = _("reads of a day")
        verbose_name_plural = _("reads by day")
        constraints = [models.UniqueConstraint(fields=["item", "day"], name="reads_once_a_day")]

    def __str__(self) -> str:
        return f"{self.item_id} · {self.day}"
