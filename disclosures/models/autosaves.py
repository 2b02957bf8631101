"""What a person typed and has not saved yet, kept apart from the item."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.models import Unit, User


class AutosavedDraft(models.Model):
    """The form of one person on one item as it stood some seconds ago; the item itself is never touched by it.

    `item_uid` is the uid of the item, or the one a draft that was never saved will have.
    """

    item_uid = models.UUIDField()
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    base_version = models.PositiveIntegerField(help_text="The version the person was looking at; 0 for a new draft.")
    content = models.JSONField()
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("unsaved text")
        verbose_name_plural = _("unsaved texts")
        constraints = [models.UniqueConstraint(fields=["item_uid", "user"], name="autosave_once_a_person")]

    def __str__(self) -> str:
        return f"{self.item_uid} · {self.user}"
