"""From a refusal of a service to a page: its status and its sentences beside the fields."""

from http import HTTPStatus

from django import forms

from disclosures.refusal import Refused

STATUS = {
    "stale": HTTPStatus.CONFLICT,
    "newer_revision": HTTPStatus.CONFLICT,
    "decided": HTTPStatus.CONFLICT,
    "stale_attachment": HTTPStatus.CONFLICT,
    "not_allowed": HTTPStatus.FORBIDDEN,
}


def status_of(refusal: Refused) -> int:
    """409 for what changed in the meantime, 403 for what is not this person's to do, 400 for everything else."""
    return STATUS.get(refusal.code, HTTPStatus.BAD_REQUEST)


def show_problems(form: forms.BaseForm, refusal: Refused) -> None:
    """Put the refusal and each of its problems into the errors of a bound form, beside the field where there is one."""
    if not form.errors:
        form.add_error(None, str(refusal.message))
    for name, sentences in refusal.problems.items():
        form.add_error(name if name in form.fields else None, [str(sentence) for sentence in sentences])
