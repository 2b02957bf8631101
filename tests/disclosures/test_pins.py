"""Pins: the office puts items at the top of a list; nobody meets there what they may not read."""

import pytest
from django.urls import reverse

from audit.models import Event
from disclosures.models import Category, Pin
from disclosures.services import Refused, pinning
from disclosures.services.pinning import LONGEST, Place
from tests.disclosures.board import at_hour, withdrawn
from tests.people import approved, branch_draft, draft, person, released, submitted, unit

pytestmark = pytest.mark.usefixtures("house")


def pinned(item, by="examiner", **place):
    return pinning.pin(item, place=Place(**place), by=person(by))


def category():
    return Category.objects.get(code="C1")


def titles(client, address):
    page = client.get(address).content.decode()
    rows = page.split('<main id="main"')[1].split('<p class="row__title">')[1:]
    return [row.split("</a>")[0].split(">")[-1] for row in rows]


@pytest.fixture
def three():
    made = []
    for number in range(3):
        with at_hour(number):
            made.append(approved(draft(title=f"通报{number}")))
    return made


@pytest.mark.parametrize("name", ["front", "category", "unit"])
def test_pinned_items_lead_their_list_once_in_the_order_of_the_office(client, three, name):
    place = {"front": {}, "category": {"category": category()}, "unit": {"unit": unit("JG")}}[name]
    address = {"front": "/", "category": "/categories/resolutions/", "unit": "/units/JG/"}[name]
    with at_hour(5):
        pinned(three[0], **place)
        pinning.move(pinned(three[1], **place), by=person("examiner"), up=True)
        assert titles(client, address)[:3] == ["通报1", "通报0", "通报2"]


def test_pins_stand_on_the_first_unfiltered_page_alone(client, three):
    with at_hour(5):
        pinned(three[0], category=category())
        assert titles(client, "/categories/resolutions/")[0] == "通报0"
        assert titles(client, "/categories/resolutions/?year=2026")[0] == "通报2"
        assert titles(client, "/items/")[0] == "通报2"


def test_pin_shows_nothing_to_whoever_may_not_read_the_item(client):
    with at_hour():
        inside = approved(draft(title="党内通报", audience="internal"))
        gone = released(draft(title="撤下的通报"))
        pinned(inside)
        pinned(gone.item)
        withdrawn(gone)
    with at_hour(1):
        page = client.get("/").content.decode()
        assert "党内通报" not in page
        assert "撤下的通报" not in page
        client.force_login(person("party_member"))
        assert "党内通报" in client.get("/").content.decode()


def test_only_disclosed_items_of_the_list_are_pinned():
    with at_hour():
        with pytest.raises(Refused, match="已公开"):
            pinned(submitted(draft()))
        item = approved(draft())
        with pytest.raises(Refused, match="类别"):
            pinned(item, category=Category.objects.get(code="C2"))
        with pytest.raises(Refused, match="单位"):
            pinned(item, unit=unit("ZB01"))
        pinned(approved(branch_draft()), unit=unit("JG"))
        pinned(item)
        with pytest.raises(Refused):
            pinned(item)


def test_a_list_takes_a_few_pins_only():
    with at_hour():
        items = [approved(draft(title=f"通报{number}")) for number in range(LONGEST + 1)]
        for item in items[:LONGEST]:
            pinned(item)
        with pytest.raises(Refused):
            pinned(items[LONGEST])


@pytest.mark.parametrize("username", ["drafter", "leader", "sysadmin", "party_member"])
def test_others_than_the_office_may_not_order_lists(username):
    with at_hour():
        item = approved(draft())
        with pytest.raises(Refused):
            pinned(item, by=username)
        row = pinned(item)
        with pytest.raises(Refused):
            pinning.unpin(row, by=person(username))
        with pytest.raises(Refused):
            pinning.move(row, by=person(username), up=True)


def test_every_change_of_a_list_is_an_event():
    with at_hour():
        first, second = (approved(draft(title=title)) for title in ("一", "二"))
        row = pinned(first, category=category())
        pinning.move(pinned(second, category=category()), by=person("examiner"), up=True)
        pinning.unpin(row, by=person("examiner"))
        pinning.unpin(row, by=person("examiner"))
    verbs = Event.objects.filter(verb__startswith="pin.").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["pin.added", "pin.added", "pin.moved", "pin.removed"]
    assert Event.objects.filter(verb="pin.added").first().after == {"list": "category:resolutions", "order": 1}


def test_office_pins_moves_and_takes_off_on_its_page(logged_in):
    address = reverse("review:pins")
    with at_hour():
        first, second = (approved(draft(title=title)) for title in ("一号通报", "二号通报"))
        client = logged_in("examiner")
        for item in (first, second):
            sent = client.post(address, {"add": "1", "number": item.number, "place": "category:resolutions"})
            assert sent.status_code == 302
        refused = client.post(address, {"add": "1", "number": "JG-0000-XXXXXX", "place": "board"})
        assert refused.status_code == 400
        assert client.post(address, {"add": "1", "number": first.number, "place": "unit:ZB01"}).status_code == 403
        row = Pin.objects.get(item=second)
        client.post(address, {"up": str(row.uid)})
        assert list(Place(category()).pins().values_list("item__title", flat=True)) == ["二号通报", "一号通报"]
        client.post(address, {"remove": str(row.uid)})
        assert client.post(address, {"remove": str(row.uid)}).status_code == 404
        assert client.post(address, {"remove": "x"}).status_code == 404
        page = client.get(address).content.decode()
    assert "一号通报" in page
    assert "二号通报" not in page
