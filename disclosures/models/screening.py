"""The read texts of files, and the words a unit watches for."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from disclosures.models.files import StoredFile


class FileText(models.Model):
    """What was read in a stored file, part by part, for screening; read once for each content."""

    class State(models.TextChoices):
        """How far reading came."""

        PENDING = "pending", _("waiting to be read")
        READING = "reading", _("being read")
        READ = "read", _("read")
        EMPTY = "empty", _("holds no text")
        UNREADABLE = "unreadable", _("not screened")

    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="text")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PENDING)
    parts = models.JSONField(default=list, blank=True)  # {"kind": …, "text": …, "where": …}: see `places`
    gaps = models.JSONField(default=list, blank=True)  # what inside a read file was not screened, and why
    reason = models.CharField(max_length=30, blank=True)  # a key of `places.REASONS`
    progress = models.PositiveSmallIntegerField(_("progress"), default=0)  # percent
    attempts = models.PositiveSmallIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("text of a file")
        verbose_name_plural = _("texts of files")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="unreadable") | ~models.Q(reason=""), name="unreadable_file_has_reason"
            )
        ]

    def __str__(self) -> str:
        return f"{self.file} · {self.get_state_display()}"

    @property
    def is_waiting(self) -> bool:
        """Whether reading is still to come or under way."""
        return self.state in (self.State.PENDING, self.State.READING)


class ScreeningWord(models.Model):
    """A word that screening points out beside numbers, addresses and marks."""

    word = models.CharField(_("word"), max_length=50, unique=True)
    note = models.CharField(_("note"), max_length=200, blank=True, help_text=_("Why drafters should look twice."))
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["word"]
        verbose_name = _("screening word")
        verbose_name_plural = _("screening words")

    def __str__(self) -> str:
        return self.word
