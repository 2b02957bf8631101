"""Forms of what readers see of an answer: proposed, looked at by another person, taken back."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from feedback.forms import WordsField
from feedback.services.publishing import unpublished, waiting_publications
from feedback.verb_form import VerbForm, shortened


class ScreenedForm(VerbForm):
    """What every proposal for publication asks: mask what screening finds, or say why it stays."""

    published_question = WordsField(
        label=gettext_lazy("Question, for readers"),
        rows=2,
        help_text=gettext_lazy("In your own words, with nothing that tells who asked."),
    )
    published_text = WordsField(label=gettext_lazy("Answer, for readers"))
    mask = forms.BooleanField(label=gettext_lazy("Mask what screening finds"), required=False)
    kept_because = WordsField(
        label=gettext_lazy("Why what screening finds stays"),
        required=False,
        rows=2,
        help_text=gettext_lazy("Only where something found is left unmasked; the other person reads it."),
    )


class ReplyForm(ScreenedForm):
    """Answer the sender, and propose it to readers where wished."""

    verb = "reply"
    text = WordsField(label=gettext_lazy("Answer to the sender"), rows=6)
    field_order = ["text"]

    def prepare(self) -> None:
        """Nothing is published unless both texts are given."""
        for name in ("published_question", "published_text"):
            self.fields[name].required = False
        self.fields["published_question"].help_text = gettext_lazy(
            "Only to propose it for publication: in your own words, with nothing that tells who asked."
        )


class PublishForm(ScreenedForm):
    """Propose an answer given before for publication."""

    verb = "publish"
    reply = forms.TypedChoiceField(label=gettext_lazy("Which answer"), coerce=int)
    field_order = ["reply"]

    def prepare(self) -> None:
        """Offer the answers that readers do not see."""
        chosen = self.fields["reply"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [(reply.pk, shortened(reply.text)) for reply in unpublished(self.case)]

    def payload(self) -> dict[str, Any]:
        """Question and answer as the service calls them."""
        typed = super().payload()
        question, text = typed.pop("published_question"), typed.pop("published_text")
        return {**typed, "question": question, "text": text}


class ReviewAnswerForm(VerbForm):
    """Approve an answer for readers, or return it."""

    verb = "review_answer"
    publication = forms.TypedChoiceField(label=gettext_lazy("Which answer"), coerce=int)
    is_ok = forms.TypedChoiceField(
        label=gettext_lazy("What do you decide?"),
        choices=[("yes", gettext_lazy("Publish it: nothing tells who asked")), ("no", gettext_lazy("Return it"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
    )
    remark = WordsField(
        label=gettext_lazy("Remark"), required=False, rows=2, help_text=gettext_lazy("Needed when it is returned.")
    )

    def prepare(self) -> None:
        """Offer what waits and was proposed by somebody else."""
        chosen = self.fields["publication"]
        assert isinstance(chosen, forms.ChoiceField)
        rows = [row for row in waiting_publications(self.case) if row.proposed_by_id != self.by.pk]
        chosen.choices = [(row.pk, shortened(row.text)) for row in rows]


class HideForm(VerbForm):
    """Take a published answer back."""

    verb = "hide"
    reply = forms.TypedChoiceField(label=gettext_lazy("Which answer"), coerce=int)
    reason = WordsField(label=gettext_lazy("Reason"), rows=2)

    def prepare(self) -> None:
        """Offer the published answers."""
        chosen = self.fields["reply"]
        assert isinstance(chosen, forms.ChoiceField)
        published = self.case.replies.filter(published_at__isnull=False)
        chosen.choices = [(reply.pk, shortened(reply.published_text)) for reply in published]
