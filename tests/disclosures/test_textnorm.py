"""Folding of text for search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disclosures.textnorm import norm, query_words


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
