"""What the holder of a tracking code does beside writing: fetch files, say whether it is solved. By POST only (P31)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from disclosures import uploads
from feedback import tokens
from feedback.forms import MessageForm, VerdictForm
from feedback.models import Case, CaseFile
from feedback.services import Refused, rates, say
from feedback.services.rates import Door, TooMany
from feedback.tokens import BadToken, Purpose
from feedback.too_many import retry_after, tell_later
from feedback.views import account_of, ask_code_again, confidential, dialogue_page


@csrf_exempt  # the token names the case and the account; nothing changes
@require_POST
@confidential
@sensitive_post_parameters()
def file(request: HttpRequest) -> HttpResponse:
    """One file of the case that the token names, as a download."""
    case = _case_behind(request)
    if case is None:
        return ask_code_again(request)
    order = request.POST.get("order", "")
    return download(case, int(order) if order.isascii() and order.isdecimal() and len(order) < 5 else 0)


@csrf_exempt  # the token names the case and the account; the database keeps one verdict for an answer
@require_POST
@confidential
@sensitive_post_parameters()
def verdict(request: HttpRequest) -> HttpResponse:
    """Solved, partly, or not solved and why."""
    case = _case_behind(request)
    if case is None:
        return ask_code_again(request)
    form = VerdictForm(request.POST)
    message_form = MessageForm(account=account_of(request))
    try:
        if not form.is_valid():
            return dialogue_page(request, case, message_form, status=400, verdict_form=form)
        rates.passed(Door.MESSAGE, request)
        case = say(case.uid, verdict=form.cleaned_data["verdict"], why=form.cleaned_data["text"])
    except TooMany as closed:
        tell_later(form, closed)
        return retry_after(closed, dialogue_page(request, case, message_form, status=429, verdict_form=form))
    except Refused as refusal:
        form.add_error("text" if refusal.code == "text" else None, str(refusal))
        return dialogue_page(request, case, message_form, status=400, verdict_form=form)
    return dialogue_page(request, case, message_form, was_judged=True)


def download(case: Case, order: int) -> HttpResponse:
    """The file of `case` with this order, as an attachment that no browser shows or guesses at."""
    try:
        row = CaseFile.objects.select_related("file").get(case=case, order=order)
        return uploads.download_response(row.file.sha256, row.filename, row.file.content_type)  # type: ignore[return-value]
    except (CaseFile.DoesNotExist, FileNotFoundError):
        raise Http404 from None


def _case_behind(request: HttpRequest) -> Case | None:
    try:
        token = tokens.read(request.POST.get("token", ""), Purpose.FOLLOW, None, account_of(request))
    except BadToken:
        return None
    return Case.objects.select_related("unit", "item").filter(uid=token.subject).first()
