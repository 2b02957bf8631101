"""Known strings masked wherever they stand; asks no database."""

import pytest

from disclosures.masking import Leak, holds, mask_html, mask_segments, mask_text

PHONE = Leak("13812345678", "138****5678")


@pytest.mark.parametrize(
    "text",
    ["13812345678", "138-1234-5678", "１３８１２３４５６７８", "138 1234 5678", "138\u200b12345678", "138.1234.5678"],
)
def test_every_spelling_is_masked(text):
    assert mask_text(f"电话{text}。", [PHONE]) == "电话138****5678。"


@pytest.mark.parametrize("text", ["13812345679", "1381234567", "", "电话"])
def test_what_is_another_string_stays(text):
    assert mask_text(text, [PHONE]) == text


def test_the_longest_of_two_that_overlap_is_masked():
    assert mask_text("张三丰与张三", [Leak("张三", "张*"), Leak("张三丰", "张**")]) == "张**与张*"


def test_a_mask_stands_where_its_string_begins():
    assert mask_segments(["电话138", "1234", "5678。"], [PHONE]) == ["电话138****5678", "", "。"]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>138<strong>1234</strong>5678</p>", "<p>138****5678<strong></strong></p>"),
        ("<p>A &amp; B 138&nbsp;12345678</p>", "<p>A &amp; B 138****5678</p>"),
        ('<p><a href="tel:13812345678">甲</a></p>', "<p><a>甲</a></p>"),
        (
            '<p><a href="https://x.cn/?t=138%3112345678">甲</a></p>',
            '<p><a href="https://x.cn/?t=138%3112345678">甲</a></p>',
        ),
        ('<p><a href="https://x.cn/%31%33812345678">甲</a></p>', "<p><a>甲</a></p>"),
        ("<p>&lt;b&gt;</p>", "<p>&lt;b&gt;</p>"),
    ],
)
def test_a_body_is_masked_through_its_marks_and_entities(html, expected):
    assert mask_html(html, [PHONE]) == expected


def test_nothing_to_mask_changes_nothing():
    assert mask_text("abc", []) == "abc" and not holds("abc", [Leak("", "x")])


def test_letters_are_compared_in_either_case():
    assert mask_text("Zhang San", [Leak("ZHANGSAN", "Z*")]) == "Z*"
