"""Files of senders: taken within bounds, without metadata, under neutral names; refused ones take nothing along."""

import io
from html import unescape

import pytest
from django.conf import settings as configured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from PIL import Image

from disclosures import uploads
from disclosures.models import StoredFile
from feedback import sent_files
from feedback.models import Case, CaseFile, RateCount
from tests.feedback.cases import WORDS, sent_with_code
from tests.feedback.test_pages import MESSAGE, NEW, TRACK, TYPED, body, code_in, send, token_in

pytestmark = pytest.mark.usefixtures("house")
FILE = reverse("feedback:file")


def photo(colour="red", name="张三家门口.jpg"):
    """A photo that knows where it was taken and by whom."""
    exif = Image.Exif()
    exif[0x010E], exif[0x013B] = "在张三家拍摄", "ZHANG SAN"
    made = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(made, "JPEG", exif=exif)
    return SimpleUploadedFile(name, made.getvalue(), "image/jpeg")


def follow_in(page) -> str:
    return body(page).partition('action="' + FILE + '"')[2].partition('value="')[2].partition('"')[0]


def test_a_photo_comes_without_metadata_and_under_a_neutral_name(client):
    assert send(client, documents=[photo()]).status_code == 200
    row = CaseFile.objects.get()
    assert row.filename == f"{row.case.number}-1.jpg"
    with uploads.open_stored(row.file.sha256) as kept:
        content = kept.read()
    assert b"ZHANG SAN" not in content
    assert not dict(Image.open(io.BytesIO(content)).getexif())
    everything = str([list(model.objects.values_list()) for model in (Case, CaseFile, StoredFile)])
    assert "张三" not in everything


def test_the_same_form_with_its_files_sent_twice_is_one_opinion(client):
    token = token_in(client.get(NEW))
    pages = [client.post(NEW, {**TYPED, "token": token, "documents": [photo(), photo("blue")]}) for _time in range(2)]
    assert [page.status_code for page in pages] == [200, 200]
    assert code_in(pages[0]) == code_in(pages[1])
    assert [row.order for row in Case.objects.get().files.all()] == [1, 2]


def test_other_files_under_a_used_token_are_not_swallowed(client):
    token = token_in(client.get(NEW))
    client.post(NEW, {**TYPED, "token": token, "documents": [photo()]})
    page = client.post(NEW, {**TYPED, "token": token, "documents": [photo("blue")]})
    assert page.status_code == 400
    assert Case.objects.count() == 1


def test_files_are_kept_when_something_else_is_refused(client):
    page = send(client, text="", documents=[photo()])
    assert page.status_code == 400
    assert "张三家门口.jpg" in body(page)
    kept = body(page).partition('name="kept" value="')[2].partition('"')[0]
    assert client.post(NEW, {**TYPED, "token": token_in(page), "kept": kept}).status_code == 200
    assert Case.objects.get().files.count() == 1


def test_files_kept_may_be_left_out(client):
    page = send(client, text="", documents=[photo()])
    kept = body(page).partition('name="kept" value="')[2].partition('"')[0]
    client.post(NEW, {**TYPED, "token": token_in(page), "kept": kept, "drop_files": "on"})
    assert Case.objects.get().files.count() == 0


@pytest.mark.parametrize("kept", ["x", "\x00", "名", "W10:1abc:zzz"])
def test_forged_notes_of_files_bring_none(client, kept):
    page = send(client, kept=kept)
    assert page.status_code == 400
    assert WORDS in body(page)


HOSTILE_FILES = {
    "page": ("a.html", b"<script>alert(1)</script>"),
    "picture with a script": ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
    "program": ("a.exe", b"MZ" + b"\0" * 100),
    "page called a photo": ("a.jpg", b"<html>"),
    "empty": ("a.pdf", b""),
    "macros": ("a.docm", b"PK\x03\x04"),
    "odd name": ("../../etc/passwd\x00.jpg\u202e", b"\xff\xd8\xff"),
}


@pytest.mark.parametrize("name", HOSTILE_FILES)
def test_hostile_files_are_refused_with_a_sentence_and_the_words_kept(client, name):
    page = send(client, documents=[SimpleUploadedFile(*HOSTILE_FILES[name])])
    assert page.status_code == 400
    assert 'href="#id_documents"' in body(page)
    assert WORDS in body(page)
    assert not Case.objects.exists()


def test_more_than_five_files_are_too_many(client):
    page = send(client, documents=[photo((40 * number, 0, 0)) for number in range(6)])
    assert page.status_code == 400
    assert not Case.objects.exists()


def test_a_form_larger_than_the_bound_is_refused_unread(client):
    page = client.post(NEW, {**TYPED, "documents": [SimpleUploadedFile("a.pdf", b"x" * (sent_files.MOST_BYTES + 1))]})
    assert page.status_code == 413


def test_other_public_pages_take_no_larger_bodies(client):
    large = b"x" * (configured.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    for address in (TRACK, FILE, reverse("feedback:verdict"), reverse("login")):
        assert client.post(address, large, content_type="application/octet-stream").status_code == 413


def test_when_too_much_arrives_files_pass_by_and_the_words_stay(client, settings):
    settings.PORTAL_SENT_MB_PER_ADDRESS = 0
    before = StoredFile.objects.count()
    large = SimpleUploadedFile("a.jpg", photo().read() + b"\0" * 100_000)
    page = send(client, documents=[large])
    assert page.status_code == 429
    assert WORDS in body(page)
    assert StoredFile.objects.count() == before
    assert send(client).status_code == 200  # words alone pass


def test_words_alone_are_not_counted_as_files(client):
    send(client)
    assert not RateCount.objects.filter(door="SENT_MB").exists()


def test_nothing_is_kept_of_what_falls_into_the_trap(client):
    before = StoredFile.objects.count()
    assert send(client, website="x", documents=[photo("#123456")]).status_code == 400
    assert StoredFile.objects.count() == before


def test_a_message_brings_files_too(client):
    case, code = sent_with_code()
    token = token_in_message(client.post(TRACK, {"code": code}))
    page = client.post(MESSAGE, {"token": token, "text": "见照片", "documents": [photo()]})
    assert page.status_code == 200
    row = case.files.get()
    assert row.message == case.messages.get()


def token_in_message(page) -> str:
    return body(page).partition('action="' + MESSAGE + '"')[2].partition('value="')[2].partition('"')[0]


def test_the_sender_fetches_a_file_by_post_with_the_token(client):
    page = send(client, documents=[photo()])
    follow = follow_in(client.post(TRACK, {"code": code_in(page)}))
    answer = client.post(FILE, {"token": follow, "order": "1"})
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "no-referrer"
    assert client.get(FILE).status_code == 405


@pytest.mark.parametrize("order", ["", "2", "0", "-1", "x", "９", "9" * 30, "\x00"])
def test_files_that_are_not_there_are_missing(client, order):
    page = send(client, documents=[photo()])
    follow = follow_in(client.post(TRACK, {"code": code_in(page)}))
    assert client.post(FILE, {"token": follow, "order": order}).status_code == 404


def test_no_file_without_its_token(client):
    send(client, documents=[photo()])
    other, code = sent_with_code()
    message_token = token_in_message(client.post(TRACK, {"code": code}))
    for token in ("", "x", token_in(client.get(NEW)), message_token):
        answer = client.post(FILE, {"token": token, "order": "1"})
        assert answer.status_code == 400
        assert not answer.has_header("Content-Disposition")
    assert other.files.count() == 0


def test_staff_who_read_the_case_fetch_its_files_and_nobody_else(client, logged_in):
    send(client, documents=[photo()])
    case = Case.objects.get()
    address = reverse("admin:feedback_case_file", args=[case.pk, 1])
    answer = logged_in("drafter").get(address)
    assert answer["Content-Disposition"].startswith("attachment")
    assert f"{case.number}-1.jpg" in unescape(answer["Content-Disposition"])
    assert address in body(logged_in("drafter").get(reverse("admin:feedback_case_change", args=[case.pk])))
    for username, status in (("branch_drafter", 404), ("auditor", 404), ("party_member", 302)):
        assert logged_in(username).get(address).status_code == status


def test_files_of_cases_are_never_changed_or_removed(client):
    send(client, documents=[photo()])
    row = CaseFile.objects.get()
    for change in (lambda: CaseFile.objects.update(filename="x"), row.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
