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
    ("text", "expected"),
    [
        ("1,13800138000,2026-10-17", "1,138****8000,2026-10-17"),
        ("证号430602\n19900101\n1235，", "证号**************1235，"),
        ("手\u200b机138\u200b00138000。", "手\u200b机138****8000。"),
        ("照片_13800138000.jpg", "照片_138****8000.jpg"),
        ("手机：l38OO138OOO。", "手机：138****8000。"),
        ("电话：+86-730-8123456", "电话：0730-81***56"),
        ("监督电话：0730-8123456，8123457", "监督电话：0730-81***56，81***57"),
        ("姓名\t办公电话\n甲某\t8123456", "姓名\t办公电话\n甲某\t81***56"),
    ],
)
def test_odd_spellings_are_masked_whole(text, expected):
    assert masked(text, screen_text(text, "body", profile=Profile.PUBLIC)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "年度\t总量（元）\n2026\t13874562300",
        "人口数为18912345678（千人）",
        "电话\t金额（元）\n\t8123456",
        "联系人 1 3 5 7 9 11 13 15 17",
        "值班电话：12345；20261017",
        "账号6226 0954 6067 7449 655",
    ],
)
def test_figures_in_tables_and_groups_are_no_telephones(text):
    assert kinds(text, Profile.PUBLIC) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("機密★10年", K.SECRECY_MARK),
        ("秘密\t\t制表：甲某\n名册", K.SECRECY_MARK),
        ("内部资料 不得外传", K.SECRECY_MARK),
        ("机\u200b密\n方案", K.SECRECY_MARK),
        ("密级\t秘密\t是", K.SECRECY_WORD),
        ("请注意保存。", K.SECRECY_WORD),
    ],
)
def test_what_stands_beside_a_word_decides_whether_it_is_a_mark(text, expected):
    assert kinds(text) == [expected]


def test_home_addresses_are_the_same_in_both_profiles():
    for text in ("家住平江县南江镇", "家庭住址：平江县南江镇建设路8号", "，住平江县南江镇建设路8号"):
        assert kinds(text) == kinds(text, Profile.PUBLIC)


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
        "\u200b1",
        "1_",
        "1\n",
        "电话\t1\n",
        "电话：1 ",
        "0730-8123456、8123457、",
        "电话l3O",
        "62 1",
    ],
)
def test_a_million_signs_take_seconds_and_not_minutes(unit):
    text = (unit * (1_000_000 // len(unit) + 1))[:1_000_000]
    begin = time.process_time()
    screen_text(text, "body", profile=Profile.PUBLIC)
    assert time.process_time() - begin < 15  # about two on a quiet machine; quadratic time would take hours
