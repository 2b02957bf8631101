"""A drafting form sent after its log-in had ended: nothing typed is lost, nobody else gets it, the item stays."""

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from disclosures.models import AutosavedDraft, Item, StoredFile
from organizations.models import User
from tests.disclosures.admin_desk import BACKEND, PDF, at_desk, fields_of, form_url
from tests.people import BUREAU_ENTRY, branch_draft, draft, person

NEW = f"/admin/disclosures/item/add/?unit=JG&entry={BUREAU_ENTRY}"
LOGIN = reverse("login")
pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture(autouse=True)
def root(tmp_path, settings):
    settings.UPLOAD_ROOT = tmp_path / "uploads"


def opened(client, address):
    form = client.get(address)
    return {**fields_of(form), "begun": form.context["begun"]}, form.context["action"]


def ended(client):
    Session.objects.all().delete()
    return client


def again(username, answer):
    """The page somebody gets who logs in where the answer leads."""
    assert answer.status_code == 302 and answer["Location"].startswith(LOGIN)
    return at_desk(username).get(answer.wsgi_request.path + "?" + "restore=1")


def test_text_typed_before_the_log_in_ended_comes_back_after_it():
    item, client = draft(), at_desk("drafter")
    data, action = opened(client, form_url(item))
    answer = ended(client).post(action, {**data, "title": "未保存的标题", "body": "<p>正文</p>"})
    assert Item.objects.get(pk=item.pk).version == 1
    said = client.get(answer["Location"]).content.decode()
    assert "登录已过期" in said
    page = again("drafter", answer)
    assert page.context["form"]["title"].value() == "未保存的标题"
    assert at_desk("drafter").post(action, fields_of(page)).status_code == 302
    assert Item.objects.get(pk=item.pk).title == "未保存的标题"


def test_new_draft_comes_back_as_well():
    client = at_desk("drafter")
    data, action = opened(client, NEW)
    answer = ended(client).post(action, {**data, "title": "从未保存"})
    row = AutosavedDraft.objects.get()
    assert (row.base_version, row.user, Item.objects.count()) == (0, person("drafter"), 0)
    page = at_desk("drafter").get(f"/admin/disclosures/item/add/?unit=JG&entry=&restore={row.item_uid}")
    assert page.context["form"]["title"].value() == "从未保存"
    assert str(row.item_uid) in answer["Location"]


def test_chosen_files_are_named_as_lost():
    item, client = draft(), at_desk("drafter")
    data, action = opened(client, form_url(item))
    answer = ended(client).post(action, {**data, "attachments-0-file": SimpleUploadedFile("一.pdf", PDF)})
    assert not StoredFile.objects.exists()
    page = at_desk("drafter").get(f"{form_url(item)}?restore=1&files=again")
    assert "files%3Dagain" in answer["Location"] and "刚才选择的文件没有收到" in page.content.decode()


def test_token_that_expired_leads_the_same_person_back():
    item, client = draft(), Client(enforce_csrf_checks=True)
    client.force_login(person("drafter"), backend=BACKEND)
    data, action = opened(client, form_url(item))
    answer = client.post(action, {**data, "title": "令牌过期"})
    assert answer.status_code == 302 and answer["Location"] == f"{form_url(item)}?restore=1"
    assert AutosavedDraft.objects.get().content["title"] == ["令牌过期"]


def test_somebody_else_who_is_logged_in_keeps_and_reads_nothing():
    item, client = draft(), Client(enforce_csrf_checks=True)
    data, action = opened(at_desk("drafter"), form_url(item))
    client.force_login(person("branch_drafter"), backend=BACKEND)
    assert client.post(action, {**data, "title": "别人"}).status_code == 403
    assert not AutosavedDraft.objects.exists()


@pytest.mark.parametrize("begun", ["", "x", "\0", "9" * 5000, "W10:1:2"])
def test_form_without_its_signature_is_only_shown_to_be_copied(begun):
    item = draft()
    answer = Client().post(form_url(item), {"title": "伪造", "begun": begun})
    assert answer.status_code == 403 and "伪造" in answer.content.decode()
    assert not AutosavedDraft.objects.exists()


def test_signature_does_not_outlive_the_right_to_draft():
    item, client = draft(), at_desk("drafter")
    data, action = opened(client, form_url(item))
    User.objects.filter(username="drafter").update(is_active=False)
    assert ended(client).post(action, data).status_code == 403
    assert not AutosavedDraft.objects.exists()


def test_signature_of_one_unit_writes_nothing_in_another():
    data, _action = opened(at_desk("branch_drafter"), form_url(branch_draft()))
    new, _action = opened(at_desk("drafter"), NEW)
    for sent in (new, {**new, "version": "x"}):
        answer = Client().post("/admin/disclosures/item/add/?unit=ZB01&entry=", sent)
        assert answer.status_code == 403
    assert Client().post("/admin/disclosures/item/add/?unit=%00", new).status_code == 403
    assert Client().post(form_url(draft()), data).status_code == 302, "the form says which item it is, not the address"
    assert AutosavedDraft.objects.get().unit.code == "ZB01"


def test_text_with_a_mark_of_secrecy_is_not_kept():
    item, client = draft(), at_desk("drafter")
    data, action = opened(client, form_url(item))
    assert ended(client).post(action, {**data, "body": "机密★10年"}).status_code == 403
    assert not AutosavedDraft.objects.exists()
