"""Files that are not what they say, through every form that takes one: a sentence, and the words typed are kept."""

import html
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.disclosures.test_uploads import EXE, HTML, OLE, PDF, SVG
from tests.hostile.asking import Sweep
from tests.hostile.desks import case_after
from tests.hostile.forms import Form, forms_in
from tests.people import decided, draft, submitted

pytestmark = pytest.mark.usefixtures("house")
TYPED = "留存：写了半天的话"


def packed(entries: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inside in entries.items():
            archive.writestr(name, inside)
    return content.getvalue()


def refused_files() -> dict[str, bytes]:
    return {
        "程序.pdf": EXE,
        "网页.pdf": HTML,
        "网页.docx": HTML,
        "图形.png": SVG,
        "图形.svg": SVG,
        "网页.html": HTML,
        "空.pdf": b"",
        "炸弹.zip": packed({"0.pdf": b"\0" * 60_000_000}),
        "套娃.zip": packed({"a.zip": packed({"b.pdf": PDF})}),
        "爬墙.zip": packed({"../../a.exe": EXE}),
        "宏.docm": packed({"word/vbaProject.bin": b"x"}),
        "宏.docx": packed({"word/document.xml": b"x", "word/vbaProject.bin": b"x"}),
        "截断.png": b"\x89PNG\r\n\x1a\n" + b"\0" * 30,
        "截断.zip": packed({"a.pdf": PDF})[:-20],
        "空壳.doc": OLE,
        "公开\u202efdp.exe": EXE,
        "<script>pr0be()</script>.exe": EXE,
        "无扩展名": PDF,
        "长" * 300 + ".exe": EXE,
        ".pdf": EXE,
    }


ACCEPTED_NAMES = [
    "公开\u202efdp\u200f.pdf",
    "长" * 300 + ".pdf",
    '"><img src=x onerror=pr0be()>.pdf',
    "..\\..\\a.pdf",
    'a;b".pdf',
]


def forms_with_files(sweep: Sweep) -> dict[str, Form]:
    """The three forms that take a file, by the name of the field."""
    met = decided(submitted(draft()), "examiner")
    pages = {
        "attachments-0-file": ("drafter", reverse("admin:disclosures_item_change", args=[draft().pk])),
        "record-file": ("examiner", reverse("review:revision", args=[met.current_revision.uid])),
        "file": ("drafter", reverse("admin:feedback_case_change", args=[case_after(5).pk])),
    }
    return {
        name: next(form for form in forms_in(sweep.ask(who, "get", page).said, who, page) if name in form.fields)
        for name, (who, page) in pages.items()
    }


def words_in(form: Form, name: str) -> str:
    """A text field of the form, for words that must not be lost."""
    return {"attachments-0-file": "basis", "record-file": "record-remark", "file": "proof"}[name]


def sentences_in(page: str) -> list[str]:
    text = html.unescape(page)
    return [part for part in text.split("“")[1:] if "”" in part]


def test_disguised_files_are_told_in_a_sentence_and_nothing_typed_is_lost():
    sweep = Sweep()
    forms = forms_with_files(sweep)
    for name, form in forms.items():
        for filename, content in refused_files().items():
            upload = SimpleUploadedFile("x", content, "application/pdf")
            upload._name = filename  # past Django's own cleaning, as a hostile browser would send it
            data = form.data(**{words_in(form, name): TYPED, name: upload})
            response = sweep.ask(form.who, "post", form.action, data)
            said = f"{filename!r} as {name}: {response.status_code}"
            sweep.must(response.status_code == 400, said)
            sweep.must(TYPED in response.said, f"{said}, words lost")
            sweep.must("error" in response.said and "\u202e" not in response.said, f"{said}, no sentence")
    sweep.verdict()


def test_good_files_with_hostile_names_are_kept_under_harmless_ones():
    sweep = Sweep()
    for name, form in forms_with_files(sweep).items():
        for filename in ACCEPTED_NAMES:
            upload = SimpleUploadedFile("x", PDF, "text/html")
            upload._name = filename
            refused = {words_in(form, name): TYPED, name: upload, "version": "0"}  # comes back with the file remembered
            response = sweep.ask(form.who, "post", form.action, form.data(**refused))
            sweep.must(response.status_code == 409, f"{filename!r} as {name}: {response.status_code}")
            sweep.must(TYPED in response.said and "\u202e" not in response.said, f"{filename!r} as {name} shown raw")
            response = sweep.ask(form.who, "post", form.action, form.data(**{name: upload_again(filename)}))
            sweep.must(response.status_code == 302, f"{filename!r} as {name}: {response.status_code}")
    sweep.verdict()


def upload_again(filename: str) -> SimpleUploadedFile:
    upload = SimpleUploadedFile("x", PDF, "text/html")
    upload._name = filename
    return upload
