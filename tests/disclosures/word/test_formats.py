"""Numbers as Word writes them."""

import pytest

from disclosures.word.formats import written


@pytest.mark.parametrize(
    ("number", "kind", "expected"),
    [
        (1, "chineseCounting", "一"),
        (10, "chineseCounting", "十"),
        (12, "chineseCounting", "十二"),
        (20, "chineseCounting", "二十"),
        (35, "chineseCountingThousand", "三十五"),
        (105, "chineseCountingThousand", "一百零五"),
        (110, "chineseCounting", "一百一十"),
        (1010, "chineseCounting", "一千零一十"),
        (11, "japaneseCounting", "十一"),
        (110, "japaneseCounting", "百十"),
        (105, "ideographDigital", "一〇五"),
        (12, "chineseLegalSimplified", "壹拾贰"),
        (4, "upperRoman", "IV"),
        (49, "lowerRoman", "xlix"),
        (27, "upperLetter", "AA"),
        (3, "lowerLetter", "c"),
        (7, "decimalZero", "07"),
        (3, "decimalEnclosedCircleChinese", "③"),
        (21, "decimalEnclosedCircle", "㉑"),
        (2, "ideographTraditional", "乙"),
        (3, "ideographZodiac", "寅"),
        (5, "decimalFullWidth", "５"),
        (5, "none", ""),
        (5, "unheardOf", "5"),
        (99_999, "chineseCounting", "99999"),
    ],
)
def test_number_is_written_as_word_writes_it(number, kind, expected):
    assert written(number, kind) == expected
