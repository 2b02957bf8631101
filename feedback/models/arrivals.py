"""What came with a case beside its text: the sender's wish, files, and how staff received what came on paper."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from disclosures.models import StoredFile
from feedback.models.cases import Case
from feedback.models.dialogue import Message
from organizations.models import User


class Wish(models.Model):
    """What the sender wishes: whether the answer may be shown to readers."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="wish")
    may_publish = models.BooleanField(_("the answer may be published"))

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.case)


class CaseFile(models.Model):
    """A file that came with the opinion, or with a later message; its name tells nothing of the sender (P30)."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="files")
    message = models.ForeignKey(Message, models.PROTECT, null=True, blank=True, related_name="files")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    filename = models.CharField(_("file name"), max_length=150)
    order = models.PositiveSmallIntegerField(_("order"))

    class Meta:
        ordering = ["order", "id"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["case", "order"], name="case_file_order_once")]

    def __str__(self) -> str:
        return self.filename


class Channel(models.TextChoices):
    """How an opinion came that staff entered."""

    LETTER = "letter", _("Letter")
    VISIT = "visit", pgettext_lazy("channel", "Visit")
    CALL = "call", _("Telephone call")
    MEETING = "meeting", pgettext_lazy("channel", "Meeting")
    BOX = "box", _("Opinion box")
    OTHER = "other", pgettext_lazy("channel", "Other")


class Intake(models.Model):
    """An opinion that staff entered: how and on which day it came, who entered it and when."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="intake")
    channel = models.CharField(_("how it came"), max_length=10, choices=Channel)
    arrived_on = models.DateField(_("arrived on"))
    place = models.CharField(_("place or meeting"), max_length=200, blank=True)
    entered_at = models.DateTimeField(_("entered at"))
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("entered by"))

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values),
                name="intake_channel_known",
                violation_error_message=_("Choose one of the values offered."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.get_channel_display()}"
