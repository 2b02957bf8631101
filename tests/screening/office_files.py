"""Small Office and PDF files built in code, as programs and people make them."""

import io
import zipfile
import zlib
from xml.sax.saxutils import escape

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
P = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'


def packed(files: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def paragraphs(text: str, tag: str = "t") -> str:
    """Paragraphs of a Word part; every one in two runs, as Word likes to split them."""
    lines = []
    for line in text.split("\n"):
        half = len(line) // 2
        runs = "".join(f"<w:r><w:{tag}>{escape(run)}</w:{tag}></w:r>" for run in (line[:half], line[half:]))
        lines.append(f"<w:p>{runs}</w:p>")
    return "".join(lines)


def docx(body: str = "正文。", **places: str) -> bytes:
    """A Word file; `places` put text into header, footnotes, comments, deleted, table, textbox, property."""
    inner = paragraphs(body)
    if "table" in places:
        cells = "".join(f"<w:tc>{paragraphs(cell)}</w:tc>" for cell in places["table"].split("|"))
        inner += f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"
    if "deleted" in places:
        inner += f"<w:p><w:del>{paragraphs(places['deleted'], 'delText')[5:-6]}</w:del></w:p>"
    if "textbox" in places:
        inner += (
            f"<w:p><w:r><w:pict><w:txbxContent>{paragraphs(places['textbox'])}</w:txbxContent></w:pict></w:r></w:p>"
        )
    files: dict[str, str | bytes] = {"word/document.xml": f"<w:document {W}><w:body>{inner}</w:body></w:document>"}
    for place, name, root in (
        ("header", "word/header1.xml", "hdr"),
        ("footnotes", "word/footnotes.xml", "footnotes"),
        ("comments", "word/comments.xml", "comments"),
    ):
        if place in places:
            files[name] = f"<w:{root} {W}>{paragraphs(places[place])}</w:{root}>"
    if "property" in places:
        files["docProps/core.xml"] = f"<c><subject>{escape(places['property'])}</subject></c>"
    return packed(files)


def xlsx(
    rows: list[list[str]],
    *,
    state: str = "visible",
    hidden_row: int = 0,
    hidden_column: int = 0,
    comment: str = "",
    numbers: bool = False,
) -> bytes:
    """A workbook whose second sheet, 名单, holds `rows`; rows and columns count from 1."""
    strings: list[str] = []
    lines = []
    for number, row in enumerate(rows, 1):
        cells = []
        for column, text in enumerate(row, 1):
            reference = f"{chr(64 + column)}{number}"
            if numbers and text.isdigit():
                cells.append(f'<c r="{reference}"><v>{int(text):.{len(text) - 1}E}</v></c>')
            else:
                cells.append(f'<c r="{reference}" t="s"><v>{len(strings)}</v></c>')
                strings.append(text)
        hidden = ' hidden="1"' if number == hidden_row else ""
        lines.append(f'<row r="{number}"{hidden}>{"".join(cells)}</row>')
    columns = f'<cols><col min="{hidden_column}" max="{hidden_column}" hidden="1"/></cols>' if hidden_column else ""
    files: dict[str, str | bytes] = {
        "xl/workbook.xml": f'<workbook {S} {R}><sheets><sheet name="封面" sheetId="1" r:id="rId1"/>'
        f'<sheet name="名单" sheetId="2" state="{state}" r:id="rId2"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/>'
        '<Relationship Id="rId2" Target="/xl/worksheets/sheet2.xml"/></Relationships>',
        "xl/sharedStrings.xml": f"<sst {S}>"
        + "".join(f"<si><t>{escape(text)}</t></si>" for text in strings)
        + "</sst>",
        "xl/worksheets/sheet1.xml": f"<worksheet {S}><sheetData/></worksheet>",
        "xl/worksheets/sheet2.xml": f"<worksheet {S}>{columns}<sheetData>{''.join(lines)}</sheetData></worksheet>",
    }
    if comment:
        files["xl/comments1.xml"] = (
            f"<comments {S}><commentList><comment><text><t>{escape(comment)}</t></text></comment></commentList></comments>"  # noqa: E501
        )
    return packed(files)


def pptx(text: str, *, is_hidden: bool = False, notes: str = "", comment: str = "") -> bytes:
    show = ' show="0"' if is_hidden else ""
    files: dict[str, str | bytes] = {
        "ppt/presentation.xml": f"<p:presentation {P}/>",
        "ppt/slides/slide1.xml": f"<p:sld {P} {A}{show}><a:p><a:r><a:t>{escape(text)}</a:t></a:r></a:p></p:sld>",
    }
    if notes:
        files["ppt/notesSlides/notesSlide1.xml"] = f"<p:notes {P} {A}><a:p><a:t>{escape(notes)}</a:t></a:p></p:notes>"
    if comment:
        files["ppt/comments/comment1.xml"] = f"<p:cmLst {P}><p:cm><p:text>{escape(comment)}</p:text></p:cm></p:cmLst>"
    return packed(files)


def pdf(pages: list[str], title: str = "") -> bytes:
    """A PDF whose pages show ASCII text; an empty one stands for a scan. Streams are packed."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>", "", "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]
    kids = []
    for text in pages:
        lines = "".join(f"({line}) Tj 0 -14 Td " for line in text.split("\n"))
        stream = zlib.compress(f"BT /F1 11 Tf 40 780 Td {lines}ET".encode() if text else b"0 0 100 100 re f")
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents {len(objects) + 2} 0 R>>"  # noqa: E501
        )
        objects.append(f"<</Length {len(stream)}/Filter/FlateDecode>>stream\n{stream.decode('latin-1')}\nendstream")
    objects[1] = f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(kids)}>>"
    objects.append(f"<</Title({title})>>")
    out, offsets = b"%PDF-1.5\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj{content}endobj\n".encode("latin-1")
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    trailer = f"trailer<</Size {len(objects) + 1}/Root 1 0 R/Info {len(objects)} 0 R>>\nstartxref\n{len(out)}\n%%EOF"
    return out + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}".encode()
