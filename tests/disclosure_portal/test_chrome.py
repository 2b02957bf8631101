"""What frames every page: the footer's duties from the settings, and grey on days of mourning."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured

from disclosure_portal.mourning import GreyDays

pytestmark = pytest.mark.usefixtures("house")


def test_days_of_mourning_are_days_spans_and_yearly_days():
    days = GreyDays.read("12-13, 2026-04-04,2026-05-19..2026-05-21")
    grey = [date(2026, 12, 13), date(2030, 12, 13), date(2026, 4, 4), date(2026, 5, 19), date(2026, 5, 21)]
    assert all(days.hold(day) for day in grey)
    assert not any(days.hold(day) for day in (date(2027, 4, 4), date(2026, 5, 22), date(2026, 12, 14)))


@pytest.mark.parametrize("text", ["13-12", "2026-02-30", "tomorrow", "2026-05-19..x"])
def test_other_days_of_mourning_are_refused_at_the_start(text):
    with pytest.raises(ImproperlyConfigured):
        GreyDays.read(text)


@pytest.mark.parametrize(("instant", "grey"), [("2026-12-12T16:30Z", True), ("2026-12-13T16:30Z", False)])
def test_pages_are_grey_on_the_day_here(client, settings, instant, grey):
    settings.PORTAL_GREY_DAYS = GreyDays.read("12-13")
    with time_machine.travel(instant, tick=False):
        for path in ("/", "/not-there/"):
            assert ('class="grey"' in client.get(path).content.decode()) is grey


def test_footer_carries_the_duties_of_a_government_site(client, settings):
    settings.PORTAL_SITE_CODE = "4306000001"
    settings.PORTAL_ICP = "湘ICP备00000000号"
    settings.PORTAL_POLICE_NUMBER = "湘公网安备 43060202000001号"
    settings.PORTAL_MARK_URL = "https://bszs.conac.cn/sitename?method=show&id=1"
    settings.PORTAL_MARK_IMAGE = "/media/red.png"
    settings.PORTAL_CONTACT = "0730-0000000"
    settings.PORTAL_FIND_ERRORS_URL = "https://zfwzzc.www.gov.cn/"
    settings.PORTAL_YEARLY_REPORT_URL = "/report/2025/"
    settings.PORTAL_FOOTER_LINKS = [("市政府网站", "https://www.yueyang.gov.cn/")]
    footer = client.get("/about/").content.decode().split("<footer")[1]
    for said in (
        "主办单位：岳阳市文广新局",
        "4306000001",
        'href="https://beian.miit.gov.cn/"',
        'href="https://beian.mps.gov.cn/#/query/webSearch?code=43060202000001"',
        'href="https://bszs.conac.cn/sitename?method=show&amp;id=1"',
        'src="/media/red.png"',
        "0730-0000000",
        "网站找错",
        "年度报告",
        "市政府网站",
        'href="/site-map/"',
        'href="/accessibility/"',
    ):
        assert said in footer, said


def test_footer_leaves_out_what_is_not_set(client):
    footer = client.get("/about/").content.decode().split("<footer")[1]
    for absent in ("beian", "标识码", "<img"):
        assert absent not in footer
