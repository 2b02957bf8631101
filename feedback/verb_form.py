"""What every form of a verb of staff has in common."""

from typing import Any, cast

from django import forms
from django.http import QueryDict

from feedback.forms import helper
from feedback.models import Case
from feedback.workflow import TRANSITIONS
from organizations.models import User


class VerbForm(forms.Form):
    """A verb without words of its own; `version` is the version of the case that was on the screen."""

    version = forms.IntegerField(widget=forms.HiddenInput, max_value=2**31 - 1)
    verb = ""

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        kwargs |= {"auto_id": f"id_{self.verb}_%s", "initial": {"version": case.version}}
        super().__init__(*args, **kwargs)
        self.case, self.by = case, by
        self.prepare()
        self.helper = helper(button=str(TRANSITIONS[self.verb].label))

    def prepare(self) -> None:
        """Fill in the choices that depend on the case."""

    def show(self, name: str, value: str) -> None:
        """Put a value into the form as it is shown again."""
        data = cast(QueryDict, self.data).copy()
        data[name] = value
        self.data = data

    def payload(self) -> dict[str, Any]:
        """Keyword arguments of the verb."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


def shortened(text: str) -> str:
    """The first words on one line."""
    line = " ".join(text.split())
    return line if len(line) <= 40 else f"{line[:39]}…"
