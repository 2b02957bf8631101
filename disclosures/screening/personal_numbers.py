"""Numbers that lead to a person: resident ID, bank card, birth date to the day; telephones have their own module.

Every pattern is tried at most once at each place and reads a bounded stretch: hostile text costs linear time.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date

from stdnum import luhn, numdb
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from disclosures.screening.findings import FindingKind, Found, Profile
from disclosures.screening.surroundings import names_a_thing
from disclosures.screening.telephones import find_mobiles, find_telephones, mask_mobile, mask_telephone

_S = r"[ \t\n./_-]{0,2}"  # what people put between digits, and where lines and boxes of a form divide them
_BEFORE = r"(?<![0-9])"
_AFTER = r"(?![0-9])(?!\.[0-9])"
_MONTH = f"(?:0{_S}[1-9]|1{_S}[0-2])"
_DAY = f"(?:0{_S}[1-9]|[12]{_S}[0-9]|3{_S}[01])"
_D = f"(?:{_S}[0-9])"
_ID = re.compile(
    rf"{_BEFORE}(?<![0-9]\*)(?=([1-8]{_D}{{5}}{_S}(?:1{_S}9|2{_S}0){_D}{{2}}{_S}{_MONTH}{_S}{_DAY}{_D}{{3}}{_S}[0-9Xx])"
    r"(?![0-9A-Za-z]))"
)
_OLD_ID = re.compile(
    rf"{_BEFORE}(?<![A-Za-z.])([1-8][0-9]{{7}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{{3}}){_AFTER}"
)
_HALF_MASKED_ID = re.compile(r"(?<![0-9])([1-8][0-9]{5,13}[*xX●•]{2,12}[0-9]{0,4}[0-9Xx])(?![0-9A-Za-z*])")
_GROUPS = (
    r"[0-9]{4}(?:[ ._-]{1,2}[0-9]{4}){3}(?:[ ._-]{1,2}[0-9]{1,3})?"
    r"|[0-9]{6}[ -][0-9]{10,13}|62[0-9]{2,14}(?:[ -][0-9]{3,13}){1,4}"
)
_SPACED = r"[0-9](?: [0-9]){15,18}"
_CARD = re.compile(rf"{_BEFORE}(?<![A-Za-z.])(?=([0-9]{{16,19}}|{_GROUPS}|{_SPACED}){_AFTER}(?![A-Za-z]))")
_LOOSE_CARD = re.compile(  # in whatever groups, over lines: only after a word for card or account
    rf"{_BEFORE}(?=([1-9](?:[ \t./_-]{{0,2}}\n?[0-9]){{15,18}}){_AFTER}(?![A-Za-z]))"
)
_CARD_PREFIX = re.compile(  # UnionPay and its older bank numbers; Visa, MasterCard, JCB have 16 digits
    r"62[0-9]{14,17}$|9[05][0-9]{14,17}$|6[0589][0-9]{14,17}$|4[0-9]{15}$|5[1-5][0-9]{14}$|35[0-9]{14}$|2[2-7][0-9]{14}$"
    r"|(?:436742|436745|456351|43406[12]|421349|524094|526410|552245)[0-9]{13}$|(?:405512|601428)[0-9]{11}$"
)
_CARD_WORD = re.compile("卡|账户|帐户|账号|帐号|存折|card|acct?", re.IGNORECASE)
_CARD_LABEL = re.compile(rf"(?:{_CARD_WORD.pattern})[^\n0-9]{{0,10}}\Z", re.IGNORECASE)
_BIRTH = re.compile(
    r"(?:出生日期|出生年月日?|出生时间|生日|生于)[ :为是]{0,3}([0-9]{4}[年./-] ?[0-9]{1,2}[月./-] ?[0-9]{1,2}日?)"
    r"|(?<![0-9])([0-9]{4}[年./-] ?[0-9]{1,2}[月./-] ?[0-9]{1,2}日?)(?:出)?生(?!效|产|活|成|态|物|源|育|意)"
)
_NOT_DIGIT = re.compile(r"[^0-9Xx]")
_PROVINCES = numdb.get("cn/loc")


def find_numbers(folded: str, profile: Profile) -> list[Found]:
    """ID numbers, cards, mobiles and fixed telephones; a sign belongs to one of them only."""
    taken: list[Found] = []
    for kind, find in _DETECTORS.items():
        spans = _Spans(taken)
        for start, end in find(folded, profile):
            if spans.is_free(start, end):
                taken.append(Found(kind, start, end, _MASKS[kind](folded[start:end])))
                spans.take(start, end)
    return taken


def find_birth_dates(folded: str) -> Iterator[Found]:
    """Birth dates to the day; shown to the month."""
    for match in _BIRTH.finditer(folded):
        group = 1 if match[1] else 2
        year, month = re.findall("[0-9]+", match[group])[:2]
        if int(year) >= 1900 and 1 <= int(month) <= 12:
            yield Found(FindingKind.BIRTH_DATE, *match.span(group), f"{year}年{int(month)}月")


class _Spans:
    """Stretches that belong to a number already; asked in reading order, answered in constant time."""

    def __init__(self, found: list[Found]) -> None:
        self.spans = sorted((each.start, each.end) for each in found)
        self.next, self.reached = 0, 0

    def is_free(self, start: int, end: int) -> bool:
        while self.next < len(self.spans) and self.spans[self.next][1] <= start:
            self.next += 1
        return start >= self.reached and not (self.next < len(self.spans) and self.spans[self.next][0] < end)

    def take(self, start: int, end: int) -> None:
        self.reached = end


def _digits(text: str) -> str:
    return _NOT_DIGIT.sub("", text).upper()


def _find_ids(folded: str, profile: Profile) -> Iterator[tuple[int, int]]:
    spans = [match.span(1) for match in _ID.finditer(folded) if _is_resident_id(_digits(match[1]))]
    for match in _OLD_ID.finditer(folded):
        number = match[1]
        if _is_resident_id(number[:6] + "19" + number[6:], has_checksum=False) and not names_a_thing(
            folded, match.start()
        ):
            spans.append(match.span(1))
    if profile == Profile.PUBLIC:
        spans += [match.span(1) for match in _HALF_MASKED_ID.finditer(folded) if 15 <= len(match[1]) <= 18]
    yield from sorted(spans)


def _is_resident_id(number: str, *, has_checksum: bool = True) -> bool:
    """Whether checksum, date and province are those of a person; counties come and go, provinces do not."""
    try:
        born = ric.get_birth_date(number)
    except (ValidationError, ValueError):
        return False
    if has_checksum and ric.calc_check_digit(number) != number[-1]:
        return False
    return date(1900, 1, 1) <= born <= date.today() and bool(_PROVINCES.info(number[:2] + "0000")[0][1])


def _find_cards(folded: str, profile: Profile) -> Iterator[tuple[int, int]]:
    spans = [match.span(1) for match in _CARD.finditer(folded) if _is_card(match[1])]
    if _CARD_WORD.search(folded):
        spans += [
            match.span(1)
            for match in _LOOSE_CARD.finditer(folded)
            if _CARD_LABEL.search(folded, max(0, match.start(1) - 16), match.start(1)) and _is_card(match[1])
        ]
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not names_a_thing(folded, start):
            yield start, end


def _is_card(text: str) -> bool:
    number = _digits(text)
    return 16 <= len(number) <= 19 and bool(_CARD_PREFIX.match(number)) and luhn.is_valid(number)


def _mask_tail(text: str) -> str:
    number = _digits(text)
    return "*" * (len(number) - 4) + number[-4:]


def _mask_id(text: str) -> str:
    return "*" * (max(len(re.sub("[^0-9A-Za-z*●•]", "", text)), 15) - 4) + _digits(text)[-4:]


_DETECTORS: dict[FindingKind, Callable[[str, Profile], Iterator[tuple[int, int]]]] = {
    FindingKind.RESIDENT_ID: _find_ids,
    FindingKind.BANK_CARD: _find_cards,
    FindingKind.MOBILE: find_mobiles,
    FindingKind.TELEPHONE: find_telephones,
}
_MASKS: dict[FindingKind, Callable[[str], str]] = {
    FindingKind.RESIDENT_ID: _mask_id,
    FindingKind.BANK_CARD: _mask_tail,
    FindingKind.MOBILE: mask_mobile,
    FindingKind.TELEPHONE: mask_telephone,
}
