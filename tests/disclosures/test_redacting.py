"""A leak found after publication: masked, closed and destroyed in one action, flagged until somebody confirms it."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from disclosures import reading, redactions, uploads
from disclosures.masking import Leak
from disclosures.models import Attachment, AutosavedDraft, FileText, Item, Redaction, Release, Revision, StoredFile
from disclosures.models.items import ItemState
from disclosures.models.reviews import StepState
from disclosures.search import index
from disclosures.services import AttachmentDraft, Refused, perform, why_not
from disclosures.services.autosaving import autosave
from disclosures.services.destroying import destroy_left_behind
from disclosures.services.freezing import digest, snapshot
from disclosures.services.reviewing import open_step
from disclosures.verification import code_of, verify
from disclosures.visibility import PUBLIC, Answer, Reader, answer, is_visible
from notifications.models import Notice
from tests.disclosures.overlooking import approved, submitted
from tests.people import correction, decided, draft, person

pytestmark = pytest.mark.usefixtures("house")
PHONE = "13812345678"
MASK = "138****5678"
LEAK = Leak(PHONE, MASK, "mobile")
REASON = "正文误载个人手机号码"
INSIDER = Reader(reads_every_internal=True)
MEMBER = Reader(is_member=True)
BODY = "<p>联系人张三，电话<strong>138</strong>1234 5678，请核对。</p>"


def kept(name: str, content: bytes) -> StoredFile:
    upload = SimpleUploadedFile(name, content, "application/octet-stream")
    seen = uploads.inspect(upload)
    stored = uploads.store(upload, seen)
    values = {"size": stored.size, "content_type": stored.content_type, "extension": seen.extension}
    return StoredFile.objects.get_or_create(sha256=stored.sha256, defaults=values)[0]


def leaking(**changes) -> Item:
    """A draft with the number in every column a drafter fills."""
    fields = {
        "title": f"关于张三（{PHONE}）的通报",
        "body": BODY,
        "basis": f"依据{PHONE}号来电",
        "document_number": f"〔2026〕{PHONE}号",
        "focus_reason": f"可致电{PHONE}",
        "change_note": f"更正{PHONE}",
        **changes,
    }
    return draft(**fields)


def with_file(item: Item, file: StoredFile | None = None) -> Item:
    file = file or picture()
    drafts = [AttachmentDraft(filename=f"{PHONE}名单.png", label=f"张三{PHONE}", file=file)]
    return perform("save", item=item, by=item.updated_by, expected_version=item.version, attachments=drafts)


def picture(colour: str = "red") -> StoredFile:
    from tests.access.world import stored

    return stored(colour)


def redacted(item: Item, by: str = "examiner", **payload) -> Item:
    item.refresh_from_db()
    values = {"reason": REASON, "leaks": [LEAK], **payload}
    return perform("redact", item=item, by=person(by), expected_version=item.version, **values)


def refused(item: Item, **payload) -> Refused:
    with pytest.raises(Refused) as caught:
        redacted(item, **payload)
    assert not Redaction.objects.exists()
    return caught.value


def everything_stored() -> str:
    """Every text the database holds, as one."""
    with connection.cursor() as cursor:
        texts = []
        tables = set(connection.introspection.table_names(cursor))
        for table in tables - {index.TABLE}:  # numbers alone, and on SQLite nothing that could be read row by row
            cursor.execute(f'SELECT * FROM "{table}"')
            texts += [
                f"{table}: {value}" for row in cursor.fetchall() for value in row if isinstance(value, str | list)
            ]
    return "\n".join(texts)


def copies_of(leak: str) -> list[str]:
    plain = everything_stored().replace(" ", "").replace("<strong>", "").replace("</strong>", "")
    return [line for line in plain.splitlines() if leak in line]


def test_no_copy_of_the_leak_remains_in_any_table(django_capture_on_commit_callbacks):
    item = approved(with_file(leaking()))
    item = approved(correction(item, body=f"<p>再附：１３８－１２３４－５６７８</p><p>{PHONE}</p>"))
    assert copies_of(PHONE)
    with django_capture_on_commit_callbacks(execute=True):
        redacted(item)
    assert copies_of(PHONE) == []
    assert "１３８－１２３４" not in everything_stored()


def test_readers_see_the_masked_text_at_once_and_search_finds_nothing():
    item = redacted(approved(leaking()))
    client = Client()
    for address in ("", "?lang=zh-hans"):
        page = client.get(item.get_absolute_url() + address).content.decode()
        assert MASK in page and PHONE not in page
        assert redactions.CHANGE_NOTE in page
    for name in ("board", "items", "feed"):
        assert PHONE not in client.get(reverse(f"disclosures:{name}")).content.decode()
    found = client.get(reverse("disclosures:search"), {"q": PHONE}).content.decode()
    assert item.get_absolute_url() not in found
    assert item.get_absolute_url() in client.get(reverse("disclosures:search"), {"q": MASK[:3]}).content.decode()


def test_the_four_steps_name_the_review_of_the_text_that_was_masked():
    item = redacted(approved(leaking(change_note="")))
    page = Client().get(item.get_absolute_url())
    drafted, reviewed = page.context["steps"][:2]
    assert [entry["text"] for entry in drafted["entries"]] == ["拟定第1版并送审", "依规隐去个人信息（第2版）"]
    assert len(reviewed["entries"]) == 2


def test_the_masked_text_is_a_new_revision_and_the_old_digest_is_kept():
    item = approved(leaking())
    old = item.current_revision
    item = redacted(item)
    new = item.current_revision
    assert (new.number, new.digest) == (old.number + 1, digest(snapshot(new)))
    assert Revision.objects.get(pk=old.pk).digest == old.digest
    assert item.state == ItemState.APPROVED
    assert (item.title, item.body) == (new.title, new.body)
    assert digest(snapshot(Item.objects.get(pk=item.pk))) == new.digest


def test_verification_says_that_it_was_masked_instead_of_that_it_differs():
    item = approved(leaking())
    old = item.current_revision
    redacted(item)
    found = verify(Revision.objects.get(pk=old.pk), code_of(old))
    assert found.is_redacted and found.text_agrees and found.is_genuine
    page = Client().get(reverse("disclosures:verify", args=[code_of(old)])).content.decode()
    assert "已依规隐去个人信息，原摘要保留" in page and PHONE not in page


def test_the_approval_sheets_of_both_revisions_say_so():
    item = approved(leaking())
    old = item.current_revision
    redacted(item)
    examiner = Client()
    examiner.force_login(person("examiner"))
    sheet = examiner.get(reverse("review:sheet", args=[old.uid])).content.decode()
    assert "已依规隐去个人信息，原摘要保留" in sheet and old.digest in sheet and PHONE not in sheet
    new = item.revisions.latest("number")
    assert "公开后的隐去处理" in examiner.get(reverse("review:sheet", args=[new.uid])).content.decode()
    assert verify(new, code_of(new)).is_genuine


def test_verification_still_notices_a_text_changed_after_it_was_masked():
    item = approved(leaking())
    old = item.current_revision
    redacted(item)
    Revision.objects.filter(pk=old.pk).update(title="另一个题目")
    assert not verify(Revision.objects.get(pk=old.pk), code_of(old)).is_genuine


@pytest.mark.parametrize(
    "plan",
    [
        {"audience": "internal"},
        {},
        {"planned_public_from": timedelta(days=5)},
        {"planned_public_until": timedelta(days=5)},
        {"planned_internal_until": timedelta(days=2)},
        {"planned_internal_from": timedelta(days=9), "planned_public_from": timedelta(days=12)},
    ],
)
@pytest.mark.parametrize("later", [timedelta(hours=1), timedelta(days=3), timedelta(days=7)])
def test_it_opens_in_exactly_the_windows_of_the_text_before_it(plan, later):
    start = timezone.now()
    moments = {name: start + value if isinstance(value, timedelta) else value for name, value in plan.items()}
    item = approved(leaking(**moments))
    old = item.releases.get()
    instants = [start + later + timedelta(hours=hours) for hours in (0, 1, 30, 60, 100, 200, 300)]
    before = [(is_visible(old, PUBLIC, at), is_visible(old, MEMBER, at)) for at in instants]
    with time_machine.travel(start + later, tick=False):
        redacted(item)
    rows = list(Release.objects.filter(item=item))
    after = [tuple(any(is_visible(row, reader, at) for row in rows) for reader in (PUBLIC, MEMBER)) for at in instants]
    assert after == before
    for reader in (PUBLIC, MEMBER):
        for at in instants:
            listed = set(Release.objects.visible_to(reader, at).filter(item=item))
            assert listed == {row for row in rows if is_visible(row, reader, at)}
            assert len(listed) <= 1
            assert all(PHONE not in row.revision.title for row in listed)


def test_a_limited_item_stays_limited():
    item = redacted(approved(leaking(branches=("ZB01",))))
    new = item.current_revision.release
    assert new.is_limited and [unit.code for unit in new.branches.all()] == ["ZB01"]


def test_what_was_withdrawn_is_masked_and_opened_to_nobody():
    item = approved(leaking())
    item = perform("withdraw", item=item, by=person("examiner"), expected_version=item.version, reason="有误")
    item = redacted(item)
    assert not hasattr(item.current_revision, "release")
    assert answer(Release.objects.filter(item=item), INSIDER, timezone.now())[0] is Answer.GONE
    assert copies_of(PHONE) == []


def test_what_was_opened_urgently_is_withdrawn_and_not_opened_past_its_review():
    item = submitted(leaking())
    item = perform("urge", item=item, by=person("leader"), expected_version=item.version, reason="防汛")
    item = redacted(item)
    assert item.state == ItemState.DRAFT
    assert item.releases.get().withdrawn_reason == REASON
    assert answer(Release.objects.filter(item=item), INSIDER, timezone.now())[0] is Answer.GONE


def test_a_destroyed_file_leaves_the_disk_and_its_addresses(django_capture_on_commit_callbacks):
    item = approved(with_file(leaking()))
    row = item.current_revision.attachments.select_related("file").get()
    reading.ensure_read(row.file, row.filename)
    FileText.objects.filter(file=row.file).update(state="read", parts=[{"kind": "text", "text": PHONE}])
    public = reverse("disclosures:file", args=[item.number, row.uid])
    desk = reverse("review:file", args=[item.current_revision.uid, row.uid])
    assert Client().get(public).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        redacted(item, files=[row.file.sha256])
    assert not uploads.stored_path(row.file.sha256).exists()
    examiner = Client()
    examiner.force_login(person("examiner"))
    assert Client().get(public).status_code == 404
    assert examiner.get(desk).status_code == 404
    assert FileText.objects.get(file=row.file).parts == []
    assert copies_of(PHONE) == []
    noted = Redaction.objects.get().files.get()
    assert (noted.sha256, noted.filename_masked) == (row.file.sha256, f"{MASK}名单.png")


def test_small_copies_go_with_a_destroyed_picture(django_capture_on_commit_callbacks):
    item = approved(with_file(leaking()))
    row = item.current_revision.attachments.select_related("file").get()
    small = [each.sha256 for each in row.file.thumbnails.all()]
    assert small and all(uploads.stored_path(sha256).exists() for sha256 in small)
    with django_capture_on_commit_callbacks(execute=True):
        redacted(item, files=[row.file.sha256])
    assert not any(uploads.stored_path(sha256).exists() for sha256 in [*small, row.file.sha256])
    assert not row.file.thumbnails.exists()


def test_text_that_was_typed_and_not_saved_goes_with_the_leak():
    item = approved(leaking())
    typed = {"title": [f"电话{PHONE}"]}
    autosave(item, by=person("drafter"), base_version=item.version, content=typed, at=timezone.now())
    redacted(item)
    assert not AutosavedDraft.objects.exists()


def test_the_file_of_a_withdrawn_item_answers_gone(django_capture_on_commit_callbacks):
    item = approved(with_file(leaking()))
    row = item.current_revision.attachments.get()
    perform("withdraw", item=item, by=person("examiner"), expected_version=item.version, reason="有误")
    with django_capture_on_commit_callbacks(execute=True):
        redacted(item, files=[row.file.sha256])
    assert Client().get(reverse("disclosures:file", args=[item.number, row.uid])).status_code == 410


def test_a_file_that_another_item_needs_stays_on_the_disk_but_is_sent_here_no_more(django_capture_on_commit_callbacks):
    item, other = approved(with_file(leaking())), approved(with_file(draft()))
    old = item.current_revision
    row = old.attachments.select_related("file").get()
    with django_capture_on_commit_callbacks(execute=True):
        redacted(item, files=[row.file.sha256])
    assert uploads.stored_path(row.file.sha256).exists()
    examiner = Client()
    examiner.force_login(person("examiner"))
    assert examiner.get(reverse("review:file", args=[old.uid, row.uid])).status_code == 404
    kept_row = other.current_revision.attachments.get()
    assert examiner.get(reverse("review:file", args=[other.current_revision.uid, kept_row.uid])).status_code == 200


def test_bytes_left_behind_by_a_process_that_died_are_destroyed_later():
    item = approved(with_file(leaking()))
    sha256 = item.current_revision.attachments.get().file.sha256
    redacted(item, files=[sha256])  # nothing is committed in a test: as if the process had died
    assert uploads.stored_path(sha256).exists()
    assert destroy_left_behind(timezone.now()) == 1
    assert not uploads.stored_path(sha256).exists()
    assert destroy_left_behind(timezone.now()) == 0


def test_a_replacement_takes_the_place_of_the_file_at_an_address_of_its_own():
    item = approved(with_file(leaking()))
    row = item.current_revision.attachments.get()
    fresh = AttachmentDraft(filename="名单（已隐去）.png", label="", file=picture("green"))
    item = redacted(item, files=[row.file.sha256], replacement=fresh)
    new = item.current_revision.attachments.get()
    assert new.uid != row.uid and new.filename == "名单（已隐去）.png"
    assert Attachment.objects.get(item=item).uid == new.uid
    assert Client().get(reverse("disclosures:file", args=[item.number, new.uid])).status_code == 200


@pytest.mark.parametrize("case", ["the same file", "a name that leaks", "nothing to replace"])
def test_a_replacement_that_mends_nothing_is_refused(case):
    item = approved(with_file(leaking()))
    row = item.current_revision.attachments.select_related("file").get()
    name = f"{PHONE}.png" if case == "a name that leaks" else "名单.png"
    file = row.file if case == "the same file" else picture("green")
    files = [] if case == "nothing to replace" else [row.file.sha256]
    refusal = refused(item, files=files, replacement=AttachmentDraft(filename=name, file=file))
    assert list(refusal.problems) == ["file"]


def test_a_destroyed_file_is_not_attached_again_anywhere():
    item = approved(with_file(leaking()))
    file = item.current_revision.attachments.select_related("file").get().file
    redacted(item, files=[file.sha256])
    with pytest.raises(Refused) as caught:
        with_file(draft(), file)
    assert caught.value.code == "destroyed_file"


def test_a_file_read_while_it_was_destroyed_is_not_remembered(monkeypatch):
    file = picture()
    text = FileText.objects.create(file=file, state="pending", changed_at=timezone.now())

    def read_slowly(*args, **kwargs):
        reading.forget(file)
        return reading.Extracted(parts=[{"kind": "body", "text": PHONE}])

    monkeypatch.setattr(reading, "extract", read_slowly)
    reading.read_behind(file.sha256)
    text.refresh_from_db()
    assert (text.reason, text.parts) == ("destroyed", [])


def test_a_file_that_still_holds_the_leak_must_be_ticked():
    item = approved(with_file(leaking()))
    file = item.current_revision.attachments.get().file
    FileText.objects.filter(file=file).update(state="read", parts=[{"kind": "text", "text": f"电话 {PHONE}"}])
    refusal = refused(item)
    assert "destroyed" in refusal.problems and PHONE not in str(refusal.problems)


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        ({"reason": "  "}, "reason"),
        ({"reason": f"误载{PHONE}"}, "reason"),
        ({"leaks": []}, "passages"),
        ({"leaks": [Leak("的", "*")]}, "passages"),
        ({"leaks": [Leak("**", "**")]}, "passages"),
    ],
)
def test_what_is_incomplete_is_refused_beside_its_field(payload, field):
    assert field in refused(approved(leaking()), **payload).problems


def test_a_passage_remark_and_an_internal_remark_are_masked_too():
    item = submitted(leaking())
    plain = item.current_revision.body_text
    start = plain.index("1234")
    item = decided(item, "examiner", passages=[passage(plain, start, start + 6)])
    item = perform(
        "remark", item=item, by=person("drafter"), expected_version=item.version, text=f"核对{PHONE}", passage=PHONE
    )
    while (step := open_step(item)) is not None:
        for name in ("leader", "deputy")[: step.quorum]:
            item = decided(item, name)
    redacted(item)
    stored = everything_stored()
    assert "12345678" not in stored.replace(" ", "")


def passage(text: str, start: int, end: int):
    from disclosures.services.passages import PassageDraft

    return PassageDraft(quote=text[start:end], remark=f"请删去{PHONE}")


def test_a_correction_in_the_drafting_stage_is_masked_and_keeps_its_authors():
    item = correction(approved(leaking()), body=f"<p>更正：{PHONE}</p>")
    authors = set(item.contributors.values_list("user", flat=True))
    item = redacted(item)
    assert item.state == ItemState.DRAFT
    assert MASK in item.body and PHONE not in item.body
    assert set(item.contributors.values_list("user", flat=True)) == authors
    assert answer(Release.objects.filter(item=item), PUBLIC, timezone.now())[1].revision.number == 2
    assert copies_of(PHONE) == []


def test_a_correction_under_review_goes_back_to_its_drafter():
    item = submitted(correction(approved(leaking()), body=f"<p>更正：{PHONE}</p>"))
    reviewed = item.current_revision
    item = redacted(item)
    assert item.state == ItemState.DRAFT
    assert set(reviewed.steps.values_list("state", flat=True)) == {StepState.CANCELLED}
    assert copies_of(PHONE) == []
    item = submitted(item, "drafter")
    assert item.current_revision.number == 4


def test_a_returned_correction_stays_returned_and_is_masked():
    item = decided(submitted(correction(approved(leaking()))), "examiner", "return")
    item = redacted(item)
    assert item.state == ItemState.RETURNED
    assert copies_of(PHONE) == []


def test_a_draft_that_was_never_opened_is_simply_changed():
    assert why_not("redact", item=leaking(), by=person("examiner")) is not None


def test_drafters_do_not_redact():
    item = approved(leaking())
    assert why_not("redact", item=item, by=person("drafter")) is not None
    assert why_not("redact", item=item, by=person("examiner")) is None


def test_the_trail_and_the_notices_name_no_text():
    item = redacted(approved(leaking()))
    event = Event.objects.get(verb="item.redacted")
    assert (event.reason, event.after["revision"], event.after["revisions"]) == (REASON, 2, 1)
    told = set(Notice.objects.filter(verb="item.redacted").values_list("recipient__username", flat=True))
    assert told == {"drafter"}  # the examiner of the office did it and is not told
    assert PHONE not in str(event.after) and item.redactions.get().kinds == ["mobile"]


def test_somebody_else_confirms_it_who_wrote_none_of_it():
    item = redacted(approved(leaking()))
    for name in ("examiner", "drafter", "branch_drafter", "supervisor"):
        assert why_not("confirm_redaction", item=item, by=person(name)) is not None, name
    item = perform("confirm_redaction", item=item, by=person("deputy"), expected_version=item.version)
    redaction = Redaction.objects.get()
    assert redaction.confirmed_by == person("deputy") and redaction.confirmed_at
    assert why_not("confirm_redaction", item=item, by=person("leader")) is not None
    assert Event.objects.filter(verb="item.redaction_confirmed").count() == 1


def test_it_happens_at_one_instant_so_that_no_reader_finds_a_gap():
    item = approved(leaking())
    old = item.releases.get()
    redacted(item)
    old.refresh_from_db()
    new = item.releases.latest("id")
    assert old.internal_until == new.internal_from == Redaction.objects.get().at
    assert new.internal_since == old.internal_since


def test_a_failure_half_way_changes_nothing(monkeypatch):
    item = approved(leaking())

    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("disclosures.services.redacting.tell", fail)
    with pytest.raises(RuntimeError):
        redacted(item)
    assert not Redaction.objects.exists()
    assert PHONE in Item.objects.get(pk=item.pk).title and item.releases.count() == 1


def test_a_second_leak_can_be_masked_in_the_same_item():
    item = redacted(approved(leaking()))
    item = redacted(item, leaks=[Leak("张三", "张*", "listed_word")])
    assert item.current_revision.number == 3
    assert copies_of("张三") == []
    old = item.revisions.get(number=1)
    assert verify(old, code_of(old)).is_genuine
