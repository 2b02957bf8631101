"""Single texts: masks in the official pattern, profiles, keys, marks, and time."""

import time

import pytest

from disclosures.screening import FindingKind, Profile, masked, screen_text

K = FindingKind


def kinds(text, profile=Profile.INTERNAL, **more):
    return [finding.kind for finding in screen_text(text, "body", profile=profile, **more)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("证号360426199101010071。", "证号**************0071。"),
        ("手机138 1234 5678", "手机138****5678"),
        ("卡号4111 1111 1111 1111", "卡号************1111"),
        ("宅电0730-8123456", "宅电0730-81***56"),
        ("现住平江县南江镇凤凰村12组", "现住平江县南江镇****"),
        ("岳阳市岳阳楼区金鹗中路8号阳光小区3栋2单元502室", "岳阳市岳阳楼区****"),
    ],
)
def test_masks_follow_the_official_pattern(text, expected):
    assert masked(text, screen_text(text, "body")) == expected


def test_masked_text_has_no_findings_any_more():
    text = "360426199101010071 13812345678 现住平江县南江镇凤凰村12组 宅电0730-8123456"
    clean = masked(text, screen_text(text, "body", profile=Profile.PUBLIC))
    assert kinds(clean, Profile.PUBLIC) == []


@pytest.mark.parametrize("text", ["监督电话：0730-8123456", "甲某，1990年1月2日出生", "430602********1234"])
def test_the_public_opening_is_stricter(text):
    assert kinds(text) == []
    assert len(kinds(text, Profile.PUBLIC)) == 1


def test_marks_refuse_the_save_and_words_do_not():
    (mark,) = screen_text("机　密 ★ １ ０ 年", "title")
    (word,) = screen_text("该文件定为机密。", "body")
    assert (mark.kind, mark.refuses_save) == (K.SECRECY_MARK, True)
    assert (word.kind, word.refuses_save) == (K.SECRECY_WORD, False)


def test_key_is_the_same_in_another_spelling_and_another_context():
    (one,) = screen_text("手机138-1234-5678", "body")
    (other,) = screen_text("后来改为：手机１３８１２３４５６７８。", "body")
    (elsewhere,) = screen_text("手机13812345678", "title")
    assert one.key == other.key != elsewhere.key


def test_listed_words_are_found_in_any_width_and_case():
    assert kinds("见ＡＢc项目", words=["abC"]) == [K.LISTED_WORD]


@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "1 ",
        "1-",
        "机 ",
        "密",
        "机密",
        "机密 ",
        "岳阳市",
        "村1组",
        "路1号",
        "13812345678 ",
        "0730-",
        "秘密★",
        "(",
        "62 ",
        "\n",
        "a室",
        "430602199001 ",
        "村路镇",
        "电话",
        "电话 8888888、",
        "*1",
    ],
)
def test_a_million_signs_take_seconds_and_not_minutes(unit):
    text = (unit * (1_000_000 // len(unit) + 1))[:1_000_000]
    begin = time.process_time()
    screen_text(text, "body", profile=Profile.PUBLIC)
    assert time.process_time() - begin < 15  # about two on a quiet machine; quadratic time would take hours
