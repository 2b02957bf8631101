"""An item screened: its fields, the words on the list, and its files."""

import pytest
from django.utils import timezone

from disclosures.models import Attachment, FileText, Item, ScreeningWord, StoredFile
from disclosures.screening import Profile, screen
from tests.people import furnish, person, unit


@pytest.fixture
def item(db):
    furnish()
    drafter, now = person("drafter"), timezone.now()
    made = {"created_at": now, "created_by": drafter, "updated_at": now, "updated_by": drafter}
    return Item.objects.create(unit=unit("JG"), title="蓝图计划", body="<p>手机13812345678</p>", **made)


def attach(item, **text):
    file = StoredFile.objects.create(sha256="b" * 64, size=1, content_type="x", extension="docx")
    if text:
        FileText.objects.create(file=file, changed_at=timezone.now(), **text)
    return Attachment.objects.create(
        item=item, file=file, filename="13912345678.docx", added_by=item.created_by, added_at=timezone.now()
    )


def test_fields_and_listed_words(item):
    ScreeningWord.objects.create(word="蓝图")
    ScreeningWord.objects.create(word="计划", is_active=False)
    found = [(each.place, each.text) for each in screen(item, profile=Profile.INTERNAL).findings]
    assert found == [("title", "蓝图"), ("body", "13812345678")]


def test_file_names_and_read_texts(item):
    file = attach(item, state="read", parts=[{"kind": "body", "text": "机密★10年"}], gaps=[{"kind": "picture"}])
    screening = screen(item, profile=Profile.INTERNAL)
    assert {each.place for each in screening.findings} == {"body", f"filename:{file.uid}", f"attachment:{file.uid}"}
    assert screening.refuses_save
    assert [each.reason for each in screening.unread] == ["图片，画面内容未筛查"]


def test_unread_and_waiting_files_are_named(item):
    attach(item)
    assert len(screen(item, profile=Profile.INTERNAL).pending) == 1


def test_unreadable_files_say_why(item):
    attach(item, state="unreadable", reason="encrypted")
    assert [each.reason for each in screen(item, profile=Profile.INTERNAL).unread] == ["已加密，需要密码"]
