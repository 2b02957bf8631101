"""A page that says on what it rests shows nothing of the rest: a change elsewhere leaves it equal to the byte."""

import pytest
from django.apps import apps

from disclosures.models import ContentVersion, Matter
from disclosures.remembered import remembered
from disclosures.visibility import PUBLIC
from tests.disclosures.board import HOUR, START, at_hour, attached, withdrawn
from tests.people import branch_draft, draft, entry, person, released, unit

pytestmark = pytest.mark.usefixtures("house")


def stamps():
    return {row.scope: row.stamp for row in ContentVersion.objects.all()}


def touched(action) -> set[str]:
    before = stamps()
    action()
    return {scope for scope, stamp in stamps().items() if before.get(scope) != stamp}


def test_pages_of_a_category_unit_and_item_show_nothing_of_other_ones(client):
    with at_hour():
        here = released(branch_draft(is_focus=True, focus_reason="与您有关"))
        addresses = here.get_absolute_url(), here.category.get_absolute_url(), here.unit.get_absolute_url()
        before = [client.get(address).content for address in addresses]
        other = released(attached(draft(entry=entry("C8-52"), is_focus=True, focus_reason="与您有关")))
        assert [client.get(address).content for address in addresses] == before
        withdrawn(other)
        assert [client.get(address).content for address in addresses] == before


def test_release_touches_its_category_unit_and_matter():
    matter = Matter.objects.create(number="M-1", title="食堂改造", unit=unit("JG"))
    release = released(draft(matter=matter, phase="before"))
    kinds = {"category": release.category_id, "unit": release.unit_id, "year": 2026, "matter": matter.pk % 64}
    scopes = {"all", *(f"{kind}:{key}" for kind, key in kinds.items())}
    assert touched(lambda: withdrawn(release)) == scopes


def test_drafts_and_reviews_touch_nothing():
    assert touched(lambda: attached(draft())) == set()


@pytest.mark.parametrize("model", ["Unit", "Category", "Appointment", "FormOfDisclosure", "CatalogueEntryVersion"])
def test_words_of_every_page_touch_the_base(model):
    rows = next(found for found in apps.get_models() if found.__name__ == model).objects.all()
    field = next(f.name for f in rows.model._meta.fields if f.get_internal_type() == "CharField" and not f.unique)
    assert touched(lambda: rows.update(**{field: "x"})) == {"all", "base"}


def test_log_in_of_a_person_touches_nothing_and_a_new_name_the_base(client, logged_in):
    assert touched(lambda: logged_in("drafter")) == set()
    user = person("drafter")
    user.display_name = "新名"
    assert touched(user.save) == {"all", "base"}


def test_remembered_values_hold_until_a_change_or_an_edge(rf, client):
    computed = []

    def ask():
        request = rf.get("/")
        request.reader, request.at = PUBLIC, now
        return remembered(request, "test", lambda: computed.append(1) or len(computed))

    with at_hour():
        now = START
        release = released(draft(planned_public_until=START + HOUR))
        assert (ask(), ask()) == (1, 1)
        now = START + HOUR
        assert ask() == 2
        now = START
        assert ask() == 3
        withdrawn(release)
        assert ask() == 4
