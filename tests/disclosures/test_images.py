"""Images come in without what the camera wrote, the right way up, within bounds; small copies ask like the file."""

import io
import subprocess
import sys

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image, ImageCms, ImageFile, PngImagePlugin

from disclosures import thumbnails, uploads
from disclosures.admin.uploading import keep
from disclosures.images import reencoded
from disclosures.models import Thumbnail
from disclosures.services import AttachmentDraft, perform
from tests.disclosures.admin_desk import at_desk
from tests.people import approved, draft, person

SECRET = b"SECRET-OF-THE-CAMERA"
KINDS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF"}
MOST_RISE = 150  # MB
MEASURE = """
import io, resource, sys
from disclosures import images
from PIL import Image
images.reencoded(io.BytesIO(open(sys.argv[3], "rb").read()), "jpeg")
held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with open(sys.argv[1], "rb") as file:
    images.reencoded(file, sys.argv[2])
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - held) // 1024)
"""


@pytest.fixture(autouse=True)
def root(tmp_path, settings):
    settings.UPLOAD_ROOT = tmp_path / "uploads"


def telling(kind: str, size=(60, 20)) -> bytes:
    """A picture, red on its left, that says where it was taken in every way its format has."""
    image = Image.new("RGB", size, "white")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[0x010F] = SECRET.decode()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (29.0, 22.0, 1.0)
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", SECRET.decode())
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + SECRET + b"</x:xmpmeta>"
    target = io.BytesIO()
    more = {
        "JPEG": {"exif": exif, "xmp": xmp, "comment": SECRET},
        "PNG": {"exif": exif, "pnginfo": text},
        "WEBP": {"exif": exif, "xmp": xmp},
        "GIF": {"comment": SECRET},
    }[kind]
    image.save(target, kind, **more)
    return target.getvalue()


def came_in(name: str, content: bytes):
    upload = SimpleUploadedFile(name, content)
    upload.inspected = uploads.inspect(upload)
    return keep(upload)[0]


def opened(file) -> Image.Image:
    return Image.open(io.BytesIO(uploads.open_stored(file.sha256).read()))


@pytest.mark.django_db
@pytest.mark.parametrize("extension", KINDS)
def test_metadata_is_nowhere_in_the_store(extension, root, settings):
    content = telling(KINDS[extension], (1000, 400))
    assert SECRET in content
    file = came_in(f"照片.{extension}", content)
    kept = [path.read_bytes() for path in settings.UPLOAD_ROOT.rglob("*") if path.is_file()]
    assert len(kept) == 3, "the copy and two thumbnails"
    assert not [each for each in kept if SECRET in each or b"Exif" in each or b"xmpmeta" in each]
    image = opened(file)
    assert image.format == KINDS[extension]
    assert not dict(image.getexif())
    assert file.size == len(uploads.open_stored(file.sha256).read())


@pytest.mark.django_db
@pytest.mark.parametrize("extension", ["jpg", "png", "webp"])
def test_the_picture_stands_as_the_camera_was_held(extension):
    image = opened(came_in(f"照片.{extension}", telling(KINDS[extension]))).convert("RGB")
    assert image.size == (20, 60)
    red, white = image.getpixel((10, 5)), image.getpixel((10, 55))
    assert red[0] > 200 > 60 > red[1]
    assert min(white) > 200


@pytest.mark.django_db
def test_colours_of_another_profile_become_srgb():
    image, target = Image.new("RGB", (40, 40), (120, 200, 40)), io.BytesIO()
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image.save(target, "JPEG", icc_profile=lab)
    assert "icc_profile" not in opened(came_in("色.jpg", target.getvalue())).info


@pytest.mark.django_db
def test_of_an_animation_the_first_frame_is_kept():
    target = io.BytesIO()
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue", "green")]
    frames[0].save(target, "GIF", save_all=True, append_images=frames[1:])
    image = opened(came_in("动.gif", target.getvalue()))
    assert getattr(image, "n_frames", 1) == 1
    assert image.convert("RGB").getpixel((4, 4)) == (255, 0, 0)


@pytest.mark.django_db
def test_a_transparent_picture_stays_transparent():
    target = io.BytesIO()
    Image.new("RGBA", (9, 9), (255, 0, 0, 0)).save(target, "PNG")
    assert opened(came_in("印.png", target.getvalue())).getpixel((4, 4))[3] == 0


@pytest.mark.django_db
def test_equal_uploads_stay_one_file():
    content = telling("JPEG")
    assert came_in("一.jpg", content) == came_in("二.jpg", content)
    assert Thumbnail.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("extension", ["jpg", "png", "webp", "gif"])
def test_a_picture_cut_short_is_refused_with_a_sentence(extension):
    whole = io.BytesIO()
    Image.effect_noise((300, 300), 90).convert("RGB").save(whole, KINDS[extension])
    with pytest.raises(uploads.UploadRefused) as refused:
        came_in(f"断.{extension}", whole.getvalue()[: len(whole.getvalue()) // 2])
    assert refused.value.code == "mismatch"


@pytest.mark.django_db
def test_a_picture_that_cannot_be_decoded_in_bounds_is_refused():
    target = io.BytesIO()
    Image.new("RGB", (8000, 8000)).save(target, "PNG")
    with pytest.raises(uploads.UploadRefused) as refused:
        came_in("大.png", target.getvalue())
    assert refused.value.code == "image_too_large"


@pytest.mark.parametrize(
    ("kind", "mode", "size"),
    [
        ("JPEG", "RGB", (9000, 8800)),
        ("JPEG", "RGB", (4600, 3400)),
        ("PNG", "RGB", (5000, 4900)),
        ("WEBP", "RGB", (3000, 2000)),
    ],
)
def test_memory_for_one_picture_is_bounded(tmp_path, kind, mode, size):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.effect_noise((500, 500), 60).convert(mode).resize(size).save(tmp_path / "big", kind, exif=exif)
    Image.new("RGB", (9, 9)).save(tmp_path / "small", "JPEG")
    command = [sys.executable, "-c", MEASURE, str(tmp_path / "big"), kind.lower(), str(tmp_path / "small")]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert int(told) < MOST_RISE


@pytest.mark.django_db
def test_small_copies_fit_their_boxes():
    file = came_in("照片.jpg", telling("JPEG", (3000, 1500)))
    sizes = {row.box: (row.width, row.height) for row in file.thumbnails.all()}
    assert sizes == {320: (160, 320), 960: (480, 960)}
    assert all(row.content_type == "image/webp" for row in file.thumbnails.all())


def shown_item(**changes):
    item = draft(**changes)
    files = [AttachmentDraft("照片.jpg", "会场照片", file=came_in("照片.jpg", telling("JPEG")))]
    return perform("save", item=item, by=item.updated_by, expected_version=item.version, attachments=files)


def address(item, box=320):
    return reverse("disclosures:thumbnail", args=[item.number, item.attachments.get().uid, box])


def test_readers_see_the_small_copy_with_its_name(house, client):
    item = approved(shown_item())
    page = client.get(item.get_absolute_url()).content.decode()
    assert address(item, 960) in page
    assert 'alt="会场照片"' in page
    answer = client.get(address(item))
    assert answer["Content-Type"] == "image/webp"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert not {"ETag", "Last-Modified"} & set(answer.headers)


def test_hidden_and_missing_small_copies_answer_alike(house, client):
    item = approved(shown_item(audience="internal"))
    hidden = client.get(address(item), HTTP_IF_NONE_MATCH="*")
    missing = client.get(address(item).replace(item.number, "JG-2026-ZZZZZZ"), HTTP_IF_NONE_MATCH="*")
    assert hidden.status_code == missing.status_code == 404
    assert hidden.content.replace(item.number.encode(), b"") == missing.content.replace(b"JG-2026-ZZZZZZ", b"")


def test_after_a_withdrawal_the_old_address_is_closed(house, client):
    item = approved(shown_item())
    assert client.get(address(item)).status_code == 200
    item.refresh_from_db()
    perform("withdraw", item=item, by=person("examiner"), expected_version=item.version, reason="有误")
    assert client.get(address(item)).status_code == 410


@pytest.mark.parametrize("box", [0, 1, 321, 99999999999])
def test_no_other_size_can_be_asked_for(house, client, box):
    assert client.get(address(approved(shown_item()), box)).status_code == 404


def test_a_small_copy_that_is_not_on_the_disk_is_missing(house, client):
    item = approved(shown_item())
    row = Thumbnail.objects.get(box=320)
    uploads.stored_path(row.sha256).unlink()
    assert client.get(address(item)).status_code == 404


def test_files_that_are_no_images_have_none(house):
    file = came_in("文.pdf", b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
    assert thumbnails.thumbnail_of(file) is None


def test_staff_see_the_small_copy_of_a_draft(house):
    item = shown_item()
    staff = reverse("admin:disclosures_item_thumbnail", args=[item.pk, item.attachments.get().uid, 320])
    assert at_desk("drafter").get(staff).status_code == 200
    assert at_desk("branch_drafter").get(staff).status_code == 404


def test_a_picture_cut_short_is_refused_after_a_pdf_was_made():
    ImageFile.LOAD_TRUNCATED_IMAGES = True  # as WeasyPrint leaves it behind
    whole = io.BytesIO()
    Image.new("RGB", (400, 400), (10, 20, 30)).save(whole, "JPEG")
    with pytest.raises(OSError, match="truncated"):
        reencoded(io.BytesIO(whole.getvalue()[:-400]), "jpeg")
