"""The crispy pack: errors beside their field, tied to it, and listed with links on top."""

from crispy_forms.helper import FormHelper
from crispy_forms.utils import render_crispy_form
from django import forms


class Opinion(forms.Form):
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    text = forms.CharField(help_text="Say where and when.")
    photo = forms.FileField(help_text="At most 10 MB.")
    name = forms.CharField(required=False)


def rendered(data=None, **context):
    form = Opinion(data)
    form.helper = FormHelper(form)
    return render_crispy_form(form, context=context)


def test_fresh_form_has_no_errors_and_marks_required_fields_in_words():
    page = rendered()
    assert "error-summary" not in page
    assert page.count("field__need") == 3


def test_refused_form_lists_every_problem_with_a_link_to_its_field():
    page = rendered({})
    for target in ("div_id_kind", "id_text", "id_photo"):
        assert f'id="{target}"' in page
    assert page.count('<a href="#') == 3


def test_error_and_help_are_tied_to_their_field():
    page = rendered({})
    assert 'aria-describedby="id_text_helptext id_text_error"' in page
    assert 'aria-describedby="id_photo_helptext id_photo_error"' in page
    assert '<div id="id_text_error" class="field__error">' in page


def test_hostile_text_is_escaped_where_it_is_shown_again():
    page = rendered({"name": '"><script>alert(1)</script>'})
    assert "<script>" not in page


def test_posted_form_carries_the_token_and_the_files():
    page = rendered(csrf_token="token")
    assert 'name="csrfmiddlewaretoken"' in page
    assert 'enctype="multipart/form-data"' in page
