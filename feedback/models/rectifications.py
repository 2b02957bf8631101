"""What has to be put right, the proof that it was, and what another person found (S47)."""

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from disclosures.models import StoredFile
from feedback.models.cases import Case
from organizations.models import Unit, User

if TYPE_CHECKING:
    from feedback.models.demands import RectificationDemand


class Rectification(models.Model):
    """What has to be put right, how, by whom, until when (S47)."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="rectifications")
    problem = models.TextField(_("problem"))
    measure = models.TextField(_("measure"))
    responsible_unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="rectifications", verbose_name=_("responsible unit")
    )
    responsible_person = models.CharField(_("responsible person"), max_length=60, blank=True, default="")
    due_on = models.DateField(_("due on"))
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["recorded_at", "id"]
        default_permissions = ()
        verbose_name = _("rectification")
        verbose_name_plural = _("rectifications")

    def __str__(self) -> str:
        return f"{self.case} {self.problem[:30]}"

    @property
    def demanded(self) -> "RectificationDemand | None":
        """What it has to lead to in what is disclosed, if anything."""
        return getattr(self, "demand", None)

    @property
    def last_proof(self) -> "Proof | None":
        """The newest report that it is done; uses prefetched rows where there are any."""
        return max(self.proofs.all(), key=lambda proof: proof.pk, default=None)

    @property
    def is_verified(self) -> bool:
        """Whether another person found it put right."""
        proof = self.last_proof
        return proof is not None and proof.verdict is not None and proof.verdict.is_ok

    @property
    def waits_for_verification(self) -> bool:
        """Whether it was reported done and nobody has looked yet."""
        proof = self.last_proof
        return proof is not None and proof.verdict is None


class Proof(models.Model):
    """The report that a rectification is done, with what shows it."""

    rectification = models.ForeignKey(Rectification, models.PROTECT, related_name="proofs")
    text = models.TextField(_("proof"))
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    filename = models.CharField(_("file name"), max_length=150, blank=True)
    done_at = models.DateTimeField(_("reported done at"))
    done_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["done_at", "id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(file__isnull=True, filename="") | (Q(file__isnull=False) & ~Q(filename="")),
                name="proof_file_has_name",
                violation_error_message=_("A file needs its name."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.rectification} {self.done_at}"

    @property
    def verdict(self) -> "Verification | None":
        """What another person found, or None while nobody has looked."""
        return getattr(self, "verification", None)


class Verification(models.Model):
    """What another person than the one who reported it done found; a trigger keeps the two apart."""

    proof = models.OneToOneField(Proof, models.PROTECT, related_name="verification")
    is_ok = models.BooleanField(_("put right"))
    remark = models.TextField(_("remark"), blank=True)
    verified_at = models.DateTimeField(_("verified at"))
    verified_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["verified_at", "id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(is_ok=True) | ~Q(remark=""),
                name="failed_verification_says_why",
                violation_error_message=_("Say what is not put right yet."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.proof} {self.verified_at}"
