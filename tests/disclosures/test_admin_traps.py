"""Hostile addresses and forms in the admin: a clear 4xx, never a 5xx, and no side door (P7–P14, P37)."""

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from disclosures.models import Item, Matter
from notifications.models import Notice
from tests.disclosures.admin_desk import at_desk, fields_of, form_url
from tests.people import approved, branch_draft, draft, entry, furnish, person, submitted, unit

pytestmark = pytest.mark.django_db
LIST = "/admin/disclosures/item/"
HOSTILE = [
    "id__regex=(",
    "title__contains=x",
    "unit__appointments__user__password__startswith=p",
    "state=%00",
    "state=nothing",
    "unit=ZB02",
    "hand=other",
    "q=%00",
    "q=" + "x" * 400,
    "p=-99",
    "p=%00",
    "o=%00",
    "_to_field=password",
    "_changelist_filters=%00",
    "%00=x",
]


@pytest.fixture(autouse=True)
def house():
    furnish()


@pytest.mark.parametrize("query", HOSTILE)
def test_odd_queries_are_bad_requests(query):
    draft()
    status = at_desk("drafter").get(f"{LIST}?{query}").status_code
    assert status == 400 or (status == 200 and query.startswith(("p=-", "o=")))


def test_odd_queries_of_every_list_never_fail():
    client = {name: at_desk(name) for name in ("examiner", "sysadmin")}
    for model in admin.site._registry:
        if model._meta.app_label in ("audit", "feedback"):
            continue
        url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for query in ("id__regex=(", "e=1&at__x=1", "q=%00", "_popup=1", "all=", "p=abc", "o=9.x.-1", "_facets=1"):
            for browser in client.values():
                assert browser.get(f"{url}?{query}").status_code < 500


@pytest.mark.parametrize("selected", ["x", "9" * 40, "\0", "1"])
def test_lists_take_no_post_and_offer_no_actions(selected):
    item = draft()
    data = {"_selected_action": selected, "action": "delete_selected", "index": "0", "post": "yes"}
    assert at_desk("drafter").post(LIST, data).status_code == 405
    assert Item.objects.filter(pk=item.pk).exists()


def test_nothing_is_deleted_or_copied():
    item = draft()
    client = at_desk("drafter")
    assert client.post(f"{LIST}{item.pk}/delete/", {"post": "yes"}).status_code == 404
    assert at_desk("sysadmin").post("/admin/organizations/user/1/delete/", {"post": "yes"}).status_code == 404
    data = {"_saveasnew": "1", "title": "x"}
    assert at_desk("sysadmin").post("/admin/organizations/unit/1/change/", data).status_code == 400


@pytest.mark.parametrize("key", ["abc", "_00", "9" * 40, "-1", "1%00"])
def test_odd_keys_are_missing(key):
    client = at_desk("examiner")
    for address in (f"{LIST}{key}/change/", f"{LIST}{key}/history/", f"{LIST}{key}/do/recall/"):
        assert client.get(address).status_code == 404


def test_hostile_values_in_every_field_are_answered_with_the_form():
    item = draft()
    client = at_desk("drafter")
    data = fields_of(client.get(form_url(item)))
    for value in ("a\0b", "9" * 60, "<script>alert(1)</script>", "\u202e" * 50, "-1", "0001-01-01T00:00", "0001-01-01"):
        for name in (*data, "matter", "phase", "planned_internal_from", "period_from", "attachments-0-order"):
            if name == "version":
                continue
            response = client.post(form_url(item), {**data, name: value})
            assert response.status_code in (302, 400, 409), (name, value)
            if response.status_code == 302:
                data = fields_of(client.get(form_url(item)))
    page = client.get(form_url(item)).content.decode()
    assert "<script>alert(1)" not in page


def test_number_state_unit_and_people_cannot_be_sent():
    item = draft()
    client = at_desk("drafter")
    data = fields_of(client.get(form_url(item)))
    client.post(form_url(item), {**data, "state": "approved", "number": "JG-1", "unit": "1", "created_by": "1"})
    item.refresh_from_db()
    assert (item.state, item.number, item.unit.code, item.created_by.username) == ("draft", None, "JG", "drafter")


def test_entry_of_another_level_and_matter_of_another_unit_are_refused():
    item = branch_draft()
    client = at_desk("branch_drafter")
    data = fields_of(client.get(form_url(item)))
    levels = entry("C1-01").version_on(item.created_at.date()).levels
    if "branch" not in levels:
        other = fields_of(client.get(form_url(item)))
        assert client.post(form_url(item), {**other, "entry": entry("C1-01").pk}).status_code in (302, 400)
    assert client.post(form_url(item), {**data, "matter": "999"}).status_code == 400


@pytest.mark.parametrize("step", [submitted, approved])
def test_title_of_a_matter_stays_once_a_revision_was_reviewed_under_it(step):
    matter = Matter.objects.create(number="M-1", title="食堂改造", unit=unit("JG"))
    address = reverse("admin:disclosures_matter_change", args=[matter.pk])
    item = draft(matter=matter, phase="before")
    at_desk("drafter").post(address, {"title": "食堂维修"})
    step(item)
    assert at_desk("drafter").post(address, {"title": "未经审核"}).status_code == 403
    assert at_desk("drafter").get(address).status_code == 200
    matter.refresh_from_db()
    assert matter.title == "食堂维修"


def test_title_of_a_matter_is_cleaned_like_every_other():
    address = reverse("admin:disclosures_matter_add")
    at_desk("drafter").post(address, {"title": "食堂\u202e改造\u200b", "unit": unit("JG").pk})
    assert Matter.objects.get().title == "食堂改造"
    refused = at_desk("drafter").post(address, {"title": "\u200b\u202e", "unit": unit("JG").pk})
    assert refused.context["errors"] and Matter.objects.count() == 1


def test_too_large_a_form_is_413():
    item = draft()
    body = {"title": "x", "body": "长" * 1_000_000}
    assert at_desk("drafter").post(form_url(item), body).status_code == 413


def test_body_too_long_is_told_beside_the_field_and_kept():
    item = draft()
    client = at_desk("drafter")
    data = fields_of(client.get(form_url(item)))
    response = client.post(form_url(item), {**data, "body": "<p>" + "x" * 500_001 + "</p>"})
    assert response.status_code == 400 and response.context["form"].errors["body"]


def test_forms_without_their_management_part_are_told():
    item = draft()
    client = at_desk("drafter")
    response = client.post(form_url(item), {"version": item.version, "title": "留着"})
    assert response.status_code == 400
    assert response.context["form"]["title"].value() == "留着"
    many = {"attachments-TOTAL_FORMS": "100000", "attachments-INITIAL_FORMS": "-4"}
    assert client.post(form_url(item), {"version": item.version, **many}).status_code == 400


def test_autocomplete_shows_nothing_of_other_units():
    secret = draft(title="保密标题")
    submitted(secret)
    ask = "/admin/autocomplete/?app_label=disclosures&model_name=revision&field_name=item&term="
    answer = at_desk("branch_drafter").get(ask + "保密")
    assert answer.status_code in (403, 404) or "保密标题" not in answer.content.decode()
    assert at_desk("drafter").get(ask + "%00").status_code == 400
    assert at_desk("sysadmin").get(ask).status_code == 403


def test_history_is_our_trail_and_django_keeps_no_log():
    item = draft()
    page = at_desk("drafter").get(f"{LIST}{item.pk}/history/")
    assert page.status_code == 200 and "timeline__event" in page.content.decode()
    at_desk("sysadmin").post(
        "/admin/organizations/unit/add/", {"code": "ZZ", "name": "新科室", "kind": "section", "order": 9}
    )
    assert not LogEntry.objects.exists()


def test_other_methods_are_refused():
    item = draft()
    client = at_desk("drafter")
    for method in ("put", "delete", "patch", "trace"):
        for address in (LIST, form_url(item), "/admin/review-queue/", f"{LIST}{item.pk}/do/recall/"):
            assert getattr(client, method)(address).status_code == 405, (method, address)


def test_visitors_and_members_are_led_to_the_door(client):
    item = draft()
    for address in (LIST, form_url(item), "/admin/review-queue/"):
        assert client.get(address).status_code == 302
    assert at_desk("party_member").get(LIST).status_code in (302, 403)


def test_first_page_counts_what_is_mine_with_links():
    draft(title="我的")
    item = submitted(draft())
    cards = {card.key: card for card in at_desk("drafter").get("/admin/").context["sections"]}
    assert (cards["returned"].count, cards["finish"].count) == (0, 1)
    deciding = at_desk("examiner").get("/admin/").context["sections"]
    assert deciding[0].count == 1 and deciding[0].url == "/admin/review-queue/"
    assert item.title not in at_desk("sysadmin").get("/admin/").content.decode()


def test_notices_are_ones_own_and_can_be_marked_as_read():
    submitted(draft())
    client = at_desk("examiner")
    notice = Notice.objects.get(recipient=person("examiner"))
    assert client.get("/admin/").context["notices"][0].url == "/admin/review-queue/"
    assert at_desk("leader").get(f"/admin/notifications/notice/{notice.pk}/change/").status_code == 404
    assert client.get("/admin/notifications/notice/mark-read/").status_code == 405
    assert client.post("/admin/notifications/notice/mark-read/").status_code == 302
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_keeper_of_the_catalogue_adds_a_version_and_edits_none():
    url = "/admin/disclosures/catalogueentryversion/"
    client = at_desk("examiner")
    form = client.get(f"{url}add/?entry=C1-01").context["adminform"].form
    data = {name: form.initial[name] for name in form.initial if form.initial[name] is not None}
    data |= {"forms": [row.pk for row in form.initial["forms"]], "valid_from": "2199-01-01", "reason": "上级要求"}
    for flag in ("vital_interest", "sensitive", "personal_data"):
        data |= {flag: "on"} if data.pop(flag) else {}
    assert at_desk("drafter").get(f"{url}add/").status_code == 403
    assert client.post(f"{url}add/", {**data, "valid_from": "2012-01-01"}).status_code == 400
    response = client.post(f"{url}add/", data)
    assert response.status_code == 302, response.context["errors"]
    added = entry("C1-01").versions.order_by("-number").first()
    assert (added.number, added.reason) == (2, "上级要求")
    assert client.post(f"{url}{added.pk}/change/", {"title": "改"}).status_code == 403
