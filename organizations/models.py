"""Units, users, dated appointments and memberships."""

from datetime import date

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from organizations.naming import in_language


class UnitKind(models.TextChoices):
    """What a unit or body is; the catalogue's role codes are kinds, so that each entry finds its responsible body."""

    SUPERIOR = "superior", _("Superior Party organisation")
    BUREAU = "bureau", _("Bureau")
    PARTY_GROUP = "party_group", _("Bureau Party group")
    ORGAN_PARTY_COMMITTEE = "organ_party_committee", _("Organ Party committee")
    LEADING_GROUP = "leading_group", _("Leading group")
    LEADING_GROUP_OFFICE = "leading_group_office", _("Leading-group office")
    DISCIPLINE_GROUP = "discipline_group", _("Discipline inspection group")
    PERSONNEL_SECTION = "personnel_section", _("Personnel section")
    YOUTH_LEAGUE = "youth_league", _("Youth League")
    TRADE_UNION = "trade_union", _("Trade union")
    SECTION = "section", _("Section")
    AFFILIATED_UNIT = "affiliated_unit", _("Affiliated unit")
    BRANCH = "branch", _("Branch")


class Level(models.TextChoices):
    """Who owns a disclosure: the bureau or a branch of an affiliated unit (S33)."""

    BUREAU = "bureau", _("Bureau")
    BRANCH = "branch", _("Branch")


class Unit(models.Model):
    """A unit or body, with its administrative parent and its Party parent."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=30, choices=UnitKind)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("administrative parent")
    )
    party_parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="party_children", verbose_name=_("Party superior")
    )
    discloses = models.BooleanField(
        _("discloses in its own name"), default=False, help_text=_("Only such a unit owns disclosure items.")
    )
    order = models.PositiveIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["order", "code"]
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="unit_not_its_own_parent",
                violation_error_message=_("A unit cannot be its own parent."),
            ),
            models.CheckConstraint(
                condition=Q(party_parent__isnull=True) | ~Q(party_parent=F("id")),
                name="unit_not_its_own_party_parent",
                violation_error_message=_("A unit cannot be its own Party superior."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("disclosures:unit", args=[self.code])

    @property
    def label(self) -> str:
        """Name in the language of the page."""
        return in_language(self.name, self.name_en)

    @property
    def level(self) -> str:
        """`branch` for a branch, `bureau` for everything else."""
        return Level.BRANCH if self.kind == UnitKind.BRANCH else Level.BUREAU


class User(AbstractUser):
    """An account; what it may do comes from appointments, what it may read inside the Party from memberships."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    display_name = models.CharField(_("display name"), max_length=50)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)

    REQUIRED_FIELDS = ["display_name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name

    @cached_property
    def appointments_today(self) -> list["Appointment"]:
        """Appointments in force today, oldest first; none for a closed account."""
        if not self.is_active:
            return []
        return list(self.appointments.in_force(timezone.localdate()).select_related("unit"))

    @cached_property
    def seats_today(self) -> list["Appointment"]:
        """Appointments in which this account decides today: its own, unless away, and those it stands in for."""
        if not self.is_active:
            return []
        return Appointment.objects.decided_by(self, timezone.localdate())

    @property
    def office(self) -> str:
        """The office held today, as frozen into events and decisions."""
        return next((a.office_held or a.get_role_display() for a in self.appointments_today), "")


class Role(models.TextChoices):
    """Roles an appointment can give; `organizations.roles.TABLE` says what each may do."""

    DRAFTER = "drafter", _("Drafter")
    BRANCH_SECRETARY = "branch_secretary", _("Branch secretary")
    EXAMINER = "examiner", _("Examiner of the office")
    OFFICE_DIRECTOR = "office_director", _("Office director")
    GROUP_LEADER = "group_leader", _("Group leader")
    GROUP_DEPUTY = "group_deputy", _("Deputy leader")
    GROUP_MEMBER = "group_member", _("Group member")
    SUPERIOR_REVIEWER = "superior_reviewer", _("Reviewer of the superior organisation")
    SUPERVISOR = "supervisor", _("Appointed supervisor")
    AUDITOR = "auditor", _("Auditor")
    SYSADMIN = "sysadmin", _("System administrator")


class DatedQuerySet(models.QuerySet):
    """Rows that hold from a day until the day before another."""

    def in_force(self, on: date) -> "DatedQuerySet":
        """Rows with `valid_from <= on < valid_until`; an empty `valid_until` never ends."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=on), valid_from__lte=on)


class Dated(models.Model):
    """A fact that holds on the days `valid_from <= day < valid_until`."""

    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until (not included)"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="%(class)s_ends_after_it_begins",
                violation_error_message=_("The last day must come after the first."),
            )
        ]


class AppointmentQuerySet(DatedQuerySet):
    """Appointments, and who decides in them on a day."""

    def seats(self, on: date) -> list["Appointment"]:
        """Appointments in which somebody decides on that day, each with `acting` (an open account) and `is_acting`."""
        rows = self.in_force(on).select_related("user", "unit").order_by("order", "id")
        away = Prefetch("substitutions", Substitution.objects.in_force(on).select_related("substitute"), "away")
        seats = []
        for held in rows.prefetch_related(away):
            stand_in = held.away[0] if held.away else None
            held.is_acting = stand_in is not None
            held.acting = stand_in.substitute if stand_in else held.user
            if held.acting is not None and held.acting.is_active:
                seats.append(held)
        return seats

    def decided_by(self, user: User, on: date) -> list["Appointment"]:
        """Those of `seats` in which `user` decides."""
        mine = self.filter(Q(user=user) | Q(substitutions__substitute=user)).values("pk")
        return [seat for seat in self.filter(pk__in=mine).seats(on) if seat.acting == user]


class Appointment(Dated):
    """A person in a role of a unit; a printed name needs no account (S85–S89)."""

    user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="appointments", verbose_name=_("account")
    )
    printed_name = models.CharField(
        _("name as printed"), max_length=50, blank=True, help_text=_("Missing parts of a printed name are not guessed.")
    )
    printed_role = models.CharField(_("role as printed"), max_length=50, blank=True)
    name_is_complete = models.BooleanField(_("the printed name is complete"), default=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="appointments", verbose_name=_("unit"))
    role = models.CharField(_("role"), max_length=30, choices=Role)
    office_held = models.CharField(_("office held"), max_length=100, blank=True)
    is_first_responsible = models.BooleanField(_("first responsible person"), default=False)
    order = models.PositiveIntegerField(_("order"), default=0)

    acting: User | None
    is_acting: bool
    away: "list[Substitution]"

    objects = AppointmentQuerySet.as_manager()  # type: ignore[misc]  # narrower than that of every dated row

    class Meta(Dated.Meta):
        ordering = ["order", "id"]
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                condition=Q(user__isnull=False) | ~Q(printed_name=""),
                name="appointment_names_someone",
                violation_error_message=_("Name an account or enter the printed name."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.get_role_display()}"

    @property
    def office_acted_in(self) -> str:
        """The office as a decision freezes it; a substitute's is marked 代."""
        office = self.office_held or self.get_role_display()
        return f"{office}（代）" if self.is_acting else office

    @property
    def name(self) -> str:
        """The printed name, else the account's display name."""
        return self.printed_name or (self.user.display_name if self.user else "")


class Substitution(Dated):
    """A holder of an office is away; the substitute named, if any, decides in that office meanwhile."""

    appointment = models.ForeignKey(
        Appointment, models.PROTECT, related_name="substitutions", verbose_name=_("appointment")
    )
    substitute = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="substitutions",
        verbose_name=_("substitute"),
        help_text=_("Left empty, the holder is away and nobody decides in this office."),
    )
    reason = models.CharField(_("reason"), max_length=200)

    class Meta(Dated.Meta):
        ordering = ["-valid_from", "id"]
        verbose_name = _("absence and substitute")
        verbose_name_plural = _("absences and substitutes")
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                condition=Q(valid_until__isnull=False),
                name="substitution_has_an_end",
                violation_error_message=_("Enter the day on which the holder is back."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appointment} → {self.substitute or '—'}"


class Membership(Dated):
    """A Party member's place in a branch: the only key to the internal audience (rule 6)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships", verbose_name=_("account"))
    branch = models.ForeignKey(
        Unit,
        models.PROTECT,
        related_name="memberships",
        verbose_name=_("branch"),
        limit_choices_to={"kind": UnitKind.BRANCH},
    )

    class Meta(Dated.Meta):
        ordering = ["branch__order", "id"]
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["user", "branch"],
                condition=Q(valid_until__isnull=True),
                name="one_open_membership_per_branch",
                violation_error_message=_("This person is already a member of this branch."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.branch}"


class DayKind(models.TextChoices):
    """What makes a day differ from the week's rule."""

    HOLIDAY = "holiday", _("Day off")
    MAKE_UP = "make_up", _("Make-up working day")


class CalendarDay(models.Model):
    """A day off, or a Saturday or Sunday that is worked, as published for the year."""

    Kind = DayKind

    day = models.DateField(_("day"), unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=DayKind)
    name = models.CharField(_("name"), max_length=50)
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        ordering = ["-day"]
        verbose_name = _("day of the calendar")
        verbose_name_plural = _("working-day calendar")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=DayKind.values),
                name="calendar_day_kind_known",
                violation_error_message=_("Choose whether the day is off or worked."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.name}"
