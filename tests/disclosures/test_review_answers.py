"""The review page answers what a reviewer asks: changes, demands, what is out, what was said."""

import pytest
from django.urls import reverse

from disclosures.models import Matter, RevisionReading
from disclosures.services import perform
from tests.disclosures.admin_desk import at_desk
from tests.people import OFFICE_YES, decided, draft, person, released, submitted, unit

pytestmark = pytest.mark.usefixtures("house")
NO = {**OFFICE_YES, "accuracy": (False, "第二段有误")}


def page_of(item, by="examiner", query=""):
    return at_desk(by).get(reverse("review:revision", args=[item.current_revision.uid]) + query)


def second(item, **fields):
    item = decided(item, "examiner", "return", NO)
    item = perform("save", item=item, by=person("drafter"), expected_version=item.version, fields=fields)
    return submitted(item)


def test_opening_the_page_is_remembered_for_this_person_alone():
    item = submitted(draft())
    page_of(item)
    row = RevisionReading.objects.get()
    assert (row.user.username, row.revision) == ("examiner", item.current_revision)


def test_nothing_is_remembered_for_who_gets_no_page():
    item = submitted(draft())
    assert page_of(item, "sysadmin").status_code == 404
    assert not RevisionReading.objects.exists()


def test_page_compares_with_what_this_reader_saw():
    item = submitted(draft())
    page_of(item, "leader")
    item = second(item, title="第二稿标题")
    item = second(item, title="第三稿标题")
    assert page_of(item, "leader").context["changes"].before.number == 1
    assert page_of(item).context["changes"].before.number == 2
    assert page_of(item, query="?since=1").context["changes"].before.number == 1


@pytest.mark.parametrize("since", ["9", "x", "-1", "2", "1e3", "999999"])
def test_base_that_is_not_there_is_missing(since):
    item = second(submitted(draft()), title="第二稿")
    assert page_of(item, query=f"?since={since}").status_code == 404


def test_words_stand_in_the_page_as_put_in_and_taken_out():
    item = second(submitted(draft(body="<p>本季度召开党员大会三次。</p>")), body="<p>本季度召开党员大会四次。</p>")
    text = page_of(item).content.decode()
    assert "<del>三次</del><ins>四次</ins>" in text


def test_departures_stand_on_the_page_with_a_word():
    text = page_of(submitted(draft(audience="internal"))).content.decode()
    assert "目录要求对照" in text and "说明理由" in text


def test_what_is_out_on_the_matter_is_linked_as_far_as_this_reviewer_sees_it():
    matter = Matter.objects.create(number="SX-2", title="一件事", unit=unit("JG"))
    before = released(draft(matter=matter, phase="before", title="事前公开的一件事", audience="internal"))
    old = released(draft(title="上一期的通报"))
    item = submitted(draft(matter=matter, phase="during"))
    out = page_of(item).context["out"]
    assert (out.of_the_matter, out.of_the_entry) == ([before], [old])
    assert before.get_absolute_url() in page_of(item).content.decode()


def test_internal_releases_are_not_shown_to_who_is_no_reader_of_them():
    matter = Matter.objects.create(number="SX-3", title="一件事", unit=unit("JG"))
    released(draft(matter=matter, phase="before", audience="internal", branches=("ZB01",)))
    item = submitted(draft(matter=matter, phase="during"))
    assert not page_of(item, "drafter").context["out"].of_the_matter
    assert page_of(item, "examiner").context["out"].of_the_matter


def test_last_remarks_stand_beside_the_verdict_sheet():
    item = second(submitted(draft()), title="第二稿")
    text = page_of(item).content.decode()
    side = text[text.index('class="desk__side"') : text.index('id="review-history"')]
    assert "第二段有误" in side
