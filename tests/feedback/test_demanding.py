"""A rectification that must show in what is disclosed leads readers to it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from disclosures.models import Matter
from disclosures.visibility import PUBLIC, Reader
from feedback import reports
from feedback.models import RectificationDemand
from feedback.services import Refused
from tests.feedback.cases import carried, did, last, order, published
from tests.people import INTERNAL_ENTRY, approved, correction, draft, entry, person, released, unit

pytestmark = pytest.mark.usefixtures("house")
MEMBER = Reader(is_member=True)


def told(phase="after", **changes):
    """The item that tells something of a matter, released."""
    matter = Matter.objects.create(number=f"SX-2026-{Matter.objects.count()}", title="一件事", unit=unit("JG"))
    return released(draft(matter=matter, phase=phase, **changes)).item


def ordered(kind, item=None):
    case = carried("answered", item=item)
    return did(case, "rectify", "drafter", **order(demand=kind))


def reported(case, number=""):
    return did(case, "report_done", "drafter", rectification=last(case), proof="已补", item_number=number)


def verified(case):
    did(case, "verify", "examiner", rectification=last(case), is_ok=True)
    return published(case)


def shown(reader=PUBLIC):
    (answer,) = reports.as_shown(reports.answers_visible_to(reader, timezone.now()))
    return answer["put_right_in"]


def test_a_result_told_in_an_after_item_is_linked_for_readers(client):
    case = ordered("after")
    with pytest.raises(Refused) as caught:
        reported(case)
    assert "item_number" in caught.value.problems
    item = told()
    reported(case, item.number)
    assert RectificationDemand.objects.get().item == item
    verified(case)
    assert shown() == item.number
    page = client.get(reverse("feedback:answers")).content.decode()
    assert reverse("disclosures:item", args=[item.number]) in page


def test_the_link_is_for_who_sees_the_item():
    case = ordered("after")
    item = told(entry=entry(INTERNAL_ENTRY), audience="internal")
    verified(reported(case, item.number))
    assert shown() is None
    assert shown(MEMBER) == item.number


def test_nothing_is_linked_before_another_person_verified_it():
    case = ordered("after")
    reported(case, told().number)
    published(case)
    assert shown() is None


@pytest.mark.parametrize("number", ["", "JG-2026-NOSUCH", "\x00"])
def test_an_item_that_is_not_there_fulfils_nothing(number):
    with pytest.raises(Refused):
        reported(ordered("after"), number)


def test_an_item_disclosed_before_or_of_another_phase_fulfils_nothing():
    early = told()
    case = ordered("after")
    during = told("during")
    for number in (early.number, during.number):
        with pytest.raises(Refused):
            reported(case, number)
    assert RectificationDemand.objects.get().item is None


def test_a_draft_fulfils_nothing():
    case = ordered("after")
    with pytest.raises(Refused):
        reported(case, draft(phase="after").number or "")


def test_a_correction_is_of_the_item_the_case_is_about():
    item = released(draft()).item
    case = ordered("correction", item)
    with pytest.raises(Refused):
        reported(case)
    with pytest.raises(Refused):
        reported(case, released(draft()).item.number)
    approved(correction(item, title="更正后的通报"))
    reported(case)
    assert RectificationDemand.objects.get().item == item
    assert RectificationDemand.objects.get().fulfilled_by == person("drafter")


def test_without_an_item_there_is_none_to_correct():
    with pytest.raises(Refused) as caught:
        ordered("correction")
    assert "demand" in caught.value.problems


def test_a_rectification_without_a_demand_needs_no_item():
    assert reported(ordered("")).state == "rectified"


def test_the_page_shows_what_is_to_be_disclosed(logged_in):
    case = ordered("after")
    page = logged_in("drafter").get(reverse("admin:feedback_case_change", args=[case.pk])).content.decode()
    assert 'name="item_number"' in page
    assert 'type="hidden" name="item_number"' not in page
