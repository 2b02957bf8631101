"""Home addresses: a place with a room, a village with a group, or anything a label calls a home.

The plain address of an office (`金鹗中路12号`) is none, and so is a township alone. The mask ends with the township.
"""

import re
from collections.abc import Iterator

from disclosures.screening.findings import FindingKind, Found

_STRETCH = re.compile("[0-9A-Za-z一-鿿()#-]{4,80}")
_NUMBER = "[0-9A-Za-z一二三四五六七八九十百零〇]{1,6}"
_HOUSE = "(?:号楼|栋|幢|座|单元|室|房|#楼|号院)"
_ROOM = re.compile(
    f"{_NUMBER}(?:号楼|栋|幢|座|单元|#楼)(?:[0-9A-Za-z一二三四五六七八九十()#-]{{1,8}}{_HOUSE}?)?|[0-9]{{2,5}}(?:室|房|户)"
)
_GROUP = re.compile(
    "村[一-鿿]{0,3}?(?:第?[0-9一二三四五六七八九十]{1,3}(?:村民小)?组|[0-9]{1,4}号)|村(?!级|民|务|支|委|两|干|党|里|的|帮|镇|工)[一-鿿]{1,4}组|[社]区[0-9]{1,3}组"
)
_WORKING_GROUP = re.compile(
    "(?:工作|考核|领导|督导|督查|检查|调研|验收|党小|指导|巡察|专项|帮扶|监督|调查|评审|协调|筹备|攻坚|专班|宣讲|小)组"
)
_PLACE = re.compile(
    "[省市州县区旗镇乡路街巷弄里湾苑园村]|街道|大道|小区|社区|新村|花园|公寓|家园|广场|家属院|宿舍|院内|名城|佳园|华府|豪庭"
)
_HOME = re.compile(
    "(?:家庭(?:住址|地址)|现?住址|家住|现住|户籍(?:地址?|所在地)|居住(?:地址?|在)|住所|住在|暂住|户口所在地|通讯地址|收件地址)(?:为|是|在)?[ :]{0,3}$"  # noqa: E501
)
_HOME_WITHIN = re.compile(  # 住 alone opens a clause, as judgments name parties
    "(?<![^,;:.。、()\\[\\] \\t\\n])住(?![房宿建院所户处宅持址地在校])"
    "|家庭(?:住址|地址)|现?住址|家住|现住(?:于|在)?|户籍地址?|户籍所在地|居住地址?|居住在|住在|暂住(?:于|在)?"
)
_OFFICE = re.compile(
    "局|委员会|党委|办公|政府|会议|中心|大厦|公司|学校|中学|小学|大学|医院|银行|机关|书店|图书馆|博物馆|文化馆|剧院|酒店|宾馆|展厅|展览|教室|报告厅"
    "|法院|检察院|派出所|大楼|综合楼|服务站|档案室|阅览室|值班室|接待室|处室|科室|门面|商铺|窗口"
)
_BEGIN = re.compile(
    "[一-鿿]{2,8}(?:省|自治区|市|自治州|州|县|区|旗|镇|乡|街道|路|街|大道|巷|小区|社区|村|花园|公寓|家园|苑|新村|宿舍|家属院)"
)
_DETAIL = re.compile(
    "[路街巷道弄][一-鿿]{0,6}?[0-9一二三四五六七八九十百]{1,5}号|[镇乡][一-鿿]{1,8}村|小区|社区|花园|公寓|家园|苑|家属院|宿舍|新村"
)
_TOWNSHIP = re.compile("[一-鿿]{1,9}?(?:镇|乡(?!村)|街道办事处|街道(?!办))")
_COUNTY = re.compile("[一-鿿]{1,9}?(?:[省市县旗州]|自治区|(?<![小社院库校园])区)")
_QUICK = re.compile("[栋幢座室房户组村]|单元|号楼|#楼|住|户籍|居住|地址")


def find_addresses(folded: str) -> Iterator[Found]:
    """Home addresses, in both profiles alike: to a room or village group; after a label also to a house or village."""
    for stretch in _STRETCH.finditer(folded):
        if _QUICK.search(stretch[0]) or _HOME.search(folded, max(0, stretch.start() - 10), stretch.start()):
            yield from _in_stretch(folded, stretch.start(), stretch.end())


def _in_stretch(folded: str, start: int, end: int) -> Iterator[Found]:
    within = _HOME_WITHIN.search(folded, start, end)
    is_home = bool(within or _HOME.search(folded, max(0, start - 10), start))
    begin = _BEGIN.search(folded, within.end() if within else start, end)
    if begin is None:
        return
    last = _last_detail(folded, begin.start(), end, is_home)
    address = folded[begin.start() : last]
    if last and (is_home or not _OFFICE.search(address)):
        yield Found(FindingKind.HOME_ADDRESS, begin.start(), last, _mask(address))


def _last_detail(folded: str, start: int, end: int, is_home: bool) -> int:
    """Where the address ends: after its last room, group or house; 0 when it has none."""
    ends = [match.end() for match in _ROOM.finditer(folded, start, end)]
    ends += [match.end() for match in _GROUP.finditer(folded, start, end) if not _WORKING_GROUP.search(match[0])]
    if ends and not _PLACE.search(folded, start, end):
        ends = []
    if is_home:
        ends += [match.end() for match in _DETAIL.finditer(folded, start, end)]
    return max(ends, default=0)


def _mask(address: str) -> str:
    """The address to its township, else to the county, else nothing of it."""
    townships = list(_TOWNSHIP.finditer(address))
    kept = townships[0].end() if townships else max((match.end() for match in _COUNTY.finditer(address)), default=0)
    return address[:kept] + "****"
