"""What WPS puts on the clipboard comes into the body clean: headings, lists, tables and numbers stay, the rest goes."""

import pytest

from tests.conftest import DESKTOP
from tests.disclosures.admin_desk import form_url
from tests.journeys.playing import logged_in, pasted
from tests.people import draft

pytestmark = pytest.mark.browser

FROM_WPS = """<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"><head>
<meta name="Generator" content="WPS Office WWO"><style>
@font-face{font-family:"仿宋_GB2312";mso-font-charset:134;} p.15{margin:0pt;mso-pagination:none;font-kerning:1.0pt;}
@page{mso-page-border-surround-header:no;} </style><!--[if gte mso 9]><xml><w:WordDocument/></xml><![endif]--></head>
<body style="tab-interval:21pt;"><!--StartFragment-->
<h2 style="mso-spacerun:'yes'"><span style="font-family:黑体;font-size:16.0000pt;">一、学习情况</span><o:p></o:p></h2>
<p class="15" style="text-indent:32.0000pt;mso-char-indent-count:2.0000;" data-wps-id="7"><span
 style="mso-spacerun:'yes';font-family:仿宋_GB2312;color:rgb(0,0,0);font-size:16.0000pt;mso-font-kerning:1.0000pt;"><font
 face="仿宋_GB2312">（一）组织集中学习三次，</font><b>参加党员四十二人次</b>。</span><span><o:p></o:p></span></p>
<ol style="mso-list:l0 level1 lfo1"><li><p class="16"><span>第一项</span></p></li>
<li><p class="16"><span>第二项</span></p></li></ol>
<table class="18" border="1" cellspacing="0" style="border-collapse:collapse;mso-table-layout-alt:fixed;"><tbody>
<tr><td colspan="2" width="200" style="mso-border-left-alt:0.5000pt"><p class="15"><span>姓名</span></p></td></tr>
<tr><td><p class="15"><span>甲</span></p></td><td><p class="15"><span>乙</span></p></td></tr></tbody></table>
<p class="15"><a href="javascript:alert(1)" onclick="alert(1)">链接</a><img src="file:///C:/tmp/1.png" v:shapes="a"></p>
<!--EndFragment--></body></html>"""
FOREIGN = ("style", "class", "mso", "font", "data-", "o:p", "<span", "javascript", "onclick", "img", "file:", "width")


def test_paste_from_wps_is_clean_and_whole(open_house, open_page, page_problems):
    item = draft(body="")
    page = logged_in(open_page(**DESKTOP), "drafter")
    page.goto(form_url(item))
    page.locator(".tiptap").wait_for()
    pasted(page, FROM_WPS)
    page.locator(".decision-bar [name=_save]").click()
    page.locator(".messagelist").wait_for()
    item.refresh_from_db()
    assert "<h2>一、学习情况</h2>" in item.body
    assert "（一）组织集中学习三次，<strong>参加党员四十二人次</strong>。" in item.body
    assert item.body.count("<li>") == 2 and "第二项" in item.body
    assert item.body.count("<tr>") == 2 and 'colspan="2"' in item.body and "乙" in item.body
    assert "链接" in item.body
    assert [sign for sign in FOREIGN if sign in item.body.lower()] == []
    # Reading the clipboard, the editor meets styles and a handler: the policy blocks both, as it should.
    blocked = ("Applying inline style", "Executing inline event handler")
    page_problems[:] = [problem for problem in page_problems if not problem.startswith(blocked)]
