"""The body's schema, its sanitiser and its plain text."""

import re
import time
import warnings

import pytest
from django import forms
from django.conf import settings
from django.utils.html import escape
from django_prose_editor.config import allowlist_from_extensions, js_from_extensions
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from disclosures.richtext import (
    ATTRIBUTES,
    EXTENSIONS,
    MAX_CHARS,
    MAX_DEPTH,
    TAGS,
    body_field,
    clean_line,
    clean_text,
    from_markdown_plan,
    nonced,
    plain_text,
    sanitise,
    summary,
)

EVERYTHING = (
    "<h2>标题</h2><h3>二级</h3><h4>三级</h4>"
    "<p>甲<strong>粗</strong><em>斜</em><u>线</u><br>乙 <strong><em><u>三</u></em></strong></p>"
    '<p><a href="https://www.yueyang.gov.cn/a?b=1&amp;c=2" title="说明" rel="noopener noreferrer">外</a>'
    '<a href="/items/1/" rel="noopener noreferrer">内</a>'
    '<a href="mailto:a@b.cn" rel="noopener noreferrer">信</a></p>'
    '<ul><li><p>一</p><ul><li><p>一之一</p></li></ul></li></ul><ol start="3"><li><p>三</p></li></ol>'
    "<blockquote><p>引文</p></blockquote>"
    '<table><tbody><tr><th colspan="2"><p>头</p></th></tr>'
    '<tr><td rowspan="2"><p>甲</p></td><td><p>乙</p></td></tr><tr><td><p>丙</p></td></tr></tbody></table>'
)
WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta name=Generator content="Word 15">
<style><!-- p.MsoNormal {margin:0cm;} --></style><!--[if gte mso 9]><xml><w:x>Normal</w:x></xml><![endif]--></head>
<body lang=ZH-CN style='tab-interval:21.0pt'><!--StartFragment-->
<p class=MsoNormal style='text-indent:21pt'><b><span style='font-family:仿宋'>一、任免
通知<span lang=EN-US><o:p></o:p></span></span></b></p>
<p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p>
<![if !supportEmptyParas]>&nbsp;<![endif]><div><font color=red>甲</font></div><div>乙</div>
<table class=MsoTableGrid border=1 width=500><tr style='height:1pt'><td width=80 colspan=2 valign=top>
<p class=MsoNormal>姓名</p></td></tr></table><img src="file:///C:/a.png" onerror="alert(1)"><!--EndFragment-->
</body></html>"""


def test_allow_list_is_the_schema_of_the_editor():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        editor = allowlist_from_extensions(EXTENSIONS)
    assert editor["tags"] == TAGS
    assert {tag: set(names) for tag, names in editor["attributes"].items()} == {
        "a": ATTRIBUTES["a"] | {"rel"},
        "ol": ATTRIBUTES["ol"] | {"type", "data-type"},  # its dialog is switched off
        "th": ATTRIBUTES["th"],
        "td": ATTRIBUTES["td"],
    }


def test_everything_the_editor_makes_survives():
    assert sanitise(EVERYTHING) == EVERYTHING


def test_word_paste_comes_out_clean():
    assert re.sub(r"\s", "", sanitise(WORD)) == (
        "<p><strong>一、任免通知</strong></p><p>甲</p><p>乙</p>"
        '<table><tbody><tr><tdcolspan="2"><p>姓名</p></td></tr></tbody></table>'
    )


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "JAVA\tSCRIPT:alert(1)",
        "//evil.cn",
        "/\\evil.cn",
        "\\\\evil.cn",
        "data:text/html,x",
        "page.html",
        "ftp://a.cn/",
        "&#106;avascript:alert(1)",
        "https://",
        " vbscript:x",
        "http:evil",
        "#x",
        "",
    ],
)
def test_links_elsewhere_lose_their_address_and_keep_their_words(href):
    assert sanitise(f'<p><a href="{href}">甲</a></p>') == "<p>甲</p>"


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<svg onload=alert(1)>",
        "<img src=x onerror=alert(1)>",
        "<iframe src=//x></iframe>",
        "<math><mtext></p><script>alert(1)</script>",
        "<style>*{}</style>",
        "<form action=/><input name=a></form>",
        '<a href="/x" onclick="alert(1)" style="x" title="<p onclick=\'alert(1)\'">甲</a>',
        "<p style=x onclick=alert(1)>甲",
        "<!--><img src=x onerror=alert(1)>-->",
        '<a title="</p><img src=x onerror=alert(1)>" href=/x>甲</a>',
    ],
)
def test_scripts_styles_and_handlers_go(hostile):
    clean = sanitise(hostile)
    unquoted = re.sub(r'"[^"<>]*"', '""', clean)
    assert not re.search(r"<(?!/?(?:p|a)\b)|<[^>]*(?:on\w+=|style=)", unquoted), clean


def test_controls_bidi_and_surrogates_go_also_as_entities():
    clean = sanitise("<p>甲\u202e乙&#8238;\u2066丙\x00&#x0;\ud800\r\n丁\u200b</p>")
    assert clean == "<p>甲乙丙\ufffd\n丁</p>"


def test_empty_body_is_the_empty_string():
    assert sanitise("<p></p>") == sanitise("<p>&nbsp;<br></p><p><strong> </strong></p>") == sanitise("") == ""


def test_paragraphs_of_other_editors_stay_apart():
    assert sanitise("<div>甲</div><h1>乙</h1><section>丙</section>") == "<p>甲</p><h2>乙</h2><p>丙</p>"


@pytest.mark.parametrize(
    "hostile",
    [
        "<![<![<![x]>",
        "<div>" * 10_000,
        "<blockquote>" * 100_000 + "x",
        "<b><i>" * 80_000 + "x",
        "<p>中" * 2_500_000,
        "<!--" * 200_000,
        "<" * 500_000,
        '<a "' * 200_000,
        "<a =" * 200_000,
        '<a a="' * 150_000,
        "<a " + "a " * 250_000 + ">",
        "<p>" + " " * 400_000 + "x",
        "<p>" + "<br>" * 120_000 + "x",
        "<p>" + "&nbsp; " * 70_000 + "x",
        "<script>" * 60_000,
        "<table>" + "<p>x</p>" * 60_000,
        "<table><td></ul><ul>" * 20_000,
        "<em></em>" * 50_000,
        "<b><i><u>" + "<p>x" * 100_000,
    ],
    ids=lambda hostile: hostile[:12],
)
def test_hostile_text_costs_bounded_time(hostile):
    started = time.process_time()
    clean = sanitise(hostile)
    plain_text(hostile)
    assert time.process_time() - started < 15
    assert len(clean) <= 4 * MAX_CHARS


def test_nesting_is_bounded():
    assert sanitise("<blockquote>" * 5_000 + "x").count("<blockquote>") == MAX_DEPTH


PIECES = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<b>",
        "</b>",
        "<a href=/x title='\"<p '>",
        "</a>",
        "<table>",
        "<tr>",
        "<td>",
        "</table>",
        "<ul>",
        "<li>",
        "</ul>",
        "<br>",
        "&nbsp;",
        " ",
        "\n",
        "甲",
        "&lt;script>",
        "<script>",
        "</script>",
        "<!--",
        "-->",
        "<![",
        "]>",
        '"',
        "'",
        "<h1>",
        "</h1>",
        "<svg>",
        "<title>",
        "<textarea>",
        "<x:y>",
        "<",
        ">",
        "=",
        "<div",
        "\x00",
        "&#8238;",
    ]
)


@hypothesis_settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_mixture_comes_out_safe(html):
    clean = sanitise(html)
    assert set(re.findall(r"<\s*/?\s*([^\s/>]*)", clean)) <= TAGS
    assert not re.search(r"[\x00\u202e]", clean)
    assert "<" not in re.sub(r'<[a-z0-9]+(?: [a-z]+="[^"<>]*")*>|</[a-z0-9]+>', "", clean)
    plain_text(html)


def test_plain_text_knows_paragraphs_cells_and_entities():
    assert plain_text(EVERYTHING).split("\n") == [
        "标题",
        "二级",
        "三级",
        "甲粗斜线",
        "乙 三",
        "外内信",
        "一",
        "一之一",
        "三",
        "引文",
        "头",
        "甲\t乙",
        "丙",
    ]
    assert plain_text("<p>a &lt;b&gt; &amp; 3 < 4</p><script>x</script>") == "a <b> & 3 < 4"


def test_summary_is_one_line_cut_with_an_ellipsis():
    assert summary("<h2>甲</h2><p>乙</p>") == "甲 乙"
    assert summary(f"<p>{'党' * 200}</p>") == "党" * 119 + "…"


def test_clean_line_keeps_the_spaces_of_names():
    assert clean_line(" 杨\u00a0\u00a0辉\u3000甲  \r\n乙\u202e\x07\ufeff ") == "杨\u00a0\u00a0辉\u3000甲 乙"


def test_clean_text_keeps_lines():
    assert clean_text("甲 \r\n乙\x00\u2067\r\r\r\r丙\n") == "甲\n乙\n\n丙"


def test_plan_becomes_headings_and_paragraphs():
    plan = (
        "---\ntitle: 方案\n---\n\n# 方案\n\n引言。\n\n## 一、思想\n### (一)原则\n\n第一行\n第二行 <b>\n\n"
        "附件:名单\n\n二〇一二年二月二日\n"
    )
    body = from_markdown_plan(plan)
    assert body.split("\n") == [
        "<p>引言。</p>",
        "<h2>一、思想</h2>",
        "<h3>(一)原则</h3>",
        "<p>第一行第二行 &lt;b&gt;</p>",
        "<p>附件:名单</p>",
        "<p>二〇一二年二月二日</p>",
    ]
    assert sanitise(body) == body


class BodyForm(forms.Form):
    body = body_field(required=True)


def test_body_field_sanitises_what_is_posted():
    form = BodyForm({"body": "<p>甲\x00<script>x</script></p>"})
    assert form.is_valid()
    assert form.cleaned_data["body"] == "<p>甲</p>"


def test_body_field_asks_for_words():
    assert BodyForm({"body": "<p></p>"}).errors.as_data()["body"][0].code == "required"


def test_body_field_refuses_what_is_too_long():
    assert BodyForm({"body": "党" * (MAX_CHARS + 1)}).errors.as_data()["body"][0].code == "body_too_long"


def test_body_widget_names_every_extension():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        markup = str(BodyForm()["body"])
    assert "data-django-prose-editor-configurable" in markup
    assert all(escape(f'"{name}":') in markup for name in EXTENSIONS)
    assert js_from_extensions(EXTENSIONS) == []


def test_editor_media_carries_the_nonce():
    assert "django_prose_editor" in settings.INSTALLED_APPS
    markup = str(nonced(forms.Media(js=["admin/js/core.js"]) + BodyForm().media, "n0nce"))
    tags = re.findall(r"<script[^>]*>", markup)
    assert any('type="importmap"' in tag for tag in tags)
    assert all('nonce="n0nce"' in tag for tag in tags)
