"""The path of a case as a table, in the code and in the document."""

from pathlib import Path

from django.utils import translation

from feedback.services.engine import GUARDS, HANDLERS
from feedback.workflow import TRANSITIONS
from scripts.tables import cases_table


def test_every_verb_has_its_handler_and_guards_belong_to_verbs():
    assert set(TRANSITIONS) - {"open_identity"} == set(HANDLERS) - {"open_identity"}
    assert set(GUARDS) <= set(TRANSITIONS)


def test_the_document_holds_the_table():
    with translation.override("en"):
        assert cases_table() in Path("docs/workflow.md").read_text(encoding="utf-8")
