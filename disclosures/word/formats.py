"""Numbers as Word writes them before a paragraph: 一、（一）1. Ⅰ ① 甲 and the others its numbering knows."""

from collections.abc import Callable

DIGITS = "〇一二三四五六七八九"
FORMAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"
STEMS = "甲乙丙丁戊己庚辛壬癸"
BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
    (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


def written(number: int, number_format: str) -> str:
    """`number` in one of Word's formats (`w:numFmt`); one that is not known is written in plain digits."""
    write = _FORMATS.get(number_format)
    return write(number) if write and 0 < number < 10_000 else "" if number_format == "none" else str(number)


def chinese(number: int, digits: str = DIGITS, units: str = "十百千", ten: str = "", zero: str = "零") -> str:
    """`number` below 10 000 as a Chinese numeral; `ten` stands before 十 of the teens (一 in 一百一十)."""
    text, pending = "", False
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit == 0:
            pending = bool(text)
            continue
        text += zero if pending else ""
        pending = False
        leading = digits[digit] if not (power == 1 and digit == 1 and not text) else ten
        text += leading + (units[power - 1] if power else "")
    return text


def _japanese(number: int) -> str:
    """As in Japan: 百 and 千 without 一, and no zero between."""
    text = ""
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit:
            text += ("" if digit == 1 and power else DIGITS[digit]) + ("十百千"[power - 1] if power else "")
    return text


def _digitwise(number: int) -> str:
    return "".join(DIGITS[int(digit)] for digit in str(number))


def _formal(number: int) -> str:
    return chinese(number, FORMAL_DIGITS, "拾佰仟", ten="壹")


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        text += letters * count
    return text


def _letters(number: int) -> str:
    """A to Z, then AA, BB as Word continues."""
    times, place = divmod(number - 1, 26)
    return chr(ord("A") + place) * (times + 1)


def _from_row(row: str) -> Callable[[int], str]:
    """The signs of `row` in turn, plain digits behind its end."""
    return lambda number: row[number - 1] if number <= len(row) else str(number)


def _block(first: str, last: int) -> Callable[[int], str]:
    """Signs that follow each other in Unicode."""
    return lambda number: chr(ord(first) + number - 1) if number <= last else str(number)


def _circled(number: int) -> str:
    """① to ㊿; the circles go on in two other blocks."""
    for first, start, end in (("①", 1, 20), ("㉑", 21, 35), ("㊱", 36, 50)):
        if start <= number <= end:
            return chr(ord(first) + number - start)
    return str(number)


def _full_width(number: int) -> str:
    return str(number).translate({ord("0") + digit: ord("０") + digit for digit in range(10)})


_FORMATS: dict[str, Callable[[int], str]] = {
    "decimalZero": lambda number: f"{number:02d}",
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperLetter": _letters,
    "lowerLetter": lambda number: _letters(number).lower(),
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "taiwaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "japaneseCounting": _japanese,
    "koreanCounting": _japanese,
    "ideographDigital": _digitwise,
    "japaneseDigitalTenThousand": _digitwise,
    "taiwaneseDigital": _digitwise,
    "chineseLegalSimplified": _formal,
    "ideographLegalTraditional": _formal,
    "japaneseLegal": _formal,
    "ideographTraditional": _from_row(STEMS),
    "ideographZodiac": _from_row(BRANCHES),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "ideographEnclosedCircle": _block("㊀", 10),
    "decimalEnclosedParen": _block("⑴", 20),
    "decimalEnclosedFullstop": _block("⒈", 20),
}
