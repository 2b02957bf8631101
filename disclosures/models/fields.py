"""The reviewed fields that an item and its frozen revisions share."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from disclosures.models.catalogue import Audience, CatalogueEntry, CatalogueEntryVersion
from organizations.models import Unit


class Phase(models.TextChoices):
    """Before, during or after a matter (S22)."""

    NONE = "", _("Single disclosure")
    BEFORE = "before", _("Before")
    DURING = "during", _("During")
    AFTER = "after", _("After")


class Matter(models.Model):
    """A matter followed through before, during and after (S22)."""

    number = models.CharField(_("number"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=200)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="matters", verbose_name=_("unit"))

    class Meta:
        ordering = ["-id"]
        verbose_name = _("matter")
        verbose_name_plural = _("matters")

    def __str__(self) -> str:
        return self.title


class DisclosedFields(models.Model):
    """Everything a reviewer approves; the digest of a revision covers every one of these fields."""

    entry = models.ForeignKey(
        CatalogueEntry, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("catalogue entry")
    )
    entry_version = models.ForeignKey(
        CatalogueEntryVersion, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    matter = models.ForeignKey(
        Matter, models.PROTECT, null=True, blank=True, related_name="%(class)ss", verbose_name=_("matter")
    )
    phase = models.CharField(_("phase"), max_length=10, choices=Phase, blank=True, default=Phase.NONE)
    title = models.CharField(_("title"), max_length=200, blank=True)
    document_number = models.CharField(_("document number"), max_length=80, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    basis = models.CharField(_("basis"), max_length=500, blank=True)
    body = models.TextField(_("body"), blank=True)
    audience = models.CharField(_("scope"), max_length=30, choices=Audience, blank=True)
    planned_internal_from = models.DateTimeField(_("open inside the Party from"), null=True, blank=True)
    planned_internal_until = models.DateTimeField(_("open inside the Party until"), null=True, blank=True)
    planned_public_from = models.DateTimeField(_("open to the public from"), null=True, blank=True)
    planned_public_until = models.DateTimeField(_("open to the public until"), null=True, blank=True)
    occurred_on = models.DateField(_("date of the event"), null=True, blank=True)
    period_from = models.DateField(_("period from"), null=True, blank=True)
    period_until = models.DateField(_("period until"), null=True, blank=True)
    vital_interest = models.BooleanField(_("vital interest"), default=False)
    sensitive = models.BooleanField(_("especially major or sensitive"), default=False)
    is_focus = models.BooleanField(_("focus"), default=False)
    focus_reason = models.CharField(_("why it matters to the reader"), max_length=200, blank=True)
    is_backfilled = models.BooleanField(_("entered later"), default=False)
    change_note = models.CharField(_("public change note"), max_length=500, blank=True)

    class Meta:
        abstract = True

    @property
    def goes_public(self) -> bool:
        """Whether the planned scope ends with the public."""
        return self.audience == Audience.INTERNAL_THEN_PUBLIC


REVIEWED_FIELDS: tuple[str, ...] = tuple(field.attname for field in DisclosedFields._meta.fields)
