"""The Event: one row of the trail, written once and never changed."""

import hashlib
import uuid
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.canonical import canonical_json, utc_text
from audit.verbs import sentence

FORMAT_VERSION = "1"
ALGORITHM = "sha-256"

# Actors without an account; "~" cannot stand in a username.
SYSTEM_USERNAME = "~system"
READER_USERNAME = "~reader"
UNNAMED = {SYSTEM_USERNAME: _("The portal"), READER_USERNAME: _("A reader")}


class Event(models.Model):
    """Who did what to which thing, in text, so that it stays readable after people and items are gone.

    Only `audit.services.record` makes rows. The database refuses to change or remove them.
    """

    uid = models.UUIDField(_("identifier"), default=uuid.uuid4, unique=True, editable=False)
    at = models.DateTimeField(_("time"))
    actor_username = models.CharField(_("account"), max_length=150)
    actor_name = models.CharField(_("actor's name"), max_length=150, blank=True)
    actor_office = models.CharField(_("actor's office"), max_length=200, blank=True)
    verb = models.CharField(_("verb"), max_length=80)
    subject_kind = models.CharField(_("kind of subject"), max_length=80)
    subject_ref = models.CharField(_("identifier of the subject"), max_length=80)
    subject_label = models.CharField(_("subject's label"), max_length=200, blank=True)
    unit_code = models.CharField(_("unit code"), max_length=64, blank=True)
    before = models.JSONField(_("state before"), null=True, blank=True)
    after = models.JSONField(_("state after"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    version = models.CharField(_("format"), max_length=8, default=FORMAT_VERSION)
    algorithm = models.CharField(_("hash algorithm"), max_length=16, default=ALGORITHM)
    hash = models.CharField(_("hash"), max_length=64)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        default_permissions = ()
        indexes = [
            models.Index(fields=["subject_kind", "subject_ref", "at"], name="audit_event_subject"),
            models.Index(fields=["unit_code", "at"], name="audit_event_unit"),
            models.Index(fields=["at"], name="audit_event_at"),
        ]

    def __str__(self) -> str:
        return f"{utc_text(self.at)} {self.verb} {self.subject_label or self.subject_ref}"

    @property
    def sentence(self) -> str:
        """What was done, in the reader's language."""
        return sentence(self.verb)

    @property
    def actor_label(self) -> str:
        """The name to show for who did it: of a person, of the portal, or of somebody without an account."""
        return str(UNNAMED.get(self.actor_username) or self.actor_name or self.actor_username)

    def payload(self) -> dict[str, Any]:
        """Return everything the hash covers: all columns but the row's id and the hash itself."""
        return {
            "version": self.version,
            "algorithm": self.algorithm,
            "uid": str(self.uid),
            "at": utc_text(self.at),
            "actor_username": self.actor_username,
            "actor_name": self.actor_name,
            "actor_office": self.actor_office,
            "verb": self.verb,
            "subject_kind": self.subject_kind,
            "subject_ref": self.subject_ref,
            "subject_label": self.subject_label,
            "unit_code": self.unit_code,
            "before": self.before,
            "after": self.after,
            "reason": self.reason,
        }

    def computed_hash(self) -> str:
        """Return the SHA-256 of the canonical payload in lower-case hexadecimal."""
        return hashlib.sha256(canonical_json(self.payload())).hexdigest()
