"""A published answer through the page copy: there at once, gone at once."""

import pytest

from disclosures.models import Matter
from tests.disclosures.board import withdrawn
from tests.feedback.cases import carried, did, last, order, published
from tests.people import branch_draft, draft, released, unit

PAGES = ("/feedback/answers/", "/feedback/answers/?unit=JG", "/feedback/answers/feed/", "/feedback/", "item", "/")
pytestmark = pytest.mark.usefixtures("house")


@pytest.mark.parametrize("page", PAGES)
def test_an_answer_taken_back_is_gone_at_once(site, page):
    item = released(draft()).item
    address = item.get_absolute_url() if page == "item" else page
    case = carried("answered", item=item)
    assert "附件何时补充" not in site.get(address).text
    assert site.is_copied(address)
    published(case)
    assert "附件何时补充" in site.get(address).text
    assert site.is_copied(address)
    did(case, "hide", "examiner", reply=case.replies.get().pk, reason="有误")
    assert "附件何时补充" not in site.get(address).text


@pytest.mark.parametrize("query", ["?kind=problem&unit=JG", "?unit=", "?unit=JG&unit=JG", "?utm=1"])
def test_addresses_this_portal_does_not_write_are_not_kept(site, query):
    assert not site.is_copied(f"/feedback/answers/{query}")


def test_the_item_that_tells_the_result_leaves_the_answer_with_its_withdrawal(site):
    """The page of one item names another one of another unit: its copy must not outlive the other's release."""
    item = released(draft()).item
    case = carried("answered", item=item)
    did(case, "rectify", "drafter", **order(demand="after"))
    matter = Matter.objects.create(number="SX-2026-1", title="一件事", unit=unit("ZB01"))
    result = released(branch_draft(matter=matter, phase="after"))
    number = {"rectification": last(case), "proof": "已补", "item_number": result.item.number}
    did(case, "report_done", "drafter", **number)
    did(case, "verify", "examiner", rectification=last(case), is_ok=True)
    published(case)
    for address in (item.get_absolute_url(), "/feedback/answers/"):
        assert f"查看事项{result.item.number}" in site.get(address).text
        assert site.is_copied(address)
    withdrawn(result)
    for address in (item.get_absolute_url(), "/feedback/answers/"):
        assert f"查看事项{result.item.number}" not in site.get(address).text
