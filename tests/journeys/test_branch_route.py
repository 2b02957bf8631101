"""The route of an ordinary item of a branch: drafted at a desk, decided by the secretary on a phone, then read."""

import pytest

from disclosures.models import Item
from tests.conftest import PHONE
from tests.journeys.playing import approved, logged_in, looked_at, pasted, pressed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("seeded")]
TITLE, TEXT = "第一党支部第一季度党费收缴情况", "第一季度党费已按标准足额收缴。"


def test_an_ordinary_item_of_a_branch_needs_its_secretary_alone(open_page):
    drafter = logged_in(open_page(), "branch_drafter")
    drafter.goto("/admin/disclosures/item/add/?unit=ZB01")
    looked_at(drafter, "50_branch_entries")
    drafter.locator("a[href*='entry=C3-08']").first.click()
    drafter.locator(".tiptap").wait_for()
    drafter.locator("[name=title]").fill(TITLE)
    drafter.locator("[name=issued_on]").fill("2026-01-05")
    pasted(drafter, f"<p>{TEXT}</p>")
    pressed(drafter, ".decision-bar [name=_submit]")
    looked_at(drafter, "51_branch_submitted")
    assert Item.objects.get(title=TITLE).state == "in_review"
    secretary = logged_in(open_page(**PHONE), "secretary")
    secretary.goto("/admin/review-queue/")
    looked_at(secretary, "52_branch_queue_phone")
    approved(secretary, TITLE)
    item = Item.objects.get(title=TITLE)
    assert item.state == "approved"
    member = logged_in(open_page(**PHONE), "party_member")
    member.goto(f"/items/{item.number}/")
    looked_at(member, "53_branch_item_member_phone")
    assert TEXT in member.locator("main").inner_text()
    public = open_page(**PHONE)
    assert public.goto(f"/items/{item.number}/").status == 404
    looked_at(public, "54_branch_item_public_phone")
    public.goto("/items/")
    assert TITLE not in public.content()
