"""What the journeys play with: the seeded portal, the plan as a clerk has it in Word, a scan, a second drafter."""

import io
import re
from datetime import date, datetime, timedelta

from django.core.management import call_command
from django.utils import timezone

from disclosures.models import Item
from disclosures.seeding import DATA, annex
from organizations.models import Appointment, Membership, Role, User
from tests.disclosures.admin_desk import PDF
from tests.people import PASSWORD, unit

PLAN = (DATA / "seed_plan.zh.md").read_text(encoding="utf-8").split("---\n", 2)[2].strip()
PARAGRAPHS = [block.strip() for block in PLAN.split("\n\n") if block.strip()]
PLAN_TITLE = PARAGRAPHS[0].removeprefix("# ")
SCAN = "领导小组名单（扫描件）.pdf"
SECRET = "未通过审核的初稿说明"  # stands in the text of the first submission only
OPINION = "公开栏里领导小组名单有缺字，能不能补全？也请说明意见如何办理。"
QUESTION = "方案附件中领导小组名单为何有缺字？"
ANSWER = "名单据原件照录，缺字处正向原印发单位核对，核对后更正。"
NOTE = "更正附件说明中的一处文字。"


def seed(settings) -> None:
    """The portal as `make run` leaves it, with the cast."""
    settings.PORTAL_DEMO_PASSWORD = PASSWORD
    call_command("seed_portal", "--demo", stdout=io.StringIO())


def second_drafter() -> User:
    """A colleague of `drafter` in the same unit."""
    user = User.objects.create_user("second_drafter", password=PASSWORD, display_name="演示·局起草人二", is_staff=True)
    since = date(timezone.localdate().year, 1, 1)
    Appointment.objects.create(
        user=user, role=Role.DRAFTER, unit=unit("JG"), office_held="局党务公开起草人", valid_from=since
    )
    Membership.objects.create(user=user, branch=unit("ZB00"), valid_from=since)
    return user


def as_from_word() -> str:
    """The plan as Word puts it on the clipboard: its classes, styles, conditional comments and empty paragraphs."""
    return (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>'
        '<meta name="Generator" content="Microsoft Word 15">'
        "<style><!-- p.MsoNormal {mso-style-parent:''; font-family:仿宋_GB2312; mso-bidi-font-size:16.0pt} --></style>"
        "<!--[if gte mso 9]><xml><o:OfficeDocumentSettings/></xml><![endif]--></head><body lang=ZH-CN>"
        f"<!--StartFragment-->{''.join(map(_paragraph, PARAGRAPHS[1:]))}"
        f"{annex().replace('<table>', WORD_TABLE)}<!--EndFragment--></body></html>"
    )


WORD_TABLE = (
    '<table class="MsoTableGrid" border=1 cellspacing=0 style="border-collapse:collapse;mso-yfti-tbllook:1184">'
)


def _paragraph(block: str) -> str:
    found = re.match(r"(#+) (.*)", block, re.S)
    if found:
        level = min(len(found[1]), 4)
        words = f'<span lang=ZH-CN style="font-family:黑体">{found[2]}<o:p></o:p></span>'
        return f'<h{level} style="mso-pagination:none">{words}</h{level}>'
    return (
        '<p class="MsoNormal" style="text-indent:32.0pt;mso-char-indent-count:2.0;line-height:28.0pt">'
        f'<span lang="ZH-CN" style="font-size:16.0pt;font-family:仿宋_GB2312;color:black">{block}</span>'
        "<span lang=EN-US><o:p>&nbsp;</o:p></span></p>"
    )


def scan() -> io.BytesIO:
    """A small real PDF with a Chinese name."""
    file = io.BytesIO(PDF)
    file.name = SCAN
    return file


def in_an_hour() -> datetime:
    """The next full hour but one, local time: a public opening that lies in the future."""
    return timezone.localtime().replace(minute=0, second=0, microsecond=0) + timedelta(hours=2)


def local(at: datetime) -> str:
    """An instant as the browser's own field writes it."""
    return f"{at:%Y-%m-%dT%H:%M}"


def played_item() -> Item:
    """The item this journey made, beside the seeded one."""
    return Item.objects.filter(title=PLAN_TITLE, is_backfilled=False).latest("id")
