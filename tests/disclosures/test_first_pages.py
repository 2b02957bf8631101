"""First pages of PDFs: shown to whoever may open the file, rendered apart, and quietly missing where that fails."""

import io
import time
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from PIL import Image

from disclosures import thumbnails, uploads
from disclosures.admin.uploading import keep
from disclosures.extraction.first_page import SIZES
from disclosures.first_pages import TookTooLong, _picture, first_page
from disclosures.models import FileText, StoredFile, Thumbnail
from disclosures.services import AttachmentDraft, perform
from tests.disclosures.admin_desk import at_desk
from tests.people import approved, draft, person

LOCKED = b"<</Filter/Standard/V 1/R 2/O<%b>/U<%b>/P -4>>" % (b"41" * 32, b"42" * 32)
MOST_SECONDS = 20  # of a bomb, on a busy machine; without a limit it takes minutes


@pytest.fixture(autouse=True)
def root(tmp_path, settings):
    settings.UPLOAD_ROOT = tmp_path / "uploads"


def pdf(box="0 0 595 842", content=b"1 0 0 rg 0 421 595 421 re f", resources=b"<<>>", more=(), trailer=b"") -> bytes:
    """One page, its upper half red unless told otherwise."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[%b]/Contents 4 0 R/Resources %b>>" % (box.encode(), resources),
        b"<</Length %d>>stream\n%b\nendstream" % (len(content), content),
        *more,
    ]
    made, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size %d/Root 1 0 R%b>>" % (len(objects) + 1, trailer)
    return (
        made
        + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
        + table
        + end
        + b"\nstartxref\n%d\n%%%%EOF" % len(made)
    )


def picture_bomb(side: int) -> bytes:
    """A page with a picture of `side` by `side` white pixels, packed to almost nothing."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"\xff" * side * 3) for _row in range(side)) + packer.flush()
    image = b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB/BitsPerComponent 8" % (side, side)
    image += b"/Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (len(packed), packed)
    return pdf(content=b"595 0 0 842 0 0 cm /Im Do", resources=b"<</XObject<</Im 5 0 R>>>>", more=[image])


def endless() -> bytes:
    """A page that draws itself over and over: forms that each use the next one many times."""
    forms = []
    for number in range(5, 14):
        last = number == 13
        content = b"0 0 500 500 re f" if last else b"/F Do " * 20
        use = b"<<>>" if last else b"<</XObject<</F %d 0 R>>>>" % (number + 1)
        head = b"<</Type/XObject/Subtype/Form/BBox[0 0 600 900]/Resources %b/Length %d>>" % (use, len(content))
        forms.append(head + b"stream\n%b\nendstream" % content)
    return pdf(content=b"/F Do " * 20, resources=b"<</XObject<</F 5 0 R>>>>", more=forms)


def came_in(name: str, content: bytes) -> StoredFile:
    upload = SimpleUploadedFile(name, content)
    upload.inspected = uploads.inspect(upload)
    return keep(upload)[0]


def on_disk(tmp_path, content: bytes):
    path = tmp_path / "file.pdf"
    path.write_bytes(content)
    return path


def item_with(content: bytes, is_published=True, **changes):
    item = draft(**changes)
    files = [AttachmentDraft("方案.pdf", "方案全文", is_published, file=came_in("方案.pdf", content))]
    return perform("save", item=item, by=item.updated_by, expected_version=item.version, attachments=files)


def address(item, box=320):
    return reverse("disclosures:thumbnail", args=[item.number, item.attachments.get().uid, box])


@pytest.mark.django_db
def test_small_copies_show_the_first_page_the_right_way_up():
    file = came_in("方案.pdf", pdf())
    assert {row.box: (row.width, row.height) for row in file.thumbnails.all()} == {320: (226, 320), 960: (678, 959)}
    with uploads.open_stored(thumbnails.thumbnail_of(file, 960).sha256) as stored, Image.open(stored) as image:
        above, below = image.convert("RGB").getpixel((300, 100)), image.convert("RGB").getpixel((300, 900))
    assert above[0] > 200 > 60 > above[2] and min(below) > 240


def test_readers_see_the_page_with_a_name(house, client):
    item = approved(item_with(pdf()))
    page = client.get(item.get_absolute_url()).content.decode()
    assert address(item) in page and 'alt="“方案全文”第一页"' in page
    answer = client.get(address(item))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert "no-store" in answer["Cache-Control"] and not {"ETag", "Last-Modified"} & set(answer.headers)


def test_hidden_file_has_no_small_copy_for_readers(house, client):
    for item in (approved(item_with(pdf(), is_published=False)), approved(item_with(pdf(), audience="internal"))):
        assert Thumbnail.objects.filter(file=item.attachments.get().file).count() == 2
        for box in thumbnails.BOXES:
            assert client.get(address(item, box)).status_code == 404
            assert client.get(address(item, box), HTTP_IF_NONE_MATCH="*").status_code == 404


def test_staff_see_the_page_of_a_draft_and_of_a_file_kept_for_the_file(house):
    item = item_with(pdf(), is_published=False)
    staff = reverse("admin:disclosures_item_thumbnail", args=[item.pk, item.attachments.get().uid, 320])
    form = reverse("admin:disclosures_item_change", args=[item.pk])
    assert at_desk("drafter").get(staff).status_code == 200
    assert staff in at_desk("drafter").get(form).content.decode()
    assert at_desk("branch_drafter").get(staff).status_code == 404


def test_after_a_withdrawal_the_page_is_closed(house, client):
    item = approved(item_with(pdf()))
    item.refresh_from_db()
    perform("withdraw", item=item, by=person("examiner"), expected_version=item.version, reason="有误")
    assert client.get(address(item)).status_code == 410


@pytest.mark.parametrize(
    "box", ["0 0 14400 14400", "0 0 99999999 99999999", "0 0 99999999 1", "0 0 .001 .001", "0 0 1e38 1e38"]
)
def test_huge_pages_become_no_larger_than_the_box(tmp_path, box):
    began = time.monotonic()
    image = first_page(on_disk(tmp_path, pdf(box)), 960, seconds=5)
    assert image is None or max(image.size) <= 960
    assert time.monotonic() - began < MOST_SECONDS


@pytest.mark.parametrize("box", ["0 0 0 0", "5 5 5 5", "nan nan nan nan", "9 9", ""])
def test_pages_without_a_size_are_no_fault(tmp_path, box):
    image = first_page(on_disk(tmp_path, pdf(box)), 320, seconds=5)
    assert image is None or max(image.size) <= 320


@pytest.mark.parametrize("content", [picture_bomb(16_000), endless()], ids=["picture", "drawing"])
def test_bombs_end_with_the_process_and_not_with_the_portal(tmp_path, content):
    began = time.monotonic()
    try:
        image = first_page(on_disk(tmp_path, content), 960, seconds=2)
    except TookTooLong:
        image = None
    assert image is None or max(image.size) <= 960
    assert time.monotonic() - began < MOST_SECONDS


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content",
    [pdf(trailer=b"/Encrypt 5 0 R/ID[<41><41>]", more=[LOCKED]), pdf()[:300], b"%PDF-1.4\nnothing"],
    ids=["encrypted", "cut", "empty"],
)
def test_locked_and_damaged_files_are_taken_without_a_small_copy(content):
    file = came_in("方案.pdf", content)
    assert thumbnails.thumbnail_of(file) is None
    assert not Thumbnail.objects.exists()


@pytest.mark.django_db
def test_encrypted_file_is_not_opened_for_a_picture(tmp_path):
    locked = pdf(trailer=b"/Encrypt 5 0 R/ID[<41><41>]", more=[LOCKED])
    assert first_page(on_disk(tmp_path, locked), 320, seconds=5) is None
    assert came_in("方案.pdf", locked).text.reason == "encrypted"


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"abc",
        SIZES.pack(2, 2) + b"x" * 11,
        SIZES.pack(2, 2) + b"x" * 13,
        SIZES.pack(0, 0),
        SIZES.pack(2**31, 2**31),
    ],
)
def test_pixels_that_do_not_fit_what_is_said_are_refused(said):
    assert _picture(said, 960) is None


@pytest.mark.django_db
def test_large_file_gets_its_page_behind_the_answer(settings, django_capture_on_commit_callbacks):
    settings.PORTAL_READ_FILES = "spawn"
    with django_capture_on_commit_callbacks() as started:
        file = came_in("大.pdf", pdf(more=[b"<</Length 2200000>>stream\n" + b"x" * 2_200_000 + b"\nendstream"]))
    assert len(started) == 1 and not file.thumbnails.exists()
    call_command("read_file", file.sha256)
    assert file.thumbnails.count() == 2


@pytest.mark.django_db
def test_file_destroyed_while_its_page_was_rendered_keeps_no_small_copy(monkeypatch):
    file = came_in("方案.pdf", pdf())
    thumbnails.forget(file)
    page = Image.new("RGB", (20, 30))

    def destroyed_meanwhile(*args, **kwargs):
        FileText.objects.filter(file=file).update(state=FileText.State.UNREADABLE, reason="destroyed")
        return page

    monkeypatch.setattr(thumbnails, "first_page", destroyed_meanwhile)
    thumbnails.ensure_thumbnails_behind(file)
    assert not file.thumbnails.exists()


@pytest.mark.django_db
def test_nothing_of_the_files_metadata_is_in_the_small_copy():
    secret = b"SECRET-OF-THE-AUTHOR"
    file = came_in("方案.pdf", pdf(more=[b"<</Author(%b)>>" % secret], trailer=b"/Info 5 0 R"))
    for row in file.thumbnails.all():
        with uploads.open_stored(row.sha256) as stored:
            content = stored.read()
        assert secret not in content
        with Image.open(io.BytesIO(content)) as image:
            assert not {"exif", "xmp", "icc_profile"} & set(image.info)
