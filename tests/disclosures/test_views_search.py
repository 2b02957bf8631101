"""Search: two characters inside sentences on both databases, every word, newest first, nothing executed (P38)."""

import pytest
from django.urls import reverse

from disclosures.snippets import highlighted, snippet
from tests.disclosures.board import at_hour, attached
from tests.people import draft, released

pytestmark = pytest.mark.usefixtures("house")


def found(client, q, **more) -> str:
    return client.get(reverse("disclosures:search"), {"q": q, **more}).content.decode()


@pytest.fixture
def notice():
    with at_hour():
        body = "<p>各支部认真学习，党内监督制度进一步健全。杨\N{NO-BREAK SPACE} 辉同志参加，折扣50%_以上。</p>"
        item = attached(draft(title="关于学习情况的通报", body=body, document_number="岳文〔2012〕3号"), label="统计表")
        return released(item)


@pytest.mark.parametrize(
    "q",
    [
        "监督",
        "习，",
        "党内 健全",
        "(2012)3号",
        "[2012] 3 号",
        "岳文",
        "杨辉",
        "50%",
        "%_",
        "统计表",
        "ＪＧ",
        "学习情况",
    ],
)
def test_finds_words_wherever_they_stand(client, notice, q):
    assert notice.get_absolute_url() in found(client, q)


@pytest.mark.parametrize(
    "q",
    [
        *(
            "《关于学习情况的通报》",
            "“学习情况”",
            '"学习情况"',
            "「党内 监督」",
            "学习、监督",
            "学习,监督",
            "《学习情况》《监督》",
        ),
        *(
            "岳文《2012》3号",
            "岳文「2012」3号",
            "{2012}",
            "<2012>3号",
            "岳文2012 3号",
            "2012年3号",
            "第3号",
            "〈2012〉第3号",
        ),
    ],
)
def test_finds_what_is_written_with_other_signs_than_in_the_text(client, notice, q):
    page = found(client, q)
    assert notice.get_absolute_url() in page
    assert "<mark>" in page or "3号" in q or "2012" in q


def test_a_text_that_has_the_signs_is_found_before_texts_that_have_the_words(client, notice):
    with at_hour():
        exact = released(draft(title="学习、监督两不误"))
    page = found(client, "学习、监督")
    assert exact.get_absolute_url() in page
    assert notice.get_absolute_url() not in page


@pytest.mark.parametrize("q", ["监 督督", "健全 没有", "5_%", "100%", "%%", "__", "\\"])
def test_does_not_find_what_is_not_there(client, notice, q):
    page = found(client, q)
    assert notice.get_absolute_url() not in page
    assert "没有找到相关事项" in page


def test_marks_words_in_title_and_text_after_escaping(client):
    with at_hour():
        released(draft(title="监督<b>一</b>", body="<p>&lt;script&gt;alert(1)&lt;/script&gt;监督</p>"))
    page = found(client, "监督 script")
    assert "<mark>监督</mark>" in page
    assert "<script" not in page
    assert "&lt;<mark>script</mark>&gt;" in page


@pytest.mark.parametrize(("query", "is_kept_out"), [("", False), ("?q=通报", True), ("?year=2026", True)])
def test_search_engines_list_the_form_and_no_results(client, query, is_kept_out):
    page = client.get(f"/search/{query}").content.decode()
    assert ('<meta name="robots" content="noindex, follow">' in page) is is_kept_out


def test_empty_query_shows_the_form_and_hints(client):
    page = found(client, "")
    assert "搜索提示" in page
    assert "没有找到" not in page


@pytest.mark.parametrize("q", ["词 " * 5000, "长" * 201, "一 二 三 四 五 六 七 八 九"])
def test_too_much_is_refused_with_a_sentence_and_keeps_the_text(client, q):
    response = client.get(reverse("disclosures:search"), {"q": q})
    assert response.status_code == 400
    assert "搜索内容过长" in response.content.decode()


CONTROLS = list("\t\n\v\f\r\x1c\x1f\x85\x00\x01\x1b\x7f\x9f")


@pytest.mark.parametrize("sign", CONTROLS, ids=[f"U+{ord(sign):04X}" for sign in CONTROLS])
def test_white_space_of_any_kind_parts_words_and_other_controls_mean_nothing(client, notice, sign):
    response = client.get(reverse("disclosures:search"), {"q": f"{sign}党内{sign}健全{sign}"})
    assert response.status_code == 200
    assert (notice.get_absolute_url() in response.content.decode()) is sign.isspace()
    assert response.context["q"] == ("党内 健全" if sign.isspace() else "党内健全")
    whole = client.get(reverse("disclosures:search"), {"q": f"党{sign if not sign.isspace() else ''}内"})
    assert notice.get_absolute_url() in whole.content.decode()


@pytest.mark.parametrize("q", ["\t", "\x00", "\r\n\x1b"])
def test_a_query_of_controls_alone_is_none(client, q):
    response = client.get(reverse("disclosures:search"), {"q": q})
    assert (response.status_code, response.context["q"]) == (200, "")


def test_pages_on_by_key_with_the_words(client):
    with at_hour():
        for number in range(22):
            released(draft(title=f"第{number}号监督通报"))
    first = client.get(reverse("disclosures:search"), {"q": "监督"})
    older = first.context["pager"]["older_url"]
    second = client.get(older)
    assert [len(response.context["rows"]) for response in (first, second)] == [20, 2]
    assert len(client.get(second.context["pager"]["newer_url"]).context["rows"]) == 20


def test_items_with_words_is_the_search(client, notice):
    assert "<mark>监督</mark>" in client.get(reverse("disclosures:items"), {"q": "监督"}).content.decode()


def test_highlight_maps_folded_characters_back_to_the_original():
    assert highlighted("（２０１２）　３号 ABC", ["(2012)3号", "abc"]) == (
        "<mark>（２０１２）　３号</mark> <mark>ABC</mark>"
    )


def test_snippet_of_a_very_long_text_costs_no_more_than_its_beginning():
    piece = snippet("前" * 499_000 + "监督" + "后" * 1_000, ["监督"])
    assert piece.startswith("前") and piece.endswith("前…")


def test_snippet_begins_near_the_first_hit():
    piece = snippet("前" * 200 + "监督" + "后" * 200, ["监督"])
    assert piece.startswith("…前")
    assert "<mark>监督</mark>" in piece
    assert piece.endswith("后…")


@pytest.mark.parametrize(
    ("text", "word", "marked"),
    [
        ("前㈱党\u200b务后", "党务", "前㈱<mark>党\u200b务</mark>后"),
        ("㎏㎏党务", "党务", "㎏㎏<mark>党务</mark>"),
        ("党㎏务", "g务", "党<mark>㎏务</mark>"),
        ("\u200b\u200bＡ 党 务]-^\\党务", "党务", "\u200b\u200bＡ <mark>党 务</mark>]-^\\<mark>党务</mark>"),
    ],
)
def test_marks_stand_where_the_words_stand_though_characters_fold_to_several_or_none(text, word, marked):
    assert highlighted(text, [word]) == marked


def test_a_hit_far_down_or_across_the_end_of_what_is_looked_through_first_is_marked_whole():
    for before in (0, 150, 185, 290, 299, 5000):
        assert "<mark>党务公开</mark>" in snippet("字" * before + "党务公开" + "字" * 500, ["党务公开"])
