"""Disclosure on request: what was decided on it, and what was handed out (S57)."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from disclosures.models import Item
from feedback.models.cases import Case
from feedback.models.dialogue import Reply
from organizations.models import User


class RequestOutcome(models.TextChoices):
    """What can be decided on a request."""

    GRANTED = "granted", pgettext_lazy("request", "Granted")
    PART = "part", _("Granted in part")
    REFUSED = "refused", pgettext_lazy("request", "Refused")
    ALREADY = "already", _("Already disclosed")
    UNCLEAR = "unclear", _("Unclear, to be completed")


REASONED = (RequestOutcome.PART, RequestOutcome.REFUSED, RequestOutcome.UNCLEAR)


class RequestDecision(models.Model):
    """A decision on a request for disclosure; one that asks to complete it is followed by another."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="request_decisions")
    outcome = models.CharField(_("outcome"), max_length=10, choices=RequestOutcome)
    reason = models.TextField(_("reason"), blank=True)
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("time"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=RequestOutcome.values) & (~Q(outcome__in=REASONED) | ~Q(reason="")),
                name="request_decision_has_reason",
                violation_error_message=_("Give the reason."),
            ),
            models.CheckConstraint(
                condition=(Q(outcome=RequestOutcome.ALREADY) & Q(item__isnull=False))
                | (~Q(outcome=RequestOutcome.ALREADY) & Q(item__isnull=True)),
                name="request_names_what_is_disclosed",
                violation_error_message=_("Name the item that is disclosed already."),
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=~Q(outcome=RequestOutcome.UNCLEAR),
                name="one_final_decision_a_request",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.outcome}"

    @property
    def is_final(self) -> bool:
        """Whether the request is decided; one that asks to complete it leaves it open."""
        return self.outcome != RequestOutcome.UNCLEAR


class Fulfilment(models.Model):
    """What was handed out on a request: a released item, or the text of the answer alone."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="fulfilment")
    reply = models.OneToOneField(Reply, models.PROTECT, related_name="fulfilment")
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("time"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.case} {self.item or ''}"
