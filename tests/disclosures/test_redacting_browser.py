"""A leak mended at a desk and on a phone, and confirmed by a second person; nothing sticking out."""

import pytest
from django.urls import reverse
from django.utils import timezone

from disclosures.models import FileText, Item
from tests.conftest import DESKTOP, PHONE
from tests.disclosures.test_admin_browser import opened
from tests.disclosures.test_redacting import MASK, leaking, with_file
from tests.journeys.playing import looked_at, pressed
from tests.people import approved, furnish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BODY = (
    "<p>经办人联系电话：<strong>138</strong>1234 5678，身份证号码 11010519491231002X。</p>"
    "<p>家庭住址：岳阳市岳阳楼区五里牌街道青年中路12号3栋402室。住院情况已核实。</p>"
)


@pytest.fixture(autouse=True)
def house(settings, tmp_path):
    settings.UPLOAD_ROOT = tmp_path
    furnish()


def disclosed() -> Item:
    """An item open to everyone, with leaks in its text and in a file that was read."""
    item = approved(with_file(leaking(body=BODY)))
    file = item.current_revision.attachments.get().file
    parts = [{"kind": "body", "text": "联系电话 13812345678", "where": "正文"}]
    FileText.objects.create(file=file, state="read", parts=parts, changed_at=timezone.now())
    return item


@pytest.mark.parametrize(("width", "options"), [("desk", DESKTOP), ("phone", PHONE)])
def test_a_leak_is_mended_and_confirmed(open_page, live_server, width, options, page_problems):
    item = disclosed()
    page = opened(open_page, live_server, "examiner", **options)
    page.goto(reverse("admin:disclosures_item_redact", args=[item.pk]))
    looked_at(page, f"xb-redact-{width}")
    for tick in page.locator("[name=found]").all():
        tick.check()
    page.locator("[name=passages]").fill("住院情况")
    pressed(page, "#content-main button[type=submit]")
    looked_at(page, f"xb-refused-{width}")
    assert page.locator("[name=passages]").input_value() == "住院情况"
    page_problems.clear()  # the refusal answered 400
    page.locator("[name=destroyed]").check()
    page.locator("[name=reason]").fill("正文和附件误载个人信息")
    pressed(page, "#content-main button[type=submit]")
    looked_at(page, f"xb-done-{width}")
    item.refresh_from_db()
    assert MASK in item.body and "住院情况" not in item.body and not item.attachments.exists()

    other = opened(open_page, live_server, "deputy", **options)
    other.goto("/admin/")
    looked_at(other, f"xb-todo-{width}")
    other.goto(reverse("admin:disclosures_item_change", args=[item.pk]))
    other.get_by_role("link", name="确认隐去处理").click()
    looked_at(other, f"xb-confirm-{width}")
    pressed(other, "#content-main button[type=submit]")
    assert item.redactions.get().confirmed_by.username == "deputy"
    other.goto(item.get_absolute_url())
    looked_at(other, f"xb-public-{width}")
