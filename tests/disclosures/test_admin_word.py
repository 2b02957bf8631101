"""Word in the drafting form: nothing typed lost, nothing stored before it is saved."""

import pytest
from django.urls import reverse

from audit.models import Event
from disclosures.models import Item, StoredFile
from tests.disclosures.admin_desk import at_desk, fields_of, form_url
from tests.disclosures.word.documents import OFFICIAL, docx, p, upload
from tests.people import BUREAU_ENTRY, branch_draft, draft, furnish, submitted

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:disclosures_item_import")
NOTICE = docx(
    p("岳文广新党字〔2012〕3号", jc="center")
    + p("关于党务公开的通知", jc="center")
    + p("指导思想", style="1")
    + p("2012年2月2日", jc="right"),
    OFFICIAL,
)


@pytest.fixture(autouse=True)
def house(settings, tmp_path):
    settings.UPLOAD_ROOT = tmp_path
    furnish()


def typed(client, item, **changes):
    return {**fields_of(client.get(form_url(item))), **changes}


def test_new_item_begins_with_a_document_and_stores_nothing():
    events = Event.objects.count()
    answer = at_desk("drafter").post(f"{PAGE}?unit=JG&entry={BUREAU_ENTRY}", {"word": upload(NOTICE)})
    form = answer.context["form"]
    assert answer.status_code == 200
    assert form["title"].value() == "关于党务公开的通知"
    assert form["document_number"].value() == "岳文广新党字〔2012〕3号"
    assert form["issued_on"].value() == "2012-02-02"
    assert form["body"].value() == "<h2>一、指导思想</h2><p>2012年2月2日</p>"
    assert form["audience"].value() == "internal_then_public"  # as the entry suggests
    assert (Item.objects.count(), StoredFile.objects.count(), Event.objects.count()) == (0, 0, events)


def test_what_was_filled_in_is_saved_by_the_form_as_usual():
    client = at_desk("drafter")
    answer = client.post(f"{PAGE}?unit=JG&entry={BUREAU_ENTRY}", {"word": upload(NOTICE)})
    assert client.post(answer.context["action"], {**fields_of(answer), "_save": "1"}).status_code == 302
    assert Item.objects.get().body == "<h2>一、指导思想</h2><p>2012年2月2日</p>"


def test_typed_fields_stay_and_what_was_not_taken_is_shown():
    item, client = draft(document_number=""), at_desk("drafter")
    data = typed(client, item, title="我的标题", basis="我的依据")
    answer = client.post(f"{PAGE}?item={item.pk}", {**data, "word": upload(NOTICE)})
    form = answer.context["form"]
    assert (form["title"].value(), form["basis"].value()) == ("我的标题", "我的依据")
    assert form["document_number"].value() == "岳文广新党字〔2012〕3号"
    assert {row["value"] for row in answer.context["not_taken"]} >= {"关于党务公开的通知", "2012-02-02"}
    item.refresh_from_db()
    assert item.title != "我的标题" and item.version == 1


def test_replacing_and_appending_are_asked_for():
    item, client = draft(), at_desk("drafter")
    data = typed(client, item)
    replaced = client.post(f"{PAGE}?item={item.pk}", {**data, "word_how": "replace", "word": upload(NOTICE)})
    assert replaced.context["form"]["title"].value() == "关于党务公开的通知"
    appended = client.post(f"{PAGE}?item={item.pk}", {**data, "word_how": "append", "word": upload(NOTICE)})
    body = appended.context["form"]["body"].value()
    assert body.startswith(item.body) and body.endswith("<p>2012年2月2日</p>")
    assert appended.context["form"]["title"].value() == item.title


def test_document_is_kept_for_the_file_only_by_a_tick():
    item, client = draft(), at_desk("drafter")
    answer = client.post(f"{PAGE}?item={item.pk}", {**typed(client, item), "word_keep": "1", "word": upload(NOTICE)})
    assert item.attachments.count() == 0
    assert client.post(form_url(item), {**fields_of(answer), "_save": "1"}).status_code == 302
    kept = item.attachments.get()
    assert (kept.filename, kept.is_published) == ("通报.docx", False)


@pytest.mark.parametrize(
    ("content", "name"), [(b"MZ" * 99, "a.docx"), (NOTICE, "a.docm"), (NOTICE[:-300], "a.docx"), (b"", "a.docx")]
)
def test_refused_document_keeps_everything_typed(content, name):
    item, client = draft(), at_desk("drafter")
    data = typed(client, item, title="留存的标题", word=upload(content, name))
    answer = client.post(f"{PAGE}?item={item.pk}", data)
    assert answer.status_code == 400
    assert answer.context["import_problems"] and answer.context["form"]["title"].value() == "留存的标题"


def test_no_document_is_a_sentence_on_either_page():
    client = at_desk("drafter")
    assert client.post(f"{PAGE}?unit=JG", {}).status_code == 400
    item = draft()
    assert client.post(f"{PAGE}?item={item.pk}", typed(client, item)).context["import_problems"]


def test_items_of_others_are_missing_and_readers_are_refused():
    theirs, ours = branch_draft(), draft()
    for address in (f"?item={theirs.pk}", "?item=x", "?item=99999999999999999999", "?unit=ZB01"):
        assert at_desk("drafter").post(PAGE + address, {"word": upload(NOTICE)}).status_code == 404
    assert at_desk("examiner").post(f"{PAGE}?item={ours.pk}", {"word": upload(NOTICE)}).status_code == 403


def test_item_under_review_loses_nothing_typed():
    item, client = draft(), at_desk("drafter")
    data = typed(client, item, basis="仍在")
    submitted(item)
    answer = client.post(f"{PAGE}?item={item.pk}", {**data, "word": upload(NOTICE)})
    assert answer.context["form"]["basis"].value() == "仍在"
    assert client.post(form_url(item), {**fields_of(answer), "version": data["version"]}).status_code == 409
