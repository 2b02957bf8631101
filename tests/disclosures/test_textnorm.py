"""Folding of text for search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disclosures.textnorm import norm, query_words, with_document_number, without_signs


@pytest.mark.parametrize(
    "written",
    [
        "岳文〔2012〕3号",
        "岳文[2012]3号",
        "岳文【2012】3号",
        "岳文(2012)3号",
        "岳文（2012）3号",
        "岳文［２０１２］３号",
        "岳文 〔2012〕 3 号",
    ],
)
def test_brackets_of_document_numbers_are_one(written):
    assert norm(written) == "岳文(2012)3号"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("杨  辉", "杨辉"),
        ("杨\u00a0\u00a0辉", "杨辉"),
        ("杨\u3000辉", "杨辉"),
        ("党\u200b务\ufeff公\u202e开\x00", "党务公开"),
        ("ＧＤＰ　增长  3.5％", "gdp 增长 3.5%"),
        ("Straße", "strasse"),
        (" \n\t", ""),
        ("a\ud800b", "ab"),
    ],
)
def test_norm_folds_width_case_and_spaces(text, folded):
    assert norm(text) == folded


@given(st.text())
def test_norm_is_stable(text):
    assert norm(norm(text)) == norm(text)


def test_query_words_are_split_at_spaces_but_not_inside_a_name():
    assert query_words("党务　公开 杨\u00a0辉 党务") == ["党务", "公开", "杨辉"]


def test_query_words_are_bounded():
    assert len(query_words(" ".join(f"w{n}" for n in range(50)))) == 8
    assert query_words("党" * 100_000) == ["党" * 200]


@pytest.mark.parametrize("empty", ["", "  ", "\x00", "\u200b \ufeff", "\ud800"])
def test_query_words_of_nothing_are_none(empty):
    assert query_words(empty) == []


PAIRS = ["《》", "〈〉", "“”", "‘’", "「」", "『』", '""', "''", "＂＂", "«»", "〝〞"]


@pytest.mark.parametrize("pair", PAIRS)
def test_marks_around_a_word_are_left_out_of_a_query_and_those_inside_stay(pair):
    assert query_words(f"{pair[0]}干部任免{pair[1]}") == ["干部任免"]
    assert query_words(f"{pair[0]}干部 任免{pair[1]}") == ["干部", "任免"]
    assert len(query_words(f"干部{pair}任免")[0]) == 6
    assert query_words(pair) != []


BRACKETS = [
    "〔〕",
    "[]",
    "【】",
    "〖〗",
    "〘〙",
    "()",
    "（）",
    "［］",
    "《》",
    "〈〉",
    "「」",
    "『』",
    "{}",
    "｛｝",
    "<>",
    "＜＞",
]


@pytest.mark.parametrize("pair", BRACKETS)
@pytest.mark.parametrize("written", ["岳文{}88号", "岳文 {} 88号", "岳文{}第88号", "岳文{} 第 88 号", "岳文{}年88号"])
def test_a_document_number_is_read_whatever_brackets_the_year_has(pair, written):
    asked = query_words(written.format(f"{pair[0]}2026{pair[1]}"))
    assert "".join(with_document_number(asked)) == "岳文(2026)88号"


@pytest.mark.parametrize("written", ["岳文2026 88号", "岳文2026年88号", "岳文2026年第88号"])
def test_a_document_number_is_read_without_brackets(written):
    assert "".join(with_document_number(query_words(written))) == "岳文(2026)88号"


@pytest.mark.parametrize(
    "q", ["党务公开", "(2026)88号", "2026年3月", "12026 88号", "88号", "a 8号", "干部、任免", "{党务}"]
)
def test_what_is_no_document_number_is_left_as_it_is(q):
    assert with_document_number(query_words(q)) == query_words(q)


@pytest.mark.parametrize(
    ("q", "words"),
    [
        ("干部、任免", ["干部", "任免"]),
        ("干部,任免，党费；", ["干部", "任免", "党费"]),
        ("印发《条例》的通知", ["印发", "条例", "的通知"]),
        ("1,000元", ["1,000元"]),
        ("、", []),
        ("党务", ["党务"]),
    ],
)
def test_signs_between_words_part_them(q, words):
    assert without_signs(query_words(q)) == words
