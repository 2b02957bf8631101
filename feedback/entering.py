"""The page on which staff enter an opinion that did not come through the form, and the slip for its sender."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from disclosures.admin.refusals import show_problems, status_of
from feedback import tokens
from feedback.forms import LineField, UnitField, WordsField, helper
from feedback.models import CaseKind, Channel, SenderKind
from feedback.sealing import Sender
from feedback.sent_files import FilesForm
from feedback.services import AlreadySent, Arrival, Entered, ReceiptOver, Refused
from feedback.services.entering import Letter, enter
from feedback.tokens import BadToken, Purpose, Token
from feedback.views import track_url
from organizations import roles
from organizations.models import Unit, User
from organizations.portal_admin import person
from organizations.roles import Ability


class EnterForm(FilesForm):
    """What came, how, when, and from whom."""

    channel = forms.ChoiceField(label=gettext_lazy("How did it come?"), choices=Channel)
    arrived_on = forms.DateField(
        label=gettext_lazy("Arrived on"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=gettext_lazy("The day it came to the unit; when it was entered is recorded by itself."),
    )
    place = LineField(
        label=gettext_lazy("Place or meeting"),
        required=False,
        longest=200,
        help_text=gettext_lazy("Such as which box or which meeting. No names of people."),
    )
    unit = UnitField(Unit.objects.none(), label=gettext_lazy("Handling unit"), empty_label=None)
    kind = forms.ChoiceField(label=pgettext_lazy("feedback", "Kind"), choices=CaseKind)
    text = WordsField(
        label=gettext_lazy("Text of the opinion"),
        rows=9,
        help_text=gettext_lazy("In the words of the sender, without name, address or telephone number."),
        error_messages={"required": gettext_lazy("Enter the text of the opinion.")},
    )
    sender_kind = forms.ChoiceField(label=gettext_lazy("Sender"), choices=SenderKind, initial=SenderKind.PUBLIC)
    name = LineField(
        label=pgettext_lazy("person", "Name"),
        required=False,
        help_text=gettext_lazy("Sealed at once, as online: afterwards nobody reads it without a recorded reason."),
    )
    contact = LineField(label=gettext_lazy("Phone or e-mail"), required=False)
    may_publish = forms.TypedChoiceField(
        label=gettext_lazy("May the answer be published?"),
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))],
        coerce=lambda value: value == "yes",
        initial="yes",
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Ask the sender. Without a name the answer is public, unless the sender does not wish it."
        ),
    )
    field_order = ["channel", "arrived_on", "place", "unit", "kind", "text", "documents", "drop_files"]

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, account=by.pk, **kwargs)
        self.by = by
        units = self.fields["unit"]
        assert isinstance(units, UnitField)
        handled = roles.units_where(by, Ability.HANDLE)
        rows = Unit.objects.filter(discloses=True, is_active=True)
        units.queryset = rows if handled is None else rows.filter(pk__in=handled)
        today = timezone.localdate().isoformat()
        self.fields["arrived_on"].widget.attrs["max"] = today
        self.helper = helper(button=_("Enter and print the slip"))


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def page(request: HttpRequest, base: dict[str, Any]) -> HttpResponse:
    """The form, and its answer: the slip with the tracking code."""
    user = person(request)
    if not roles.may(user, Ability.HANDLE):
        raise PermissionDenied
    if request.method != "POST":
        return _form_page(request, base, EnterForm(by=user))
    form = EnterForm(request.POST, request.FILES, by=user)
    try:
        token = tokens.read(request.POST.get("token", ""), Purpose.ENTER, "", user.pk)
    except BadToken:
        form.add_error(None, _("This form was open too long. Nothing is lost: press the button once more."))
        return _form_page(request, base, form, status=400)
    if not form.is_valid():
        return _form_page(request, base, form, status=400, token=request.POST["token"])
    return _entered(request, base, form, token)


def _entered(request: HttpRequest, base: dict[str, Any], form: EnterForm, token: Token) -> HttpResponse:
    """The slip, or the form again with the reason."""
    try:
        case, code = enter(token, letter=_letter(form.cleaned_data), arrival=_arrival(form))
    except AlreadySent:
        form.add_error(
            None, _("An opinion was entered from this form already. Press the button once more for this one.")
        )
        return _form_page(request, base, form, status=400)
    except ReceiptOver:
        form.add_error(
            None, _("This opinion is entered already; its slip was shown for an hour and is not shown again.")
        )
        return _form_page(request, base, form, status=410)
    except Refused as refusal:
        show_problems(form, refusal)
        return _form_page(request, base, form, status=status_of(refusal), token=request.POST["token"])
    slip = {"case": case, "code": code, "track_url": track_url(request)}
    return _private(render(request, "feedback/admin/entered.html", {**base, "title": _("Slip for the sender"), **slip}))


def _letter(data: dict[str, Any]) -> Letter:
    sender = Sender(name=data["name"], contact=data["contact"])
    return Letter(data["unit"], data["kind"], data["text"], SenderKind(data["sender_kind"]), sender)


def _arrival(form: EnterForm) -> Arrival:
    data = form.cleaned_data
    entered = Entered(form.by, data["channel"], data["arrived_on"], data["place"])
    return Arrival(files=data["stored"], may_publish=data["may_publish"], entered=entered)


def _form_page(
    request: HttpRequest, base: dict[str, Any], form: EnterForm, *, status: int = 200, token: str = ""
) -> HttpResponse:
    fresh = token or tokens.issue(Purpose.ENTER, "", request.user.pk)
    context = {**base, "title": _("Enter an opinion"), "form": form, "token": fresh}
    return _private(render(request, "feedback/admin/enter.html", context, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
