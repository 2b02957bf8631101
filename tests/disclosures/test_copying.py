"""Going on from last period's item: rights on both sides, what is kept, what is left behind (P9)."""

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from disclosures.models import Item
from disclosures.models.items import ItemState
from disclosures.refusal import Refused
from disclosures.services import perform
from disclosures.services.copying import copy_item
from tests.access.world import with_files
from tests.disclosures.admin_desk import at_desk
from tests.people import BUREAU_ENTRY, approved, branch_draft, draft, entry, furnish, person, unit

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:disclosures_item_copy")


@pytest.fixture(autouse=True)
def house(settings, tmp_path):
    settings.UPLOAD_ROOT = tmp_path
    furnish()
    entry(BUREAU_ENTRY).versions.update(time_limit={"rule": "quarterly"})


def last_quarter(**changes):
    return draft(
        title="2026年第三季度情况通报",
        period_from=date(2026, 7, 1),
        period_until=date(2026, 9, 30),
        document_number="岳文〔2026〕9号",
        occurred_on=date(2026, 9, 30),
        planned_internal_from=timezone.now(),
        basis="党内监督条例",
        **changes,
    )


def test_copy_keeps_the_text_and_empties_what_belonged_to_the_period():
    source = with_files(last_quarter(sensitive=True))
    copy = copy_item(source, by=person("drafter"), uid=uuid4())
    assert copy.pk != source.pk and copy.state == ItemState.DRAFT and copy.number is None
    assert (copy.title, copy.period_from, copy.period_until) == (
        "2026年第四季度情况通报",
        date(2026, 10, 1),
        date(2026, 12, 31),
    )
    assert (copy.body, copy.audience, copy.basis) == (source.body, source.audience, source.basis)
    assert (copy.entry, copy.sensitive) == (source.entry, True)
    assert set(copy.forms.all()) == set(source.forms.all())
    assert not any((copy.document_number, copy.issued_on, copy.occurred_on, copy.change_note))
    assert copy.planned_internal_from is None and not copy.attachments.exists()


def test_event_says_from_which_item_it_came():
    source = approved(last_quarter())
    copy = copy_item(source, by=person("drafter"), uid=uuid4())
    event = Event.objects.get(verb="item.copied")
    assert (event.subject_ref, event.after) == (str(copy.uid), {"from": str(source.uid), "number": source.number})


def test_files_come_along_on_request_as_the_same_stored_files():
    source = with_files(last_quarter())
    copy = copy_item(source, by=person("drafter"), uid=uuid4(), with_files=True)
    before, after = source.attachments.all(), copy.attachments.all()
    assert [(row.file_id, row.is_published) for row in after] == [(row.file_id, row.is_published) for row in before]
    assert not {row.uid for row in after} & {row.uid for row in before}


@pytest.mark.parametrize("name", ["examiner", "leader", "supervisor", "branch_drafter", "sysadmin"])
def test_source_must_be_readable_and_its_unit_ones_own_to_draft_for(name):
    source = last_quarter()
    with pytest.raises(Refused):
        copy_item(source, by=person(name), uid=uuid4())
    assert Item.objects.count() == 1


def test_page_lists_only_items_of_own_units_and_hides_others():
    ours, theirs = last_quarter(), branch_draft(title="支部的草稿")
    page = at_desk("drafter").get(f"{PAGE}?unit=JG&entry={BUREAU_ENTRY}").content.decode()
    assert ours.title in page and "2026年第四季度情况通报" in page and theirs.title not in page
    client = at_desk("drafter")
    for address in (f"?item={theirs.pk}", "?item=999999", "?item=x", "?unit=ZB01", "?unit=JG&entry=NO"):
        assert client.get(PAGE + address).status_code == 404


def test_post_makes_one_draft_however_often_it_is_sent():
    source, client = last_quarter(), at_desk("drafter")
    token = client.get(f"{PAGE}?item={source.pk}").context["sources"][0]["token"]
    answers = [client.post(f"{PAGE}?item={source.pk}", {"source": token}) for _time in range(2)]
    copy = Item.objects.exclude(pk=source.pk).get()
    assert {answer.url for answer in answers} == {reverse("admin:disclosures_item_change", args=[copy.pk])}


def test_token_of_someone_else_or_of_nobody_makes_nothing():
    source = last_quarter()
    token = at_desk("drafter").get(f"{PAGE}?item={source.pk}").context["sources"][0]["token"]
    assert at_desk("branch_drafter").post(f"{PAGE}?unit=ZB01", {"source": token}).status_code == 400
    for odd in ("", "x", "\0", token[:-1] + "?", "9" * 5000):
        answer = at_desk("drafter").post(f"{PAGE}?item={source.pk}", {"source": odd})
        assert answer.status_code == 400
    assert Item.objects.count() == 1


def test_given_up_drafts_are_not_offered():
    source = last_quarter()
    perform("discard", item=source, by=person("drafter"), expected_version=source.version)
    assert list(at_desk("drafter").get(f"{PAGE}?unit=JG").context["sources"]) == []
    assert unit("JG").items.count() == 1


def test_choose_page_leads_to_last_period_only_where_there_is_one():
    client, add = at_desk("drafter"), reverse("admin:disclosures_item_add")
    assert PAGE not in client.get(add).content.decode()
    last_quarter()
    assert f"{PAGE}?unit=JG&amp;entry={BUREAU_ENTRY}" in client.get(add).content.decode()
