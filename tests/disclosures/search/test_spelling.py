"""What is offered where nothing was found: spellings from titles, and only from what the reader may see."""

import pytest
from django.urls import reverse

from disclosures.search import spelling
from tests.disclosures.board import at_hour, withdrawn
from tests.people import draft, person, released

pytestmark = pytest.mark.usefixtures("house")
TITLE = "关于滨河小区雨污分流改造的通报"


def offered(client, q: str) -> list[str]:
    response = client.get(reverse("disclosures:search"), {"q": q})
    assert not response.context["rows"]
    return [one["label"] for one in response.context["better"]]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("宾河", "滨河"),
        ("彬和小区", "滨河小区"),
        ("雨物分流", "雨污分流"),
        ("雨污分留", "雨污分流"),
        ("滨湖小区", "滨河小区"),
        ("滨河校区", "滨河小区"),
        ("改造的通告", "改造的通报"),
        ("宾河 改造", "滨河 改造"),
        ("宾河 雨物分流", "滨河 雨污分流"),
    ],
)
def test_a_title_spells_the_word(client, typed, meant):
    with at_hour():
        released(draft(title=TITLE))
        assert meant in offered(client, typed)


def test_signs_and_words_of_other_lengths_are_not_offered(client):
    with at_hour():
        released(draft(title="《滨河》小区"))
        for typed in ("宾河小区", "滨河小", "河》小去", "abcd", "滨河小区雨污分流改造工"):
            assert offered(client, typed) == []


def test_what_a_reader_may_not_see_spells_nothing(client):
    with at_hour():
        first = released(draft(title=TITLE))
        released(draft(title="内部的城北泵站", audience="internal"))
        draft(title="未公开的城南泵站")
        assert offered(client, "城北蹦站") == offered(client, "城南蹦站") == []
        assert offered(client, "宾河小区") == ["滨河小区"]
    with at_hour(1):
        withdrawn(first)
        assert offered(client, "宾河小区") == []
        client.force_login(person("party_member"))
        assert offered(client, "城北蹦站") == ["城北泵站"]


def test_few_questions_whatever_is_typed(client, django_assert_max_num_queries):
    words = " ".join(number * 4 for number in "一二三四五六七八")
    with at_hour():
        released(draft(title=TITLE))
        with django_assert_max_num_queries(60):
            client.get(reverse("disclosures:search"), {"q": words})


def test_a_word_of_no_letters_is_compared_by_its_halves_alone():
    assert spelling._halves("滨河") == []
    assert spelling._halves("滨河岸") == [("滨河", 0), ("河岸", 1)]
    assert spelling._halves("一二三四五") == [("一二", 0), ("四五", 3)]


def test_a_word_is_not_cut_in_two_to_be_offered(client):
    with at_hour():
        released(draft(title="关于2026年第二季度离退休干部服务的情况通报"))
        assert offered(client, "二季度第") == []
        assert offered(client, "离退修干部") == ["离退休干部"]
