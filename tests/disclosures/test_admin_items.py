"""Drafting over HTTP: own units alone, nothing typed lost, everything stored by the service."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from audit.models import Event
from disclosures.models import Item
from disclosures.models.items import ItemState
from disclosures.services import perform
from tests.disclosures.admin_desk import PDF, at_desk, fields_of, form_url
from tests.people import (
    BUREAU_ENTRY,
    SENSITIVE_ENTRY,
    approved,
    branch_draft,
    draft,
    entry,
    forms,
    furnish,
    person,
    released,
    submitted,
    unit,
)

pytestmark = pytest.mark.django_db
ADD = "/admin/disclosures/item/add/"
LIST = "/admin/disclosures/item/"


@pytest.fixture(autouse=True)
def house(settings, tmp_path):
    settings.UPLOAD_ROOT = tmp_path
    furnish()


def pdf(name="依据.pdf"):
    return SimpleUploadedFile(name, PDF, "application/pdf")


def attached(item, client=None):
    """The item with one published PDF, sent through the form."""
    client = client or at_desk("drafter")
    data = fields_of(client.get(form_url(item)))
    response = client.post(form_url(item), {**data, "attachments-0-file": pdf(), "attachments-0-label": "依据"})
    assert response.status_code == 302, response.context["form"].errors
    item.refresh_from_db()
    return item


def test_choosing_the_entry_comes_first_and_prefills_the_form():
    client = at_desk("drafter")
    assert SENSITIVE_ENTRY in client.get(ADD).content.decode()
    form = client.get(f"{ADD}?unit=JG&entry={SENSITIVE_ENTRY}").context["form"]
    version = entry(SENSITIVE_ENTRY).version_on(date.today())
    assert form["entry"].value() == version.entry_id
    assert form["audience"].value() == version.audience
    assert form["sensitive"].value() is True
    assert set(form["forms"].value()) == set(version.forms.values_list("pk", flat=True))


def test_add_page_knows_only_own_units_and_existing_entries():
    client = at_desk("branch_drafter")
    assert client.get(f"{ADD}?unit=JG&entry=").status_code == 404
    assert client.get(f"{ADD}?unit=ZB01&entry=NO").status_code == 404
    assert at_desk("leader").get(ADD).status_code == 403


def test_incomplete_draft_is_saved_by_the_service():
    client = at_desk("drafter")
    data = fields_of(client.get(f"{ADD}?unit=JG&entry="))
    response = client.post(f"{ADD}?unit=JG", {**data, "title": "只有标题", "_save": "1"})
    item = Item.objects.get(title="只有标题")
    assert response.url == form_url(item)
    assert (item.unit.code, item.state, item.version) == ("JG", ItemState.DRAFT, 1)
    assert Event.objects.filter(verb="item.created", subject_ref=str(item.uid)).exists()


def test_submission_lists_every_problem_beside_its_field_and_keeps_the_draft():
    client = at_desk("drafter")
    data = fields_of(client.get(f"{ADD}?unit=JG&entry="))
    response = client.post(f"{ADD}?unit=JG", {**data, "basis": "依据文字", "_submit": "1"})
    assert response.status_code == 400
    form = response.context["form"]
    assert {"entry", "title", "issued_on", "body", "audience", "forms"} <= set(form.errors)
    assert form["basis"].value() == "依据文字"
    assert Item.objects.get(basis="依据文字").state == ItemState.DRAFT
    assert response.context["action"] == form_url(Item.objects.get(basis="依据文字"))


def test_save_and_submit_in_one_step():
    item = draft()
    client = at_desk("drafter")
    response = client.post(form_url(item), {**fields_of(client.get(form_url(item))), "_submit": "1"})
    assert response.status_code == 302
    item.refresh_from_db()
    assert item.state == ItemState.IN_REVIEW


def test_saving_an_unchanged_form_changes_no_field():
    item = draft(document_number="岳文〔2026〕1号")
    client = at_desk("drafter")
    client.post(form_url(item), {**fields_of(client.get(form_url(item))), "_save": "1"})
    saved = Event.objects.filter(verb="item.saved", subject_ref=str(item.uid)).latest("id")
    assert saved.after["changed"] == []


def test_second_editor_is_refused_with_what_changed_and_loses_nothing():
    item = draft()
    client = at_desk("drafter")
    data = fields_of(client.get(form_url(item)))
    perform("save", item=item, by=person("drafter"), expected_version=item.version, fields={"title": "别人的标题"})
    response = client.post(form_url(item), {**data, "title": "我的标题", "basis": "我的依据", "_save": "1"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "别人的标题" in page and response.context["form"]["basis"].value() == "我的依据"
    assert response.context["clash"]["differences"][0]["mine"] == "我的标题"
    over = {**fields_of(response), "version_over": response.context["item"].version}
    assert client.post(form_url(item), over).status_code == 302
    item.refresh_from_db()
    assert (item.title, item.basis) == ("我的标题", "我的依据")


def test_files_added_by_someone_else_survive_saving_over():
    item = draft()
    client = at_desk("drafter")
    data = fields_of(client.get(form_url(item)))
    attached(item)
    response = client.post(form_url(item), {**data, "title": "我的标题"})
    assert response.status_code == 409
    client.post(form_url(item), {**fields_of(response), "version_over": response.context["item"].version})
    assert item.attachments.get().label == "依据"


def test_unknown_version_is_stale_not_an_error():
    item = draft()
    client = at_desk("drafter")
    data = fields_of(client.get(form_url(item)))
    for version in ("", "x", "-1", "9" * 30, "１"):
        assert client.post(form_url(item), {**data, "version": version}).status_code == 409


def test_refused_upload_keeps_the_text_and_accepted_ones_stay_received():
    item = draft()
    client = at_desk("drafter")
    data = fields_of(client.get(form_url(item)))
    fake = SimpleUploadedFile("表格.pdf", b"MZ not a pdf", "application/pdf")
    sent = {**data, "title": "改过的标题", "attachments-0-file": fake, "attachments-1-file": pdf("好的.pdf")}
    response = client.post(form_url(item), sent)
    assert response.status_code == 400
    rows = response.context["files"].forms
    assert rows[0].errors["file"] and rows[1].filename == "好的.pdf"
    assert response.context["form"]["title"].value() == "改过的标题"
    again = fields_of(response)
    assert client.post(form_url(item), again).status_code == 302
    assert item.attachments.get().filename == "好的.pdf"


def test_token_of_another_person_or_typed_by_hand_is_refused():
    item = draft()
    client = at_desk("drafter")
    data = fields_of(client.get(form_url(item)))
    response = client.post(form_url(item), {**data, "attachments-0-token": "x:y:z"})
    assert response.status_code == 400
    assert not item.attachments.exists()


def test_attachment_is_relabelled_ordered_kept_back_and_removed():
    item = attached(draft())
    client = at_desk("drafter")
    data = fields_of(client.get(form_url(item)))
    change = {"attachments-0-label": "新名称", "attachments-0-is_published": "no"}
    assert client.post(form_url(item), {**data, **change}).status_code == 302
    row = item.attachments.get()
    assert (row.label, row.is_published) == ("新名称", False)
    data = fields_of(client.get(form_url(item)))
    client.post(form_url(item), {**data, "attachments-0-remove": "on"})
    assert not item.attachments.exists()


def test_working_files_are_for_readers_of_the_item():
    item = attached(draft())
    address = reverse("admin:disclosures_item_file", args=[item.pk, item.attachments.get().uid])
    assert b"".join(at_desk("supervisor").get(address).streaming_content) == PDF
    for name in ("branch_drafter", "secretary", "superior", "sysadmin", "auditor"):
        assert at_desk(name).get(address).status_code == 404
    other = address.replace(str(item.attachments.get().uid), "00000000-0000-4000-8000-000000000000")
    assert at_desk("drafter").get(other).status_code == 404


def test_taking_over_suggestions_stores_nothing_and_keeps_the_text():
    item = draft(entry=entry(BUREAU_ENTRY))
    client = at_desk("drafter")
    data = fields_of(client.get(form_url(item)))
    sent = {**data, "entry": entry(SENSITIVE_ENTRY).pk, "basis": "我写的", "_take_over": "1"}
    response = client.post(form_url(item), sent)
    assert response.status_code == 200
    form = response.context["form"]
    assert form["sensitive"].value() and form["basis"].value() == "我写的"
    item.refresh_from_db()
    assert item.entry.code == BUREAU_ENTRY
    for wrong in ("", "x", "9" * 30, "²"):
        assert client.post(form_url(item), {**sent, "entry": wrong}).status_code == 200


@pytest.mark.parametrize("name", ["branch_drafter", "secretary", "superior"])
def test_items_of_other_units_are_missing(name):
    item = draft()
    client = at_desk(name)
    uid = reverse("admin:disclosures_item_by_uid", args=[item.uid])
    for address in (form_url(item), form_url(item).replace("change", "history"), uid, f"{LIST}{item.pk}/do/recall/"):
        assert client.get(address).status_code == 404
    assert client.post(form_url(item), {"title": "x"}).status_code == 404
    answer = client.get(LIST)
    assert answer.status_code == 403 or item.title not in answer.content.decode()


def test_missing_and_hidden_items_answer_alike():
    hidden = draft()
    client = at_desk("branch_drafter")
    one, two = client.get(form_url(hidden)), client.get(f"{LIST}999999/change/")
    assert (one.status_code, two.status_code) == (404, 404)


def test_superuser_without_appointment_has_nothing_here():
    user = person("sysadmin")
    user.is_superuser = True
    user.save()
    item = draft()
    client = at_desk("sysadmin")
    assert client.get(LIST).status_code == 403
    assert client.get(form_url(item)).status_code == 404
    assert client.get("/admin/review-queue/").status_code == 403


def test_readers_see_the_text_but_no_form():
    item = draft()
    client = at_desk("supervisor")
    response = client.get(form_url(item))
    assert response.status_code == 200
    assert "form" not in response.context or response.context.get("files") is None
    assert client.post(form_url(item), {"title": "x"}).status_code == 403


def test_item_under_review_is_read_only_and_a_late_save_keeps_the_text():
    item = draft()
    client = at_desk("drafter")
    data = fields_of(client.get(form_url(item)))
    submitted(item)
    response = client.post(form_url(item), {**data, "title": "迟到的修改"})
    assert response.status_code == 409
    assert response.context["form"]["title"].value() == "迟到的修改"
    assert response.context["clash"]["why_not_over"]
    assert client.get(form_url(item)).templates[0].name == "admin/item/reading.html"


def act(item, verb, by="drafter", **data):
    item.refresh_from_db()
    address = reverse("admin:disclosures_item_act", args=[item.pk, verb])
    return at_desk(by).post(address, {"version": item.version, **data})


def test_recall_discard_and_correct_are_posts_of_their_own():
    item = submitted(draft())
    assert at_desk("drafter").get(reverse("admin:disclosures_item_act", args=[item.pk, "recall"])).status_code == 200
    item.refresh_from_db()
    assert item.state == ItemState.IN_REVIEW
    assert act(item, "recall").status_code == 302
    assert act(item, "discard").status_code == 302
    item.refresh_from_db()
    assert item.state == ItemState.DISCARDED
    other = released(draft()).item
    assert act(other, "correct").status_code == 302
    other.refresh_from_db()
    assert other.state == ItemState.DRAFT
    assert "change_note" in at_desk("drafter").get(form_url(other)).context["form"].fields


def test_withdrawal_needs_a_reason_and_keeps_what_was_typed():
    item = released(draft()).item
    assert act(item, "withdraw", by="examiner", reason=" ").status_code == 400
    response = act(item, "withdraw", by="examiner", reason="长" * 501)
    assert response.status_code == 400 and "长" * 501 in response.content.decode()
    assert act(item, "withdraw", by="drafter", reason="撤").status_code == 403
    assert act(item, "withdraw", by="examiner", reason="内容有误").status_code == 302
    assert item.releases.get().withdrawn_reason == "内容有误"


def test_unknown_and_foreign_verbs_are_missing():
    item = draft()
    for verb in ("save", "submit", "decide", "nothing"):
        assert act(item, verb).status_code == 404
    assert act(item, "recall").status_code == 403
    assert act(item, "discard", version="x").status_code == 409


def test_buttons_follow_role_and_state():
    item = approved(draft())
    names = lambda who: [b.verb for b in at_desk(who).get(form_url(item)).context["record"]["buttons"]]  # noqa: E731
    assert names("drafter") == ["correct"]
    assert names("examiner") == ["withdraw", "redact"]
    assert names("leader") == []


def test_matters_offered_are_those_of_the_unit():
    client = at_desk("drafter")
    client.post("/admin/disclosures/matter/add/", {"title": "办公楼维修", "unit": unit("JG").pk})
    item = draft()
    offered = at_desk("drafter").get(form_url(item)).context["form"].fields["matter"].queryset
    assert [matter.title for matter in offered] == ["办公楼维修"]
    branch = branch_draft()
    assert not at_desk("branch_drafter").get(form_url(branch)).context["form"].fields["matter"].queryset.exists()
    refused = at_desk("branch_drafter").post("/admin/disclosures/matter/add/", {"title": "别家", "unit": unit("JG").pk})
    assert refused.status_code == 400 and refused.context["errors"]


def test_list_filters_and_searches():
    mine, other = draft(title="甲事项"), draft(title="乙事项")
    submitted(other)
    client = at_desk("drafter")
    titles = lambda query: {i.title for i in client.get(f"{LIST}?{query}").context["cl"].result_list}  # noqa: E731
    assert titles("state=draft") == {mine.title}
    assert titles("q=乙") == {other.title}
    assert titles("unit=JG&hand=mine") == {mine.title, other.title}


def test_list_costs_the_same_for_one_and_for_many(django_assert_max_num_queries):
    for number in range(6):
        submitted(draft(title=f"事项{number}"))
    client = at_desk("drafter")
    client.get(LIST)
    with django_assert_max_num_queries(14):
        client.get(LIST)


def test_forms_field_takes_only_known_forms():
    item = draft()
    client = at_desk("drafter")
    data = fields_of(client.get(form_url(item)))
    response = client.post(form_url(item), {**data, "forms": ["999999", "x"], "title": "留着"})
    assert response.status_code == 400
    assert response.context["form"]["title"].value() == "留着"
    assert set(item.forms.all()) == set(forms())


def test_list_shows_signs_and_not_their_markup():
    draft()
    page = at_desk("drafter").get("/admin/disclosures/item/").content.decode()
    assert '<span class="badge' in page and "&lt;span" not in page
