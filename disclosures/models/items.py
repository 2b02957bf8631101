"""The item: the working copy a drafter edits."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from disclosures.addresses import item_address
from disclosures.models.catalogue import Audience, FormOfDisclosure
from disclosures.models.fields import DisclosedFields, Matter, Phase
from organizations.models import Unit, UnitKind, User

__all__ = ["Audience", "Item", "ItemContributor", "Matter", "Phase"]


class ItemState(models.TextChoices):
    """Where the working copy stands; what readers see is a matter of releases."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    RETURNED = "returned", _("Returned")
    APPROVED = "approved", _("Approved")
    DISCARDED = "discarded", _("Discarded")


class Item(DisclosedFields):
    """A matter to disclose as its drafters are writing it; editing it never changes what readers see."""

    State = ItemState

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("index number"), max_length=40, null=True, blank=True, unique=True, editable=False)
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        related_name="items",
        verbose_name=_("disclosing unit"),
        limit_choices_to={"discloses": True},
    )
    branches = models.ManyToManyField(
        Unit,
        blank=True,
        related_name="+",
        verbose_name=_("only for these branches"),
        limit_choices_to=Q(kind__in=[UnitKind.BRANCH, UnitKind.ORGAN_PARTY_COMMITTEE]),
    )
    forms = models.ManyToManyField(FormOfDisclosure, blank=True, related_name="+", verbose_name=_("forms"))
    section = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("drafting section"),
        limit_choices_to={"kind": UnitKind.SECTION},
        help_text=_("Whose draft it is within the unit. Readers are not told, and it is not reviewed."),
    )
    state = models.CharField(_("state"), max_length=12, choices=ItemState, default=ItemState.DRAFT, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    current_revision = models.ForeignKey(
        "disclosures.Revision", models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(_("created at"), editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False, verbose_name=_("created by"))
    updated_at = models.DateTimeField(_("changed at"), editable=False)
    updated_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False, verbose_name=_("changed by"))

    class Meta:
        ordering = ["-updated_at", "-id"]
        verbose_name = _("disclosure item")
        verbose_name_plural = _("disclosure items")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=[ItemState.IN_REVIEW, ItemState.APPROVED]) | Q(current_revision__isnull=False),
                name="item_under_review_has_revision",
                violation_error_message=_("An item under review needs a submitted revision."),
            ),
            models.CheckConstraint(
                condition=Q(current_revision__isnull=True) | Q(number__isnull=False),
                name="item_submitted_has_number",
                violation_error_message=_("A submitted item needs an index number."),
            ),
        ]
        indexes = [models.Index(fields=["unit", "state", "-updated_at"], name="item_by_unit_state")]

    def __str__(self) -> str:
        return self.title or str(_("Untitled draft"))

    def get_absolute_url(self) -> str:
        return item_address(self.number)

    @property
    def is_editable(self) -> bool:
        """Whether the working copy may be changed."""
        return self.state in (ItemState.DRAFT, ItemState.RETURNED)


class ItemContributor(models.Model):
    """Someone who saved the working copy; frozen into each revision made from it (S36, four eyes)."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="contributors")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    first_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "user"], name="item_contributor_once")]

    def __str__(self) -> str:
        return str(self.user)
