"""A published answer through the page copy: there at once, gone at once."""

import pytest

from tests.feedback.cases import carried, did, published
from tests.people import draft, released

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
