"""What is typed and not saved: kept apart, offered again, never saved over anybody's version."""

import json
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from disclosures.models import AutosavedDraft, Item
from disclosures.services import perform
from disclosures.services.autosaving import forget_old, may_keep
from tests.disclosures.admin_desk import at_desk, fields_of, form_url
from tests.people import BUREAU_ENTRY, branch_draft, draft, person, submitted

URL = reverse("admin:disclosures_item_autosave")
NEW = f"/admin/disclosures/item/add/?unit=JG&entry={BUREAU_ENTRY}"


@pytest.fixture(autouse=True)
def root(tmp_path, settings):
    settings.UPLOAD_ROOT = tmp_path / "uploads"


def kept(client: Client, item: Item, data: dict, **typed):
    return client.post(f"{URL}?item={item.pk}", {**data, **typed})


@pytest.fixture
def desk(house):
    return at_desk("drafter")


def test_autosave_keeps_the_text_and_leaves_the_item_alone(desk):
    item = draft()
    answer = kept(desk, item, fields_of(desk.get(form_url(item))), title="还没保存的标题")
    assert answer.status_code == 200
    assert answer.json()["stale"] is False
    row = AutosavedDraft.objects.get()
    assert (row.item_uid, row.base_version, row.content["title"]) == (item.uid, 1, ["还没保存的标题"])
    unchanged = Item.objects.get(pk=item.pk)
    assert (unchanged.version, unchanged.title, unchanged.updated_at) == (1, item.title, item.updated_at)


def test_second_autosave_takes_the_place_of_the_first(desk):
    item = draft()
    data = fields_of(desk.get(form_url(item)))
    for title in ("甲", "乙"):
        kept(desk, item, data, title=title)
    assert AutosavedDraft.objects.get().content["title"] == ["乙"]


def test_autosave_behind_a_newer_version_says_so_and_keeps_the_text(desk):
    item = draft()
    data = fields_of(desk.get(form_url(item)))
    perform("save", item=item, by=person("drafter"), expected_version=1, fields={"title": "别人的新标题"})
    answer = kept(desk, item, data, title="我的标题").json()
    assert answer["stale"] is True
    assert "未覆盖" in answer["message"]
    assert AutosavedDraft.objects.get().content["title"] == ["我的标题"]
    assert Item.objects.get(pk=item.pk).title == "别人的新标题"


def test_opening_the_form_offers_the_unsaved_text_and_saving_it_clears_it(desk):
    item = draft()
    kept(desk, item, fields_of(desk.get(form_url(item))), title="还没保存的标题")
    page = desk.get(form_url(item))
    assert "恢复未保存的内容" in page.content.decode()
    assert page.context["form"]["title"].value() == item.title
    back = desk.get(page.context["offers"][0]["restore_url"])
    assert back.context["form"]["title"].value() == "还没保存的标题"
    assert desk.post(form_url(item), fields_of(back)).status_code == 302
    assert Item.objects.get(pk=item.pk).title == "还没保存的标题"
    assert not AutosavedDraft.objects.exists()


def test_restored_text_meets_the_version_saved_since(desk):
    item = draft()
    kept(desk, item, fields_of(desk.get(form_url(item))), title="我的标题")
    perform("save", item=item, by=person("drafter"), expected_version=1, fields={"title": "别人的标题"})
    AutosavedDraft.objects.update_or_create(
        item_uid=item.uid,
        user=person("drafter"),
        defaults={
            "unit": item.unit,
            "base_version": 1,
            "content": {"title": ["我的标题"]},
            "saved_at": item.updated_at,
        },
    )
    back = desk.get(f"{form_url(item)}?restore=1")
    answer = desk.post(form_url(item), fields_of(back))
    assert answer.status_code == 409
    assert Item.objects.get(pk=item.pk).title == "别人的标题"
    assert "我的标题" in answer.content.decode()


def test_unsaved_text_can_be_dropped_without_script(desk):
    item = draft()
    kept(desk, item, fields_of(desk.get(form_url(item))), title="不要了")
    answer = desk.post(f"{URL}?item={item.pk}", {"discard": "1"})
    assert answer.status_code == 302
    assert not AutosavedDraft.objects.exists()


@pytest.mark.parametrize("verb", ["submit", "discard"])
def test_submitting_and_discarding_clear_the_unsaved_text(desk, verb):
    item = draft()
    kept(desk, item, fields_of(desk.get(form_url(item))), title="不要了")
    perform(verb, item=item, by=person("drafter"), expected_version=1)
    assert not AutosavedDraft.objects.exists()


def test_a_draft_that_was_never_saved_is_kept_and_offered(desk):
    form = desk.get(NEW)
    data = {**fields_of(form), "begun": form.context["begun"], "title": "从未保存的新稿"}
    assert desk.post(f"{URL}?unit=JG", data).json()["stale"] is False
    assert not Item.objects.exists()
    offered = desk.get("/admin/disclosures/item/add/?unit=JG").context["offers"]
    assert [offer["title"] for offer in offered] == ["从未保存的新稿"]
    back = desk.get(offered[0]["restore_url"])
    assert back.context["form"]["title"].value() == "从未保存的新稿"
    desk.post(back.context["action"], {**fields_of(back), "begun": back.context["begun"]})
    assert Item.objects.get().title == "从未保存的新稿"
    assert not AutosavedDraft.objects.exists()


@pytest.mark.parametrize("mark", ["机密★10年", "<p>秘密★</p>", "绝 密 ★"])
def test_a_text_with_a_mark_of_secrecy_is_not_kept(desk, mark):
    item = draft()
    answer = kept(desk, item, fields_of(desk.get(form_url(item))), body=mark)
    assert answer.status_code == 422
    assert answer.json()["code"] == "secrecy_mark"
    assert not AutosavedDraft.objects.exists()


def test_running_text_about_secrecy_is_kept():
    assert may_keep({"title": ["关于加强保密工作的通知"], "body": ["<p>涉及国家秘密的事项不予公开。</p>"]})
    assert not may_keep({"title": [""], "attachments-0-label": ["机密★5年"]})


def test_nobody_keeps_text_on_an_item_they_may_not_write(house):
    item = branch_draft()
    assert at_desk("drafter").post(f"{URL}?item={item.pk}", {"title": "x"}).status_code == 404
    assert at_desk("examiner").post(f"{URL}?item={item.pk}", {"title": "x"}).status_code == 403
    assert at_desk("drafter").post(f"{URL}?item=9999999", {"title": "x"}).status_code == 404
    assert not AutosavedDraft.objects.exists()


def test_nobody_restores_what_another_person_typed(house):
    item = branch_draft()
    kept(at_desk("branch_drafter"), item, {"version": "1", "title": "支部起草人的字"})
    assert at_desk("secretary").get(f"{form_url(item)}?restore=1").context.get("form") is None
    form = at_desk("branch_drafter").get(NEW.replace("JG", "ZB01"))
    stolen = {"begun": form.context["begun"], "title": "x"}
    assert at_desk("drafter").post(f"{URL}?unit=JG", stolen).status_code == 404


@pytest.mark.parametrize("typed", [{"title": "零\0字节"}, {"version": "９"}, {"attachments-TOTAL_FORMS": "x"}, {}])
def test_hostile_values_are_kept_as_text_or_refused(desk, typed):
    item = draft()
    assert kept(desk, item, {"version": "1"}, **typed).status_code == 200
    assert desk.get(f"{form_url(item)}?restore=1").status_code == 200
    assert set(AutosavedDraft.objects.get().content) <= {"title", "attachments-TOTAL_FORMS"}


@pytest.mark.parametrize("asked", ["x", "00000000-0000-0000-0000-000000000000", "%00"])
def test_restoring_what_is_not_there_is_missing(desk, asked):
    assert desk.get(f"/admin/disclosures/item/add/?unit=JG&entry=&restore={asked}").status_code in (400, 404)


def test_a_renewed_log_in_gets_a_token_and_is_told_whose(desk):
    answer = desk.get(URL)
    assert answer.json()["who"] == "drafter"
    assert answer.json()["token"]
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("button", ["_save", "_submit"])
def test_a_new_draft_sent_twice_is_one_draft(desk, button):
    form = desk.get(NEW)
    data = {**fields_of(form), "begun": form.context["begun"], "title": "只有一份", "body": "<p>字</p>"}
    data |= {"issued_on": "2026-01-05", button: "1"}
    answers = [desk.post(NEW, data) for _press in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    item = Item.objects.get()
    assert item.version == (2 if button == "_submit" else 1)


def test_a_new_draft_changed_and_sent_again_from_the_old_page_is_a_clash(desk):
    form = desk.get(NEW)
    data = {**fields_of(form), "begun": form.context["begun"], "title": "第一次"}
    desk.post(NEW, data)
    answer = desk.post(NEW, {**data, "title": "第二次"})
    assert answer.status_code == 409
    assert Item.objects.get().title == "第一次"
    assert "第二次" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_new_draft_sent_twice_at_once_is_one_draft(open_house):
    client = at_desk("drafter")
    form = client.get(NEW)
    data = {**fields_of(form), "begun": form.context["begun"], "title": "同时按了两次"}
    start, codes = Barrier(2), []

    def press():
        clone = at_desk("drafter")
        start.wait()
        codes.append(clone.post(NEW, data).status_code)
        connections.close_all()

    threads = [Thread(target=press) for _press in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [302, 302]
    assert Item.objects.filter(title="同时按了两次").count() == 1


def test_a_saved_draft_sent_twice_is_no_clash(desk):
    item = draft()
    data = fields_of(desk.get(form_url(item)))
    data["title"] = "改过一次"
    assert [desk.post(form_url(item), data).status_code for _press in range(2)] == [302, 302]
    assert Item.objects.get(pk=item.pk).version == 2


def test_content_is_plain_json(desk):
    item = submitted(draft())
    kept(desk, item, {"version": "1", "title": "审核中"})
    assert json.dumps(AutosavedDraft.objects.get().content)


def test_text_nobody_came_back_for_is_dropped_after_its_days(desk, settings):
    settings.PORTAL_AUTOSAVE_DAYS = 30
    item = draft()
    kept(desk, item, fields_of(desk.get(form_url(item))), title="还没保存的标题")
    assert forget_old(timezone.now() + timedelta(days=29)) == 0
    assert forget_old(timezone.now() + timedelta(days=31)) == 1
    assert not AutosavedDraft.objects.exists()
