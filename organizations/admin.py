"""Units, accounts, appointments and memberships in the admin: kept by holders of KEEP_ACCOUNTS, told to the trail."""

from http import HTTPStatus
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import ForeignKey, Model
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from audit.services import record
from audit.verbs import describe, name_kinds
from organizations import calendar_upload, roles
from organizations.models import Appointment, CalendarDay, Membership, Role, Substitution, Unit, User
from organizations.portal_admin import Offered, PortalModelAdmin, person, read_and_write, refuse_odd_query
from organizations.roles import Ability
from organizations.watchers import warnings_after_change

name_kinds(
    {
        "unit": gettext_lazy("unit"),
        "account": gettext_lazy("account"),
        "appointment": gettext_lazy("appointment"),
        "membership": gettext_lazy("membership"),
        "calendar_day": gettext_lazy("day of the calendar"),
        "substitution": gettext_lazy("absence and substitute"),
    }
)
describe(
    {
        "unit.created": gettext_lazy("entered a unit"),
        "unit.changed": gettext_lazy("changed a unit"),
        "account.created": gettext_lazy("opened an account"),
        "account.changed": gettext_lazy("changed an account"),
        "account.password_set": gettext_lazy("set the password of an account"),
        "appointment.created": gettext_lazy("entered an appointment"),
        "appointment.changed": gettext_lazy("changed an appointment"),
        "membership.created": gettext_lazy("entered a membership"),
        "membership.changed": gettext_lazy("changed a membership"),
        "calendar_day.created": gettext_lazy("entered a day of the calendar"),
        "calendar_day.changed": gettext_lazy("changed a day of the calendar"),
        "substitution.created": gettext_lazy("entered an absence"),
        "substitution.changed": gettext_lazy("changed an absence"),
    }
)
CONTACTS = frozenset(("phone", "email", "password", "password1", "password2", "usable_password"))
admin.site.unregister(Group) if admin.site.is_registered(Group) else None


class KeptAdmin(PortalModelAdmin):
    """A table of people or units; each change is an Event in the same transaction, contacts by name of field only."""

    ability = Ability.KEEP_ACCOUNTS

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Keepers of this table."""
        return roles.may(person(request), self.ability)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Keepers of this table."""
        return roles.may(person(request), self.ability)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Keepers of this table."""
        return roles.may(person(request), self.ability)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Store the row and tell who changed which fields from what to what."""
        before = type(obj).objects.get(pk=obj.pk) if change else None
        obj.save()
        names = [name for name in form.changed_data if name not in CONTACTS and hasattr(obj, name)]
        record(
            f"{self.trail_kind}.{'changed' if change else 'created'}",
            by=person(request),
            subject_kind=self.trail_kind,
            subject_ref=self.trail_ref(obj),
            subject_label=str(obj),
            unit_code=self.unit_code(obj),
            before={name: _plain(getattr(before, name)) for name in names} if before else None,
            after={**{name: _plain(getattr(obj, name)) for name in names}, "fields": sorted(form.changed_data)},
        )
        for sentence in warnings_after_change():
            messages.warning(request, sentence)

    def unit_code(self, obj: Any) -> str:
        """Code of the unit the row belongs to."""
        return ""


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Model) else value


@admin.register(Unit)
class UnitAdmin(KeptAdmin):
    """Units and bodies with their two superiors."""

    list_display = ["code", "name", "kind", "parent", "party_parent", "discloses", "is_active"]
    list_select_related = ["parent", "party_parent"]
    search_fields = ["code", "name"]
    trail_kind = "unit"

    def trail_ref(self, obj: Any) -> str:
        """Events name a unit by its code."""
        return str(obj.code)

    def unit_code(self, obj: Any) -> str:
        """Its own."""
        return str(obj.code)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """The code is part of addresses and index numbers and stays."""
        return ["code"] if obj else []


class NotForOneself(ModelForm):
    """Whoever keeps accounts gives nothing to their own account and takes nothing from it."""

    keeper: User

    def clean(self) -> dict[str, Any]:
        """Refuse a row about the keeper's own account, before or after the change."""
        cleaned = super().clean() or {}
        concerned = {self.instance.user_id, getattr(cleaned.get("user"), "pk", None)}
        if self.keeper.pk in concerned:
            raise ValidationError(_("Nobody enters this for their own account. Ask another administrator."), code="own")
        return cleaned


class ForOthersAdmin(KeptAdmin):
    """Rows that give a person something."""

    form = NotForOneself

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form knows who fills it in."""
        made = super().get_form(request, obj, change=change, **kwargs)
        return type(made.__name__, (made,), {"keeper": person(request)})

    def unit_code(self, obj: Any) -> str:
        """Of the unit or branch it holds in."""
        return str((getattr(obj, "unit", None) or obj.branch).code)


class RoleFilter(Offered):
    """Appointments in one role."""

    title = gettext_lazy("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Every role."""
        return [(str(value), str(label)) for value, label in Role.choices]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Appointments in the chosen role."""
        return queryset.filter(role=self.value()) if self.value() else queryset


@admin.register(Appointment)
class AppointmentAdmin(ForOthersAdmin):
    """Who holds which role where, from when until when; ended by a date, never deleted."""

    list_display = ["named", "role", "unit", "office_held", "valid_from", "valid_until"]
    list_select_related = ["user", "unit"]
    list_filter = [RoleFilter]
    search_fields = ["user__username", "user__display_name", "printed_name", "unit__name"]
    trail_kind = "appointment"

    @admin.display(description=pgettext_lazy("person", "Name"))
    def named(self, appointment: Appointment) -> str:
        """The printed name, else the account's."""
        return appointment.name


class SubstitutionForm(ModelForm):
    """An absence with its substitute: not for oneself, not the holder, not twice on one day."""

    keeper: User

    def clean(self) -> dict[str, Any]:
        """Refuse what would give the keeper something, and absences of one office that overlap."""
        cleaned = super().clean() or {}
        held, stand_in = cleaned.get("appointment"), cleaned.get("substitute")
        old = self.instance if self.instance.pk else None
        concerned = [stand_in, held and held.user, old and old.substitute, old and old.appointment.user]
        if self.keeper in concerned:
            raise ValidationError(_("Nobody enters this for their own account. Ask another administrator."), code="own")
        if held and stand_in and held.user == stand_in:
            self.add_error("substitute", _("The holder cannot be their own substitute."))
        begins, ends = cleaned.get("valid_from"), cleaned.get("valid_until")
        if held and begins and ends:
            others = held.substitutions.exclude(pk=self.instance.pk)
            if others.filter(valid_from__lt=ends, valid_until__gt=begins).exists():
                self.add_error("valid_from", _("Another absence of this office is entered for some of these days."))
        return cleaned


@admin.register(Substitution)
class SubstitutionAdmin(ForOthersAdmin):
    """Who is away from which office from when until when, and who decides there meanwhile."""

    form = SubstitutionForm  # type: ignore[assignment]  # asks the same of other columns
    fields = ["appointment", "substitute", "valid_from", "valid_until", "reason"]
    list_display = ["appointment", "substitute", "valid_from", "valid_until", "reason"]
    list_select_related = ["appointment__user", "substitute"]
    search_fields = ["appointment__user__display_name", "substitute__display_name"]
    trail_kind = "substitution"

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        """Appointments with the people their names need."""
        if db_field.name == "appointment":
            kwargs["queryset"] = Appointment.objects.filter(user__isnull=False).select_related("user")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def unit_code(self, obj: Any) -> str:
        """Of the office stood in for."""
        return str(obj.appointment.unit.code)


@admin.register(Membership)
class MembershipAdmin(ForOthersAdmin):
    """Party members and their branches: the only key to the internal audience."""

    list_display = ["user", "branch", "valid_from", "valid_until"]
    list_select_related = ["user", "branch"]
    search_fields = ["user__username", "user__display_name", "branch__name"]
    trail_kind = "membership"


class YearFilter(Offered):
    """Days of one year."""

    title = gettext_lazy("year")
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Years of which something is known, newest first."""
        years = CalendarDay.objects.dates("day", "year", order="DESC")
        return [(str(first.year), str(first.year)) for first in years]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Days of the chosen year."""
        return queryset.filter(day__year=self.value()) if self.value() else queryset


@admin.register(CalendarDay)
class CalendarDayAdmin(KeptAdmin):
    """Days off and make-up days; a day entered by mistake is turned into what the week's rule says of it."""

    ability = Ability.KEEP_CATALOGUE
    list_display = ["day", "weekday", "kind", "name", "source"]
    list_filter = [YearFilter]
    search_fields = ["name"]
    trail_kind = "calendar_day"
    change_list_template = "admin/calendar_list.html"

    def get_urls(self) -> list[URLPattern]:
        """The pages of Django's admin, and the one for a whole year."""
        own = path("upload/", self.admin_site.admin_view(self.upload_view), name="organizations_calendarday_upload")
        return [own, *super().get_urls()]

    @read_and_write
    def upload_view(self, request: HttpRequest) -> HttpResponse:
        """Enter the days of a year together, for keepers of the calendar."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return calendar_upload.page(request, {**self.admin_site.each_context(request), "opts": self.opts})

    def trail_ref(self, obj: Any) -> str:
        """Events name a day by its date."""
        return str(obj.day.isoformat())

    @admin.display(description=gettext_lazy("day of the week"))
    def weekday(self, row: CalendarDay) -> str:
        """Its name."""
        return date_format(row.day, "l")


class NewAccountForm(AdminUserCreationForm):
    """A new account with its first password."""

    class Meta:
        model = User
        fields = ("username", "display_name")


class AccountForm(UserChangeForm):
    """An account without Django's own rights: those come from appointments alone."""

    class Meta:
        model = User
        fields = ("username", "password", "display_name", "phone", "email", "is_active", "is_staff")


@admin.register(User)
class UserAdmin(KeptAdmin, DjangoUserAdmin):
    """Accounts are closed by `is_active`, never deleted; `is_superuser`, groups and permissions are not offered."""

    form = AccountForm
    add_form = NewAccountForm
    fieldsets = (
        (None, {"fields": ("username", "password", "display_name", "phone", "email")}),
        (gettext_lazy("Use"), {"fields": ("is_active", "is_staff")}),
    )
    add_fieldsets = (
        (
            None,
            {"classes": ("wide",), "fields": ("username", "display_name", "usable_password", "password1", "password2")},
        ),
    )
    list_display = ["username", "display_name", "is_active", "is_staff"]
    list_filter = []
    filter_horizontal = []
    search_fields = ["username", "display_name"]
    trail_kind = "account"

    def trail_ref(self, obj: Any) -> str:
        """Events name an account by its username."""
        return str(obj.username)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """No lookups at all."""
        return False

    @method_decorator(sensitive_post_parameters())
    @read_and_write
    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """Set a password; the Event stands in the same transaction."""
        refuse_odd_query(request)
        with transaction.atomic():
            response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == HTTPStatus.OK:  # the form again, with its errors
            response.status_code = HTTPStatus.BAD_REQUEST
        return response

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Django calls this after a password was set; other changes are told by `save_model`."""
        if not request.path.endswith("/password/"):
            return
        record(
            "account.password_set",
            by=person(request),
            subject_kind="account",
            subject_ref=obj.username,
            subject_label=str(obj),
        )
