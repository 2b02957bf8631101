"""Characters as numbers: what is exact, what is shared, and that no text can be asked for without any."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disclosures.search import grams
from disclosures.search.characters import simplified
from disclosures.search.pinyin import initials_of
from disclosures.textnorm import norm, query_words


@given(st.text(min_size=1, max_size=60), st.data())
def test_every_piece_of_a_text_is_among_its_numbers(text, data):
    body = norm(text)
    begin = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(begin, len(body)))
    words = query_words(body[begin:end])
    assert not words or set(grams.grams_asked(words)) <= grams.grams_of(body)


@given(st.text(max_size=20))
def test_words_always_have_numbers(q):
    assert bool(grams.grams_asked(query_words(q))) is bool(query_words(q))


def test_pairs_have_numbers_of_their_own():
    signs = "党务公开岳阳市0123abc,.()"
    pairs = [a + b for a in signs for b in signs]
    assert len({grams.grams_asked([pair])[0] for pair in pairs}) == len(pairs)


def test_numbers_fit_four_bytes_and_the_mark_meets_no_text():
    found = grams.grams_of("党务公开 \U00020000\U00020001 abc", "dwgk")
    assert all(-(2**31) <= code < 2**31 for code in found)
    assert grams.PUBLIC not in found


def test_long_words_ask_for_few_numbers():
    assert len(grams.grams_asked(["党务公开工作" * 30])) <= grams.MOST
    assert len(grams.grams_asked([f"党务公开工作{n}" for n in range(8)])) <= 2 * 8


def test_every_number_of_a_long_word_can_be_asked_for():
    word = "党务公开工作领导小组监督检查制度"
    every = grams.every_gram_asked([word])
    assert len(every) == len(word) - 3
    assert set(grams.grams_asked([word])) < set(every) <= grams.grams_of(word)
    assert set(grams.every_gram_asked([word, "监督"])) == {*every, *grams.grams_asked(["监督"])}


def test_initials_meet_no_text():
    assert not set(grams.initials_asked("dwgk")) & grams.grams_of("dwgk")
    assert set(grams.initials_asked("wgk")) <= grams.grams_of("", "dwgkqk")


@pytest.mark.parametrize(("title", "letters"), [("党务公开", "dwgk"), ("重要事项(第2期)", "zysxd2q"), ("", "")])
def test_initials_of_titles(title, letters):
    assert initials_of(title) == letters


def test_traditional_characters_are_simplified_once_and_for_all():
    assert norm("黨務公開監督") == "党务公开监督"
    table = simplified()
    assert all(ord(character) not in table for character in table.values())
