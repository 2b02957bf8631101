"""Forms of senders and of staff: they clean and shape, and call no services."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from disclosures.richtext import clean_line, clean_text
from feedback.models import CaseKind, Verdict
from feedback.sent_files import FilesForm
from organizations.models import Unit

LONGEST_TEXT = 10_000  # characters


class WordsField(forms.CharField):
    """Plain text of several lines; control and direction characters go before anything is checked.

    No `maxlength` in the page: browsers cut a pasted text there without a word.
    """

    def __init__(self, *, rows: int = 4, longest: int = LONGEST_TEXT, **kwargs: Any) -> None:
        self.longest = longest
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        text = self.clean_words(super().to_python(value) or "")
        if len(text) > self.longest:
            raise ValidationError(
                _("The text is too long: %(length)d characters, at most %(limit)d are possible."),
                code="too_long",
                params={"length": len(text), "limit": self.longest},
            )
        return text

    def clean_words(self, text: str) -> str:
        """The text as it is kept."""
        return clean_text(text)


class LineField(WordsField):
    """Plain text on one line."""

    def __init__(self, *, longest: int = 100, **kwargs: Any) -> None:
        super().__init__(longest=longest, widget=forms.TextInput, **kwargs)

    def clean_words(self, text: str) -> str:
        """The text as it is kept."""
        return clean_line(text)


class UnitField(forms.ModelChoiceField):
    """A unit by its code, under its name in the language of the page."""

    def __init__(self, queryset: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(queryset, to_field_name="code", **kwargs)

    def to_python(self, value: Any) -> Unit | None:
        if isinstance(value, str) and "\0" in value:  # PostgreSQL does not take it into a query
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": ""})
        return super().to_python(value)


def helper(*, button: str | Promise = "", main: bool = True, name: str = "send") -> FormHelper:
    """A crispy helper for a form whose tag, token and csrf stand in the template."""
    made = FormHelper()
    made.form_tag = False
    made.disable_csrf = True
    if button:
        made.add_input(Submit(name, str(button), css_class="btn btn--main" if main else "btn"))
    return made


class OpinionForm(FilesForm):
    """Send an opinion: about an item or in general, as oneself or without a name (S45)."""

    field_order = [
        "kind",
        "unit",
        "text",
        "about_unit",
        "about_person",
        "documents",
        "drop_files",
        "sending",
        "name",
        "contact",
        "may_publish",
    ]

    kind = forms.ChoiceField(label=gettext_lazy("What is it about?"), choices=CaseKind)
    unit = UnitField(
        Unit.objects.none(), label=gettext_lazy("To which unit?"), empty_label=None, initial=settings.PORTAL_BUREAU_CODE
    )
    text = WordsField(
        label=gettext_lazy("What do you want to say?"),
        rows=9,
        help_text=gettext_lazy("Say what, where and when. At most 10,000 characters."),
        error_messages={"required": gettext_lazy("Write what you want to say.")},
    )
    about_unit = UnitField(
        Unit.objects.none(),
        label=gettext_lazy("Which unit do you complain about?"),
        required=False,
        empty_label=gettext_lazy("None, or I would rather not say"),
        help_text=gettext_lazy(
            "For a problem or a complaint. The unit you name does not handle your case and never learns who you are."
        ),
    )
    about_person = LineField(
        label=gettext_lazy("Which person do you complain about?"),
        required=False,
        help_text=gettext_lazy("The full name, if you want to give it. This person never reads what you send."),
    )
    sending = forms.ChoiceField(
        label=gettext_lazy("How do you send it?"),
        choices=[
            (
                "named",
                gettext_lazy(
                    "As myself: my name is sealed, and opened only for a reason that a second person agrees to"
                ),
            ),
            ("unnamed", gettext_lazy("Without my name: nothing is kept of my account")),
        ],
        widget=forms.RadioSelect,
        initial="named",
    )
    name = LineField(
        label=pgettext_lazy("person", "Name"),
        required=False,
        help_text=gettext_lazy(
            "You need not give it. It is encrypted, and opened only for a reason that a second person agrees to."
        ),
    )
    contact = LineField(
        label=gettext_lazy("Phone or e-mail"),
        required=False,
        help_text=gettext_lazy("You need not give it. You can follow everything with the tracking code."),
    )
    may_publish = forms.TypedChoiceField(
        label=gettext_lazy("May the answer be published?"),
        choices=[
            ("yes", gettext_lazy("Yes, others may have the same question")),
            ("no", gettext_lazy("No, only for me")),
        ],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
        initial="yes",
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Without a name you are answered in public, unless you do not wish it. Readers never see your words or who"
            " you are: question and answer are put in the words of the office."
        ),
    )
    website = LineField(label=gettext_lazy("Leave this field empty"), required=False)

    def __init__(self, *args: Any, has_account: bool, is_about_item: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = self.fields["unit"]
        assert isinstance(units, UnitField)
        units.queryset = Unit.objects.filter(discloses=True, is_active=True)
        complained_about = self.fields["about_unit"]
        assert isinstance(complained_about, UnitField)
        complained_about.queryset = Unit.objects.filter(is_active=True)
        for name in (["name", "contact"] if has_account else ["sending"]) + (["unit"] if is_about_item else []):
            del self.fields[name]
        if not has_account and not settings.PORTAL_GUESTS_MAY_BE_UNNAMED:
            self._ask_for_name()
        self.fields["website"].widget.attrs.update({"tabindex": "-1", "autocomplete": "off"})
        self.helper = helper(button=_("Send"))

    def _ask_for_name(self) -> None:
        """Where guests may not stay unnamed."""
        for name, sentence in (("name", _("Enter your name.")), ("contact", _("Enter a phone number or e-mail."))):
            field = self.fields[name]
            field.required = True
            field.error_messages["required"] = sentence
            field.help_text = _("It is encrypted, and opened only for a reason that a second person agrees to.")

    def clean_website(self) -> str:
        """People do not see this field; programs fill it in."""
        if self.cleaned_data["website"]:
            raise ValidationError(_("Leave this field empty."), code="trap")
        return ""


class CodeForm(forms.Form):
    """Open the dialogue by its tracking code; a message typed before the page grew too old comes along."""

    code = LineField(
        label=gettext_lazy("Tracking code"),
        longest=10**7,  # a code too long is a wrong code, told as every other
        help_text=gettext_lazy("Five groups of four characters, from the receipt page."),
        error_messages={"required": gettext_lazy("Enter the tracking code.")},
    )
    text = WordsField(label=gettext_lazy("Your message, kept"), required=False, rows=5)

    def __init__(self, *args: Any, keeps_text: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not keeps_text:
            del self.fields["text"]
        self.fields["code"].widget.attrs.update({"autocomplete": "off", "spellcheck": "false"})
        self.helper = helper(button=_("Open the dialogue"))


class MessageForm(FilesForm):
    """Add a message to an opinion already sent."""

    text = WordsField(
        label=gettext_lazy("Add something"),
        rows=5,
        error_messages={"required": gettext_lazy("Write what you want to say.")},
    )
    field_order = ["text", "documents"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(button=_("Send the message"))


class VerdictForm(forms.Form):
    """What the sender says of the answer; “not solved” needs a few words."""

    verdict = forms.ChoiceField(choices=Verdict)
    text = WordsField(
        label=gettext_lazy("What is not solved?"),
        required=False,
        rows=3,
        longest=500,
        help_text=gettext_lazy("A few words. The case goes on, and the unit looks into it again."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "id_verdict_%s", **kwargs})
        self.helper = helper()
