"""The eight categories, the forms of disclosure, and the catalogue of duties in dated versions."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.models import Level, UnitKind
from organizations.naming import in_language


class Named(models.Model):
    """A Chinese name with an English one beside it."""

    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Name in the language of the page."""
        return in_language(self.name, self.name_en)


class Category(Named):
    """One of the eight categories of content (S48–S55)."""

    code = models.CharField(_("code"), max_length=4, unique=True)
    slug = models.SlugField(_("address"), max_length=30, unique=True)
    text = models.TextField(_("text of the plan"), blank=True)
    order = models.PositiveSmallIntegerField(_("order"), unique=True)

    class Meta:
        ordering = ["order"]
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def get_absolute_url(self) -> str:
        return reverse("disclosures:category", args=[self.slug])


class Channel(models.TextChoices):
    """Whom a form of disclosure reaches (S63, S68, S72)."""

    INTERNAL = "internal", _("Inside the Party")
    PUBLIC = "public", _("To the public")
    OTHER = "other", _("Other")


class FormOfDisclosure(Named):
    """A way of disclosing: a meeting, a document, a board (S61–S72)."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["order", "code"]
        verbose_name = _("form of disclosure")
        verbose_name_plural = _("forms of disclosure")


class Audience(models.TextChoices):
    """To whom a matter is disclosed (公开范围)."""

    INTERNAL = "internal", _("Inside the Party")
    INTERNAL_THEN_PUBLIC = "internal_then_public", _("Inside the Party first, then to the public")


class CatalogueEntry(models.Model):
    """A duty to disclose (S31); what it demands stands in its dated versions."""

    code = models.CharField(_("code"), max_length=10, unique=True)
    category = models.ForeignKey(Category, models.PROTECT, related_name="entries", verbose_name=_("category"))
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["category__order", "code"]
        verbose_name = _("catalogue entry")
        verbose_name_plural = _("catalogue entries")

    def __str__(self) -> str:
        version = self.version_on(timezone.localdate())
        return f"{self.code} {version.label}" if version else self.code

    def version_on(self, day: date) -> "CatalogueEntryVersion | None":
        """The version in force on `day`; uses prefetched versions where there are any."""
        versions = [v for v in self.versions.all() if v.valid_from <= day]
        return max(versions, key=lambda v: v.number, default=None)


class CatalogueEntryVersion(models.Model):
    """What an entry demands from a day on, and why it was changed (S28)."""

    entry = models.ForeignKey(CatalogueEntry, models.PROTECT, related_name="versions", verbose_name=_("entry"))
    number = models.PositiveIntegerField(_("version"))
    valid_from = models.DateField(_("valid from"))
    reason = models.CharField(_("reason for the change"), max_length=200, blank=True)
    title = models.CharField(_("content"), max_length=100)
    title_en = models.CharField(_("English content"), max_length=200, blank=True)
    audience = models.CharField(_("scope"), max_length=30, choices=Audience)
    forms = models.ManyToManyField(FormOfDisclosure, related_name="+", verbose_name=_("suggested forms"))
    time_limit = models.JSONField(_("time limit"), default=dict)
    responsible_kind = models.CharField(_("responsible body"), max_length=30, choices=UnitKind)
    levels = models.JSONField(_("levels"), default=list)
    vital_interest = models.BooleanField(_("vital interest"), default=False)
    sensitive = models.BooleanField(_("especially major or sensitive"), default=False)
    personal_data = models.BooleanField(_("holds personal data"), default=False)
    internal_lead_days = models.PositiveIntegerField(_("days inside the Party before the public opening"), default=0)
    notice_min_working_days = models.PositiveIntegerField(_("working days of a public notice"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=20, default="seed")
    source_phrase = models.CharField(_("phrase of the source"), max_length=200, blank=True)

    class Meta:
        ordering = ["entry", "number"]
        verbose_name = _("version of a catalogue entry")
        verbose_name_plural = _("versions of catalogue entries")
        constraints = [
            models.UniqueConstraint(fields=["entry", "number"], name="entry_version_number_once"),
            models.CheckConstraint(
                condition=Q(audience__in=Audience.values),
                name="entry_audience_known",
                violation_error_message=_("Choose a scope of disclosure."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry.code} {self.label}"

    @property
    def label(self) -> str:
        """Content of the duty in the language of the page."""
        return in_language(self.title, self.title_en)

    @property
    def level_labels(self) -> list[str]:
        """Names of the levels that owe this duty."""
        return [str(Level(level).label) for level in self.levels]
