"""The whole loop on the real plan in Chromium: clerks at a desk, leaders and citizens with a phone."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from disclosures.models import Item, Release
from feedback.models import Case
from tests.conftest import PHONE
from tests.disclosures.admin_desk import PDF
from tests.journeys.playing import approved, done, judged, logged_in, looked_at, opened_from_queue, pasted, pressed
from tests.journeys.stage import (
    ANSWER,
    NOTE,
    OPINION,
    PARAGRAPHS,
    PLAN_TITLE,
    QUESTION,
    SCAN,
    SECRET,
    as_from_word,
    in_an_hour,
    local,
    played_item,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("seeded")]
SAVE, SUBMIT = ".decision-bar [name=_save]", ".decision-bar [name=_submit]"


@pytest.fixture
def at_desk(open_page, page_problems):
    """A function that gives one of the cast a desk: `at_desk("drafter")`."""
    yield lambda username: logged_in(open_page(), username)
    # Reading what Word pasted, the editor meets its style attributes: the policy blocks them, as it should.
    page_problems[:] = [problem for problem in page_problems if "Applying inline style" not in problem]


@pytest.fixture
def on_phone(open_page):
    return lambda username: logged_in(open_page(**PHONE), username)


@pytest.fixture
def plan():
    """The plan of 2012 as the seed disclosed it."""
    return Item.objects.get(title=PLAN_TITLE)


def first_draft(drafter) -> int:
    """Choose the duty, submit with gaps, see every problem, complete, paste, attach, save; returns the item's key."""
    drafter.goto("/admin/")
    looked_at(drafter, "01_todo")
    drafter.goto("/admin/disclosures/item/add/?unit=JG")
    looked_at(drafter, "02_choose_entry")
    drafter.locator("a[href*='entry=C8-52']").first.click()
    drafter.locator(".tiptap").wait_for()
    suggested = [box.get_attribute("value") for box in drafter.locator("[name=forms]:checked").all()]
    assert len(suggested) == 4
    drafter.locator("[name=title]").fill(PLAN_TITLE)
    while (ticked := drafter.locator("[name=forms]:checked")).count():
        ticked.first.uncheck()
    pressed(drafter, SUBMIT)
    drafter.locator(".tiptap").wait_for()
    looked_at(drafter, "03_problems")
    for name in ("body", "issued_on", "forms"):
        problem = drafter.locator(f".field--wrong:has([name={name}]) .field__error")
        assert problem.first.inner_text().strip(), name
    for value in suggested:
        drafter.locator(f"[name=forms][value='{value}']").check()
    pasted(drafter, as_from_word() + f"<p>{SECRET}</p>", "\n".join(PARAGRAPHS[1:]))
    drafter.locator("[name=attachments-0-file]").set_input_files(
        {"name": SCAN, "mimeType": "application/pdf", "buffer": PDF}
    )
    drafter.locator("[name=planned_public_from]").fill(local(in_an_hour()))
    pressed(drafter, SAVE)
    drafter.locator(".tiptap").wait_for()
    looked_at(drafter, "04_draft")
    item = played_item()
    assert not {"Mso", "mso-", "<o:p>", "font-family"} & {
        mark for mark in ("Mso", "mso-", "<o:p>") if mark in item.body
    }
    assert item.body.count("<h2>") >= 6 and "<table>" in item.body and "甘学红" in item.body
    assert item.attachments.get().filename == SCAN
    return item.pk


def refused_as_stale(drafter, second, path) -> None:
    """Two have the draft open; the second to save is told what changed and loses nothing."""
    second.goto(path)
    second.locator(".tiptap").wait_for()
    drafter.locator("[name=issued_on]").fill("2012-02-02")
    pressed(drafter, SAVE)
    second.locator("[name=document_number]").fill("岳文广新党字〔2012〕3号")
    second.locator(".tiptap").click()
    second.keyboard.press("Control+End")
    second.keyboard.type("第二人补写的一句。")
    pressed(second, SAVE)
    second.locator(".tiptap").wait_for()
    looked_at(second, "05_stale")
    assert second.locator("[name=version_over]").is_enabled()
    assert second.locator("[name=document_number]").input_value() == "岳文广新党字〔2012〕3号"
    assert "第二人补写的一句。" in second.locator(".tiptap").inner_text()


def test_the_plan_goes_from_a_draft_to_the_board(at_desk, on_phone, open_page):
    drafter, examiner = at_desk("drafter"), at_desk("examiner")
    path = f"/admin/disclosures/item/{first_draft(drafter)}/change/"
    refused_as_stale(drafter, at_desk("second_drafter"), path)
    drafter.goto(path)
    drafter.locator(".tiptap").wait_for()
    pressed(drafter, SUBMIT)
    looked_at(drafter, "06_submitted")

    examiner.goto("/admin/review-queue/")
    looked_at(examiner, "07_queue")
    opened_from_queue(examiner, PLAN_TITLE)
    looked_at(examiner, "08_review")
    judged(examiner, "return", accuracy="请删去初稿说明。")
    drafter.goto(path)
    drafter.locator(".tiptap").wait_for()
    looked_at(drafter, "09_returned")
    assert "请删去初稿说明。" in drafter.locator("[aria-labelledby=why-returned]").inner_text()
    pasted(drafter, as_from_word())
    pressed(drafter, SUBMIT)
    opened_from_queue(examiner, PLAN_TITLE)
    looked_at(examiner, "10_review_again")
    judged(examiner, "approve")
    for name in ("leader", "deputy"):
        phone = on_phone(name)
        opened_from_queue(phone, PLAN_TITLE)
        looked_at(phone, f"11_review_phone_{name}")
        judged(phone, "approve")

    item = played_item()
    address, release = f"/items/{item.number}/", Release.objects.get(item=item)
    member, public = on_phone("party_member"), open_page()
    assert public.goto(address).status == 404
    looked_at(public, "12_404")
    assert member.goto(address).status == 200
    looked_at(member, "13_item_member_phone")
    with time_machine.travel(release.public_from):
        assert public.goto(address).status == 200
        looked_at(public, "14_item")
        assert [word for word in (SECRET, "演示", "更正") if word in public.content()] == []
        with public.expect_download() as fetched:
            public.locator("a[href*='/files/']").first.click()
        assert fetched.value.suggested_filename == SCAN
        for place in ("/", "/items/", "/feeds/all/"):
            assert item.number in public.request.get(place).text(), place
        public.goto("/")
        public.locator("#masthead-q").fill("缺字")
        public.keyboard.press("Enter")
        public.locator(f"main a[href*='{item.number}']").first.wait_for()
        looked_at(public, "15_search")


def sent_from_a_phone(citizen, item) -> str:
    """An opinion without a name, pressed twice and sent again by a reload: one receipt. Returns the code."""
    citizen.goto(f"/items/{item.number}/")
    citizen.locator("a[href*='/feedback/new/']").first.click()
    citizen.locator("[name=kind]").select_option("problem")
    citizen.locator("[name=text]").fill(OPINION)
    looked_at(citizen, "20_opinion_phone")
    citizen.locator("main [type=submit]").dblclick()
    citizen.locator(".receipt__code").wait_for()
    code = citizen.locator(".receipt__code").inner_text()
    looked_at(citizen, "21_receipt_phone")
    citizen.reload()
    assert citizen.locator(".receipt__code").inner_text() == code
    return code


def test_an_opinion_from_a_phone_is_answered_and_put_right(at_desk, open_page, plan):
    citizen = open_page(**PHONE)
    code = sent_from_a_phone(citizen, plan)
    case = Case.objects.get()
    drafter, examiner = at_desk("drafter"), at_desk("examiner")
    drafter.goto("/admin/feedback/case/")
    looked_at(drafter, "22_cases")
    drafter.goto(f"/admin/feedback/case/{case.pk}/change/")
    looked_at(drafter, "23_case")
    due = timezone.localdate() + timedelta(days=5)
    done(drafter, "accept")
    done(drafter, "investigate")
    done(drafter, "find", findings="原件缺字，属实。")
    done(drafter, "reply", text=ANSWER, published_question=QUESTION, published_text=ANSWER)
    order = {
        "problem": "名单缺字。",
        "measure": "核对后更正。",
        "responsible_unit": "JG",
        "responsible_person": "支部书记",
        "due_on": due.isoformat(),
    }
    done(drafter, "rectify", **order)
    done(drafter, "report_done", proof="已与原印发单位核对。")
    looked_at(drafter, "24_case_reported")
    assert drafter.locator("#do-verify").count() == 0, "who reported it may not verify it"
    examiner.goto(f"/admin/feedback/case/{case.pk}/change/")
    done(examiner, "verify", is_ok="yes", remark="已看到核对记录。")
    done(examiner, "review_answer", is_ok="yes")
    done(examiner, "close")
    looked_at(examiner, "25_case_closed")

    citizen.goto("/feedback/track/")
    citizen.locator("[name=code]").fill(code.lower().replace("-", " "))
    pressed(citizen, "main [type=submit]")
    looked_at(citizen, "26_dialogue_phone")
    assert ANSWER in citizen.locator("main").inner_text()
    citizen.goto(f"/items/{plan.number}/")
    looked_at(citizen, "27_item_answer_phone")
    assert QUESTION in citizen.locator("main").inner_text()
    assert OPINION not in citizen.content()


def test_a_correction_tells_readers_and_a_withdrawal_leaves_a_gone_page(at_desk, on_phone, open_page, plan):
    drafter, desk, public = at_desk("drafter"), f"/admin/disclosures/item/{plan.pk}", open_page(**PHONE)
    drafter.goto(f"{desk}/change/")
    looked_at(drafter, "30_item_read")
    drafter.locator("form[action*='/do/correct/'] button").click()
    drafter.wait_for_url("**/do/correct/**")
    looked_at(drafter, "31_correct")
    pressed(drafter, "#content-main form [type=submit]")
    drafter.locator(".tiptap").wait_for()
    drafter.locator("[name=change_note]").fill(NOTE)
    drafter.locator(".tiptap").click()
    drafter.keyboard.press("Control+End")
    drafter.keyboard.type("（已与原件核对。）")
    pressed(drafter, SUBMIT)
    for name in ("examiner", "leader", "deputy"):
        phone = on_phone(name)
        opened_from_queue(phone, PLAN_TITLE)
        looked_at(phone, f"32_review_correction_{name}")
        judged(phone, "approve")
    public.goto(f"/items/{plan.number}/")
    assert NOTE in public.locator("main").inner_text()
    assert "（已与原件核对。）" in public.locator("main").inner_text()
    looked_at(public, "33_item_corrected_phone")

    examiner = at_desk("examiner")
    examiner.goto(f"{desk}/do/withdraw/")
    examiner.locator("[name=reason]").fill("名单待核。")
    looked_at(examiner, "34_withdraw")
    pressed(examiner, "#content-main form [type=submit]")
    assert public.goto(f"/items/{plan.number}/").status == 410
    looked_at(public, "35_410_phone")
    assert PLAN_TITLE not in public.content()
    public.goto("/")
    looked_at(public, "36_board_empty_phone")
    assert plan.number not in public.content()


def test_a_sensitive_item_of_a_branch_passes_its_secretary_and_the_superior(at_desk, on_phone, open_page):
    title = "第一党支部重要决策执行情况"
    drafter, public = at_desk("branch_drafter"), open_page(**PHONE)
    drafter.goto("/admin/disclosures/item/add/?unit=ZB01&entry=C1-04")
    drafter.locator("[name=title]").fill(title)
    drafter.locator("[name=issued_on]").fill("2026-01-05")
    pasted(drafter, "<p class=MsoNormal>上半年重要决策均已执行。</p>")
    pressed(drafter, SUBMIT)
    examiner = at_desk("examiner")
    examiner.goto("/admin/review-queue/")
    looked_at(examiner, "40_queue_empty")
    assert examiner.get_by_role("link", name=title).count() == 0
    approved(on_phone("secretary"), title)
    public.goto("/items/")
    assert title not in public.content()
    approved(on_phone("deputy"), title)  # also the secretary of the branch's Party superior
    public.goto("/items/")
    assert title in public.content()
    looked_at(public, "41_list_phone")
