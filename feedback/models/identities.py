"""Who sent a case, sealed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback.models.cases import Case


class Identity(models.Model):
    """Who sent a case, encrypted with a key outside the database; opened only with a reason, as an Event (S12)."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="identity")
    ciphertext = models.BinaryField()
    nonce = models.BinaryField(max_length=12)
    key_id = models.CharField(max_length=16)
    sealed_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        verbose_name = _("sealed identity")
        verbose_name_plural = _("sealed identities")

    def __str__(self) -> str:
        return str(self.case)
