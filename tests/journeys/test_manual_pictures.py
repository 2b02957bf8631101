"""The pictures of the operating manual, taken from the running portal: `make manual` writes them anew."""

import io
import os
from pathlib import Path

import pytest
from PIL import Image

from audit.models import Event
from disclosures.models import Item
from disclosures.services import perform
from tests.conftest import DESKTOP, PHONE
from tests.disclosures.overlooking import overlooked
from tests.journeys.playing import logged_in
from tests.people import complete_fields, decided, draft, forms, person, submitted

FOLDER = os.environ.get("PORTAL_MANUAL_PICTURES", "")
WIDEST = 1200  # pixels
LARGEST = 60_000  # bytes
BODY = (
    "<p>为深入推进党务公开工作，根据《关于党的基层组织实行党务公开的意见》，现将本季度贯彻落实情况通报如下。</p>"
    "<h2>一、学习情况</h2><p>组织集中学习三次，参加党员四十二人次，撰写学习体会十八篇。</p>"
    "<h2>二、落实情况</h2><p>完成年度重点任务七项，其中文化惠民演出十二场，农家书屋补充图书两千册。</p>"
)
LEAKING = "<p>咨询请与办公室张同志联系，手机13907301234。</p>"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not FOLDER, reason="only `make manual` takes pictures"),
]


def taken(page, name: str, part: str = "") -> None:
    """Write what the page shows, small enough for a slow line."""
    if part:
        page.locator(part).first.scroll_into_view_if_needed()
    image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    image.thumbnail((WIDEST, WIDEST * 3), Image.Resampling.LANCZOS)
    for quality in (80, 65, 50, 35):
        file = io.BytesIO()
        image.save(file, "WEBP", quality=quality, method=6)
        if file.tell() <= LARGEST:
            break
    Path(FOLDER).mkdir(parents=True, exist_ok=True)
    (Path(FOLDER) / f"{name}.webp").write_bytes(file.getvalue())


def item(title: str, **changes) -> Item:
    return draft(title=title, body=BODY, **changes)


def test_pictures_of_the_manual(seeded, open_page):
    first = item("关于三季度学习贯彻情况的通报")
    leaking = draft(title="关于开展党员志愿服务活动的通知", body=BODY + LEAKING)
    waiting = submitted(overlooked(draft(title="关于局机关党费收缴使用情况的公示", body=BODY + LEAKING)))
    at_group = decided(submitted(item("关于干部选任工作情况的通报")), "examiner")
    branch = perform(
        "save",
        item=Item(unit=person("branch_drafter").appointments_today[0].unit),
        by=person("branch_drafter"),
        expected_version=None,
        fields=complete_fields(title="支部三季度工作情况", body=BODY),
        forms=forms(),
    )
    submitted(branch)

    page = logged_in(open_page(**DESKTOP), "drafter")
    page.goto("/admin/disclosures/item/add/?unit=JG")
    taken(page, "choose_entry")
    page.goto(f"/admin/disclosures/item/{first.pk}/change/")
    page.locator(".tiptap").wait_for()
    taken(page, "draft_form")
    page.goto(f"/admin/disclosures/item/{leaking.pk}/change/")
    page.locator(".tiptap").wait_for()
    taken(page, "findings", ".findings")

    page = logged_in(open_page(**DESKTOP), "examiner")
    page.goto(f"/admin/review-queue/{waiting.current_revision.uid}/")
    taken(page, "review_desk")
    page.goto("/admin/disclosures/route/1/change/")
    taken(page, "routes", "#stages-group")

    page = logged_in(open_page(**PHONE), "leader")
    page.goto("/admin/")
    taken(page, "todo_phone")
    page.goto("/admin/review-queue/")
    taken(page, "queue_phone")
    page.goto(f"/admin/review-queue/{at_group.current_revision.uid}/")
    taken(page, "verdict_phone", ".verdict")

    page = logged_in(open_page(**DESKTOP), "supervisor")
    page.goto("/admin/disclosures/item/")
    taken(page, "items")
    page.goto("/admin/audit/event/")
    taken(page, "trail")
    event = Event.objects.filter(verb="review.approved").latest("id")
    page.goto(f"/admin/audit/event/{event.pk}/change/")
    taken(page, "event")

    page = logged_in(open_page(**DESKTOP), "sysadmin")
    page.goto("/admin/organizations/user/")
    taken(page, "accounts")
    page.goto("/admin/organizations/appointment/")
    taken(page, "appointments")
