"""Word documents as drafts: numbering as a reader saw it, structure kept, the rest dropped, hostile files refused."""

import zipfile
from datetime import date
from io import BytesIO

import pytest

from disclosures.uploads import UploadRefused
from disclosures.word_import import MOST_SECONDS, import_word
from tests.disclosures.word.documents import OFFICIAL, cell, docx, numbered, p, run, table, upload

MEGABYTE = 1024 * 1024


def body_of(body: str, numbering: str = "", **parts: str) -> str:
    return import_word(upload(docx(body, numbering, **parts))).body


def test_automatic_numbers_of_official_documents_stand_in_the_text():
    html = body_of(
        p("指导思想", number="9")
        + p("总体要求", number="9", level=1)
        + p("工作目标", number="9", level=2)
        + p("工作步骤", number="9", level=2)
        + p("细目", number="9", level=3)
        + p("基本原则", number="9")
        + p("依法", number="9", level=1),
        OFFICIAL,
    )
    assert html == (
        "<p>一、指导思想</p><p>（一）总体要求</p><p>1. 工作目标</p><p>2. 工作步骤</p><p>(1) 细目</p>"
        "<p>二、基本原则</p><p>（一）依法</p>"
    )


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("japaneseCounting", "%1、", "<p>一、甲</p><p>二、乙</p>"),
        ("decimal", "%1．", "<p>1．甲</p><p>2．乙</p>"),
        ("upperRoman", "%1.", "<p>I. 甲</p><p>II. 乙</p>"),
        ("decimalEnclosedCircleChinese", "%1", "<p>① 甲</p><p>② 乙</p>"),
        ("chineseCounting", "第%1条", "<p>第一条 甲</p><p>第二条 乙</p>"),
    ],
)
def test_each_format_of_numbers(kind, text, expected):
    assert body_of(p("甲", number="3") + p("乙", number="3"), numbered("3", (kind, text))) == expected


def test_multi_level_numbers_count_and_begin_anew():
    levels = numbered("3", ("decimal", "%1"), ("decimal", "%1.%2"), ("decimal", "%1.%2.%3"))
    rows = [("a", 0), ("b", 1), ("c", 1), ("d", 2), ("e", 0), ("f", 1)]
    html = body_of("".join(p(text, number="3", level=level) for text, level in rows), levels)
    assert html == "<p>1 a</p><p>1.1 b</p><p>1.2 c</p><p>1.2.1 d</p><p>2 e</p><p>2.1 f</p>"


def test_second_level_of_chinese_numbers_is_shown_in_digits_where_the_list_is_legal():
    levels = numbered("3", ("chineseCounting", "第%1章"), ("decimal", "%1.%2"), more="<w:isLgl/>")
    assert body_of(p("甲", number="3") + p("乙", number="3", level=1), levels) == "<p>第1章 甲</p><p>1.1 乙</p>"


def test_numbers_count_on_across_other_text_and_restart_where_the_list_says_so():
    again = '<w:num w:numId="7"><w:abstractNumId w:val="3"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
    levels = numbered("3", ("decimal", "%1.")) + again + "</w:lvlOverride></w:num>"
    text = p("甲", number="3") + p("正文") + p("乙", number="3") + p("丙", number="7") + p("丁", number="7")
    assert body_of(text, levels) == "<p>1. 甲</p><p>正文</p><p>2. 乙</p><p>1. 丙</p><p>2. 丁</p>"


def test_numbers_of_a_heading_style_are_kept_and_can_be_taken_away():
    off = '<w:p><w:pPr><w:pStyle w:val="1"/><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr>' + run("附则") + "</w:p>"
    html = body_of(p("总则", style="1") + p("细则", style="21") + p("小节", style="4") + off, OFFICIAL)
    assert html == "<h2>一、总则</h2><h3>细则</h3><h4>小节</h4><h2>附则</h2>"


def test_bullets_stay_lists():
    bullets = numbered("3", ("bullet", ""), ("bullet", ""))
    html = body_of(p("甲", number="3") + p("乙", number="3", level=1) + p("丙", number="3"), bullets)
    assert html == "<ul><li>甲<ul><li>乙</li></ul></li><li>丙</li></ul>"


def test_tables_keep_merged_cells():
    html = body_of(
        table(
            cell("项目", 2) + cell("金额"),
            cell("党费", 1, "restart") + cell("上半年") + cell("100"),
            cell("", 1, "") + cell("下半年") + cell("200"),
        )
    )
    assert '<td colspan="2"><p>项目</p></td>' in html
    assert '<td rowspan="2"><p>党费</p></td>' in html
    assert html.count("<tr>") == 3 and html.count("<td") == 7


def test_marks_are_kept_and_the_rest_of_the_look_is_dropped():
    look = '<w:rFonts w:eastAsia="黑体"/><w:color w:val="FF0000"/><w:sz w:val="44"/>'
    off = '<w:b w:val="0"/>'
    html = body_of(f"<w:p>{run('重要', '<w:b/>' + look)}{run('说明', '<w:i/>')}{run('平', off)}</w:p>")
    assert html == "<p><strong>重要</strong><em>说明</em>平</p>"


def test_footnotes_become_text():
    note = f'<w:footnote w:id="2">{p("见党章第三十条")}</w:footnote>'
    html = body_of(p("依据", inside='<w:r><w:footnoteReference w:id="2"/></w:r>'), footnotes=note)
    assert html == "<p>依据[1]</p><p>[1] 见党章第三十条</p>"


def test_tracked_insertions_stay_deletions_and_comments_and_hidden_words_go():
    html = body_of(
        p(
            "正文",
            inside=f'<w:ins w:id="1">{run("新增")}</w:ins>'
            '<w:del w:id="2"><w:r><w:delText>旧文</w:delText></w:r></w:del>'
            f'<w:moveFrom w:id="3">{run("移走")}</w:moveFrom><w:r><w:commentReference w:id="0"/></w:r>'
            f"{run('隐藏', '<w:vanish/>')}",
        ),
        comments=f'<w:comment w:id="0">{p("批注内容")}</w:comment>',
    )
    assert html == "<p>正文新增</p>"


def test_images_are_left_out_and_counted_and_text_boxes_follow_their_paragraph():
    box = f"<wps:txbx><w:txbxContent>{p('框内文字')}</w:txbxContent></wps:txbx>"
    both = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    drawn = f'<w:r>{both}<w:drawing><a:blip r:embed="rId9"/></w:drawing></w:r>'
    found = import_word(upload(docx(p("前", inside=drawn) + p("后"))))
    assert found.body == "<p>前</p><p>框内文字</p><p>后</p>"
    assert (found.images, found.text_boxes) == (1, 1)


def test_title_number_and_date_of_an_official_document_are_recognised():
    found = import_word(
        upload(
            docx(
                p("中共岳阳市文广新局党组文件", jc="center")
                + p("岳文广新党字〔2012〕3号", jc="center")
                + p("关于印发", jc="center")
                + p("《党务公开实施方案》的通知", jc="center")
                + p("各党支部：")
                + p("现印发给你们。")
                + p("二〇一二年二月二日", jc="right")
            )
        )
    )
    assert found.title == "关于印发《党务公开实施方案》的通知"
    assert (found.document_number, found.issued_on) == ("岳文广新党字〔2012〕3号", date(2012, 2, 2))
    assert "关于印发" not in found.body and "二〇一二年二月二日" in found.body


def test_title_style_goes_before_centred_lines_and_no_title_is_guessed_from_running_text():
    assert import_word(upload(docx(p("居中", jc="center") + p("正题", style="a5") + p("正文")))).title == "正题"
    assert import_word(upload(docx(p("正文第一段。") + p("居中", jc="center")))).title == ""


def test_hostile_text_comes_out_harmless():
    link = '<w:hyperlink r:id="rId1"><w:r><w:t>点</w:t></w:r></w:hyperlink>'
    html = body_of(p("<script>alert(1)</script>\u202e", inside=link))
    assert html == "<p>&lt;script&gt;alert(1)&lt;/script&gt;点</p>"


def broken(content: bytes) -> bytes:
    """The document with its main part cut in the middle."""
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name)[: -200 if name.endswith("document.xml") else None])
    return packed.getvalue()


def with_part(name: str, text: bytes) -> bytes:
    packed = BytesIO(docx(p("甲")))
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
    return packed.getvalue()


ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><w:styles>&b;</w:styles>'
NESTED = "".join("<w:r><w:pict><w:txbxContent><w:p>" for _level in range(60))
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
HOSTILE = {
    "empty": (b"", "通报.docx", "empty"),
    "not a zip": (b"MZ" * 500, "通报.docx", "mismatch"),
    "encrypted": (OLE + b"E\0n\0c\0" * 500, "通报.docx", "mismatch"),
    "macros by name": (docx(p("甲")), "通报.docm", "macros"),
    "macros inside": (with_part("word/vbaProject.bin", b"x"), "通报.docx", "macros"),
    "old format": (OLE + "WordDocument".encode("utf-16-le") + b"\0" * 600, "a.doc", "not_word"),
    "cut off": (broken(docx(p("甲" * 500))), "通报.docx", "damaged"),
    "bomb": (with_part("word/media/image1.png", b"\0" * 40_000_000), "通报.docx", "archive_too_large"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_file_is_refused_with_its_own_sentence(kind):
    content, name, code = HOSTILE[kind]
    with pytest.raises(UploadRefused) as refusal:
        import_word(upload(content, name))
    assert refusal.value.code == code and refusal.value.messages[0]


def test_entities_are_refused():
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(docx(p("甲")))) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            new.writestr(name, ENTITIES if name.endswith("styles.xml") else old.read(name))
    with pytest.raises(UploadRefused, match=r".") as refusal:
        import_word(upload(packed.getvalue()))
    assert refusal.value.code == "damaged"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("甲" * 9_000_000, id="longer than a part may be"),
        pytest.param("甲" * 600_000, id="longer than a body may be"),
    ],
)
def test_endless_text_is_refused(text):
    with pytest.raises(UploadRefused) as refusal:
        import_word(upload(docx(p(text + "乙"))))
    assert refusal.value.code in ("too_large_to_import", "archive_too_large")


def test_deeply_nested_document_is_refused_at_once():
    ends = "".join("</w:p></w:txbxContent></w:pict></w:r>" for _level in range(60))
    with pytest.raises(UploadRefused) as refusal:
        import_word(upload(docx(f"<w:p>{NESTED}{ends}</w:p>")))
    assert refusal.value.code == "damaged"


def two_hundred_pages() -> bytes:
    """About 700 characters a page, dressed as Word dresses them: fonts on each run, sentences cut by corrections."""
    look = '<w:rFonts w:ascii="仿宋_GB2312" w:eastAsia="仿宋_GB2312" w:hint="eastAsia"/><w:sz w:val="32"/>'
    sentence = run("为贯彻落实党务公开实施方案，", look) + run(
        "现将有关情况通报如下。", look + '<w:lang w:val="zh-CN"/>'
    )
    paragraph = "".join(sentence for _time in range(7))
    text = "".join(p(number="9", level=place % 3, inside=paragraph) for place in range(4 * 200))
    return docx(text + table(*["".join(cell("数") for _column in range(6)) for _row in range(300)]), OFFICIAL)


def test_two_hundred_pages_are_read_within_the_bounds():
    """Measured on two cores: 0.8 s, 49 MB in a process of its own; the process has its own limits."""
    found = import_word(upload(two_hundred_pages()))
    assert found.peak < 150 * MEGABYTE
    assert found.body.count("<p>") > 800 and MOST_SECONDS >= 5
