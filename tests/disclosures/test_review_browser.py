"""The review page in a browser: decided by keyboard alone, a passage taken from the paper, whole on a phone."""

import pytest
from django.urls import reverse

from disclosures.models import Decision, PassageRemark
from tests.conftest import DESKTOP, PHONE
from tests.disclosures.admin_desk import at_desk
from tests.people import OFFICE_YES, decided, draft, furnish, submitted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BODY = "<p>本季度召开党员大会三次，学习文件五份。</p>" + "<p>很长的一段说明文字。</p>" * 40
NO = {**OFFICE_YES, "accuracy": (False, "改")}


@pytest.fixture(autouse=True)
def house(settings, tmp_path):
    settings.UPLOAD_ROOT = tmp_path
    furnish()


def opened(open_page, live_server, item, username, name="revision", **options):
    page = open_page(**options)
    session = at_desk(username).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.goto(reverse(f"review:{name}", args=[item.current_revision.uid]))
    return page


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def tab_to(page, selector, most=80):
    """Press Tab until the focus stands on what `selector` names."""
    for _press in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}")


def test_group_leader_decides_by_keyboard_alone(open_page, live_server):
    item = decided(submitted(draft(body=BODY)), "examiner")
    page = opened(open_page, live_server, item, "leader")
    for aspect in ("content", "scope", "form"):
        tab_to(page, f"[name={aspect}]")
        page.keyboard.press("Space")
        assert page.locator(f"[name={aspect}][value=yes]").is_checked()
    tab_to(page, "[name=outcome][value=approve]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/review-queue/")
    assert Decision.objects.filter(decided_by__username="leader", outcome="approve").exists()


def test_selected_words_fill_the_quote(open_page, live_server):
    item = submitted(draft(body=BODY))
    page = opened(open_page, live_server, item, "examiner", **DESKTOP)
    select(page, 5, 11)
    page.locator(".quote-button").click()
    assert page.locator("[name=passage_1_quote]").input_value() == "党员大会三次"
    assert page.locator(".quotes__row:visible").count() == 2, "one filled, one free"
    page.keyboard.type("应为四次")
    for aspect in ("secrecy", "necessity"):
        page.locator(f"[name={aspect}][value=yes]").check()
    page.locator("[name=accuracy][value=no]").check()
    page.locator("[name=accuracy_remark]").fill("见段落意见")
    page.locator("[name=outcome][value=return]").click()
    page.wait_for_url("**/review-queue/")
    row = PassageRemark.objects.get()
    assert (row.quote, row.remark) == ("党员大会三次", "应为四次")


def select(page, begin, end):
    """Select characters of the first paragraph."""
    page.evaluate(
        """([begin, end]) => {
            const words = document.querySelector(".paper .document p").firstChild;
            document.getSelection().setBaseAndExtent(words, begin, words, end);
        }""",
        [begin, end],
    )
    page.locator(".quote-button").wait_for()


def test_every_passage_row_is_there_without_script(open_page, live_server):
    item = submitted(draft(body=BODY))
    page = opened(open_page, live_server, item, "examiner", java_script_enabled=False)
    page.locator("#quotes summary").click()
    assert page.locator(".quotes__row:visible").count() == 5


@pytest.mark.parametrize("name", ["revision", "sheet"])
def test_page_is_whole_on_a_phone(open_page, live_server, name):
    item = decided(submitted(draft(body=BODY, title="很长的标题" * 38)), "examiner", "return", NO)
    page = opened(open_page, live_server, item, "examiner", name, **PHONE)
    assert fits(page)


def test_decision_bar_stays_in_view_on_a_desk_and_on_a_phone(open_page, live_server):
    item = submitted(draft(body=BODY))
    for options in (DESKTOP, PHONE):
        page = opened(open_page, live_server, item, "examiner", **options)
        for place in (0, 600):
            page.evaluate("place => window.scrollTo(0, place)", place)
            bar = page.locator(".desk .decision-bar").bounding_box()
            assert bar["y"] + bar["height"] <= options["viewport"]["height"] + 1
