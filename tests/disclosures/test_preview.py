"""Previews: the real page through the eyes of a reader at an instant; nothing is written, nobody else gets in."""

import re
from datetime import timedelta

import pytest
from django.conf import settings as site
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from disclosures.previewing import As, answer, planned, reader_as
from disclosures.visibility import Answer, is_visible
from tests.disclosures.admin_desk import at_desk
from tests.people import agreed, approved, branch_draft, correction, draft, submitted

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture(autouse=True)
def language_of_the_site():
    with translation.override(site.LANGUAGE_CODE):
        yield


def address(item, **query):
    text = "&".join(f"{name.rstrip('_')}={value}" for name, value in query.items())
    return reverse("admin:disclosures_item_preview", args=[item.pk]) + (f"?{text}" if text else "")


def document(page) -> str:
    return re.search(r'<div class="document".*?</div>', page.content.decode(), re.S)[0]


def local(at) -> str:
    return f"{timezone.localtime(at):%Y-%m-%dT%H:%M}"


def test_body_is_that_of_the_public_page_to_come(client):
    item = draft(body="<p>第一段。</p><table><tbody><tr><td><p>一</p></td></tr></tbody></table>")
    seen = document(at_desk("drafter").get(address(item)))
    item = approved(item)
    assert document(client.get(item.get_absolute_url())) == seen


@pytest.mark.parametrize(("who", "shown"), [("public", False), ("member", True), ("other", False)])
def test_limited_item_is_seen_by_its_own_branch_only(who, shown):
    item = draft(audience="internal", branches=("ZB01",))
    page = at_desk("drafter").get(address(item, as_=who)).content.decode()
    assert (item.title in page) is shown
    assert ("该读者此时看不到" in page) is not shown


def test_before_its_opening_it_says_when_it_opens():
    soon = timezone.now() + timedelta(days=3)
    item = draft(planned_internal_from=soon, planned_public_from=soon + timedelta(days=1))
    early = at_desk("drafter").get(address(item, as_="public", at=local(soon + timedelta(hours=1)))).content.decode()
    assert item.title not in early and "对该读者公开" in early
    late = at_desk("drafter").get(address(item, as_="public", at=local(soon + timedelta(days=2)))).content.decode()
    assert item.title in late


def test_after_its_window_it_is_gone():
    until = timezone.now() + timedelta(days=3)
    item = draft(planned_public_until=until, planned_internal_until=until)
    page = at_desk("drafter").get(address(item, as_="public", at=local(until + timedelta(hours=1)))).content.decode()
    assert item.title not in page and "公开期已满" in page


READING = ("SELECT", "EXECUTE portal_question")  # what stands ready only reads


def test_nothing_is_written_or_stored_by_a_browser():
    item, client = draft(), at_desk("drafter")
    client.get(address(item))
    with CaptureQueriesContext(connection) as asked:
        page = client.get(address(item))
    assert [query["sql"][:60] for query in asked if not query["sql"].startswith(READING)] == []
    assert "private" in page["Cache-Control"] and "no-store" in page["Cache-Control"] and not page.cookies
    assert not item.releases.exists() and not item.revisions.exists()


def test_correction_takes_over_the_windows_that_are_open():
    item = correction(approved(draft()), title="更正后的题目")
    page = at_desk("drafter").get(address(item, as_="public")).content.decode()
    assert "更正后的题目" in page
    assert "更正后的题目" not in at_desk("drafter").get(item.get_absolute_url()).content.decode()


def test_reviewer_previews_the_frozen_revision_and_not_the_working_copy():
    item = submitted(draft(title="送审的题目"))
    page = at_desk("examiner").get(reverse("review:preview", args=[item.current_revision.uid]))
    assert "送审的题目" in page.content.decode()


def test_who_may_not_read_the_item_gets_no_preview():
    item = branch_draft()
    assert at_desk("drafter").get(address(item)).status_code == 404
    assert at_desk("auditor").get(address(item)).status_code == 404
    assert at_desk("branch_drafter").get(address(item)).status_code == 200


@pytest.mark.parametrize("query", ["as=nobody", "at=x", "at=9999-99-99T00:00", "at=0001-01-01T00:00", "at=" + "1" * 99])
def test_nonsense_is_a_bad_request(query):
    assert at_desk("drafter").get(f"{address(draft())}?{query}").status_code == 400


def test_incomplete_draft_is_previewed_without_an_error():
    item = draft(entry=None, audience="", title="")
    for who in As:
        assert at_desk("drafter").get(address(item, as_=who.value)).status_code == 200


def test_files_kept_for_the_file_are_not_shown_and_published_ones_lead_to_staff_addresses():
    item = draft()
    page = at_desk("drafter").get(address(item)).content.decode()
    assert "/admin/disclosures/item/" in page
    assert "/files/" not in page


@pytest.mark.parametrize("who", list(As))
@pytest.mark.parametrize("branches", [(), ("ZB01",)])
def test_plan_agrees_with_what_approval_opens(who, branches):
    item = draft(branches=branches, planned_public_from=timezone.now() + timedelta(days=2))
    now = timezone.now()
    hypothetical = planned(item, now)
    reader = reader_as(who, item)
    real = agreed(submitted(item)).releases.get()
    for days in (0.001, 1, 3):
        at = real.internal_from + timedelta(days=days)
        assert (answer(hypothetical, reader, at) is Answer.VISIBLE) is is_visible(real, reader, at)
