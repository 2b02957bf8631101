"""Public notices: the window they carry, what their page says while it runs, and what their address says after it."""

from datetime import timedelta

import pytest

import disclosures.seeding
from disclosures.models import Item
from disclosures.services import Refused
from tests.disclosures.board import START, at_hour, withdrawn
from tests.people import approved, correction, draft, entry, person, released, submitted

pytestmark = pytest.mark.usefixtures("house")

NOTICE_ENTRY = "C5-51"
END = START + timedelta(days=8)  # 10 March, 9:00


@pytest.fixture(autouse=True)
def duty(house):
    disclosures.seeding.load_catalogue((NOTICE_ENTRY,))


def notice(**changes) -> Item:
    fields = {"title": "任前公示", "planned_public_until": END, "entry": entry(NOTICE_ENTRY), **changes}
    return draft(**fields)


def page_of(client, item) -> str:
    return client.get(item.get_absolute_url()).content.decode()


def test_while_it_runs_the_page_tells_its_period_and_how_to_object(client):
    with at_hour():
        item = approved(notice())
        page = page_of(client, item)
    assert "公示期：2026年3月2日至2026年3月10日 09:00" in page
    assert "不少于5个工作日" in page
    box = page.split("正在公示")[1].split("</section>")[0]
    assert f"/feedback/new/?item={item.number}" in box


def test_an_end_at_midnight_belongs_to_the_day_before(client):
    with at_hour():
        item = approved(notice(planned_public_until=END.replace(hour=0)))
        assert "公示期：2026年3月2日至2026年3月9日 <" in page_of(client, item)


def test_it_leaves_lists_at_the_instant_it_ends_and_its_address_says_so(client):
    with at_hour():
        item = approved(notice())
    with at_hour(8 * 24 - 0.001):
        assert "任前公示" in client.get("/items/").content.decode()
    with at_hour(8 * 24):
        for path in ("/", "/items/", "/search/?q=任前公示", "/feeds/all/"):
            assert item.number not in client.get(path).content.decode(), path
        response = client.get(item.get_absolute_url())
        page = response.content.decode()
    assert response.status_code == 410
    assert "公示期已满" in page
    assert "2026年3月2日至2026年3月10日 09:00" in page
    assert "任前公示" not in page
    assert "撤回" not in page


def test_members_still_read_an_ended_notice_and_are_told(client):
    with at_hour():
        item = approved(notice())
    client.force_login(person("party_member"))
    with at_hour(8 * 24):
        page = page_of(client, item)
    assert "任前公示" in page
    assert "公示期已满" in page
    assert "提出异议" not in page


def test_a_withdrawn_notice_says_withdrawn(client):
    with at_hour():
        release = released(notice())
    with at_hour(1):
        withdrawn(release)
        page = page_of(client, release.item)
    assert "现已撤回" in page
    assert "公示期" not in page


def test_an_item_of_limited_time_that_is_no_notice_says_that_its_time_is_over(client):
    with at_hour():
        item = approved(draft(planned_public_until=END))
        assert "正在公示" not in page_of(client, item)
    with at_hour(8 * 24):
        page = page_of(client, item)
    assert "现已期满" in page
    assert "公示" not in page


def test_a_correction_carries_the_beginning_of_the_period_on(client):
    with at_hour():
        item = approved(notice())
    with at_hour(30):
        item = approved(correction(item, body="<p>更正后的公示。</p>"))
        assert "公示期：2026年3月2日至2026年3月10日 09:00" in page_of(client, item)


def test_a_notice_without_an_end_is_refused_and_the_field_is_named():
    with at_hour(), pytest.raises(Refused) as refusal:
        submitted(notice(planned_public_until=None))
    assert "planned_public_until" in refusal.value.problems
    assert "不少于5个工作日" in str(refusal.value.problems["planned_public_until"][0])


def test_a_notice_inside_the_party_carries_its_end_there(client):
    with at_hour():
        with pytest.raises(Refused):
            submitted(notice(audience="internal", planned_public_until=None))
        item = approved(notice(audience="internal", planned_public_until=None, planned_internal_until=END))
        client.force_login(person("party_member"))
        assert "公示期：2026年3月2日至2026年3月10日 09:00" in page_of(client, item)
    with at_hour(8 * 24):
        client.force_login(person("party_member"))
        assert "公示期已满" in page_of(client, item)
        client.logout()
        assert client.get(item.get_absolute_url()).status_code == 404


def test_old_notices_entered_later_need_no_end():
    with at_hour():
        item = submitted(notice(planned_public_until=None, is_backfilled=True))
    assert item.current_revision.is_backfilled


def test_lists_say_until_when_a_notice_is_open(client):
    end = START + timedelta(days=8)
    with at_hour():
        released(draft(planned_public_until=end, planned_internal_until=end))
        released(draft(title="没有期限的"))
        rows = client.get("/items/").content.decode().split('<li class="row">')[1:]
    said = {"没有期限的" in row: row for row in rows}
    assert "公开至2026年3月10日" in said[False]
    assert "公开至" not in said[True]
