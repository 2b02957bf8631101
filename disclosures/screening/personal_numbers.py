"""Numbers that lead to a person: resident ID, bank card, mobile and fixed telephone, birth date to the day.

Every pattern is tried at most once at each place and reads a bounded stretch: hostile text costs linear time.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date

from stdnum import luhn, numdb
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from disclosures.screening.findings import FindingKind, Found, Profile

_S = "[ -]{0,2}"  # what people put between digits
_BEFORE = r"(?<![0-9])(?<![0-9][.,])"
_AFTER = r"(?![0-9])(?![.,][0-9])"
_MONTH = f"(?:0{_S}[1-9]|1{_S}[0-2])"
_DAY = f"(?:0{_S}[1-9]|[12]{_S}[0-9]|3{_S}[01])"
_D = f"(?:{_S}[0-9])"
_ID = re.compile(
    rf"{_BEFORE}(?<![0-9]\*)(?=([1-8]{_D}{{5}}{_S}(?:1{_S}9|2{_S}0){_D}{{2}}{_S}{_MONTH}{_S}{_DAY}{_D}{{3}}{_S}[0-9Xx])"
    r"(?![0-9A-Za-z]))"
)
_OLD_ID = re.compile(
    rf"{_BEFORE}(?<![A-Za-z])([1-8][0-9]{{7}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{{3}}){_AFTER}"
)
_HALF_MASKED_ID = re.compile(r"(?<![0-9])([1-8][0-9]{5,13}[*xX●•]{2,12}[0-9]{0,4}[0-9Xx])(?![0-9A-Za-z*])")
_GROUPS = r"[0-9]{4}(?:[ -]{1,2}[0-9]{4}){3}(?:[ -]{1,2}[0-9]{1,3})?|[0-9]{6}[ -][0-9]{10,13}"
_SPACED = r"[0-9](?: [0-9]){15,18}"
_CARD = re.compile(rf"{_BEFORE}(?<![A-Za-z])(?=([0-9]{{16,19}}|{_GROUPS}|{_SPACED}){_AFTER}(?![A-Za-z]))")
_CARD_PREFIX = re.compile(  # UnionPay and its older bank numbers; Visa, MasterCard, JCB have 16 digits
    r"62[0-9]{14,17}$|9[05][0-9]{14,17}$|6[0589][0-9]{14,17}$|4[0-9]{15}$|5[1-5][0-9]{14}$|35[0-9]{14}$|2[2-7][0-9]{14}$"
)
_MOBILE = re.compile(
    rf"{_BEFORE}(?<![0-9]-)(?=((?:\+?(?:00)?86[ -]{{0,2}}|\(\+?86\) ?)?1(?:[3-9][0-9]{{9}}"
    r"|[3-9][0-9][ .-]{1,3}[0-9]{4}[ .-]{1,3}[0-9]{4}|[3-9][0-9][ -][0-9]{8}|[3-9][0-9]{5}[ -][0-9]{4}"
    r"|[3-9][0-9]{2}[ -][0-9]{4}[ -][0-9]{3}|[3-9][0-9]{3}[ -][0-9]{6}| [3-9](?: [0-9]){9}))(?![0-9])(?!\.[0-9])(?!-[0-9]))"  # noqa: E501
)
_LOOSE_MOBILE = re.compile(r"(?<![0-9])1[0-9]{3,4}[ -]")  # shapes that columns of figures have as well
_AREA = r"(?:010|02[0-9]|0[3-9][0-9]{2})"
_EXTENSION = r"(?: ?(?:转|ext\.?|分机|-) ?[0-9]{1,5}(?![0-9]))?"
_TELEPHONE = re.compile(
    rf"{_BEFORE}(?<![0-9A-Za-z]-)(?<![A-Za-z第])(?:\+?86[ -]?)?(?:\({_AREA}\) ?-?|{_AREA}[ -]{{0,3}})"
    rf"[2-8](?:[0-9]{{6,7}}|[0-9]{{2,3}}[ -][0-9]{{4}}){_EXTENSION}{_AFTER}(?!-[0-9])",
    re.IGNORECASE,
)
_SERVICE = re.compile(
    rf"{_BEFORE}[48]00(?:-[0-9]{{3}}-?[0-9]{{4}}|-[0-9]{{4}}-[0-9]{{3}}| [0-9]{{3}} [0-9]{{4}}){_EXTENSION}{_AFTER}"
)
_LABELLED = re.compile(
    r"(?:电话|座机|热线|传真|固话|宅电|tel)(?:号码)?[^0-9\n一-鿿]{0,8}"
    r"((?:[2-8][0-9]{6,7}|[2-8][0-9]{2,3}[ -][0-9]{4}|[48]00[0-9]{7})(?![0-9.,]?[0-9])"
    r"(?:[ 、,;/或]{1,3}[2-8][0-9]{6,7}(?![0-9])){0,8})",
    re.IGNORECASE,
)
_ONE_LOCAL = re.compile(r"[0-9]{3,4}[ -][0-9]{4}|[0-9]{7,10}")
_OFFICE_LABEL = re.compile(
    r"(?:联系|监督|举报|咨询|值班|办公|投诉|服务|受理|信访|报名|查询|公示|来电)(?:电话|热线|号码|方式)?[^\n]{0,12}\Z|(?:热线|传真)[^\n]{0,8}\Z"
)
_NO_PERSON = re.compile(  # what introduces a number of a thing
    r"(?:编号|文号|编码|代码|单号|流水号?|订单号?|发票号?码?|合同号|注册号|登记号|许可证号?|索引号|条码|书号|序列号|批次号?|工单号?|凭证号|案号|统计数?|ISBN|ISSN)"
    r"(?:为|是)?[ :]{0,3}\Z",
    re.IGNORECASE,
)
_UNIT = re.compile(r" ?(?:元|万|亿|吨|人次|册|件|千|美元|字节|平方|%|个|户|次|点击)")
_PERSON_LABEL = re.compile(r"(?:手机|电话|联系|卡号|账号|tel|phone|mobile)[^\n]{0,10}\Z", re.IGNORECASE)
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
        if _is_resident_id(number[:6] + "19" + number[6:], has_checksum=False) and not _names_a_thing(
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
    for match in _CARD.finditer(folded):
        number = _digits(match[1])
        if _CARD_PREFIX.match(number) and luhn.is_valid(number) and not _names_a_thing(folded, match.start()):
            yield match.span(1)


def _find_mobiles(folded: str, profile: Profile) -> Iterator[tuple[int, int]]:
    for match in _MOBILE.finditer(folded):
        start, end = match.span(1)
        before = folded[max(0, start - 16) : start]
        if _names_a_thing(folded, start) or _UNIT.match(folded, end) or _follows_letters(before):
            continue
        if _LOOSE_MOBILE.match(match[1]) and not _PERSON_LABEL.search(before):
            continue
        yield start, end


def _follows_letters(before: str) -> bool:
    """Whether the number is the tail of a code (`AB138…`) and not of a label (`Tel138…`)."""
    letters = re.search(r"[A-Za-z_]+\Z", before)
    return bool(letters) and not re.search(r"(?:tel|phone|mobile|mob|ph)\Z", before, re.IGNORECASE)


def _find_telephones(folded: str, profile: Profile) -> Iterator[tuple[int, int]]:
    spans = [match.span() for pattern in (_TELEPHONE, _SERVICE) for match in pattern.finditer(folded)]
    for match in _LABELLED.finditer(folded):
        spans += [one.span() for one in _ONE_LOCAL.finditer(folded, *match.span(1))]
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if _names_a_thing(folded, start) or _UNIT.match(folded, end):
            continue
        if profile == Profile.PUBLIC or not _OFFICE_LABEL.search(folded, max(0, start - 24), start):
            yield start, end


def _names_a_thing(folded: str, start: int) -> bool:
    return bool(_NO_PERSON.search(folded, max(0, start - 12), start))


def _mask_tail(text: str) -> str:
    number = _digits(text)
    return "*" * (len(number) - 4) + number[-4:]


def _mask_id(text: str) -> str:
    return "*" * (max(len(re.sub("[ -]", "", text)), 15) - 4) + _digits(text)[-4:]


def _mask_mobile(text: str) -> str:
    number = _digits(text)[-11:]
    return f"{number[:3]}****{number[-4:]}"


def _mask_telephone(text: str) -> str:
    """The area code and the last two digits stand, the middle does not."""
    main = re.split("转|ext|分机", text, maxsplit=1, flags=re.IGNORECASE)[0]
    number = _digits(main).removeprefix("86")
    area = re.match(rf"{_AREA}|[48]00(?=[0-9]{{7}}$)", number)
    local = number[area.end() :] if area else number
    return f"{area[0] + '-' if area else ''}{local[:2]}{'*' * (len(local) - 4)}{local[-2:]}"


_DETECTORS: dict[FindingKind, Callable[[str, Profile], Iterator[tuple[int, int]]]] = {
    FindingKind.RESIDENT_ID: _find_ids,
    FindingKind.BANK_CARD: _find_cards,
    FindingKind.MOBILE: _find_mobiles,
    FindingKind.TELEPHONE: _find_telephones,
}
_MASKS: dict[FindingKind, Callable[[str], str]] = {
    FindingKind.RESIDENT_ID: _mask_id,
    FindingKind.BANK_CARD: _mask_tail,
    FindingKind.MOBILE: _mask_mobile,
    FindingKind.TELEPHONE: _mask_telephone,
}
