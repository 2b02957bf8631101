"""The outbox: notices to people and their deliveries by channel."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.models import User


class Notice(models.Model):
    """Something a person should know; names the subject by reference and never repeats internal content."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    recipient = models.ForeignKey(User, models.PROTECT, related_name="notices", verbose_name=_("recipient"))
    verb = models.CharField(_("what happened"), max_length=40)
    subject_kind = models.CharField(max_length=30)
    subject_ref = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("created at"))
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [models.Index(fields=["recipient", "read_at", "-created_at"], name="notice_by_recipient")]

    def __str__(self) -> str:
        return f"{self.recipient}: {self.verb}"


class Channel(models.TextChoices):
    """Ways a notice travels; only the portal itself for now."""

    PORTAL = "portal", _("In the portal")
    SMS = "sms", _("Text message")


class Delivery(models.Model):
    """One attempt-counted delivery of a notice by one channel."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=10, choices=Channel)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    provider_id = models.CharField(max_length=100, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [models.UniqueConstraint(fields=["notice", "channel"], name="delivery_channel_once")]

    def __str__(self) -> str:
        return f"{self.notice} · {self.channel}"
