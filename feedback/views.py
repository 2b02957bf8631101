"""Public pages of feedback: how it works, send, receipt, track. They decide nothing and set no cookie."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from disclosures.converters import ItemNumber
from disclosures.models import Item, Release
from feedback import counting, reports, sent_files, tokens
from feedback.forms import CodeForm, MessageForm, OpinionForm, VerdictForm
from feedback.models import Case, SenderKind
from feedback.sealing import Sender
from feedback.services import Accused, AlreadySent, Arrival, ReceiptOver, Refused, add_message, rates, receive
from feedback.services.rates import Door, TooMany
from feedback.services.verdicts import asked_about
from feedback.tokens import BadToken, Purpose, Token
from feedback.too_many import retry_after, tell_later
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
    reader, at = request.reader, request.at  # type: ignore[attr-defined]
    answers = reports.as_listed(reports.answers_visible_to(reader, at)[:LATEST], reader, at)
    return render(request, "feedback/home.html", {"answers": answers})


def takes_files(view: View) -> View:
    """The only public doors through which files come: `RefuseUnreadableBodies` lets a larger body in."""
    view.most_bytes = sent_files.MOST_BYTES  # type: ignore[attr-defined]
    return view


@takes_files
@csrf_exempt  # the form's own signed token is bound to the account: docs/decisions/feedback-form-token.md
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def new(request: HttpRequest) -> HttpResponse:
    """The form, and its answer: the receipt with the tracking code, the same for the same token.

    The empty form may stay in the browser's own history: going back after a fault or a receipt finds the words and the
    token again, so that nothing is typed twice and the same words are not sent twice.
    """
    if request.method == "POST":
        return never_cache(_send)(request)
    subject = _visible_subject(request)
    if not _may_send(request):
        return never_cache(render)(request, "feedback/members_only.html", {"subject": subject})
    response = _form_page(request, subject, _opinion_form(request, subject), status=200)
    patch_cache_control(response, private=True, no_cache=True)
    return response


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
    try:
        rates.look(Door.WRONG_CODE, request)
        case = _case_of(form.data.get("code", ""))
        if case is None:
            rates.passed(Door.WRONG_CODE, request)
    except TooMany as closed:
        tell_later(form, closed)
        return retry_after(closed, render(request, "feedback/track.html", {"form": form}, status=429))
    if not form.is_valid() or case is None:
        if form.is_valid():
            form.add_error("code", _("There is no opinion with this code. Check it character by character."))
        return render(request, "feedback/track.html", {"form": form}, status=400)
    initial = {"text": form.cleaned_data.get("text", "")}
    return dialogue_page(request, case, MessageForm(initial=initial, account=account_of(request)))


@takes_files
@csrf_exempt  # the message's own one-time token names the case and the account
@require_POST
@confidential
@sensitive_post_parameters()
def message(request: HttpRequest) -> HttpResponse:
    """Add a message to the case that the token names; the same token stores one."""
    closed = sent_files.open_door(request)
    try:
        token = tokens.read(request.POST.get("token", ""), Purpose.MESSAGE, None, account_of(request))
    except BadToken:
        return ask_code_again(request)
    case = Case.objects.select_related("unit", "item").filter(uid=token.subject).first()
    if case is None:
        return ask_code_again(request)
    form = MessageForm(request.POST, request.FILES, account=account_of(request))
    try:
        if closed:
            raise closed
        if not form.is_valid():
            return dialogue_page(request, case, form, status=400)
        rates.passed(Door.MESSAGE, request)
        add_message(token, text=form.cleaned_data["text"], files=form.cleaned_data["stored"])
    except TooMany as too_many:
        tell_later(form, too_many)
        return retry_after(too_many, dialogue_page(request, case, form, status=429))
    except AlreadySent:
        form.add_error(None, _("A message was sent from this page already. Press the button to send this one too."))
        return dialogue_page(request, case, form, status=400)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return dialogue_page(request, case, form, status=400)
    return dialogue_page(request, case, MessageForm(account=account_of(request)), was_sent=True)


def _send(request: HttpRequest) -> HttpResponse:
    closed = sent_files.open_door(request)
    token, subject = _token_and_subject(request)
    form = _opinion_form(request, subject, data=True)
    page = partial(_form_page, request, subject, form)
    if not _may_send(request):
        form.add_error(None, _("Only members may send opinions here. Log in, or write to the unit."))
        return page(status=403)
    if token is None:
        form.add_error(
            None, _("This form was open too long or belongs to another page. Nothing is lost: press “Send” once more.")
        )
    elif 0 <= token.age < settings.PORTAL_SEND_AFTER_SECONDS and form.is_valid():
        form.add_error(None, _("That was quicker than people type. Nothing is lost: press “Send” once more."))
    same = request.POST.get("token") if token else None
    try:
        if closed:
            raise closed
        if token is None or not form.is_valid():
            return page(status=400, token=same)
        rates.passed(Door.SEND, request)
        case, code = _receive(request, token, subject, form.cleaned_data)
    except TooMany as too_many:
        tell_later(form, too_many)
        return retry_after(too_many, page(status=429, token=same))
    except AlreadySent:
        form.add_error(
            None, _("An opinion was sent from this form already. Press “Send” once more to send this one too.")
        )
        return page(status=400)
    except ReceiptOver:
        return _bare(render(request, "feedback/receipt_over.html", {"subject": subject}, status=410))
    context = {"case": case, "code": code, "subject": subject, "track_url": track_url(request)}
    return _bare(render(request, "feedback/receipt.html", context))


def _bare(response: HttpResponse) -> HttpResponse:
    response["Referrer-Policy"] = "no-referrer"
    return response


def track_url(request: HttpRequest) -> str:
    """The full address of the tracking page, for paper."""
    return request.build_absolute_uri(reverse("feedback:track"))


def _may_send(request: HttpRequest) -> bool:
    return settings.PORTAL_GUESTS_MAY_SEND or request.user.is_authenticated


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
        arrival=Arrival(files=data["stored"], may_publish=data["may_publish"]),
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
        token = tokens.read(request.POST.get("token", ""), Purpose.SEND, number, account_of(request))
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
        request.FILES if data else None,
        account=account_of(request),
        has_account=request.user.is_authenticated,
        is_about_item=subject.item is not None,
    )


def _form_page(
    request: HttpRequest, subject: Subject, form: OpinionForm, *, status: int, token: str | None = None
) -> HttpResponse:
    fresh = token or tokens.issue(Purpose.SEND, subject.number, account_of(request))
    return render(request, "feedback/new.html", {"form": form, "subject": subject, "token": fresh}, status=status)


def _case_of(code: str) -> Case | None:
    """The case behind a code; the same work whatever was typed."""
    return Case.objects.select_related("unit", "item").filter(code_digest__in=tokens.digests_of(code)).first()


def dialogue_page(
    request: HttpRequest,
    case: Case,
    form: MessageForm,
    *,
    status: int = 200,
    was_sent: bool = False,
    was_judged: bool = False,
    verdict_form: VerdictForm | None = None,
) -> HttpResponse:
    """What the holder of the code sees: the dialogue, where it stands, and what can be said now."""
    context = {
        "case": case,
        "counts": counting.counts_of(case, request.at),  # type: ignore[attr-defined]
        "waits_for_sender": counting.is_waiting_for_sender(case),
        "path": reports.path_of(case),
        "turns": reports.dialogue_of(case),
        "message_form": form,
        "token": tokens.issue(Purpose.MESSAGE, str(case.uid), account_of(request)),
        "follow": tokens.issue(Purpose.FOLLOW, str(case.uid), account_of(request)),
        "verdict_form": (verdict_form or VerdictForm()) if asked_about(case, request.at) else None,  # type: ignore[attr-defined]
        "was_sent": was_sent,
        "was_judged": was_judged,
    }
    return render(request, "feedback/dialogue.html", context, status=status)


def ask_code_again(request: HttpRequest) -> HttpResponse:
    """The page was open too long: its code once more, with what was typed kept."""
    form = CodeForm(request.POST, keeps_text=bool(request.POST.get("text")))
    form.is_valid()
    form.errors.pop("code", None)
    form.add_error(
        None, _("The page was open too long. Enter the tracking code again, then send the message; it is kept below.")
    )
    return render(request, "feedback/track.html", {"form": form}, status=400)


def account_of(request: HttpRequest) -> int | None:
    """Primary key of the account behind the request, to which tokens are bound."""
    return request.user.pk if request.user.is_authenticated else None
