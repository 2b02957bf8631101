"""How a form says that a door is closed for a while: everything typed stays, and programs are told when to return."""

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.services.rates import TooMany


def tell_later(form: forms.Form, closed: TooMany) -> None:
    """Say it in the form."""
    minutes = -(-closed.seconds // 60)
    wait = ngettext("%(minutes)d minute", "%(minutes)d minutes", minutes) % {"minutes": minutes}
    sentence = _("Very much is arriving just now. What you typed is kept: wait %(wait)s, then press the button again.")
    form.add_error(None, sentence % {"wait": wait})


def retry_after(closed: TooMany, response: HttpResponse) -> HttpResponse:
    """The page with the header that tells programs when to come back, in seconds."""
    response["Retry-After"] = str(max(1, closed.seconds))
    return response
