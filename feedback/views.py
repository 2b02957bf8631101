"""Public pages of feedback: how it works, send, receipt, track. They decide nothing and set no cookie."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from disclosures.converters import ItemNumber
from disclosures.models import Item, Release
from feedback import reports, tokens
from feedback.forms import CodeForm, MessageForm, OpinionForm
from feedback.models import Case, SenderKind
from feedback.sealing import Sender
from feedback.services import Accused, AlreadySent, Refused, add_message, receive
from feedback.tokens import BadToken, Purpose, Token
from organizations.models import Membership, Unit

View = Callable[..., HttpResponse]
LATEST = 20  # answers on the first page


@dataclass(frozen=True)
class Subject:
    """What an opinion is about; `title` is empty where the reader no longer sees the item."""

    item: Item | None = None
    title: str = ""

    @property
    def number(self) -> str:
        """The item's number, empty for an opinion in general."""
        return (self.item.number or "") if self.item else ""


def confidential(view: View) -> View:
    """Never stored, never named to another page, never indexed: what a code or its holder sees (P30, P31)."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = never_cache(view)(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex"
        return response

    return guarded


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """How feedback works, the two doors, and the latest published answers."""
    answers = reports.as_shown(reports.answers_visible_to(request.reader, request.at)[:LATEST])  # type: ignore[attr-defined]
    return render(request, "feedback/home.html", {"answers": answers})


@csrf_exempt  # the form's own signed token is bound to the account: docs/decisions/feedback-form-token.md
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters()
def new(request: HttpRequest) -> HttpResponse:
    """The form, and its answer: the receipt with the tracking code, the same for the same token."""
    if request.method != "POST":
        subject = _visible_subject(request)
        return _form_page(request, subject, _opinion_form(request, subject), status=200)
    return _send(request)


@csrf_exempt  # a code is looked up, nothing changes
@require_http_methods(["GET", "HEAD", "POST"])
@confidential
@sensitive_post_parameters()
def track(request: HttpRequest) -> HttpResponse:
    """Open the dialogue by its code, taken from the body only."""
    if request.method != "POST":
        return render(request, "feedback/track.html", {"form": CodeForm()})
    kept = bool(request.POST.get("text"))
    form = CodeForm(request.POST, keeps_text=kept)
    case = _case_of(form.data.get("code", ""))
    if not form.is_valid() or case is None:
        if form.is_valid():
            form.add_error("code", _("There is no opinion with this code. Check it character by character."))
        return render(request, "feedback/track.html", {"form": form}, status=400)
    return _dialogue(request, case, MessageForm(initial={"text": form.cleaned_data.get("text", "")}))


@csrf_exempt  # the message's own one-time token names the case and the account
@require_POST
@confidential
@sensitive_post_parameters()
def message(request: HttpRequest) -> HttpResponse:
    """Add a message to the case that the token names; the same token stores one."""
    try:
        token = tokens.read(request.POST.get("token", ""), Purpose.MESSAGE, None, _account(request))
    except BadToken:
        return _ask_code_again(request)
    case = Case.objects.select_related("unit", "item").filter(uid=token.subject).first()
    if case is None:
        return _ask_code_again(request)
    form = MessageForm(request.POST)
    if not form.is_valid():
        return _dialogue(request, case, form, status=400)
    try:
        add_message(token, text=form.cleaned_data["text"])
    except AlreadySent:
        form.add_error(None, _("A message was sent from this page already. Press the button to send this one too."))
        return _dialogue(request, case, form, status=400)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _dialogue(request, case, form, status=400)
    return _dialogue(request, case, MessageForm(), was_sent=True)


def _send(request: HttpRequest) -> HttpResponse:
    token, subject = _token_and_subject(request)
    form = _opinion_form(request, subject, data=True)
    if token is None:
        form.add_error(
            None, _("This form was open too long or belongs to another page. Nothing is lost: press “Send” once more.")
        )
    if token is None or not form.is_valid():
        return _form_page(request, subject, form, status=400, token=request.POST.get("token") if token else None)
    try:
        case, code = _receive(request, token, subject, form.cleaned_data)
    except AlreadySent:
        form.add_error(
            None, _("An opinion was sent from this form already. Press “Send” once more to send this one too.")
        )
        return _form_page(request, subject, form, status=400)
    response = render(request, "feedback/receipt.html", {"case": case, "code": code, "subject": subject})
    response["Referrer-Policy"] = "no-referrer"
    return response


def _receive(request: HttpRequest, token: Token, subject: Subject, data: dict[str, Any]) -> tuple[Case, str]:
    unit: Unit = subject.item.unit if subject.item else data["unit"]
    is_member = request.reader.is_member  # type: ignore[attr-defined]
    return receive(
        token,
        item=subject.item,
        unit=unit,
        kind=data["kind"],
        text=data["text"],
        sender_kind=SenderKind.MEMBER if is_member else SenderKind.PUBLIC,
        sender=_sender(request, data),
        accused=Accused(data["about_unit"], data["about_person"]),
    )


def _sender(request: HttpRequest, data: dict[str, Any]) -> Sender:
    """What is sealed: nothing of a sender who stays unnamed."""
    if not request.user.is_authenticated:
        return Sender(name=data["name"], contact=data["contact"])
    if data["sending"] != "named":
        return Sender()
    user = request.user
    held = Membership.objects.in_force(timezone.localdate(request.at)).filter(user=user).select_related("branch")  # type: ignore[attr-defined]
    branches = "、".join(membership.branch.name for membership in held)
    return Sender(user.display_name, user.phone or user.email, user.username, branches)


def _token_and_subject(request: HttpRequest) -> tuple[Token | None, Subject]:
    """The valid token, if it is one, and what the form is about.

    A valid token proves that its reader saw the item when the form was opened, so that words typed while it was
    withdrawn are not lost.
    """
    number = request.GET.get("item", "")
    try:
        token = tokens.read(request.POST.get("token", ""), Purpose.SEND, number, _account(request))
    except BadToken:
        return None, _visible_subject(request)
    try:
        return token, _visible_subject(request)
    except Http404:
        return token, Subject(Item.objects.select_related("unit").get(number=number))


def _visible_subject(request: HttpRequest) -> Subject:
    """The item named in the address, where the reader sees it; everything else is missing alike (rule 1)."""
    number = request.GET.get("item", "")
    if not number:
        return Subject()
    if not re.fullmatch(ItemNumber.regex, number):
        raise Http404
    shown = Release.objects.visible_to(request.reader, request.at).for_reading()  # type: ignore[attr-defined]
    release = shown.filter(item__number=number).order_by("-internal_from", "-id").first()
    if release is None:
        raise Http404
    return Subject(release.item, release.revision.title)


def _opinion_form(request: HttpRequest, subject: Subject, *, data: bool = False) -> OpinionForm:
    return OpinionForm(
        request.POST if data else None,
        has_account=request.user.is_authenticated,
        is_about_item=subject.item is not None,
    )


def _form_page(
    request: HttpRequest, subject: Subject, form: OpinionForm, *, status: int, token: str | None = None
) -> HttpResponse:
    fresh = token or tokens.issue(Purpose.SEND, subject.number, _account(request))
    return render(request, "feedback/new.html", {"form": form, "subject": subject, "token": fresh}, status=status)


def _case_of(code: str) -> Case | None:
    """The case behind a code; the same work whatever was typed."""
    return Case.objects.select_related("unit", "item").filter(code_digest__in=tokens.digests_of(code)).first()


def _dialogue(
    request: HttpRequest, case: Case, form: MessageForm, *, status: int = 200, was_sent: bool = False
) -> HttpResponse:
    context = {
        "case": case,
        "path": reports.path_of(case),
        "turns": reports.dialogue_of(case),
        "message_form": form,
        "token": tokens.issue(Purpose.MESSAGE, str(case.uid), _account(request)),
        "was_sent": was_sent,
    }
    return render(request, "feedback/dialogue.html", context, status=status)


def _ask_code_again(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST, keeps_text=bool(request.POST.get("text")))
    form.is_valid()
    form.errors.pop("code", None)
    form.add_error(
        None, _("The page was open too long. Enter the tracking code again, then send the message; it is kept below.")
    )
    return render(request, "feedback/track.html", {"form": form}, status=400)


def _account(request: HttpRequest) -> int | None:
    return request.user.pk if request.user.is_authenticated else None
