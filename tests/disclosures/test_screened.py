"""Screening as a rule of the workflow: marks refuse the save, findings are masked or kept with a reason."""

import io
import os
import zipfile
from datetime import timedelta

import pytest
from django.conf import settings as site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from audit.models import Event
from disclosures.models import FileText, Item, RevisionFinding, ScreeningOverride, ScreeningWord, StoredFile
from disclosures.search import index
from disclosures.services import Refused, perform
from disclosures.services.screened import screening_of
from disclosures.services.screening_later import drop_marked_lately, hold_openings
from notifications.models import Notice
from tests.disclosures.admin_desk import at_desk, fields_of, form_url
from tests.people import DECIDERS, complete_fields, decided, draft, forms, person, released, submitted, unit

MOBILE = "13907301234"
MASKED = "139****1234"
WITH_MOBILE = f"<p>咨询请与张同志联系，手机{MOBILE}。</p>"
MARKED = "<p>机密★10年</p><p>关于某事项的内部情况。</p>"


@pytest.fixture(autouse=True)
def house_in_chinese(house, settings, tmp_path):
    settings.UPLOAD_ROOT = tmp_path / "uploads"
    with translation.override(site.LANGUAGE_CODE):
        yield


def kept(item: Item, reason: str = "公开的咨询电话，本人已同意") -> Item:
    """The item with every finding kept for a reason."""
    reasons = {finding.key: reason for finding in screening_of(item).findings}
    return perform("save", item=item, by=person("drafter"), expected_version=item.version, reasons=reasons)


def everything_stored() -> str:
    """Every row of every table as text."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        rows = []
        for name in set(names) - {index.TABLE}:  # numbers alone
            cursor.execute(f'SELECT * FROM "{name}"')
            rows += map(str, cursor.fetchall())
    return "\n".join(rows)


def files_stored() -> list[str]:
    return [name for _folder, _folders, names in os.walk(site.UPLOAD_ROOT) for name in names]


def docx(*paragraphs: str) -> bytes:
    body = "".join(f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>" for words in paragraphs)
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<w:document {space}><w:body>{body}</w:body></w:document>")
    return file.getvalue()


def sent(client: Client, item: Item, **changes):
    page = client.get(form_url(item))
    return client.post(form_url(item), {**fields_of(page), **changes})


def test_mark_refuses_the_save_and_nothing_is_kept():
    with pytest.raises(Refused) as caught:
        draft(body=MARKED)
    assert caught.value.code == "secrecy_mark" and "body" in caught.value.problems
    assert not Item.objects.exists()
    assert "机密" not in str(caught.value) + everything_stored()


def test_mark_in_a_change_leaves_the_draft_as_it_was_and_gives_the_text_back():
    item = draft()
    page = sent(at_desk("drafter"), item, body=MARKED, title="绝密★20年 题目")
    assert page.status_code == 400
    text = page.content.decode()
    assert "机密★10年" in text and "本平台不得存放此类内容" in text
    item.refresh_from_db()
    assert item.version == 1 and "机密" not in item.body
    assert "★" not in everything_stored()


def test_marked_file_is_destroyed_on_arrival():
    item = draft()
    upload = SimpleUploadedFile("情况说明.docx", docx("秘密★1年", "内容"))
    page = sent(at_desk("drafter"), item, **{"attachments-0-file": upload})
    assert page.status_code == 400 and "该文件已销毁" in page.content.decode()
    assert files_stored() == [] and not StoredFile.objects.exists() and not FileText.objects.exists()
    assert not item.attachments.exists()


def test_file_is_read_when_it_arrives_and_its_findings_stand_at_the_attachments():
    item = draft()
    upload = SimpleUploadedFile("名单.docx", docx("王某", f"手机 {MOBILE}"))
    assert sent(at_desk("drafter"), item, **{"attachments-0-file": upload}).status_code == 302
    assert StoredFile.objects.get().text.state == FileText.State.READ
    page = at_desk("drafter").get(form_url(item)).content.decode()
    assert 'class="finding"' in page and MASKED in page


def test_findings_hold_back_the_submission_beside_their_field():
    item = draft(body=WITH_MOBILE)
    with pytest.raises(Refused) as caught:
        submitted(item)
    assert caught.value.code == "incomplete" and list(caught.value.problems) == ["body"]


def test_masked_text_passes():
    assert submitted(draft(body=WITH_MOBILE.replace(MOBILE, MASKED))).state == Item.State.IN_REVIEW


def test_button_writes_the_mask_into_the_form_and_stores_nothing():
    item = draft(body=WITH_MOBILE)
    finding = screening_of(item).findings[0]
    page = sent(at_desk("drafter"), item, _mask=finding.key, title="还没保存的题目")
    assert page.status_code == 200
    assert MASKED in page.context["form"]["body"].value() and MOBILE not in page.context["form"]["body"].value()
    assert page.context["form"]["title"].value() == "还没保存的题目"
    item.refresh_from_db()
    assert MOBILE in item.body and item.version == 1


def test_reason_lets_it_pass_and_the_reviewer_reads_it_without_the_number():
    item = submitted(kept(draft(body=WITH_MOBILE)))
    row = RevisionFinding.objects.get()
    assert (row.excerpt, row.by_name) == (MASKED, person("drafter").display_name)
    page = at_desk("examiner").get(reverse("review:revision", args=[item.current_revision.uid])).content.decode()
    assert "公开的咨询电话，本人已同意" in page and MASKED in page


@pytest.mark.parametrize("reason", ["好", f"他的手机是{MOBILE}"])
def test_poor_reason_is_refused(reason):
    item = draft(body=WITH_MOBILE)
    with pytest.raises(Refused) as caught:
        kept(item, reason)
    assert caught.value.code == "override"
    assert not ScreeningOverride.objects.exists()


def test_reason_typed_in_the_form_is_stored_with_the_draft():
    item = draft(body=WITH_MOBILE)
    key = screening_of(item).findings[0].key
    assert sent(at_desk("drafter"), item, **{f"override-{key}": "公开的咨询电话"}).status_code == 302
    assert ScreeningOverride.objects.get().reason == "公开的咨询电话"


def test_reason_does_not_cover_another_number():
    item = kept(draft(body=WITH_MOBILE))
    fields = complete_fields(body=WITH_MOBILE.replace(MOBILE, "13807301235"))
    item = perform("save", item=item, by=person("drafter"), expected_version=item.version, fields=fields)
    with pytest.raises(Refused):
        submitted(item)


def test_word_listed_after_submission_refuses_the_last_approval():
    item = decided(decided(submitted(draft(body="<p>某某工程进展顺利。</p>")), "examiner"), "leader")
    ScreeningWord.objects.create(word="某某工程")
    with pytest.raises(Refused) as caught:
        decided(item, "deputy")
    assert caught.value.code == "screening"
    item.refresh_from_db()
    assert item.state == Item.State.IN_REVIEW and not item.releases.exists()


def test_kept_finding_does_not_stop_the_last_approval():
    item = submitted(kept(draft(body=WITH_MOBILE)))
    for name in (*DECIDERS["LB"], *DECIDERS["LX"]):
        item = decided(item, name)
    assert item.state == Item.State.APPROVED


def test_public_items_are_screened_more_strictly():
    body = "<p>王某某，1985年6月7日出生。</p>"
    assert submitted(draft(body=body, audience="internal")).state == Item.State.IN_REVIEW
    with pytest.raises(Refused):
        submitted(draft(body=body))


def test_file_that_cannot_be_read_is_taken_and_shown_as_not_screened():
    item = draft()
    head = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600 + "WordDocument".encode("utf-16-le") + b"\0" * 600
    upload = SimpleUploadedFile("旧文件.doc", head)
    assert sent(at_desk("drafter"), item, **{"attachments-0-file": upload}).status_code == 302
    item.refresh_from_db()
    item = submitted(item, "drafter")
    page = at_desk("examiner").get(reverse("review:revision", args=[item.current_revision.uid])).content.decode()
    assert "未筛查" in page and "旧文件.doc" in page


def test_files_still_being_read_hold_back_the_submission():
    item = draft()
    upload = SimpleUploadedFile("名单.docx", docx("王某"))
    sent(at_desk("drafter"), item, **{"attachments-0-file": upload})
    FileText.objects.update(state=FileText.State.PENDING)
    item.refresh_from_db()
    with pytest.raises(Refused) as caught:
        submitted(item, "drafter")
    assert "attachments" in caught.value.problems


def test_mark_found_in_a_file_read_late_takes_it_out_of_the_draft():
    item = draft()
    upload = SimpleUploadedFile("名单.docx", docx("王某"))
    sent(at_desk("drafter"), item, **{"attachments-0-file": upload})
    read = FileText.objects.get()
    read.parts = [{**read.parts[0], "text": "机密★10年"}]
    read.save()
    assert drop_marked_lately(timezone.now()) == 1
    assert not item.attachments.exists() and files_stored() == [] and not StoredFile.objects.exists()
    assert Event.objects.filter(verb="item.marked_file_destroyed").count() == 1
    assert Notice.objects.filter(recipient=person("drafter"), verb="item.marked_file_destroyed").exists()
    assert drop_marked_lately(timezone.now()) == 0


def test_coming_public_opening_is_held_when_screening_finds_something_new():
    soon = timezone.now() + timedelta(days=2)
    release = released(draft(body="<p>某某工程进展顺利。</p>", planned_public_from=soon))
    assert hold_openings(timezone.now()) == 0
    ScreeningWord.objects.create(word="某某工程")
    assert hold_openings(timezone.now()) == 1
    release.refresh_from_db()
    assert release.public_until == release.public_from and release.internal_until is None
    assert Event.objects.filter(verb="release.held").count() == 1
    assert hold_openings(timezone.now()) == 0


def test_findings_of_a_revision_are_never_changed():
    submitted(kept(draft(body=WITH_MOBILE)))
    with pytest.raises(Exception, match="disclosures_revisionfinding"):
        RevisionFinding.objects.update(reason="改写")


def test_branch_item_is_screened_as_well():
    item = perform(
        "save",
        item=Item(unit=unit("ZB01")),
        by=person("branch_drafter"),
        expected_version=None,
        fields=complete_fields(title=f"联系 {MOBILE}"),
        forms=forms(),
    )
    with pytest.raises(Refused) as caught:
        submitted(item)
    assert "title" in caught.value.problems
