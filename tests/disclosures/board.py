"""What tests of the board share: times, situations that hide an item, a file, every address an anonymous reader has."""

import io
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override
from PIL import Image

from disclosures import uploads
from disclosures.models import Category, Item, Matter, Release, StoredFile
from disclosures.services import perform
from disclosures.services.drafting import AttachmentDraft
from organizations.models import Unit
from tests.people import approved, branch_draft, correction, draft, person, released, submitted, unit

START = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
HOUR = timedelta(hours=1)
CANARY = "金丝雀"


def at_hour(hours: float = 0):
    return time_machine.travel(START + hours * HOUR, tick=False)


def picture(colour: str = "white") -> StoredFile:
    """A small picture in the store."""
    content = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(content, "PNG")
    upload = SimpleUploadedFile("图.png", content.getvalue())
    stored = uploads.store(upload, known := uploads.inspect(upload))
    values = {"size": stored.size, "content_type": stored.content_type, "extension": known.extension}
    return StoredFile.objects.get_or_create(sha256=stored.sha256, defaults=values)[0]


def attached(item: Item, **changes) -> Item:
    """The draft with one more attachment."""
    values = {"filename": "名单.png", "label": "名单", "file": picture(), **changes}
    kept = [AttachmentDraft(row.filename, row.label, row.is_published, row.uid) for row in item.attachments.all()]
    drafts = [*kept, AttachmentDraft(**values)]
    return perform("save", item=item, by=item.updated_by, expected_version=item.version, attachments=drafts)


def withdrawn(release: Release) -> Release:
    item = Item.objects.get(pk=release.item_id)
    perform("withdraw", item=item, by=person("examiner"), expected_version=item.version, reason=f"{CANARY}有误")
    release.refresh_from_db()
    return release


def loud(**changes):
    """Fields of a draft that say the canary wherever a reader could meet it."""
    return {
        "title": f"{CANARY}通报",
        "body": f"<p>这里有{CANARY}一只。</p>",
        "basis": f"{CANARY}条例",
        "document_number": f"{CANARY}〔2026〕9号",
        "is_focus": True,
        "focus_reason": f"{CANARY}与您有关",
        **changes,
    }


def hidden_items() -> dict[str, Item]:
    """One item for each way of being hidden from the public, all of them saying the canary.

    `withdrawn` is still to be withdrawn at a later instant, or it was never open; `correction_in_review` stands
    behind a public text without the canary.
    """
    matter = Matter.objects.create(number="M-9", title=f"{CANARY}工程", unit=unit("JG"))
    later = {"planned_internal_from": START + 40 * HOUR, "planned_public_from": START + 50 * HOUR}
    made = {
        "draft": attached(draft(**loud()), label=CANARY),
        "in_review": submitted(attached(draft(**loud()), label=CANARY)),
        "internal": approved(attached(draft(**loud(audience="internal", matter=matter, phase="before")), label=CANARY)),
        "limited": approved(draft(branches=("ZB02",), **loud(audience="internal"))),
        "branch": approved(branch_draft(**loud(audience="internal"))),
        "future": approved(attached(draft(**loud(**later)), label=CANARY)),
        "internal_first": approved(draft(**loud(planned_public_from=START + 50 * HOUR))),
        "withdrawn": approved(attached(draft(**loud()), label=CANARY)),
    }
    public = released(draft(title="公开的通报")).item
    made["correction_in_review"] = submitted(correction(public, change_note=f"更正{CANARY}", title=f"{CANARY}更正"))
    return made


def addresses() -> list[str]:
    """Every address of the board that takes no item, for anonymous readers, Chinese and English."""
    with override("zh-hans"):
        plain = _plain()
    return plain + [f"/en{path}" for path in plain]


def _plain() -> list[str]:
    names = "board items focus units catalogue leading_group statistics about site_map feeds feed sitemap robots search"
    names += " feed_search open_data open_data_schema item_schema sitemap_pages"
    names += " archive_index accessibility"
    plain = [reverse(f"disclosures:{name}") for name in names.split()]
    plain += [reverse(f"disclosures:{name}", args=[slug]) for slug in slugs() for name in ("category", "feed_category")]
    plain += [reverse(f"disclosures:{name}", args=[code]) for code in codes() for name in ("unit", "feed_unit")]
    plain += [reverse("disclosures:feed_as", args=[kind]) for kind in ("rss", "json")]
    plain += [reverse("disclosures:open_data_file", args=[2026, kind]) for kind in ("csv", "jsonl")]
    plain += [reverse("disclosures:sitemap_part", args=["2026-03"]), f"{reverse('disclosures:feed_search')}?q={CANARY}"]
    plain += [f"{reverse('disclosures:search')}?q={CANARY}", f"{reverse('disclosures:items')}?year=2026&unit=JG"]
    plain += [reverse("disclosures:archive", args=[2026]), reverse("disclosures:matter", args=["M-9"])]
    return plain


def slugs() -> list[str]:
    return list(Category.objects.values_list("slug", flat=True))


def codes() -> list[str]:
    return list(Unit.objects.values_list("code", flat=True))
