"""A case: what somebody sent, and how far it has come."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from disclosures.models import Item
from organizations.models import Unit, User


class CaseKind(models.TextChoices):
    """What a sender wants."""

    OPINION = "opinion", pgettext_lazy("feedback", "Opinion or suggestion")
    QUESTION = "question", _("Question")
    PROBLEM = "problem", _("Problem to be looked into")
    COMPLAINT = "complaint", _("Complaint")
    SITE_ERROR = "site_error", _("Error on this website")
    DISCLOSURE_REQUEST = "disclosure_request", _("Request to disclose something")


class SenderKind(models.TextChoices):
    """Whether a sender was logged in as a member."""

    MEMBER = "member", _("Party member")
    PUBLIC = "public", pgettext_lazy("sender", "Public")


class CaseState(models.TextChoices):
    """Where a case stands; `feedback.workflow` says how it moves."""

    RECEIVED = "received", pgettext_lazy("case", "Received")
    ACCEPTED = "accepted", pgettext_lazy("case", "Accepted")
    INVESTIGATING = "investigating", _("Under investigation")
    ANSWERED = "answered", _("Answered")
    RECTIFYING = "rectifying", _("Being put right")
    RECTIFIED = "rectified", _("Put right, to be verified")
    VERIFIED = "verified", _("Verified")
    DECLINED = "declined", pgettext_lazy("case", "Declined")
    CLOSED = "closed", pgettext_lazy("case", "Closed")


ENDED = (CaseState.DECLINED, CaseState.CLOSED)


def together(at: str, by: str) -> Q:
    """Who and when come in pairs: both or neither."""
    return Q(**{f"{at}__isnull": True, f"{by}__isnull": True}) | Q(**{f"{at}__isnull": False, f"{by}__isnull": False})


class Case(models.Model):
    """What somebody sent, and how far it has come (S44–S47); who sent it lies sealed in `Identity`."""

    State = CaseState

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("case number"), max_length=20, unique=True)
    item = models.ForeignKey(
        Item, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("disclosure item")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="cases", verbose_name=_("handling unit"))
    kind = models.CharField(pgettext_lazy("feedback", "kind"), max_length=20, choices=CaseKind)
    sender_kind = models.CharField(_("sender"), max_length=10, choices=SenderKind)
    is_named = models.BooleanField(_("gave a name or contact"))
    text = models.TextField(_("text of the opinion"))
    state = models.CharField(_("state"), max_length=15, choices=CaseState, default=CaseState.RECEIVED)
    version = models.PositiveIntegerField(_("version"), default=1)
    token_digest = models.CharField(max_length=64, unique=True)
    code_digest = models.CharField(max_length=64, unique=True)
    received_at = models.DateTimeField(_("received at"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    declined_at = models.DateTimeField(_("declined at"), null=True, blank=True)
    declined_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decline_reason = models.TextField(_("reason for declining"), blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["received_at", "id"]
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=CaseState.values, kind__in=CaseKind.values, sender_kind__in=SenderKind.values),
                name="case_words_known",
                violation_error_message=_("Choose one of the values offered."),
            ),
            models.CheckConstraint(
                condition=together("accepted_at", "accepted_by"),
                name="case_acceptance_has_person_and_time",
                violation_error_message=_("An acceptance needs a person and a time."),
            ),
            models.CheckConstraint(
                condition=together("closed_at", "closed_by")
                & (
                    (Q(state=CaseState.CLOSED) & Q(closed_at__isnull=False))
                    | (~Q(state=CaseState.CLOSED) & Q(closed_at__isnull=True))
                ),
                name="case_closing_has_person_and_time",
                violation_error_message=_("A closed case needs a person and a time."),
            ),
            models.CheckConstraint(
                condition=(
                    Q(state=CaseState.DECLINED, declined_at__isnull=False, declined_by__isnull=False)
                    & ~Q(decline_reason="")
                )
                | (
                    ~Q(state=CaseState.DECLINED)
                    & Q(declined_at__isnull=True, declined_by__isnull=True, decline_reason="")
                ),
                name="case_declining_has_person_time_and_reason",
                violation_error_message=_("A declined case needs a person, a time and a reason."),
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "state", "received_at"], name="case_by_unit_state"),
            models.Index(fields=["item", "received_at"], name="case_by_item"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_ended(self) -> bool:
        """Whether nothing more happens with the case."""
        return self.state in ENDED
