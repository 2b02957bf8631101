"""Mobile and fixed telephones, as people write them, and their masks.

Every pattern is tried at most once at each place and reads a bounded stretch: hostile text costs linear time.
"""

import re
from collections.abc import Iterator

from disclosures.screening.findings import Profile
from disclosures.screening.surroundings import amounts, counts_something, headed_cells, names_a_thing

_SPACED_LABELS = "|".join(" {0,4}".join(word) for word in "电话 手机 座机 热线 传真 固话 宅电".split())
_LABEL = rf"(?:{_SPACED_LABELS}|tel(?:ephone)?|phone)(?:号 {{0,2}}码)?"
_LABEL_ASIDE = r"(?: ?[(\[][^()\[\]0-9\n]{1,8}[)\]])?"  # 电话(办)
_NO_DECIMAL = (
    r"(?:(?<![0-9]\.)|(?<=\n[0-9]\.)|(?<=\n[0-9]{2}\.)|(?<=\A[0-9]\.)|(?<=\A[0-9]{2}\.))"  # but `3.` of a list
)
_ABROAD = r"(?:\+?(?:00)?86[ -]{0,2}|\(\+?86\) ?)?"
_MOBILE = re.compile(
    rf"(?<![0-9]){_NO_DECIMAL}(?<![0-9]-)(?=({_ABROAD}1(?:[3-9][0-9]{{9}}"
    r"|[3-9][0-9][ ._-]{1,3}[0-9]{4}[ ._-]{1,3}[0-9]{4}|[3-9][0-9][ -][0-9]{8}|[3-9][0-9]{5}[ -][0-9]{4}"
    r"| [3-9](?: [0-9]){9}))(?![0-9])(?!\.[0-9])(?!-[0-9]))"
)
_B = r"[ ._()/-]{0,2}\n?"
_LOOSE_MOBILE = re.compile(  # shapes that columns of figures have as well
    rf"(?<![0-9])(?=(\(?0?1{_B}[3-9](?:{_B}[0-9]){{9}})(?![0-9])(?!\.[0-9])(?!-[0-9]))"
)
_MOST_GROUPS = 5
_MOBILE_WORD = re.compile(r"手 {0,4}机|电 {0,4}话|联系|移动|微信|tel|phone|mobile", re.IGNORECASE)
_MOBILE_LABEL = re.compile(rf"(?:{_MOBILE_WORD.pattern})[^\n0-9]{{0,10}}\Z", re.IGNORECASE)
_LETTERED_MOBILE = re.compile(  # o for 0 and l for 1, after a label only
    rf"(?:{_LABEL}|联系方式|微信|mobile){_LABEL_ASIDE}[^0-9A-Za-z\n]{{0,6}}"
    r"([1IlL|][ -]?[3-9](?:[ -]?[0-9OoIlL|]){9})(?![0-9A-Za-z])",
    re.IGNORECASE,
)
_LOOKS = str.maketrans("OoIlL|", "001111")
_WORD_BEFORE = re.compile(r"[A-Za-z]+\Z")
_LABEL_BEFORE = re.compile(r"(?:tel|phone|mobile|mob|ph|wx|vx|weixin|wechat|sj|sjh|sjhm|dh|lxdh)\Z", re.IGNORECASE)

_AREA = r"(?:010|02[0-9]|0[3-9][0-9]{2})"
_BARE_AREA = r"(?:10|2[0-9]|[3-9][0-9]{2})"
_LOCAL = r"[2-8](?:[0-9]{6,7}|[0-9]{2,3}[ -][0-9]{4}|[0-9]{3}-[0-9]{3})"
_EXTENSION = r"(?: ?(?:转|ext\.?|分机|-) ?[0-9]{1,5}(?![0-9]))?"
_BEFORE = r"(?<![0-9])(?<![0-9]\.)"
_AFTER = r"(?![0-9])(?!\.[0-9])"
_TELEPHONE = re.compile(
    rf"{_BEFORE}(?<![0-9A-Za-z]-)(?<![A-Za-z第])"
    rf"(?:(?:\+?86[ -]?)?(?:[(\[]{_AREA}[)\]] ?-?|{_AREA}(?:-\n|\n-|[ -]{{0,3}}))"
    rf"|(?:\+|00)86[ -]{{0,2}}\(?{_BARE_AREA}\)?[ -]{{1,2}})"
    rf"{_LOCAL}{_EXTENSION}{_AFTER}(?!-[0-9])",
    re.IGNORECASE,
)
_ALL_GROUPS = re.compile("[0-9]{3,4}(?: [0-9]{3,4}){2,3}")  # in the middle of a longer number
_GROUP_BEFORE = re.compile("[0-9]{3} \\Z")
_SERVICE = re.compile(
    rf"{_BEFORE}[48]00(?:-[0-9]{{3}}-?[0-9]{{4}}|-[0-9]{{4}}-[0-9]{{3}}| [0-9]{{3}} [0-9]{{4}}){_EXTENSION}{_AFTER}"
)
_LABELLED = re.compile(
    rf"{_LABEL}{_LABEL_ASIDE}(?:为|是)?[^0-9\n一-鿿]{{0,8}}(?:(?<=:)\n)?"
    rf"((?:[(\[]?(?:0?{_BARE_AREA})[)\]]?[ ./·_-]{{1,3}}\n?|{_AREA})?{_LOCAL}{_EXTENSION}|[48]00[0-9]{{7}}){_AFTER}",
    re.IGNORECASE,
)
_SIBLING = re.compile(  # another number after the first; a date is none
    rf" ?[、,;/或和] ?(?!(?:19|20)[0-9]{{2}}(?:0[1-9]|1[0-2])[0-3][0-9](?![0-9]))({_LOCAL}){_AFTER}(?!-[0-9])"
)
_MOST_SIBLINGS = 8
_HEADING = re.compile(r"(?:电 {0,4}话|座 {0,4}机|固 {0,4}话|联系方式|tel)(?!费)", re.IGNORECASE)
_LOCAL_ALONE = re.compile(rf"({_LOCAL})(?: ?[、,;/] ?{_LOCAL})*(?:\([^()0-9]{{1,6}}\))?")
_OFFICE_LABEL = re.compile(
    r"(?:联系|监督|举报|咨询|值班|办公|投诉|服务|受理|信访|报名|查询|公示|来电)(?:电话|热线|号码|方式)?[^\n]{0,12}\Z|(?:热线|传真)[^\n]{0,8}\Z"
)


def find_mobiles(folded: str, profile: Profile) -> Iterator[tuple[int, int]]:
    """Mobile numbers; in loose spelling only after a word for telephone."""
    spans = [match.span(1) for match in _MOBILE.finditer(folded) if not _follows_letters(folded, match.start(1))]
    spans += _loose_mobiles(folded)
    spans += [match.span(1) for match in _LETTERED_MOBILE.finditer(folded) if _digit_count(match[1]) >= 5]
    figures = amounts(folded)
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start not in figures and not names_a_thing(folded, start) and not counts_something(folded, end):
            yield start, end


def find_telephones(folded: str, profile: Profile) -> Iterator[tuple[int, int]]:
    """Fixed telephones and service lines: with an area code, after a word for telephone or under one as a heading."""
    spans = [
        match.span()
        for pattern in (_TELEPHONE, _SERVICE)
        for match in pattern.finditer(folded)
        if not (
            _ALL_GROUPS.fullmatch(match[0]) and _GROUP_BEFORE.search(folded, max(0, match.start() - 5), match.start())
        )
    ]
    spans += [match.span(1) for match in _LABELLED.finditer(folded)]
    spans += _under_headings(folded, profile)
    reached = 0
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start < reached or names_a_thing(folded, start) or counts_something(folded, end):
            continue
        if profile == Profile.INTERNAL and _OFFICE_LABEL.search(folded, max(0, start - 24), start):
            reached = _last_sibling(folded, end)
            continue
        yield start, end
        reached = end
        for sibling, reached in _siblings(folded, end):
            yield sibling, reached


def mask_mobile(text: str) -> str:
    """The first three and the last four digits stand."""
    number = _digits(text.translate(_LOOKS))[-11:]
    return f"{number[:3]}****{number[-4:]}"


def mask_telephone(text: str) -> str:
    """The area code and the last two digits stand, the middle does not."""
    main = re.split("转|ext|分机", text, maxsplit=1, flags=re.IGNORECASE)[0]
    number = re.sub(r"^(?:00)?86(?=[0-9]{9})", "", _digits(main))
    if len(number) in (10, 11) and re.match(f"{_BARE_AREA}[2-8]", number) and not re.match("[48]00", number):
        number = "0" + number
    area = re.match(rf"{_AREA}|[48]00(?=[0-9]{{7}}$)", number)
    local = number[area.end() :] if area else number
    return f"{area[0] + '-' if area else ''}{local[:2]}{'*' * (len(local) - 4)}{local[-2:]}"


def _digits(text: str) -> str:
    return re.sub("[^0-9]", "", text)


def _digit_count(text: str) -> int:
    return sum(sign.isdigit() for sign in text)


def _follows_letters(folded: str, start: int) -> bool:
    """Whether the number is the tail of a code (`AB138…`) and not of a label (`Tel138…`)."""
    before = folded[max(0, start - 16) : start]
    return bool(_WORD_BEFORE.search(before)) and not _LABEL_BEFORE.search(before)


def _loose_mobiles(folded: str) -> Iterator[tuple[int, int]]:
    if not _MOBILE_WORD.search(folded):
        return
    for match in _LOOSE_MOBILE.finditer(folded):
        start, end = match.span(1)
        is_introduced = _MOBILE_LABEL.search(folded, max(0, start - 16), start)
        if is_introduced and len(re.findall("[0-9]+", match[1])) <= _MOST_GROUPS:
            yield start, end


def _under_headings(folded: str, profile: Profile) -> Iterator[tuple[int, int]]:
    for start, end, heading, _is_as_wide in headed_cells(folded, _HEADING):
        if profile == Profile.INTERNAL and _OFFICE_LABEL.search(heading):
            continue
        alone = _LOCAL_ALONE.fullmatch(folded, start, end)
        if alone:
            yield alone.span(1)


def _siblings(folded: str, end: int) -> Iterator[tuple[int, int]]:
    for _ in range(_MOST_SIBLINGS):
        match = _SIBLING.match(folded, end)
        if not match or counts_something(folded, match.end()):
            return
        yield match.span(1)
        end = match.end()


def _last_sibling(folded: str, end: int) -> int:
    return max((reached for _start, reached in _siblings(folded, end)), default=end)
