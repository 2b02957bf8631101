"""Stored files by content, and the attachments that name them."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from disclosures.models.items import Item
from disclosures.models.revisions import Revision
from organizations.models import User


class StoredFile(models.Model):
    """A file kept once by its content: the SHA-256 is its name on disk."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    content_type = models.CharField(max_length=100)
    extension = models.CharField(max_length=10)

    def __str__(self) -> str:
        return self.sha256[:12]


class AttachmentFields(models.Model):
    """How a file hangs on an item or a revision (S34, S83)."""

    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    filename = models.CharField(_("file name"), max_length=150)
    label = models.CharField(_("label"), max_length=150, blank=True)
    order = models.PositiveIntegerField(_("order"), default=0)
    is_published = models.BooleanField(
        _("published"), default=True, help_text=_("Unpublished files are kept for the file only.")
    )

    class Meta:
        abstract = True
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The label, else the file's name."""
        return self.label or self.filename


class Attachment(AttachmentFields):
    """A file of the working copy."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey(Item, models.PROTECT, related_name="attachments")
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta(AttachmentFields.Meta):
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")


class RevisionAttachment(AttachmentFields):
    """A file of a revision, frozen; its `uid` is the address and stays the same from revision to revision."""

    uid = models.UUIDField(editable=False, db_index=True)
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="attachments")

    class Meta(AttachmentFields.Meta):
        verbose_name = _("attachment of a revision")
        verbose_name_plural = _("attachments of revisions")
        constraints = [models.UniqueConstraint(fields=["revision", "uid"], name="revision_attachment_once")]


class Thumbnail(models.Model):
    """A small copy of an image or first page, made once when the file came in and kept in the same store."""

    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="thumbnails")
    box = models.PositiveSmallIntegerField(help_text="Longest side asked for, in pixels.")
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=100)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("thumbnail")
        verbose_name_plural = _("thumbnails")
        constraints = [models.UniqueConstraint(fields=["file", "box"], name="thumbnail_once_a_size")]

    def __str__(self) -> str:
        return f"{self.file} · {self.box}"
