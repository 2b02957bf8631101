"""The labelled set: made-up texts and files with what screening must find in them, and near misses it must not.

Everything is generated from fixed seeds; the numbers have right checksums and belong to nobody. `cases(TUNED)` is what
the patterns were written against; `cases(HELD_OUT)` has other numbers, sentence frames and some marks of its own, but
shares the spellings and most near misses.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from stdnum import luhn
from stdnum.cn import ric

from tests.screening.office_files import docx, packed, pdf, pptx, xlsx

TUNED, HELD_OUT = 3, 20241017
ID, MOBILE, PHONE, CARD, HOME, MARK, WORD = (
    "resident_id mobile telephone bank_card home_address secrecy_mark secrecy_word".split()
)
MEASURED = (ID, MOBILE, PHONE, CARD, MARK, HOME, WORD)
BOUND = (ID, MOBILE, PHONE, CARD, MARK)
REGIONS = "430602 430603 430611 430621 430623 430624 430626 430681 430682 430102 110105 420106 440305".split()
PLACES = ("岳阳市岳阳楼区", "岳阳县", "湖南省岳阳市君山区", "平江县", "汨罗市", "华容县")
NAMES = "甲某 乙某 丙某 丁某 戊某 己某".split()


@dataclass(frozen=True)
class Case:
    """A text, or a file with its extension, and the kinds that stand in it, each once for each time."""

    name: str
    kinds: tuple[str, ...] = ()
    text: str = ""
    content: bytes = field(default=b"", repr=False)
    extension: str = ""
    doubtful: tuple[str, ...] = ()  # kinds nobody decided, not counted here


def resident_id(r: random.Random) -> str:
    number = (
        f"{r.choice(REGIONS)}{r.randint(1945, 2005)}{r.randint(1, 12):02}{r.randint(1, 28):02}{r.randint(0, 999):03}"
    )
    return number + ric.calc_check_digit(number + "0")


def wrong_id(r: random.Random) -> str:
    number = resident_id(r)
    return number[:-1] + ("1" if number[-1] in "0X" else "0" if number[-1] == "1" else str((int(number[-1]) + 3) % 10))


def old_id(r: random.Random) -> str:
    number = resident_id(r)
    return number[:6] + f"{r.randint(45, 75)}{r.randint(1, 12):02}{r.randint(1, 28):02}{r.randint(0, 999):03}"


def mobile(r: random.Random) -> str:
    return f"1{r.choice('3456789')}{r.randint(0, 999999999):09}"


def card(r: random.Random, length: int = 0, prefix: str = "") -> str:
    prefix = prefix or r.choice(("622848", "621700", "622202", "621226", "955880", "625965", "436742", "521899"))
    length = length or (16 if prefix[0] in "45" else r.choice((16, 18, 19, 19)))
    number = prefix + "".join(str(r.randint(0, 9)) for _ in range(length - len(prefix) - 1))
    return number + luhn.calc_check_digit(number)


def wrong_card(r: random.Random) -> str:
    number = card(r)
    return number[:-1] + str((int(number[-1]) + 1) % 10)


def grouped(number: str, *sizes: int, by: str = " ") -> str:
    pieces, at = [], 0
    for size in (*sizes, len(number)):
        pieces.append(number[at : at + size])
        at += size
    return by.join(filter(None, pieces))


def wide(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


def phone(r: random.Random) -> str:
    return f"0{r.choice(('730', '731', '10', '21', '755'))}-{r.randint(2, 8)}{r.randint(0, 999999):06}{r.choice(('', '5'))}"  # noqa: E501


FRAMES = {
    TUNED: ("{}", "联系人{name}，{}。", "附：{name} {}", "1、{name}（{}）", "序号\t姓名\t号码\n1\t{name}\t{}"),
    HELD_OUT: (
        "请向{name}核实（{}），逾期不候。",
        "{name}：{}；",
        "“{}”系{name}所留",
        "3 {name} 男 {} 党员",
        "经查，{}已登记",
    ),
}


def framed(r: random.Random, seed: int, text: str) -> str:
    return r.choice(FRAMES[seed]).replace("{name}", r.choice(NAMES)).replace("{}", text)


def spelled_ids(r: random.Random) -> Iterator[str]:
    yield resident_id(r)
    yield wide(resident_id(r))
    yield grouped(resident_id(r), 6, 4, 4)
    yield grouped(resident_id(r), 6, 8, by="-")
    yield " ".join(resident_id(r))
    yield resident_id(r).lower()
    yield "身份证号：" + resident_id(r)
    yield "身份证" + resident_id(r)
    yield "身份证号码为" + old_id(r)


def spelled_mobiles(r: random.Random) -> Iterator[str]:
    yield mobile(r)
    yield wide(mobile(r))
    yield "+86 " + mobile(r)
    yield "+86-" + grouped(mobile(r), 3, 4, by="-")
    yield "0086" + mobile(r)
    yield "86" + mobile(r)
    yield grouped(mobile(r), 3, 4)
    yield grouped(mobile(r), 3, 4, by="－")
    yield "手机：" + grouped(mobile(r), 4, 4)
    yield " ".join(mobile(r))
    yield "手机号" + mobile(r)
    yield "Tel:" + mobile(r)


def spelled_phones(r: random.Random) -> Iterator[str]:
    yield phone(r)
    yield wide(phone(r))
    area, local = phone(r).split("-")
    yield f"（{area}）{local}"
    yield f"({area}) {local}"
    yield f"{area} {local}"
    yield f"{area}—{local}"
    yield f"{phone(r)}转{r.randint(100, 8999)}"
    yield f"{phone(r)}-{r.randint(800, 899)}"
    yield f"家庭电话：{r.randint(2, 8)}{r.randint(0, 999999):06}"
    yield f"400-{r.randint(100, 999)}-{r.randint(1000, 9999)}"
    yield f"电话{area}{local}"


def spelled_cards(r: random.Random) -> Iterator[str]:
    yield card(r)
    yield wide(card(r))
    yield grouped(card(r, 19, "622848"), 4, 4, 4, 4)
    yield grouped(card(r, 16, "622202"), 4, 4, 4, by="-")
    yield "卡号：" + card(r)
    yield "开户行农业银行" + card(r, 19, "622848")
    yield " ".join(card(r, 16, "621226"))
    yield grouped(card(r, 19, "621700"), 6)
    yield card(r, 18, "625965")


def marks(r: random.Random, seed: int) -> Iterator[str]:
    levels = ("绝密", "机密", "秘密")
    years = r.choice(("10年", "20年", "6个月", "三十年", "长期", "5年"))
    for level in levels:
        spaced = "　".join(level)
        yield f"{level}★{years}\n关于有关工作的通知"
        yield f"{spaced} ★ {' '.join(years)}\n通知"
        yield f"第一行\n{level}\n第三行"
        yield f"{spaced}"
        yield f"【{level}】\n正文"
        yield f"{level}{r.choice('☆*＊✩')}{years}，请注意"
        yield f"本件为{level}★，阅后退回"
        yield f"{level}★2030年12月31日\n正文"
        yield f"{level}★公布前\n正文"
        yield f"000012\n{level}　特急\n正文"
    if seed == HELD_OUT:
        yield "\n\n   内 部 资 料\n\n2012年简报"
        yield "内部资料　注意保存\n第3期"
        yield "（机密）\n一、"
        yield "机 密\n★\n1 0 年"
        yield "ｘｘ文件\n秘密★１０年\n"
        yield "机密★任免决定公布前\n名单"
    for word in ("内部文件", "内部资料", "注意保存", "注意保管", "注意保密"):
        yield f"{word}\n正文"
        yield f"标题\n{' '.join(word)}\n正文"
        yield f"（{word}）\n正文"


NOTHING = (
    "岳文广新党字〔2012〕3号", "岳阳市文广新局党组（2012）第15号会议纪要", "资金1391.2345万元，同比增长13.5%", "合计13912345678元",  # noqa: E501
    "人口普查共13812345678人次", "索引号：006397-2012-00123", "发布日期：2012-10-17 08:30:00", "自2012年10月17日至2013年1月8日",  # noqa: E501
    "统一社会信用代码 11430600006397123A", "统一社会信用代码：91430600MA4L123456", "机构代码43060012-3", "ISBN 978-7-5438-1234-5",  # noqa: E501
    "保守国家秘密是每个公民的义务", "严格执行《中华人民共和国保守国家秘密法》", "采取无记名投票方式，会议以秘密投票选举产生", "不得泄露商业秘密和个人隐私",  # noqa: E501
    "国家秘密的密级分为绝密、机密、秘密三级", "设立秘密写票处", "《内部资料性出版物管理办法》", "请注意保管好个人物品", "成功的秘密在于坚持",  # noqa: E501
    "地址：岳阳市金鹗中路12号", "办公地点：岳阳市南湖大道68号文广新局办公楼5楼502室", "驻村帮扶工作组进驻平江县南江镇凤凰村开展工作",  # noqa: E501
    "成立党务公开工作领导小组和检查组", "岳阳楼区金鹗山街道开展创建活动", "到平江县调研农家书屋建设", "比分10-20-30，票数1385 1290 1123",  # noqa: E501
    "订单号：6228480402564890018", "流水号13812345678", "合同编号：13912345678", "项目编号4306022012010112", "银行账户1234567890123456",  # noqa: E501
    "第0730号文件", "2012-2013年度", "110、119、120、12345热线", "增加8880000元", "书号02037845", "面积8200000平方米",
    "公开时间：2012.10.17-2012.10.24", "党员1385名，入党积极分子290名", "IP地址192.168.100.200", "版本1.13812345678", "代码AB13812345678X",  # noqa: E501
    "共发放2000000册", "邮编414000", "电话会议于8月1日召开", "热线开通5年", "传真件12份", "完成投资186000000元", "13800138000.50元",  # noqa: E501
    "保密工作领导小组", "涉密人员管理", "定密责任人", "个人秘密受法律保护", "举行秘密会见", "严守工作秘密", "党的秘密",
    "会议室在三楼301室", "岳阳市图书馆2楼201室阅览", "汨罗市长乐镇文化站", "湘阴县村级班子考核组", "经费430602元", "1949年10月1日",  # noqa: E501
)  # fmt: skip


def near_misses(r: random.Random, seed: int) -> Iterator[str]:
    yield from NOTHING
    for _ in range(12):
        yield framed(r, seed, wrong_id(r))
        yield framed(r, seed, wrong_card(r))
        yield framed(r, seed, resident_id(r) + "23")
        yield framed(r, seed, "9" + mobile(r) + "7")
        yield f"金额{r.randint(13000000000, 19999999999)}元"
        yield f"岳文广新字〔{r.randint(2000, 2024)}〕{r.randint(1, 200)}号"
        yield f"{r.randint(1000, 9999)} {r.randint(100, 999)} {r.randint(10, 99)}"
        yield f"{r.randint(2000, 2024)}-{r.randint(10, 12)}-{r.randint(10, 28)}"
        yield f"1{r.choice('012')}{r.randint(0, 999999999):09}"


def homes(r: random.Random) -> Iterator[str]:
    for place in PLACES:
        n = r.randint(1, 30)
        yield f"{place}金鹗中路{n}号阳光小区{n}栋2单元{n}02室"
        yield f"家庭住址：{place}城关镇建设路{n}号"
        yield f"{place}南江镇凤凰村{n}组"
        yield f"现住{place}东茅岭街道花园小区{n}号楼{n}01室"


def words() -> tuple[str, ...]:
    return (
        "该文件定为机密，不得外传", "密级：秘密", "此件属于绝密级文件", "材料请按内部文件处理后归档", "会议材料为内部资料，请会后交回",  # noqa: E501
        "请各单位收到后注意保存，不得翻印", "标注为秘密级的名单", "上报机密文件两份", "按照要求注意保密，不得公开",
    )  # fmt: skip


def texts(seed: int) -> Iterator[Case]:
    r = random.Random(seed)
    for round_ in range(3):
        for kind, spelled in (
            (ID, spelled_ids),
            (MOBILE, spelled_mobiles),
            (PHONE, spelled_phones),
            (CARD, spelled_cards),
        ):
            for number, text in enumerate(spelled(r)):
                yield Case(f"{kind}-{round_}-{number}", (kind,), framed(r, seed, text))
    for kind, made in ((MARK, marks(r, seed)), (HOME, homes(r)), (WORD, words())):
        yield from (Case(f"{kind}-{number}", (kind,), text) for number, text in enumerate(made))
    yield from (Case(f"nothing-{number}", (), text) for number, text in enumerate(near_misses(r, seed)))


def files(seed: int) -> Iterator[Case]:
    r = random.Random(seed + 1)
    for place in ("table", "header", "footnotes", "comments", "deleted", "textbox", "property"):
        text = resident_id(r) if place != "header" else "机密★10年"
        kind = ID if place != "header" else MARK
        yield Case(f"docx-{place}", (kind,), content=docx(**{place: text}), extension="docx")
    yield Case("docx-body", (MOBILE, CARD), content=docx(f"甲某 {mobile(r)}\n卡号{card(r)}"), extension="docx")
    rows = [["姓名", "证件", "手机"], ["甲某", resident_id(r), mobile(r)], ["乙某", resident_id(r), mobile(r)]]
    both = (ID, ID, MOBILE, MOBILE)
    for state in ("visible", "hidden", "veryHidden"):
        yield Case(f"xlsx-{state}", both, content=xlsx(rows, state=state), extension="xlsx")
    yield Case("xlsx-hidden-row", both, content=xlsx(rows, hidden_row=2), extension="xlsx")
    yield Case("xlsx-hidden-column", both, content=xlsx(rows, hidden_column=2), extension="xlsx")
    yield Case("xlsx-comment", (MOBILE,), content=xlsx([["x"]], comment=mobile(r)), extension="xlsx")
    yield Case("xlsx-number", (MOBILE,), content=xlsx([["甲", mobile(r)]], numbers=True), extension="xlsx")
    yield Case("pptx-hidden", (ID,), content=pptx(resident_id(r), is_hidden=True), extension="pptx")
    yield Case("pptx-notes", (MOBILE,), content=pptx("x", notes=mobile(r)), extension="pptx")
    yield Case("pptx-comment", (CARD,), content=pptx("x", comment=card(r)), extension="pptx")
    yield Case("pdf-page", (ID, PHONE), content=pdf([f"ID {resident_id(r)}\nTel {phone(r)}"]), extension="pdf")
    yield Case("pdf-title", (MOBILE,), content=pdf(["x"], mobile(r)), extension="pdf")
    inner = packed({"名单.docx": docx(resident_id(r)), f"{mobile(r)}.txt": "x"})
    yield Case("zip", (ID, MOBILE), content=inner, extension="zip")
    for number, text in enumerate(NOTHING[:12]):
        yield Case(f"docx-nothing-{number}", (), content=docx(text), extension="docx")
        yield Case(f"xlsx-nothing-{number}", (), content=xlsx([["序号", text], ["1", "380"]]), extension="xlsx")


def cases(seed: int) -> list[Case]:
    return [*texts(seed), *files(seed)]
