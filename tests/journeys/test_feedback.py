"""Four senders at a desk and with a phone, each from the form to the closed case; and one whose database went away."""

import re
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone
from playwright.sync_api import Page

from disclosures.models import Item
from feedback.models import Case
from tests.conftest import DESKTOP, PHONE
from tests.journeys.playing import done, logged_in, looked_at, pressed
from tests.journeys.stage import PLAN_TITLE, SCAN, scan

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("seeded"),
    pytest.mark.parametrize("width", [DESKTOP, PHONE], ids=["desk", "phone"]),
]
CODE = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){4}")
NAME, CONTACT = "来信人欧阳甲", "0730-8880001"


@pytest.fixture
def name(request):
    """The beginning of the names of pictures of this test at this width."""
    return request.node.name.removeprefix("test_").replace("[", "-").rstrip("]")


@pytest.fixture
def person_at(open_page, width):
    """A function that gives one of the cast a browser of this width: `person_at("drafter")`."""
    return lambda username: logged_in(open_page(**width), username)


@pytest.fixture
def sender(open_page, width) -> Page:
    return open_page(**width)


def send(page: Page, picture: str, /, *, kind: str, text: str, **typed: str) -> str:
    """Fill in the form that is open, send it, and return the code; who is told to press once more does."""
    page.locator("[name=kind]").select_option(kind)
    page.locator("[name=text]").fill(text)
    for name, value in typed.items():
        field = page.locator(f"[name={name}]")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    looked_at(page, f"{picture}-1-form")
    pressed(page, "main [type=submit]")
    if not page.locator(".receipt__code").count() and page.locator(".error-summary").count():
        page.wait_for_timeout(2500)
        pressed(page, "main [type=submit]")
    looked_at(page, f"{picture}-2-receipt")
    code = CODE.search(page.locator(".receipt__code").inner_text())
    assert code is not None
    assert code[0] not in page.url
    return code[0]


def form_in_general(page: Page) -> None:
    """From the first page to the form, by links alone."""
    page.goto("/")
    page.locator("a[href$='/feedback/']").first.click()
    page.locator("main a[href$='/feedback/new/']").first.click()
    page.locator("[name=text]").wait_for()


def form_of_item(page: Page, item: Item) -> None:
    """From the page of an item to the form about it."""
    page.goto(f"/items/{item.number}/")
    page.locator("a[href*='/feedback/new/']").first.click()
    page.locator("[name=text]").wait_for()


def dialogue(page: Page, code: str) -> str:
    """What the sender reads with the code, typed as people type it."""
    page.goto("/feedback/track/")
    page.locator("[name=code]").fill(code.lower().replace("-", " "))
    pressed(page, "main [type=submit]")
    return page.locator("main").inner_text()


def case_at(page: Page, case: Case) -> None:
    """The page of the case at the desk, by its number in the list."""
    page.goto("/admin/feedback/case/")
    page.get_by_role("link", name=case.number).first.click()
    page.locator(f"h1:has-text('{case.number}')").wait_for()


def closed(case: Case) -> bool:
    case.refresh_from_db()
    return case.is_ended


def due() -> str:
    return (timezone.localdate() + timedelta(days=5)).isoformat()


def test_an_opinion_without_a_name(sender, person_at, name):
    form_in_general(sender)
    code = send(sender, name, kind="opinion", text="建议把党费收缴情况按季度公开，\n并说明用途。")
    case = Case.objects.get()
    assert not case.is_named
    drafter = person_at("drafter")
    case_at(drafter, case)
    looked_at(drafter, f"{name}-3-case")
    done(drafter, "accept")
    done(drafter, "ask", text="请问是指哪一个支部？")

    assert "请问是指哪一个支部？" in dialogue(sender, code)
    sender.locator("[name=text]").fill("局机关各支部。")
    pressed(sender, "form[action$='/message/'] [type=submit]")
    assert "局机关各支部。" in sender.locator("main").inner_text()
    looked_at(sender, f"{name}-4-dialogue")

    case_at(drafter, case)
    assert "局机关各支部。" in drafter.locator("#content").inner_text()
    answer = {"published_question": "党费收缴情况何时公开？", "published_text": "自下季度起按季度公开。"}
    done(drafter, "reply", text="采纳建议，自下季度起按季度公开。", **answer)
    assert drafter.locator("#do-review_answer form").count() == 0, "another person looks at it"
    examiner = person_at("examiner")
    case_at(examiner, case)
    looked_at(examiner, f"{name}-5-proposed")
    done(examiner, "review_answer", is_ok="yes")
    done(examiner, "close")
    assert closed(case)
    assert "采纳建议，自下季度起按季度公开。" in dialogue(sender, code)
    pressed(sender, "[name=verdict][value=solved]")
    looked_at(sender, f"{name}-6-solved")
    assert case.satisfactions.get().verdict == "solved"
    sender.goto("/feedback/answers/")
    assert "党费收缴情况何时公开？" in sender.locator("main").inner_text()
    looked_at(sender, f"{name}-7-answers")


def test_a_complaint_about_a_unit_with_a_name_that_it_does_not_see(sender, person_at, name):
    form_in_general(sender)
    text = "支部活动室两次无故不开门，未一次性告知原因。"
    code = send(sender, name, kind="complaint", text=text, name=NAME, contact=CONTACT, about_unit="ZB01")
    case = Case.objects.get()
    assert case.is_named
    assert case.unit.code == "JG", "the unit complained about does not handle it"
    drafter, examiner, near = person_at("drafter"), person_at("examiner"), person_at("branch_drafter")
    case_at(drafter, case)
    looked_at(drafter, f"{name}-3-case")
    done(drafter, "accept")
    done(drafter, "investigate")
    done(drafter, "find", findings="属实，活动室未张贴开放时间。")
    done(drafter, "reply", text="反映情况属实，已责成支部整改。")
    order = {
        "problem": "未告知开放时间。",
        "measure": "张贴并公布。",
        "responsible_unit": "ZB01",
        "responsible_person": "支部书记",
        "due_on": due(),
    }
    done(drafter, "rectify", **order)
    assert NAME not in drafter.content() and CONTACT not in drafter.content()
    case_at(near, case)
    assert NAME not in near.content() and CONTACT not in near.content()
    assert not near.locator("#do-decline form, #do-close form, #do-ask_identity form").count()
    looked_at(near, f"{name}-4-unit-complained-about")
    done(near, "report_done", proof="开放时间已张贴，并在支部群里公布。")
    case_at(examiner, case)
    done(examiner, "ask_identity", reason="请来信人当面确认整改结果。")
    leader = person_at("leader")
    case_at(leader, case)
    done(leader, "decide_identity", is_granted="yes")
    case_at(examiner, case)
    examiner.locator("#do-open_identity summary").click()
    pressed(examiner, "#do-open_identity [type=submit]")
    assert NAME in examiner.content()
    looked_at(examiner, f"{name}-5-identity")
    case_at(examiner, case)
    assert NAME not in examiner.content()
    done(examiner, "verify", is_ok="yes", remark="已到现场查看。")
    done(examiner, "close")
    looked_at(examiner, f"{name}-6-desk-closed")
    assert closed(case)
    told = dialogue(sender, code)
    assert "反映情况属实，已责成支部整改。" in told
    assert NAME not in told
    looked_at(sender, f"{name}-7-closed")
    sender.locator("details summary").last.click()
    sender.locator("details [name=text]").fill("昨天又没有开门。")
    pressed(sender, "details [type=submit], details button.btn--main")
    case.refresh_from_db()
    assert not case.is_ended, "not solved: the case goes on"
    looked_at(sender, f"{name}-8-not-solved")


def test_a_request_to_disclose_something(sender, person_at, name):
    form_in_general(sender)
    text = "请公开本年度党员教育培训计划。"
    code = send(sender, name, kind="disclosure_request", text=text, name=NAME, contact=CONTACT)
    case = Case.objects.get()
    drafter = person_at("drafter")
    case_at(drafter, case)
    done(drafter, "accept")
    looked_at(drafter, f"{name}-3-case")
    done(drafter, "decide_request", outcome="granted", reason="")
    looked_at(drafter, f"{name}-4-granted")
    assert "同意公开" in dialogue(sender, code)
    looked_at(sender, f"{name}-5-granted")
    case_at(drafter, case)
    item = Item.objects.get(title=PLAN_TITLE)
    done(drafter, "fulfil", text="培训计划已随实施方案公开。", number=item.number)
    done(drafter, "close")
    assert closed(case)
    dialogue(sender, code)
    assert sender.locator(f"main a[href$='/items/{item.number}/']").count()
    looked_at(sender, f"{name}-6-closed")


def test_an_error_on_the_page_of_an_item(sender, person_at, name):
    item = Item.objects.get(title=PLAN_TITLE)
    form_of_item(sender, item)
    assert sender.locator("[name=unit]").count() == 0, "the item says whose it is"
    code = send(sender, name, kind="site_error", text="附件名单第三行有错字。")
    case = Case.objects.get()
    assert case.item == item
    drafter, examiner = person_at("drafter"), person_at("examiner")
    case_at(drafter, case)
    done(drafter, "accept")
    done(drafter, "investigate")
    done(drafter, "find", findings="原件如此，转录无误，附注说明。")
    order = {
        "problem": "错字。",
        "measure": "附注说明。",
        "responsible_unit": "JG",
        "responsible_person": "支部书记",
        "due_on": due(),
    }
    done(drafter, "rectify", **order)
    part = drafter.locator("#do-report_done")
    part.locator("[type=file]").set_input_files(
        {"name": SCAN, "mimeType": "application/pdf", "buffer": scan().getvalue()}
    )
    done(drafter, "report_done", proof="已附注，见所附页面。")
    looked_at(drafter, f"{name}-3-reported")
    case_at(examiner, case)
    with examiner.expect_download() as fetched:
        examiner.locator("a[href*='/proofs/']").first.click()
    assert fetched.value.suggested_filename == SCAN
    done(examiner, "reply", text="感谢指正，已附注说明。")
    done(examiner, "verify", is_ok="yes", remark="已看到附注。")
    done(examiner, "close", unpublished_because="只是一个错字。")
    assert closed(case)
    looked_at(examiner, f"{name}-4-desk-closed")
    assert "感谢指正，已附注说明。" in dialogue(sender, code)
    looked_at(sender, f"{name}-5-closed")


def away(*args, **kwargs):
    raise OperationalError("away")


def test_an_opinion_sent_while_the_database_is_away(sender, name, monkeypatch):
    form_in_general(sender)
    words = "请公开食堂采购情况。"
    sender.locator("[name=kind]").select_option("question")
    sender.locator("[name=text]").fill(words)
    with monkeypatch.context() as outage:
        outage.setattr("feedback.services.sending.tell", away)
        pressed(sender, "main [type=submit]")
        assert sender.locator("textarea[name=text]").input_value() == words
        looked_at(sender, f"{name}-1-kept")
        pressed(sender, "main form[method=post] [type=submit]")
        assert sender.locator("textarea[name=text]").input_value() == words
        assert not Case.objects.exists()
    pressed(sender, "main form[method=post] [type=submit]")
    sender.locator(".receipt__code").wait_for()
    case = Case.objects.get()
    assert (case.text, case.kind, case.unit.code) == (words, "question", "JG")
