"""Forms of the one door."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.validators import MaxLengthValidator
from django.forms import CharField
from django.utils.translation import gettext as _


def helper(label: str) -> FormHelper:
    """A crispy helper with one button."""
    made = FormHelper()
    made.add_input(Submit("log_in", label))
    return made


class LogInForm(AuthenticationForm):
    """Log in; the refusal is the same whether or not the account exists."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        username = self.fields["username"]
        assert isinstance(username, CharField)
        username.widget.attrs["autofocus"] = True
        if username.max_length:  # Django only tells the browser; the record of failed attempts takes no longer name
            username.validators.append(MaxLengthValidator(username.max_length))
        self.helper = helper(_("Log in"))


class NewPasswordForm(PasswordChangeForm):
    """Change one's own password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(_("Change password"))
