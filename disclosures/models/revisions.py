"""The revision: a frozen, numbered snapshot made at submission."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from disclosures.models.catalogue import FormOfDisclosure
from disclosures.models.fields import DisclosedFields
from disclosures.models.items import Item
from organizations.models import Unit, User


class Revision(DisclosedFields):
    """What was submitted, for good: decisions and releases point at exactly one revision (S39)."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey(Item, models.PROTECT, related_name="revisions", verbose_name=_("item"))
    number = models.PositiveIntegerField(_("revision"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("disclosing unit"))
    branches = models.ManyToManyField(Unit, blank=True, related_name="+", verbose_name=_("only for these branches"))
    forms = models.ManyToManyField(FormOfDisclosure, blank=True, related_name="+", verbose_name=_("forms"))
    body_text = models.TextField(_("body as plain text"), blank=True)
    digest = models.CharField(_("digest"), max_length=64, help_text=_("SHA-256 over every reviewed field."))
    submitted_at = models.DateTimeField(_("submitted at"))
    submitted_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("submitted by"))
    submitted_by_name = models.CharField(max_length=50)
    submitted_by_office = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ["item", "number"]
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="revision_number_once")]

    def __str__(self) -> str:
        return f"{self.item.number} · {self.number}"


class RevisionContributor(models.Model):
    """Someone who saved or submitted this revision and therefore never decides on it (rule 3)."""

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="contributors")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    name = models.CharField(max_length=50)
    office = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["revision", "user"], name="revision_contributor_once")]

    def __str__(self) -> str:
        return self.name
