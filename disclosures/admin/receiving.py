"""One file sent by itself while the drafting form is open, answered with the token that stands for it."""

from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from disclosures import access
from disclosures.admin.uploading import UploadForm, token_for
from organizations.portal_admin import person


@require_POST
def receive_file(request: HttpRequest) -> JsonResponse:
    """Keep the field `file` of a drafter; `{token, name}`, or 400 with `{error}` in a sentence about this file."""
    user = person(request)
    if not access.units_drafted_by(user).exists():
        raise PermissionDenied
    form = UploadForm(request.POST, request.FILES, user=user)
    if form.is_valid():
        form.keep_upload()
    if form.stored is None:
        said = [str(error) for errors in form.errors.values() for error in errors]
        return JsonResponse({"error": " ".join(said)}, status=HTTPStatus.BAD_REQUEST)
    return JsonResponse({"token": token_for(form.stored, form.stored_name, user), "name": form.stored_name})
