"""Cases and what hangs on them: dialogue, investigation, replies, rectifications with proof, the sealed identity."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from disclosures.models import Item, StoredFile
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


class Rectification(models.Model):
    """What has to be put right, how, by whom, until when (S47)."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="rectifications")
    problem = models.TextField(_("problem"))
    measure = models.TextField(_("measure"))
    responsible_unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="rectifications", verbose_name=_("responsible unit")
    )
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


class Identity(models.Model):
    """Who sent a case, encrypted with a key outside the database; opened only with a reason, as an Event (S12)."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="identity")
    ciphertext = models.BinaryField()
    nonce = models.BinaryField(max_length=12)
    key_id = models.CharField(max_length=16)
    sealed_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        verbose_name = _("sealed identity")
        verbose_name_plural = _("sealed identities")

    def __str__(self) -> str:
        return str(self.case)
