"""Marks of secrecy, which refuse the save, and the same words in running text, which need a mask or a reason.

A mark is a level with star and period (`机密★10年`, also spaced, wide, with other stars, a date or a condition), or
stands alone on a line, cover or header. Words for secrecy as such (`国家秘密`, `商业秘密`, `秘密投票`) are no findings.
"""

import re
from collections.abc import Iterable, Iterator

from disclosures.screening.findings import FindingKind, Found

_B = "[ \t]{0,6}"
_G = "[ \t\n]{0,6}"
_LEVEL = f"(?:绝{_B}密|机{_B}密|秘{_B}密)"
_NUMBER = f"(?:[0-9](?:{_B}[0-9]){{0,3}}|[一二三四五六七八九十百两〇零]{{1,4}})"
_PERIOD = (
    f"(?:{_NUMBER}{_B}(?:年|个{_B}月|月|日|天)|长{_B}期|(?:[12][0-9]{{3}}|20[0-9]{{6}})(?![0-9])|永久"
    "|[^\n。;,]{1,20}[前后时](?![^\n]{0,3}[一-鿿])|[^\n。;,]{0,15}解密)"
)
_STAR = "[☆*✩✪✭✮✯⋆⭐∗＊✦✱﹡•·]"
_MARK = re.compile(f"{_LEVEL}{_B}级?{_G}(?:★(?:{_G}{_PERIOD})?|{_STAR}{_B}{_PERIOD})")
_HANDLING = "|".join(_B.join(word) for word in ("内部文件", "内部资料", "注意保存", "注意保管", "注意保密"))
_SECRET = re.compile(f"{_LEVEL}{_B}级?|{_HANDLING}")
_HANDLE_WITH_CARE = (
    "请|(?:不得|严禁|禁止|请勿|切勿|不准|勿)(?:对外)?(?:外传|外泄|翻印|复制|转发|传播|扩散|公开|上网|遗失|丢失)"
    "|(?:阅后|会后|用后)(?:请)?(?:即)?(?:退回|收回|交回|销毁|归档|清退)|妥善保管|严格保密|[仅只]限(?:内部|会议)(?:使用|传阅|交流)"
)
_BESIDE = re.compile(  # what stands beside a mark on a cover: period, urgency, copy number, signs
    f"{_NUMBER}{_B}年|长{_B}期|特{_B}急|加{_B}急|平{_B}急|急{_B}件|特提|[0-9]{{6}}|{_HANDLE_WITH_CARE}|[\\s\\[\\]().,;:!·*_=|<>'\"、。“”/★☆-]"
)
_WORD = re.compile("绝密|机密|秘密|内部文件|内部资料|注意保存|注意保管|注意保密")
_LONGEST_MARK_LINE = 60
_COMPOUND_BEFORE = re.compile(
    "(?:国家|商业|工作|个人|军事|技术|企业|经营|职业|审判|检察|警务|党的|党和国家|保守|严守|严格保守|保护|泄露|泄漏|泄|窃取|刺探|出卖|知悉"
    "|接触|涉及|的|小|大|奥)\\Z"
)
_COMPOUND_AFTER = re.compile(
    "投票|表决|选举|写票|划票|警察|结社|武器|战线|通道|花园|进行|地|力量|活动|组织|会见|接头|谈判|性|技术(?!文件)|好|工作|纪律|义务|原则|期限|测评|打分|推荐"
)
_ALL_LEVELS = re.compile(
    "绝密(?:级)?[、,和或 ]{1,2}机密(?:级)?(?:[、,和或 ]|或者|以及){1,2}秘密|秘密[、,]机密(?:[、,和或 ]|或者|以及){1,2}绝密"  # noqa: E501
)


_SIMPLIFIED = str.maketrans("機絕內資級長個時開後註檔祕", "机绝内资级长个时开后注档秘")


def find_secrecy(folded: str) -> list[Found]:
    """Marks first; words only where no mark stands. Traditional characters count as the simplified ones."""
    folded = folded.translate(_SIMPLIFIED)
    marks = _settled([*_starred(folded), *_alone(folded)])
    found = [Found(FindingKind.SECRECY_MARK, start, end, "*" * (end - start)) for start, end in marks]
    silent = sorted([*marks, *(match.span() for match in _ALL_LEVELS.finditer(folded))])
    found += [
        Found(FindingKind.SECRECY_WORD, start, end, "*" * (end - start))
        for start, end in _outside(_settled(_words(folded)), silent)
    ]
    return found


def _starred(folded: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in _MARK.finditer(folded))


def _alone(folded: str) -> Iterator[tuple[int, int]]:
    """Lines that hold a mark and nothing else but what stands beside one on a cover.

    On the first line, the upper left of a cover or sheet, it may have one cell to the right that is filled.
    """
    start, is_first = 0, True
    for line in folded.split("\n"):
        if "密" in line or "内" in line or "注" in line:
            if _is_mark(line):
                yield _stripped(line, start)
            elif is_first and _is_mark(cell := line.split("\t", 1)[0]) and _filled_cells(line) <= 2:
                yield _stripped(cell, start)
        is_first = is_first and not line.strip()
        start += len(line) + 1


def _is_mark(line: str) -> bool:
    content = line.strip()
    if len(content) > _LONGEST_MARK_LINE or content.startswith("请"):  # that asks, in running text
        return False
    rest, count = _SECRET.subn("", content)
    return bool(count) and not _BESIDE.sub("", rest)


def _filled_cells(line: str) -> int:
    return sum(bool(cell.strip()) for cell in line.split("\t"))


def _stripped(line: str, start: int) -> tuple[int, int]:
    content = line.strip()
    at = start + line.index(content)
    return at, at + len(content)


def _words(folded: str) -> Iterator[tuple[int, int]]:
    for match in _WORD.finditer(folded):
        if _COMPOUND_AFTER.match(folded, match.end()):
            continue
        if (
            match[0][-1] == "密"
            and match[0][0] != "注"
            and _COMPOUND_BEFORE.search(folded, max(0, match.start() - 4), match.start())
        ):
            continue
        yield match.span()


def _settled(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order; those that touch become one."""
    settled: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if settled and start <= settled[-1][1]:
            settled[-1] = (settled[-1][0], max(end, settled[-1][1]))
        else:
            settled.append((start, end))
    return settled


def _outside(spans: Iterable[tuple[int, int]], silent: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    at = 0
    for start, end in spans:
        while at < len(silent) and silent[at][1] <= start:
            at += 1
        if at == len(silent) or silent[at][0] >= end:
            yield start, end
