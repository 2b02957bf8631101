"""A labelled set by another hand, written without sight of the patterns: texts of `blind_cases.txt`, and files.

A line of `blind_cases.txt` is a text; `##` begins a section, a leading `!` says that nothing stands in it, and
`!word` or `!telephone` besides that nobody decided whether one of these does. `{mark:…}`, `{home:…}` and `{word:…}`
hold what is to be found as it stands; `{id}`, `{old}`, `{mob}`, `{tel:…}` and `{card}` make a number up, spelled by a
pattern whose `#` are its signs, with letters after a dot for its make or its spelling (w: full width). `{no:…}` makes
up digits that mean nothing.

Every telephone with its area code or a word for telephone before it counts, also an office's; service lines of five
digits do not. Left out as undecided: lines 400 and 800, eleven digits in odd groups without a word beside, fax
numbers, short numbers, ID numbers and cards masked too little, numbers with a wrong check digit that pass as another
kind, permits of residents from Hong Kong, Macau and Taiwan, bare levels of secrecy in a list or a table, and a level
named in a field (密级：机密) without star and period.
"""

import io
import random
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet
from stdnum import luhn

from tests.screening.labelled import CARD, HOME, ID, MARK, MOBILE, PHONE, WORD, Case
from tests.screening.office_files import A, P, W, docx, packed, paragraphs, pptx, xlsx

SEED = 430600
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
REGIONS = "430602 430611 430621 430626 430682 430103 110108 310104 440106 510107 330106 620102 650103".split()
OLD_REGIONS = "432423 432503 512922 422301 132402 362101 342122 519004 372801".split()  # of districts since dissolved
SURNAMES, GIVEN = "甄贾宓郝符滕阙庾", ("某甲", "某乙", "样", "例", "拟", "范文", "样本", "虚构")
MOBILE_STARTS = "130 133 135 138 139 145 150 152 156 159 166 173 176 177 180 185 188 189 191 198 199".split()
BINS = {16: ("436742", "528931", "622600", "625919"), 17: ("622155", "621558"), 18: ("622188", "623030", "620522")}
LONG_BINS = ("622848", "621700", "622202", "621799", "622609", "621539", "623090")
ENDINGS = {"x": "x", "xl": "x", "X": "X", "t": "\u00d7", "r": "\u2169", "k": "\u0425"}  # of an ID, as people type it
ESCAPES = {r"\n": "\n", r"\t": "\t"}
Maker = Callable[[random.Random, str, str], str]


def _id(r: random.Random, flags: str) -> str:
    """A resident ID number; flags: those of `ENDINGS`, L passes as a card too, old, kid, aged for who holds it."""
    first, last = (1930, 1938) if "aged" in flags else (2012, 2019) if "kid" in flags else (1945, 2004)
    is_x = bool(ENDINGS.keys() & flags.split("."))
    while True:
        stem = r.choice(OLD_REGIONS if "old" in flags else REGIONS)
        stem += f"{r.randint(first, last)}{r.randint(1, 12):02}{r.randint(1, 28):02}{r.randint(0, 999):03}"
        number = stem + _check_sign(stem)
        if is_x == (number[-1] == "X") and (is_x or ("L" in flags) == luhn.is_valid(number)):
            return number


def _check_sign(stem: str) -> str:
    return "10X98765432"[sum(int(sign) * weight for sign, weight in zip(stem, WEIGHTS, strict=True)) % 11]


def _has_its_check_sign(number: str) -> bool:
    return len(number) == 18 and _check_sign(number[:17]) == number[17]


def _ending(number: str, flags: str) -> str:
    """The last sign as people write it."""
    ends = [ENDINGS[flag] for flag in flags.split(".") if flag in ENDINGS]
    return number[:-1] + ends[0] if ends else number


def _spelled(number: str, pattern: str, flags: str) -> str:
    signs = iter(number)
    text = re.sub("#", lambda _sign: next(signs), pattern) if pattern else number
    return _wide(text) if "w" in flags.split(".") else text


def _wide(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


def resident(r: random.Random, flags: str, pattern: str) -> str:
    return _spelled(_ending(_id(r, flags), flags), pattern, flags)


def resident_of_old(r: random.Random, flags: str, pattern: str) -> str:
    number = _id(r, "old")
    return number[:6] + number[8:17]


def wrong_resident(r: random.Random, flags: str, pattern: str) -> str:
    while True:
        number = _id(r, flags)
        number = number[:-1] + r.choice("0123456789")
        if not _has_its_check_sign(number) and not luhn.is_valid(number):
            return _spelled(number, pattern, flags)


def mobile(r: random.Random, flags: str, pattern: str) -> str:
    while True:
        start = {"170": "170", "19": "192", "16": "162"}.get(flags, r.choice(MOBILE_STARTS))
        number = f"{start}{r.randint(0, 99999999):08}"
        if flags == "o" and "0" in number:
            return number[:3] + number[3:].replace("0", "O")
        if flags == "l" and "1" in number[1:]:
            return number.replace("1", "l")
        if flags not in ("o", "l"):
            return _spelled(number, pattern, flags)


def digits(r: random.Random, flags: str, pattern: str) -> str:
    """Digits in place of every `#`; the first is one that local telephones may begin with."""
    first = True

    def digit(_sign: re.Match[str]) -> str:
        nonlocal first
        low, high, first = (2, 8, False) if first else (0, 9, False)
        return str(r.randint(low, high))

    text = re.sub("#", digit, pattern)
    return _wide(text) if "w" in flags.split(".") else text


def card(r: random.Random, flags: str, pattern: str) -> str:
    length = pattern.count("#") or 19
    starts = BINS.get(length, LONG_BINS)
    for flag, start, its_length in (
        ("ccb", "436742", 19),
        ("icbc19", "95588", 19),
        ("icbc", "622208", 19),
        ("visa", "451461", 16),
        ("mc", "524047", 16),
    ):
        if flag == flags:
            starts, length = (start,), its_length
    stem = r.choice(starts)
    stem += "".join(str(r.randint(0, 9)) for _ in range(length - len(stem) - 1))
    return _spelled(stem + luhn.calc_check_digit(stem), pattern, flags)


def wrong_card(r: random.Random, flags: str, pattern: str) -> str:
    length = pattern.count("#") or 19
    stem = r.choice(LONG_BINS) + "".join(str(r.randint(0, 9)) for _ in range(length - 7))
    return _spelled(stem + str((int(luhn.calc_check_digit(stem)) + 4) % 10), pattern, flags)


def moment(r: random.Random, flags: str, pattern: str) -> str:
    """A running number that begins with a time and happens to pass as a card."""
    stem = "2026" + "".join(f"{r.randint(*pair):02}" for pair in ((1, 12), (1, 28), (8, 18), (0, 59), (0, 59)))
    stem += "".join(str(r.randint(0, 9)) for _ in range(r.randint(1, 4)))
    return stem + luhn.calc_check_digit(stem)


def name(r: random.Random, flags: str = "", pattern: str = "") -> str:
    return r.choice(SURNAMES) + r.choice(GIVEN)


def as_it_stands(r: random.Random, flags: str, pattern: str) -> str:
    return pattern


MAKERS: dict[str, tuple[Maker, str]] = {
    "id": (resident, ID),
    "old": (resident_of_old, ID),
    "mob": (mobile, MOBILE),
    "tel": (digits, PHONE),
    "card": (card, CARD),
    "home": (as_it_stands, HOME),
    "mark": (as_it_stands, MARK),
    "word": (as_it_stands, WORD),
    "badid": (wrong_resident, ""),
    "badcard": (wrong_card, ""),
    "tsluhn": (moment, ""),
    "no": (digits, ""),
    "name": (name, ""),
}
SLOT = re.compile(r"\{(\w+)((?:\.\w+)*)(?::([^}]*))?\}")


def _passes_by_chance(text: str) -> bool:
    runs = re.findall(r"\d{16,19}", text)
    return any(luhn.is_valid(run) or _has_its_check_sign(run) for run in runs)


def _filled(line: str, r: random.Random) -> tuple[str, tuple[str, ...]]:
    line = re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), line)
    for written, sign in ESCAPES.items():
        line = line.replace(written, sign)
    kinds: list[str] = []

    def made(slot: re.Match[str]) -> str:
        maker, kind = MAKERS[slot[1]]
        if kind:
            kinds.append(kind)
        return maker(r, slot[2].strip("."), slot[3] or "")

    return SLOT.sub(made, line), tuple(kinds)


def texts(r: random.Random) -> Iterator[Case]:
    section = ""
    for number, written in enumerate((Path(__file__).parent / "blind_cases.txt").read_text().splitlines(), 1):
        if written.startswith("##"):
            section = written.strip("# ").partition(":")[0]
        elif written:
            marked = re.match("!(?:(word|telephone) )?", written)
            line = written[marked.end() :] if marked else written
            text, kinds = _filled(line, r)
            while not kinds and "{tsluhn}" not in line and _passes_by_chance(text):
                text, kinds = _filled(line, r)
            assert bool(kinds) != written.startswith("!"), written
            doubtful = (WORD,) if section == "mark" else ()
            if marked and marked[1]:
                doubtful = ({"word": WORD, "telephone": PHONE}[marked[1]],)
            yield Case(f"{section} {number}", kinds, text, doubtful=doubtful)


def workbook(fill: Callable[[Workbook, Worksheet], None]) -> bytes:
    """A workbook as openpyxl writes it."""
    book = Workbook()
    assert isinstance(book.active, Worksheet)
    fill(book, book.active)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def sheet(
    rows: Sequence[Sequence[str | int | float]], then: Callable[[Workbook, Worksheet], None] = lambda book, sheet: None
) -> bytes:
    def fill(book: Workbook, sheet: Worksheet) -> None:
        for row in rows:
            sheet.append(row)
        then(book, sheet)

    return workbook(fill)


def word(inner: str, **parts: str) -> bytes:
    """A Word file of this XML; other parts by their name, with double underscores for folders."""
    files: dict[str, str | bytes] = {"word/document.xml": f"<w:document {W}><w:body>{inner}</w:body></w:document>"}
    files |= {f"{part.replace('__', '/')}.xml": xml for part, xml in parts.items()}
    return packed(files)


def runs(*pieces: str, properties: str = "") -> str:
    return "<w:p>" + "".join(f"<w:r>{properties}<w:t>{piece}</w:t></w:r>" for piece in pieces) + "</w:p>"


def cells(*lines: list[str]) -> str:
    rows = "".join(f"<w:tr>{''.join(f'<w:tc>{paragraphs(cell)}</w:tc>' for cell in line)}</w:tr>" for line in lines)
    return f"<w:tbl>{rows}</w:tbl>"


def slide(shapes: str, **parts: str) -> bytes:
    files: dict[str, str | bytes] = {
        "ppt/presentation.xml": f"<p:presentation {P}/>",
        "ppt/slides/slide1.xml": f"<p:sld {P} {A}><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:sld>",
    }
    files |= {f"{part.replace('__', '/')}.xml": xml for part, xml in parts.items()}
    return packed(files)


def page(body: str, *, title: str = "", style: str = "") -> bytes:
    """A PDF set by a program from HTML, with Chinese text."""
    from weasyprint import HTML  # here, because it loads slowly

    head = f"<title>{title}</title><style>body {{ font-family: 'Noto Sans CJK SC' }} {style}</style>"
    return HTML(string=f"<html lang=zh><head>{head}</head><body>{body}</body></html>").write_pdf()


def word_files(r: random.Random) -> Iterator[Case]:
    def case(what: str, content: bytes, *kinds: str) -> Case:
        return Case(f"docx {what}", kinds, what, content, "docx", doubtful=(WORD,))

    def one(kind: Maker, flags: str = "", pattern: str = "") -> str:
        return kind(r, flags, pattern)

    number = one(resident)
    yield case("notice", docx(f"关于发放补贴的公示\n{name(r)}，身份证号{number}，联系电话{one(mobile)}"), ID, MOBILE)
    yield case("roster table", docx(table=f"1|{name(r)}|{one(resident)}|{one(mobile)}|{one(card)}"), ID, MOBILE, CARD)
    yield case("mark in header", docx("正文内容。", header="机密★10年"), MARK)
    yield case("bare mark in header", docx("正文内容。", header="秘　密"), MARK)
    yield case("mark in comments", docx("正文内容。", comments="内部文件　注意保存"), MARK)
    yield case("phone in comments", docx("正文内容。", comments=f"小贾，有问题打我电话{one(mobile)}"), MOBILE)
    yield case("footnote", docx("正文内容。", footnotes=f"来源：{name(r)}，{one(resident)}"), ID)
    yield case("deleted", docx("正文内容。", deleted=f"身份证号：{one(resident)}"), ID)
    yield case("text box", docx("正文内容。", textbox="秘密★5年"), MARK)
    yield case("property", docx("正文内容。", property=f"联系人{one(mobile)}"), MOBILE)
    footer = f"<w:ftr {W}>{paragraphs(f'联系人：{name(r)}　电话：{one(mobile)}')}</w:ftr>"
    yield case("footer", word(paragraphs("正文内容。"), word__footer1=footer), MOBILE)
    footer = f"<w:ftr {W}>{paragraphs('内部资料　注意保存')}</w:ftr>"
    yield case("mark in footer", word(paragraphs("正文内容。"), word__footer2=footer), MARK)
    notes = f"<w:endnotes {W}><w:endnote w:id='2'>{paragraphs(f'账号{one(card)}')}</w:endnote></w:endnotes>"
    yield case("endnote", word(paragraphs("正文内容。"), word__endnotes=notes), CARD)
    number = one(resident)
    yield case("number in four runs", word(runs("身份证号", number[:3], number[3:9], number[9:14], number[14:])), ID)
    hidden = runs("手机", one(mobile), properties="<w:rPr><w:vanish/></w:rPr>")
    yield case("hidden text", word(paragraphs("正文内容。") + hidden), MOBILE)
    number = one(resident)
    boxes = cells(["姓名", name(r)], ["身份证号码", *number])
    yield case("one sign in a box", word(boxes), ID)
    spaced = "<w:p><w:r><w:t>机</w:t><w:tab/><w:t>密★10年</w:t></w:r></w:p>"
    yield case("mark with a tab", word(spaced), MARK)
    broken = "<w:p><w:r><w:t>000018</w:t><w:br/><w:t>秘密★3年</w:t><w:br/><w:t>加急</w:t></w:r></w:p>"
    yield case("cover with line breaks", word(broken), MARK)
    spaced = "<w:p><w:r><w:t>绝</w:t></w:r><w:r><w:t xml:space='preserve'>   密</w:t></w:r></w:p>"
    yield case("spaced mark in runs", word(spaced), MARK)
    inserted = f"<w:p><w:ins w:id='1'><w:r><w:t>家庭电话{one(digits, '', '0730-#######')}</w:t></w:r></w:ins></w:p>"
    yield case("inserted", word(inserted), PHONE)
    custom = f"<Properties><property name='联系人'><lpwstr>{one(mobile)}</lpwstr></property></Properties>"
    yield case("custom property", word(paragraphs("正文内容。"), docProps__custom=custom), MOBILE)
    company = f"<Properties><Company>某公司</Company><Manager>{one(mobile)}</Manager></Properties>"
    yield case("application property", word(paragraphs("正文内容。"), docProps__app=company), MOBILE)
    keywords = "<c><title>关于某事的报告</title><keywords>机密★10年</keywords></c>"
    yield case("mark in keywords", word(paragraphs("正文内容。"), docProps__core=keywords), MARK)
    control = f"<w:sdt><w:sdtContent>{runs('证件号码：', one(resident))}</w:sdtContent></w:sdt>"
    yield case("content control", word(control), ID)
    yield case("plain", docx("岳文广新党发〔2026〕12号\n关于召开党员大会的通知\n2026年10月17日，编号20261017093015"))
    yield case("secrecy rules", docx("保密工作制度\n一、保守国家秘密\n二、机密文件由专人管理", header="党务公开"))


def sheets(r: random.Random) -> Iterator[Case]:
    def case(what: str, content: bytes, *kinds: str) -> Case:
        return Case(f"xlsx {what}", kinds, what, content, "xlsx", doubtful=(WORD,))

    def one(kind: Maker, flags: str = "", pattern: str = "") -> str:
        return kind(r, flags, pattern)

    def hidden_sheet(book: Workbook, sheet: Worksheet) -> None:
        other = book.create_sheet("备份")
        other.append([name(r), one(resident), one(card)])
        other.sheet_state = "veryHidden"

    def hidden_column(book: Workbook, sheet: Worksheet) -> None:
        sheet.column_dimensions["C"].hidden = True

    def hidden_row(book: Workbook, sheet: Worksheet) -> None:
        sheet.row_dimensions[2].hidden = True

    def remark(book: Workbook, sheet: Worksheet) -> None:
        sheet["A1"].comment = Comment(f"电话{one(mobile)}", "某甲")

    def printed_header(book: Workbook, sheet: Worksheet) -> None:
        sheet.oddHeader.left.text = "机密★10年"

    def printed_footer(book: Workbook, sheet: Worksheet) -> None:
        sheet.oddFooter.center.text = f"制表人{one(mobile)}"

    def about(book: Workbook, sheet: Worksheet) -> None:
        book.properties.creator = one(mobile)

    def described(book: Workbook, sheet: Worksheet) -> None:
        book.properties.description = "内部文件"

    head: list[str | int] = ["序号", "姓名", "身份证号", "联系电话", "银行卡号"]
    yield case(
        "subsidies",
        sheet([head, *([n, name(r), one(resident), one(mobile), one(card)] for n in (1, 2))]),
        *[ID, MOBILE, CARD] * 2,
    )
    yield case("very hidden sheet", sheet([["公示表"]], hidden_sheet), ID, CARD)
    yield case("hidden column", sheet([["1", name(r), one(resident)]], hidden_column), ID)
    yield case("hidden row", sheet([["序号", "手机"], ["1", one(mobile)]], hidden_row), MOBILE)
    yield case("comment", sheet([["公示表"]], remark), MOBILE)
    yield case("mark in A1", sheet([["机密★10年"], ["人员名册"]]), MARK)
    yield case("bare mark in A1", sheet([["秘密", "", "制表：某甲"], ["人员名册"]]), MARK)
    yield case("bare mark alone in A1", sheet([["内部资料 注意保存"], ["人员名册"]]), MARK)
    yield case("printed header", sheet([["人员名册"]], printed_header), MARK)
    yield case("printed footer", sheet([["人员名册"]], printed_footer), MOBILE)
    yield case("creator", sheet([["人员名册"]], about), MOBILE)
    yield case("description", sheet([["人员名册"]], described), MARK)
    yield case("mobile as a number", sheet([["姓名", "手机"], [name(r), int(one(mobile))]]), MOBILE)
    local = int(one(digits, "", "#######"))
    yield case("local number under its heading", sheet([["姓名", "办公电话"], [name(r), local]]), PHONE)
    local_text = one(digits, "", "#######")
    yield case("local text under its heading", sheet([["姓名", "联系电话"], [name(r), local_text]]), PHONE)
    area = one(digits, "", "0730-#######")
    yield case("area code beside", sheet([["单位", "电话"], ["某局", area]]), PHONE)
    wrapped = one(resident)
    yield case("wrapped in its cell", sheet([["身份证号", f"{wrapped[:10]}\n{wrapped[10:]}"]]), ID)
    number = one(resident)
    yield case("one sign in a cell", sheet([["身份证号码", *number]]), ID)
    yield case("old workbook", xlsx([[name(r), one(resident, "x")]], state="hidden"), ID)
    yield case("remark of old workbook", xlsx([["名单"]], comment="绝密★30年"), MARK)
    address = "岳阳楼区枫桥湖路88号金色家园3栋2单元501室"
    yield case("address under its heading", sheet([["姓名", "家庭住址"], [name(r), address]]), HOME)
    yield case("figures", sheet([["年度", "总量（元）"], [2026, 13874562300], [2025, 8844321], ["合计", 22345678901]]))
    yield case("orders", sheet([["订单号", "金额"], [one(moment), 8321456.5], ["A0730-2026-001", 700]]))
    yield case("wrong numbers", sheet([["证号", "账号"], [one(wrong_resident), one(wrong_card)]]))


def other_files(r: random.Random) -> Iterator[Case]:
    def one(kind: Maker, flags: str = "", pattern: str = "") -> str:
        return kind(r, flags, pattern)

    def case(what: str, extension: str, content: bytes, *kinds: str) -> Case:
        return Case(f"{extension} {what}", kinds, what, content, extension, doubtful=(WORD,))

    def paragraph(*pieces: str) -> str:
        return "<a:p>" + "".join(f"<a:r><a:t>{piece}</a:t></a:r>" for piece in pieces) + "</a:p>"

    yield case("contact", "pptx", pptx(f"联系人：{name(r)} {one(mobile)}"), MOBILE)
    yield case("notes", "pptx", pptx("汇报", notes=f"身份证{one(resident)}"), ID)
    yield case("mark in notes", "pptx", pptx("汇报", notes="内部文件"), MARK)
    yield case("comment", "pptx", pptx("汇报", comment=f"打卡{one(card)}"), CARD)
    yield case("hidden slide", "pptx", pptx("机密★10年", is_hidden=True), MARK)
    number = one(resident)
    yield case("runs", "pptx", slide(paragraph("证号", number[:6], number[6:14], number[14:])), ID)
    row = (name(r), one(resident), one(mobile))
    rows = "".join(f"<a:tc><a:txBody>{paragraph(text)}</a:txBody></a:tc>" for text in row)
    yield case("table", "pptx", slide(f"<a:tbl><a:tr>{rows}</a:tr></a:tbl>"), ID, MOBILE)
    group = f"<p:grpSp><p:sp><p:txBody>{paragraph('秘 密')}</p:txBody></p:sp></p:grpSp>"
    yield case("mark in a group", "pptx", slide(group), MARK)
    master = f"<p:sldMaster {P} {A}>{paragraph('绝密★20年')}</p:sldMaster>"
    yield case("mark on the master", "pptx", slide(paragraph("汇报"), ppt__slideMasters__slideMaster1=master), MARK)
    yield case("plain", "pptx", pptx("2026年工作汇报　接待13512345678人次　热线12380"))
    listed = f"<p>{name(r)}，身份证号{one(resident)}，手机{one(mobile)}</p><p>账号：{one(card)}</p>"
    yield case("text", "pdf", page(listed), ID, MOBILE, CARD)
    table = f"<table><tr><td>{name(r)}<td>{one(resident)}<td>{one(digits, '', '0730-#######')}</table>"
    yield case("table", "pdf", page(table), ID, PHONE)
    narrow = f"<table><tr><td style='width:6em;word-break:break-all'>{one(resident)}<td>{name(r)}</table>"
    yield case("wrapped in a narrow cell", "pdf", page(narrow), ID)
    yield case("cover", "pdf", page("<p>000123</p><p>机密★10年</p><p>特急</p><h1>关于某事的报告</h1>"), MARK)
    yield case("bare cover", "pdf", page("<p>秘　密</p><h1>关于某事的报告</h1><p>正文内容若干。</p>"), MARK)
    running = "@page { @top-left { content: '内部文件　注意保存'; font-family: 'Noto Sans CJK SC' } }"
    yield case("running header", "pdf", page("<p>正文内容若干。</p>", style=running), MARK)
    yield case("title", "pdf", page("<p>正文内容若干。</p>", title=f"{name(r)}{one(mobile)}"), MOBILE)
    spread = "<p style='letter-spacing:.6em'>绝密★30年</p><h1>方案</h1>"
    yield case("letters apart", "pdf", page(spread), MARK)
    yield case("plain", "pdf", page("<p>岳文广新党发〔2026〕12号</p><p>邮编414000，编号20261017093015</p>"))


def blind_cases() -> list[Case]:
    r = random.Random(SEED)
    return [*texts(r), *word_files(r), *sheets(r), *other_files(r)]
