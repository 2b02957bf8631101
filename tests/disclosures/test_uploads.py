"""Which files are accepted, how they are kept, and how they leave."""

import hashlib
import io
import os
import stat
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import override_settings
from PIL import Image

from disclosures import uploads
from disclosures.uploads import (
    ALLOWED,
    UploadRefused,
    download_response,
    image_response,
    inspect,
    open_stored,
    safe_name,
    store,
)

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 1016
EXE = b"MZ" + b"\0" * 58 + b"\x80\0\0\0" + b"\0" * 64 + b"PE\0\0" + b"\0" * 400
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>'


@pytest.fixture(autouse=True)
def root(tmp_path, settings):
    settings.UPLOAD_ROOT = tmp_path / "uploads"
    return settings.UPLOAD_ROOT


def zipped(entries, method=zipfile.ZIP_DEFLATED):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return target.getvalue()


def office(main, **more):
    return zipped({"[Content_Types].xml": "<Types/>", main: "<x/>"} | more)


def ole(*streams):
    return OLE + b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in streams)


def picture(kind, size=(3, 2)):
    target = io.BytesIO()
    Image.new("RGB", size).save(target, kind)
    return target.getvalue()


DOCX = office("word/document.xml")
GOOD = {
    "a.pdf": PDF,
    "a.docx": DOCX,
    "a.xlsx": office("xl/workbook.xml"),
    "a.pptx": office("ppt/presentation.xml"),
    "a.ofd": zipped({"OFD.xml": "<x/>"}),
    "a.doc": ole("Root Entry", "WordDocument"),
    "a.xls": ole("Workbook"),
    "b.xls": ole("Book"),
    "a.ppt": ole("PowerPoint Document"),
    "a.wps": ole("WordDocument"),
    "b.wps": DOCX,
    "a.et": ole("Workbook"),
    "a.jpg": picture("JPEG"),
    "a.JPEG": picture("JPEG"),
    "a.png": picture("PNG"),
    "a.gif": picture("GIF"),
    "a.webp": picture("WEBP"),
    "a.zip": zipped({"资料/": "", "资料/方案.docx": DOCX, "名单.pdf": PDF}),
}


def upload(name, content):
    file = SimpleUploadedFile("x", content)
    file._name = name  # as a client could send it, before Django shortens it
    return file


def code_of(name, content):
    with pytest.raises(UploadRefused) as refusal:
        inspect(upload(name, content))
    assert refusal.value.messages[0]
    return refusal.value.code


def test_every_allowed_type_is_exercised():
    assert {name.rpartition(".")[2].lower() for name in GOOD} == set(ALLOWED)


@pytest.mark.parametrize("name", GOOD)
def test_good_file_is_accepted(name):
    inspected = inspect(upload(name, GOOD[name]))
    assert inspected.extension == name.rpartition(".")[2].lower()
    assert inspected.content_type == ALLOWED[inspected.extension].content_type
    assert inspected.name == name
    if not inspected.content_type.startswith("image/"):  # those are made anew, see test_images.py
        assert inspected.size == len(GOOD[name])


@pytest.mark.parametrize("extension", sorted(ALLOWED))
@pytest.mark.parametrize(
    "content", [EXE, HTML, SVG, b"plain words", b"\x7fELF" + b"\0" * 99], ids=["exe", "html", "svg", "txt", "elf"]
)
def test_disguised_content_is_refused(extension, content):
    assert code_of(f"a.{extension}", content) == "mismatch"


@pytest.mark.parametrize(
    ("name", "like"),
    [
        ("a.pdf", "a.docx"),
        ("a.docx", "a.xlsx"),
        ("a.xlsx", "a.zip"),
        ("a.doc", "a.xls"),
        ("a.png", "a.jpg"),
        ("a.ofd", "a.docx"),
    ],
)
def test_one_allowed_type_does_not_pass_for_another(name, like):
    assert code_of(name, GOOD[like]) == "mismatch"


@pytest.mark.parametrize(
    "name", ["a.exe", "a.html", "a.svg", "a.txt", "a.rar", "a.pdf.exe", "a", ".pdf", "", "a.pdf\u202e.exe", "a.js\x00"]
)
def test_unknown_extension_is_refused(name):
    assert code_of(name, PDF) == "extension"


def test_empty_file_is_refused():
    assert code_of("a.pdf", b"") == "empty"


@override_settings(UPLOAD_MAX_BYTES=10)
def test_large_file_is_refused():
    assert code_of("a.pdf", PDF) == "too_large"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docm", DOCX),
        ("a.xlsm", DOCX),
        ("a.pptm", DOCX),
        ("a.docx", office("word/document.xml", **{"word/vbaProject.bin": "x"})),
        (
            "a.docx",
            zipped(
                {
                    "[Content_Types].xml": "<x t='application/vnd.ms-word.document.macroEnabled'/>",
                    "word/document.xml": "",
                }
            ),
        ),
        ("a.doc", ole("WordDocument", "_VBA_PROJECT")),
        ("a.zip", zipped({"a.docx": office("word/document.xml", **{"word/VBAPROJECT.BIN": "x"})})),
        ("a.zip", zipped({"a.xlsm": DOCX})),
    ],
)
def test_macros_are_refused(name, content):
    assert code_of(name, content) == "macros"


@pytest.mark.parametrize("name", ["../a.pdf", "/a.pdf", "x/../../a.pdf", "C:/a.pdf", "..\\a.pdf", "\\a.pdf"])
def test_archive_that_points_outside_is_refused(name):
    assert code_of("a.zip", zipped({name: PDF})) == "archive"


@pytest.mark.parametrize("name", ["a.zip", "a.exe", "a.html", "readme", "a.rar", "a.docx/x.js"])
def test_archive_with_other_types_is_refused(name):
    assert code_of("a.zip", zipped({"b.pdf": PDF, name: PDF})) == "archive_entry"


def test_archive_with_disguised_entry_is_refused():
    assert code_of("a.zip", zipped({"b.pdf": EXE})) == "mismatch"


def test_locked_archive_is_refused():
    content = bytearray(zipped({"a.pdf": PDF}))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert code_of("a.zip", bytes(content)) == "archive"


def test_archive_that_lies_or_is_cut_is_refused():
    whole = zipped({"a.pdf": PDF})
    assert code_of("a.zip", whole[: len(whole) // 2]) == "mismatch"
    assert code_of("a.zip", zipped({"a.pdf": PDF}, zipfile.ZIP_STORED).replace(b"trailer", b"TRAILER")) == "mismatch"
    lying = bytearray(whole)
    at = lying.index(b"PK\x01\x02") + 24
    lying[at : at + 4] = (7).to_bytes(4, "little")
    assert code_of("a.zip", bytes(lying)) == "mismatch"


@pytest.mark.parametrize("name", ["a.zip", "a.docx"])
def test_zip_bombs_are_refused(name):
    assert code_of(name, zipped({"word/document.xml": b"\0" * (30 * 1024 * 1024)})) == "archive_too_large"
    assert code_of(name, zipped({f"{n}.pdf": "" for n in range(uploads.MAX_ENTRIES + 1)})) == "archive_too_large"


@override_settings(UPLOAD_MAX_BYTES=100_000)
def test_archive_that_unpacks_to_too_much_is_refused():
    content = PDF + b"".join(hashlib.sha256(bytes([n % 256])).digest() for n in range(5_000))
    archive = zipped({f"{n}.pdf": content for n in range(6)})
    assert len(archive) < 100_000 < 800_000 < 6 * len(content)
    assert code_of("a.zip", archive) == "archive_too_large"


def test_archive_names_of_chinese_windows_are_read():
    content = zipped({"aaaaaaaa.exe": b""}).replace(b"aaaaaaaa", "会议纪要".encode("gbk"))
    with pytest.raises(UploadRefused) as refusal:
        inspect(upload("a.zip", content))
    assert "会议纪要.exe" in refusal.value.messages[0]


def test_damaged_image_is_refused():
    assert code_of("a.png", picture("PNG")[:40]) == "mismatch"
    assert code_of("a.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF" + b"\0" * 50) == "mismatch"


def test_image_with_too_many_pixels_is_refused():
    png = bytearray(picture("PNG"))
    png[16:24] = (60_000).to_bytes(4, "big") * 2
    png[29:33] = zlib.crc32(png[12:29]).to_bytes(4, "big")
    assert code_of("a.png", bytes(png)) == "image_too_large"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("C:\\文件\\会议纪要.pdf", "会议纪要.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("岳文〔2012〕3号 通知.docx", "岳文〔2012〕3号 通知.docx"),
        ("报告\u202efdp.exe.pdf", "报告fdp.exe.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie_ x.pdf"),
        ('a"b<c>|?*.pdf', "a_b_c____.pdf"),
        (" 党.pdf . ", "党.pdf"),
        (".pdf", "pdf"),
        ("..", "file"),
        ("党" * 300 + ".docx", "党" * 115 + ".docx"),
        ("a." + "b" * 300, "a." + "b" * 118),
        ("\ud800\x00.pdf", "pdf"),
    ],
)
def test_safe_name(sent, kept):
    assert safe_name(sent) == kept
    assert len(safe_name(sent)) <= uploads.MAX_NAME


def keep(name="a.pdf", content=PDF):
    file = upload(name, content)
    return store(file, inspect(file))


def test_stored_file_lies_under_its_digest_for_the_owner_only(root):
    stored = keep()
    sha256 = hashlib.sha256(PDF).hexdigest()
    assert stored.path == root / sha256[:2] / sha256[2:4] / sha256
    assert (stored.sha256, stored.size, stored.content_type) == (sha256, len(PDF), "application/pdf")
    assert stat.S_IMODE(stored.path.stat().st_mode) == 0o600
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in (root, *stored.path.parents[:2])} == {0o700}
    with open_stored(sha256) as file:
        assert file.read() == PDF


def test_equal_content_is_kept_once(root):
    first, second = keep(), keep("另一个.pdf")
    assert first.path == second.path
    assert [path for path in root.rglob("*") if path.is_file()] == [first.path]


def test_half_written_file_is_replaced():
    stored = keep()
    stored.path.write_bytes(PDF[:5])
    assert keep().path.read_bytes() == PDF


def path_of(handle):
    return Path(f"/proc/self/fd/{handle}").readlink()


def test_everything_is_on_the_disk_before_store_returns(monkeypatch, root):
    synced, fsync = [], os.fsync

    def watched(handle):
        synced.append(path_of(handle))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", watched)
    stored = keep()
    assert synced[:2] == [root, root / stored.sha256[:2]]
    assert synced[-2].name.startswith(".new-")
    assert synced[-1] == stored.path.parent


def test_failed_write_leaves_nothing_behind(monkeypatch, root):
    def full(handle):
        if not path_of(handle).is_dir():
            raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="disk full"):
        keep()
    assert [path for path in root.rglob("*") if path.is_file()] == []


def test_memory_does_not_grow_with_the_file():
    with TemporaryUploadedFile("a.pdf", "application/pdf", 0, None) as file:
        file.write(PDF + b"\n" * (20 * 1024 * 1024))
        file.size = file.tell()
        tracemalloc.start()
        store(file, inspect(file))
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 3 * 1024 * 1024


@pytest.mark.parametrize(
    "name", ["", "..", "../../etc/passwd", "a" * 63, "A" * 64, "g" * 64, "a" * 64 + "\n", "a" * 64 + "/..", "a" * 64]
)
def test_nothing_but_a_known_digest_opens(name):
    with pytest.raises(FileNotFoundError):
        open_stored(name)


def test_download_is_never_displayed_guessed_or_kept():
    response = download_response(keep().sha256, "党务公开\r\n方案.pdf", "application/pdf")
    assert b"".join(response) == PDF
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''%E5%85%9A%E5%8A%A1%E5%85%AC%E5%BC%80%20%E6%96%B9%E6%A1%88.pdf"
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Content-Type"] == "application/pdf"
    assert not {"ETag", "Last-Modified"} & set(response.headers)


def test_download_of_another_type_is_a_plain_stream_of_bytes():
    response = download_response(keep().sha256, "a.html", "text/html")
    response.file_to_stream.close()
    assert response["Content-Type"] == "application/octet-stream"


def test_behind_a_front_the_answer_names_the_place_and_no_byte(root, settings):
    settings.PORTAL_ACCEL_PREFIX = "/_portal/files/"
    stored = keep()
    response = download_response(stored.sha256, "党务公开 方案.pdf", "application/pdf")
    assert response.content == b""
    assert response["X-Accel-Redirect"] == f"/_portal/files/{stored.path.relative_to(root)}"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E5%85%9A")
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "X-Accel-Redirect" in image_response(stored.sha256, "image/webp")
    with pytest.raises(FileNotFoundError):
        download_response("a" * 64, "a.pdf", "application/pdf")


def test_behind_a_front_its_group_may_read_what_is_stored(root, settings):
    settings.PORTAL_ACCEL_PREFIX = "/_portal/files/"
    stored = keep()
    assert stat.S_IMODE(stored.path.stat().st_mode) == 0o640
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in (root, *stored.path.parents[:2])} == {0o750}
