"""The release: an approved revision opened to readers through half-open windows."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from disclosures.addresses import item_address
from disclosures.models.catalogue import Category
from disclosures.models.items import Item
from disclosures.models.revisions import Revision
from disclosures.visibility import ReleaseQuerySet
from organizations.models import Unit, User


class Release(models.Model):
    """Open to readers while `from <= now < until`; visibility is computed, no job flips anything (rule 4).

    `internal_since` and `public_since` are the first openings of the item; a correction carries them on, so that it
    neither looks new nor jumps to the top of a list.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey(Item, models.PROTECT, related_name="releases", verbose_name=_("item"))
    revision = models.OneToOneField(Revision, models.PROTECT, related_name="release", verbose_name=_("revision"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="releases", verbose_name=_("disclosing unit"))
    category = models.ForeignKey(Category, models.PROTECT, related_name="releases", verbose_name=_("category"))
    branches = models.ManyToManyField(Unit, blank=True, related_name="+", verbose_name=_("only for these branches"))
    is_limited = models.BooleanField(_("only for chosen branches"), default=False)
    internal_from = models.DateTimeField(_("open inside the Party from"))
    internal_until = models.DateTimeField(_("open inside the Party until"), null=True, blank=True)
    public_not_before = models.DateTimeField(_("public not before"))
    public_from = models.DateTimeField(_("open to the public from"), null=True, blank=True)
    public_until = models.DateTimeField(_("open to the public until"), null=True, blank=True)
    internal_since = models.DateTimeField(_("first opened inside the Party"))
    public_since = models.DateTimeField(_("first opened to the public"), null=True, blank=True)
    is_focus = models.BooleanField(_("focus"), default=False)
    is_generated = models.BooleanField(_("generated for measurement"), default=False)
    created_at = models.DateTimeField(_("approved at"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_by_office = models.CharField(max_length=100, blank=True)
    withdrawn_reason = models.CharField(_("reason for the withdrawal"), max_length=500, blank=True)
    urgent_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("opened urgently by")
    )
    urgent_by_office = models.CharField(max_length=100, blank=True)
    urgent_reason = models.CharField(_("reason for the urgency"), max_length=500, blank=True)
    urgent_confirmed_at = models.DateTimeField(_("urgency confirmed at"), null=True, blank=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["-internal_since", "-id"]
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        constraints = [
            models.CheckConstraint(
                condition=Q(public_not_before__gte=F("internal_from"))
                & (
                    Q(public_from__isnull=True, public_until__isnull=True)
                    | Q(public_from__isnull=False, public_from__gte=F("public_not_before"))
                ),
                name="party_first_public_later",
                violation_error_message=_("The public opening may not come before the opening inside the Party."),
            ),
            models.CheckConstraint(
                condition=Q(internal_until__isnull=True) | Q(internal_until__gte=F("internal_from")),
                name="internal_window_in_order",
                violation_error_message=_("The window inside the Party ends before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(public_until__isnull=True) | Q(public_until__gte=F("public_from")),
                name="public_window_in_order",
                violation_error_message=_("The public window ends before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_reason="")),
                name="withdrawal_has_person_and_reason",
                violation_error_message=_("A withdrawal needs a person and a reason."),
            ),
            models.CheckConstraint(
                condition=Q(urgent_by__isnull=True, urgent_reason="", urgent_confirmed_at__isnull=True)
                | (Q(urgent_by__isnull=False) & ~Q(urgent_reason="")),
                name="urgency_has_person_and_reason",
                violation_error_message=_("An urgent publication needs a person and a reason."),
            ),
        ]
        indexes = [
            *(
                models.Index(
                    fields=[*first, "-public_since", "-id"],
                    include=["public_from", "public_until"],
                    condition=Q(public_from__isnull=False),
                    name=f"release_public_{name}",
                )
                for name, first in (("newest", []), ("category", ["category"]), ("unit", ["unit"]))
            ),
            models.Index(
                fields=["-public_since", "-id"],
                include=["public_from", "public_until"],
                condition=Q(public_from__isnull=False, is_focus=True),
                name="release_public_focus",
            ),
            models.Index(fields=["public_from"], name="release_opens", condition=Q(public_from__isnull=False)),
            models.Index(fields=["public_until"], name="release_closes", condition=Q(public_until__isnull=False)),
            models.Index(fields=["-internal_since", "-id"], name="release_internal_newest"),
            models.Index(fields=["item"], name="release_urgent", condition=Q(urgent_by__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.revision.title

    def get_absolute_url(self) -> str:
        return item_address(self.item.number)

    @property
    def is_urgent(self) -> bool:
        """Opened before its review was through, and nobody has confirmed or ended that yet."""
        return self.urgent_by_id is not None and self.urgent_confirmed_at is None and self.withdrawn_at is None
