"""The page of published answers and its feed."""

import re
import xml.etree.ElementTree as ET
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from feedback import answers
from feedback.models import Case
from tests.disclosures import feed_rules
from tests.feedback.cases import WORDS, carried, did, published
from tests.people import INTERNAL_ENTRY, draft, entry, person, released

pytestmark = pytest.mark.usefixtures("house")
PAGE, FEED = reverse("feedback:answers"), reverse("feedback:answers_feed")


def body(response):
    return unescape(response.content.decode())


def answered(text, code="JG", state="answered", **more):
    by = "drafter" if code == "JG" else "secretary"
    return published(carried(state, code=code, by=by, **more), text=text, by=by)


def hidden_item():
    return released(draft(entry=entry(INTERNAL_ENTRY), audience="internal")).item


def test_answers_stand_newest_first_and_say_nothing_of_the_sender(client):
    answered("第一个答复")
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        answered("第二个答复")
        page = body(client.get(PAGE))
    assert page.index("第二个答复") < page.index("第一个答复")
    assert WORDS not in page


def test_an_answer_stands_below_the_title_of_its_item_and_what_was_wanted(client):
    item = released(draft(title="食堂改造的通报")).item
    answered("已经办妥", item=item)
    item.title = "还没有送审的改动"
    item.save()
    entry_ = body(client.get(PAGE)).split('<article class="answer">')[1]
    assert entry_.index("食堂改造的通报") < entry_.index("反映问题") < entry_.index("已经办妥")
    assert "还没有送审的改动" not in entry_


def test_an_empty_list_says_so(client):
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "empty__title" in body(page)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("unit=JG", {"甲", "丙"}),
        ("unit=ZB01", {"乙"}),
        ("kind=problem", {"甲", "乙", "丙"}),
        ("kind=opinion", set()),
        ("outcome=put_right", {"丙"}),
        ("unit=ZB01&outcome=put_right", set()),
        ("year=1999", set()),
    ],
)
def test_filters_narrow_the_list(client, query, found):
    answered("答复甲")
    answered("答复乙", code="ZB01")
    answered("答复丙", state="verified")
    page = body(client.get(f"{PAGE}?{query}"))
    assert {name for name in "甲乙丙" if f"答复{name}" in page} == found
    assert ("没有符合条件的答复" in page) is (not found)
    assert "没有符合条件的事项" not in page


def test_the_year_is_that_of_publication_here(client):
    answered("答复甲")
    assert "答复甲" in body(client.get(f"{PAGE}?year={timezone.localdate().year}"))


def test_every_answer_is_reached_by_key_paging(client, monkeypatch):
    monkeypatch.setattr(answers.page_of, "__defaults__", (2,))
    for number in range(5):
        answered(f"答复{number}号")
    seen, address = [], PAGE
    for _page in range(3):
        page = body(client.get(address))
        seen += [number for number in "43210" if f"答复{number}号" in page]
        older = re.search(r'href="([^"]+)" rel="next"', page)
        address = older[1] if older else ""
    assert (seen, address) == (list("43210"), "")
    newer = re.search(r'href="([^"]+)" rel="prev"', page)[1]
    assert "答复2号" in body(client.get(newer))


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("unit=NONE", 404),
        ("unit=%00", 400),
        ("kind=x", 400),
        ("year=20x", 400),
        ("outcome=1", 400),
        ("after=x", 400),
        ("after=x&before=y", 400),
        ("unit=JG&unit=JG", 400),
        ("unit=&kind=", 200),
        ("utm=1", 200),
    ],
)
def test_odd_addresses_are_told(client, query, status):
    assert client.get(f"{PAGE}?{query}").status_code == status


def test_answers_about_hidden_items_are_for_who_sees_the_item(client, logged_in):
    answered("内部事项的答复", item=hidden_item())
    for address in (PAGE, FEED, f"{PAGE}?unit=JG"):
        assert "内部事项的答复" not in body(client.get(address))
    assert "filters__count" not in body(client.get(PAGE))
    assert "内部事项的答复" in body(logged_in("party_member").get(PAGE))
    assert "内部事项的答复" not in body(logged_in("party_member").get(FEED))


def test_the_page_asks_a_fixed_number_of_questions(client, django_assert_num_queries):
    for _time in range(3):
        answered("答复")
    with django_assert_num_queries(2):
        client.get(PAGE)
    with django_assert_num_queries(2):
        client.get(FEED)


def test_the_feed_is_atom_and_answers_304_until_something_changes(client):
    case = answered("附件已经补充")
    page = client.get(FEED)
    root = ET.fromstring(page.content)
    (found,) = root.findall("{http://www.w3.org/2005/Atom}entry")
    assert found.find("{http://www.w3.org/2005/Atom}id").text == case.replies.get().uid.urn
    assert "附件已经补充" in found.find("{http://www.w3.org/2005/Atom}summary").text
    assert client.get(FEED, headers={"if-none-match": page["ETag"]}).status_code == 304
    before = root.find("{http://www.w3.org/2005/Atom}updated").text
    did(case, "hide", "examiner", reply=case.replies.get().pk, reason="有误")
    after = client.get(FEED, headers={"if-none-match": page["ETag"]})
    assert after.status_code == 200
    assert "附件已经补充" not in body(after)
    assert ET.fromstring(after.content).find("{http://www.w3.org/2005/Atom}updated").text >= before


def test_a_feed_without_answers_is_valid(client):
    feed_rules.check(client.get(FEED), "atom", f"http://testserver{FEED}")


@pytest.mark.parametrize("address", [PAGE, FEED])
def test_public_addresses_set_no_cookie_and_take_no_post(client, address):
    assert not client.get(address).cookies
    assert client.post(address).status_code == 405


def test_nobody_who_handled_it_is_named(client):
    answered("附件已经补充")
    page = body(client.get(PAGE)) + body(client.get(FEED))
    for username in ("drafter", "examiner"):
        assert person(username).display_name not in page
    assert Case.objects.get().number not in page
