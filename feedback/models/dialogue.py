"""What is said and found about a case: messages, investigations, replies."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from feedback.models.cases import Case
from organizations.models import User


class Message(models.Model):
    """One turn of the dialogue after the opinion itself: without `by` it is the sender's, with it the office's."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="messages")
    is_from_sender = models.BooleanField()
    text = models.TextField(_("text"))
    at = models.DateTimeField(_("time"))
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    token_digest = models.CharField(max_length=64, unique=True, null=True, blank=True)

    class Meta:
        ordering = ["at", "id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(is_from_sender=True, by__isnull=True, token_digest__isnull=False)
                | Q(is_from_sender=False, by__isnull=False, token_digest__isnull=True),
                name="message_is_of_sender_or_office",
                violation_error_message=_("A message comes from the sender or from a person of the office."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.at}"


class Investigation(models.Model):
    """Who looks into the matter, and what was found (S46)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="investigations")
    investigator = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("investigator"))
    started_at = models.DateTimeField(_("started at"))
    findings = models.TextField(_("findings"), blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        ordering = ["started_at", "id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(finished_at__isnull=True), name="one_open_investigation_a_case"
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True, findings="")
                | (Q(finished_at__isnull=False, finished_at__gte=F("started_at")) & ~Q(findings="")),
                name="finished_investigation_has_findings",
                violation_error_message=_("A finished investigation needs its findings."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.investigator}"


class Reply(models.Model):
    """An answer to the sender, and beside it what the public may read of question and answer."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="replies")
    text = models.TextField(_("answer to the sender"))
    at = models.DateTimeField(_("time"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    published_question = models.TextField(_("question as published"), blank=True)
    published_text = models.TextField(_("answer as published"), blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | (
                    Q(published_at__isnull=False, published_by__isnull=False)
                    & ~Q(published_question="")
                    & ~Q(published_text="")
                ),
                name="published_reply_has_both_texts",
                violation_error_message=_("A published answer needs its question and its text."),
            )
        ]
        indexes = [models.Index(fields=["-published_at", "-id"], name="reply_newest_published")]

    def __str__(self) -> str:
        return f"{self.case} {self.at}"

    @property
    def is_published(self) -> bool:
        """Whether readers of the board see it, where they see the item."""
        return self.published_at is not None
