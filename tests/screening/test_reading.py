"""Files read in a limited process: hostile ones get a clear reason, in bounded time and memory."""

import io
import resource
import time
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone

from disclosures.models import FileText, StoredFile
from disclosures.reading import AT_ONCE_SECONDS, BEHIND_SECONDS, ensure_read, extract, forget, read_waiting
from disclosures.screening import Profile, screen_parts
from disclosures.uploads import stored_path
from tests.screening.office_files import S, docx, packed, pdf, xlsx

W = "word/document.xml"


def read(tmp_path, content, extension, seconds=AT_ONCE_SECONDS):
    path = tmp_path / "file"
    path.write_bytes(content)
    return extract(path, extension, seconds=seconds)


def laughs():
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return packed({W: f'<!DOCTYPE x [<!ENTITY a0 "ha">{entities}]><x>&a9;</x>'})


def bomb(name=W):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w") as entry:
        entry.write(b"<x>")
        for _ in range(500):
            entry.write(b" " * 1024 * 1024)
    return buffer.getvalue()


HOSTILE = {
    "billion laughs": (laughs, "docx", {"hostile"}),
    "deep": (lambda: packed({W: "<x>" * 100_000 + "</x>" * 100_000}), "docx", {"hostile"}),
    "bomb": (bomb, "docx", {"too_large", "time"}),
    "bomb in a zip": (lambda: packed({"a.docx": bomb()}), "zip", {"too_large", "time"}),
    "truncated docx": (lambda: docx("甲" * 5000)[:-40], "docx", {"damaged"}),
    "truncated pdf": (lambda: b"%PDF-1.5\n1 0 obj", "pdf", {"damaged"}),
    "locked docx": (
        lambda: bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"),
        "docx",
        {"encrypted"},
    ),
    "doc": (lambda: b"x", "doc", {"format"}),
    "ofd": (lambda: b"x", "ofd", {"format"}),
    "no picture": (lambda: b"\x89PNG\r\n", "png", {"damaged"}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_get_a_reason_in_time_and_little_memory(name, tmp_path):
    make, extension, reasons = HOSTILE[name]
    content = make()
    before, begin = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    extracted = read(tmp_path, content, extension)
    assert extracted.reason in reasons
    assert extracted.state == FileText.State.UNREADABLE
    assert time.monotonic() - begin < 3 * AT_ONCE_SECONDS  # starting on a busy machine takes some
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000


def test_pages_without_text_are_named(tmp_path):
    assert read(tmp_path, pdf(["words", "", "more"]), "pdf").gaps == [{"kind": "pages", "pages": "2"}]


def test_a_document_of_200_pages_is_read(tmp_path):
    extracted = read(tmp_path, pdf([f"page {n}\n" + "words\n" * 40 for n in range(200)]), "pdf")
    assert (extracted.reason, len(extracted.parts)) == ("", 200)


def test_a_huge_workbook_is_cut_and_says_so(tmp_path):
    rows = [["甲" * 100, str(n)] for n in range(30_000)]
    assert {"kind": "cut"} in read(tmp_path, xlsx(rows), "xlsx", seconds=BEHIND_SECONDS).gaps


def test_where_names_sheet_and_row(tmp_path):
    parts = read(tmp_path, xlsx([["姓名"], ["13812345678"]], state="veryHidden", hidden_row=2), "xlsx").parts
    (finding,) = screen_parts(parts, "attachment:1", profile=Profile.INTERNAL)
    assert finding.where == "工作表“名单”（隐藏）第2行（隐藏行）"


@pytest.fixture
def stored(db):
    content = docx("甲某 13812345678")
    file = StoredFile.objects.create(sha256="a" * 64, size=len(content), content_type="x", extension="docx")
    path = stored_path(file.sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return file


def test_a_small_file_is_read_at_once(stored):
    text = ensure_read(stored, "a.docx")
    assert (text.state, text.parts[0]["where"]) == ("read", "内容")


def test_what_was_left_behind_is_read_by_tick(stored):
    FileText.objects.create(file=stored, changed_at=timezone.now() - timedelta(minutes=5))
    assert read_waiting(timezone.now()) == 1
    assert FileText.objects.get().state == "read"
    assert read_waiting(timezone.now()) == 0


def test_forgetting_destroys_the_text(stored):
    ensure_read(stored)
    forget(stored)
    assert FileText.objects.get().parts == []


def test_columns_stay_in_their_place_and_runs_of_a_cell_together(tmp_path):
    inline = "<is><r><t>138</t></r><r><t>00138000</t></r></is>"
    cells = f'<c r="B1" t="inlineStr">{inline}</c><c r="D1"><f>"甲"&amp;1</f><v>5</v></c>'
    name = f'<worksheet {S}><sheetData><row r="1">{cells}</row></sheetData></worksheet>'
    extracted = read(
        tmp_path, packed({"xl/workbook.xml": f"<workbook {S}/>", "xl/worksheets/sheet1.xml": name}), "xlsx"
    )
    assert extracted.parts[0]["text"] == '\t13800138000\t\t"甲"&1 5'
