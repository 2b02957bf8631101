"""What pages of other rooms show of feedback; and the check of the key that seals identities."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.checks import run_checks
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from disclosures.visibility import PUBLIC, Reader
from feedback import reports
from tests.feedback.cases import WORDS, carried, published, sent
from tests.people import INTERNAL_ENTRY, draft, entry, person, released

MEMBER = Reader(is_member=True)


def rendered(source, **context) -> str:
    return Template("{% load feedback %}" + source).render(Context(context))


def asking(reader, at):
    """A request as far as the tags look at it."""
    return SimpleNamespace(reader=reader, at=at)


def answered(item=None, answer="附件已经补充"):
    return published(carried("answered", item=item), text=answer)


def test_an_item_shows_its_own_published_answers(house):
    item = released(draft()).item
    answered(item)
    answered(answer="别的答复")
    carried("answered", item=item)
    page = rendered("{% published_answers item %}", item=item, request=asking(PUBLIC, timezone.now()))
    assert page.count("附件已经补充") == 1
    assert "别的答复" not in page
    assert WORDS not in page


def test_latest_answers_follow_what_the_reader_sees(house):
    hidden = released(draft(entry=entry(INTERNAL_ENTRY), audience="internal")).item
    answered(hidden)
    source, at = "{% latest_answers 5 %}", timezone.now()
    assert hidden.number not in rendered(source, request=asking(PUBLIC, at))
    assert "附件何时补充" not in rendered(source, request=asking(PUBLIC, at))
    assert hidden.number in rendered(source, request=asking(MEMBER, at))


def test_answer_of_the_internal_phase_stays_inside_when_the_item_opens(house):
    """What was written for members is not let out by a later opening that nobody looked at it for."""
    opening = timezone.now() + timedelta(days=1)
    item = released(draft(planned_public_from=opening)).item
    answered(item)
    source, at = "{% published_answers item %}", opening + timedelta(hours=1)
    assert "附件已经补充" in rendered(source, item=item, request=asking(MEMBER, at))
    assert "附件已经补充" not in rendered(source, item=item, request=asking(PUBLIC, at))
    assert not reports.answers_visible_to(PUBLIC, at).exists()


def test_the_outcome_is_told_after_verification_only(house):
    answered()
    published(carried("verified"), question="问", text="答")
    shown = reports.as_shown(reports.answers_visible_to(PUBLIC, timezone.now()))
    assert {row["question"]: bool(row["outcome"]) for row in shown} == {"问": True, "附件何时补充": False}


def test_the_link_names_the_item(house):
    item = released(draft()).item
    assert rendered("{% feedback_link item %}", item=item).endswith(f"?item={item.number}")
    assert rendered("{% feedback_link %}").endswith("/feedback/new/")


@pytest.mark.parametrize(("username", "counts"), [("drafter", "0 1 0 1 "), ("secretary", "0 0 0 0 "), ("auditor", "")])
def test_cards_count_what_waits_for_this_person(house, username, counts):
    sent()
    carried("rectified")
    request = RequestFactory().get("/")
    request.user = person(username)
    page = rendered("{% feedback_todo as cards %}{% for card in cards %}{{ card.count }} {% endfor %}", request=request)
    assert page == counts


@pytest.mark.parametrize("key", ["", "short", "名", "A" * 43])
def test_a_missing_or_odd_key_is_reported(settings, key):
    settings.PORTAL_IDENTITY_KEY = key
    assert "feedback.E001" in {message.id for message in run_checks()}
