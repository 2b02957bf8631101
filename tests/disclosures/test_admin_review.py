"""Review over HTTP: exactly one's own steps, the frozen text, verdicts bound to what was read, four eyes."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from disclosures.admin.waiting import words_of
from disclosures.models import Decision, ReviewStep
from disclosures.models.items import ItemState
from disclosures.services import perform
from organizations.models import Appointment
from tests.disclosures.admin_desk import PDF, at_desk, fields_of, form_url
from tests.people import (
    SENSITIVE_ENTRY,
    approved,
    branch_draft,
    decided,
    draft,
    entry,
    furnish,
    person,
    submitted,
    unit,
)

pytestmark = pytest.mark.django_db
QUEUE = "/admin/review-queue/"
EVERY = ("accuracy", "necessity", "secrecy", "content", "scope", "form")
AGREED = {**dict.fromkeys(EVERY, "yes"), "outcome": "approve"}
REFUSED = {**AGREED, "accuracy": "no", "accuracy_remark": "第二段有误", "outcome": "return"}


@pytest.fixture(autouse=True)
def house(settings, tmp_path):
    settings.UPLOAD_ROOT = tmp_path
    furnish()


def address(item, name="revision", *more):
    item.refresh_from_db()
    return reverse(f"review:{name}", args=[item.current_revision.uid, *more])


def send(item, by, data, name="decide"):
    return at_desk(by).post(address(item, name), {"version": item.version, **data})


def in_queue(username):
    return [row.step.revision.item for row in at_desk(username).get(QUEUE).context["rows"]]


def test_queue_shows_each_reviewer_their_own_steps_oldest_first():
    first, second, branch = submitted(draft()), submitted(draft()), submitted(branch_draft())
    assert in_queue("examiner") == [first, second]
    assert in_queue("secretary") == [branch]
    assert in_queue("leader") == in_queue("superior") == in_queue("drafter") == []
    decided(first, "examiner")
    assert in_queue("examiner") == [second]
    assert in_queue("leader") == in_queue("deputy") == [first]
    decided(first, "leader")
    assert in_queue("leader") == []


def test_queue_says_how_long_each_waits():
    with time_machine.travel(timezone.now() - timedelta(days=6, hours=2), tick=False):
        submitted(draft())
    page = at_desk("examiner").get(QUEUE)
    assert page.context["rows"][0].standing.is_overdue
    assert words_of(timedelta(days=6, hours=2)) in page.content.decode()
    assert len({words_of(timedelta(**span)) for span in ({"days": 2}, {"hours": 3}, {"minutes": 3})}) == 3


def test_queue_costs_the_same_for_one_and_for_many(django_assert_max_num_queries):
    for _number in range(6):
        submitted(draft())
    client = at_desk("examiner")
    client.get(QUEUE)
    with django_assert_max_num_queries(24):  # with the steps nobody can decide, which the office sees
        client.get(QUEUE)


def test_review_page_costs_a_fixed_number_of_queries(django_assert_max_num_queries):
    item = submitted(draft())
    for _round in range(3):
        item = decided(
            item, "examiner", "return", {"accuracy": (False, "改"), "necessity": (True, ""), "secrecy": (True, "")}
        )
        item = submitted(item, "drafter")
    client = at_desk("examiner")
    client.get(address(item))
    with django_assert_max_num_queries(95):
        client.get(address(item))


def test_approval_goes_on_and_the_last_one_opens_the_text():
    item = submitted(draft())
    assert send(item, "examiner", AGREED).url == QUEUE
    assert send(item, "leader", AGREED).status_code == 302
    assert send(item, "deputy", AGREED).status_code == 302
    item.refresh_from_db()
    assert item.state == ItemState.APPROVED and item.releases.exists()


def test_return_names_the_aspect_and_keeps_what_was_typed_when_it_does_not():
    item = submitted(draft())
    response = send(item, "examiner", {**REFUSED, "accuracy_remark": "", "remark": "总的意见"})
    assert response.status_code == 400
    page = response.content.decode()
    assert "总的意见" in page and any(row["error"] for row in response.context["sheet"].rows())
    assert send(item, "examiner", REFUSED).status_code == 302
    item.refresh_from_db()
    assert item.state == ItemState.RETURNED
    assert item in list(at_desk("drafter").get("/admin/disclosures/item/?state=returned").context["cl"].result_list)


@pytest.mark.parametrize(
    "wrong",
    [
        {**AGREED, "outcome": ""},
        {**AGREED, "outcome": "release"},
        {**AGREED, "accuracy": "maybe"},
        {**AGREED, "accuracy": ""},
        {**AGREED, "accuracy": "no", "accuracy_remark": "有误"},
        {**AGREED, "outcome": "return"},
        {**AGREED, "remark": "长" * 1001},
        {**AGREED, "secrecy_remark": "a\0b"},
        {},
    ],
)
def test_unclear_verdicts_are_refused_and_decide_nothing(wrong):
    item = submitted(draft())
    assert send(item, "examiner", wrong).status_code == 400
    assert not Decision.objects.exists()


def test_newer_revision_is_refused_with_a_link_to_it():
    item = submitted(draft())
    old, version = address(item, "decide"), item.version
    item = perform("recall", item=item, by=person("drafter"), expected_version=item.version)
    item = submitted(item)
    response = at_desk("examiner").post(old, {"version": version, **AGREED, "remark": "写好的意见"})
    assert response.status_code == 409
    assert address(item) in response.content.decode()
    current = at_desk("examiner").post(old, {"version": item.version, **AGREED})
    assert current.status_code == 409
    assert not Decision.objects.exists()


def test_stale_version_keeps_the_typed_remark():
    item = submitted(draft())
    response = at_desk("examiner").post(address(item, "decide"), {"version": "x", **AGREED, "remark": "写好的意见"})
    assert response.status_code == 409
    assert "写好的意见" in response.content.decode()


def test_whoever_wrote_it_never_decides_superuser_and_second_role_included():
    drafter = person("drafter")
    drafter.is_superuser = True
    drafter.save()
    Appointment.objects.create(user=drafter, role="examiner", unit=unit("LB"), valid_from="2020-01-01")
    item = submitted(draft())
    assert in_queue("drafter") == []
    page = at_desk("drafter").get(address(item))
    assert page.context["why_not"]["decide"] and page.context["why_not"]["record"]
    assert send(item, "drafter", AGREED).status_code == 403
    assert send(item, "drafter", {f"record-{k}": v for k, v in evidence().items()}, "record").status_code == 403
    assert not Decision.objects.exists()


def test_readers_without_a_part_see_why_they_cannot_decide():
    item = submitted(draft())
    for name in ("leader", "supervisor", "drafter"):
        page = at_desk(name).get(address(item))
        assert page.status_code == 200
        assert page.context["why_not"]["decide"] in page.content.decode()
    assert send(item, "leader", AGREED).status_code == 403


def test_hidden_and_missing_revisions_answer_alike():
    item = submitted(draft())
    missing = reverse("review:revision", args=["00000000-0000-4000-8000-000000000000"])
    for name in ("branch_drafter", "secretary", "superior", "sysadmin", "auditor"):
        client = at_desk(name)
        assert client.get(address(item)).status_code == client.get(missing).status_code == 404
        assert client.post(address(item, "decide"), AGREED).status_code == 404


def test_superior_reads_the_revision_once_its_step_is_reached():
    item = submitted(draft(entry=entry(SENSITIVE_ENTRY), sensitive=True))
    assert at_desk("superior").get(address(item)).status_code == 404
    item = decided(item, "examiner")
    for name in ("leader", "deputy"):
        if at_desk("superior").get(address(item)).status_code == 404:
            item = decided(item, name)
    assert at_desk("superior").get(address(item)).status_code == 200
    assert in_queue("superior") == [item]
    assert send(item, "superior", AGREED).status_code == 302
    assert at_desk("superior").get(address(item)).status_code == 200


def with_files(item):
    """The item with a published file and one kept for the file only."""
    client = at_desk("drafter")
    pdf = lambda more=b"": SimpleUploadedFile("依据.pdf", PDF + more, "application/pdf")  # noqa: E731
    data = {"attachments-0-file": pdf(), "attachments-1-file": pdf(b"%2"), "attachments-1-is_published": "no"}
    assert client.post(form_url(item), {**fields_of(client.get(form_url(item))), **data}).status_code == 302
    item.refresh_from_db()
    return item


def test_reviewer_opens_every_file_of_the_revision_and_others_none():
    item = submitted(with_files(draft()))
    files = list(item.current_revision.attachments.all())
    assert [file.is_published for file in files] == [True, False]
    for file in files:
        response = at_desk("examiner").get(address(item, "file", file.uid))
        assert b"".join(response.streaming_content).startswith(PDF)
        assert response["X-Content-Type-Options"] == "nosniff"
        assert at_desk("secretary").get(address(item, "file", file.uid)).status_code == 404


def test_page_shows_what_changed_since_the_last_revision():
    item = submitted(draft(body="<p>第一段。</p><p>第二段。</p>"))
    item = decided(
        item, "examiner", "return", {"accuracy": (False, "改第二段"), "necessity": (True, ""), "secrecy": (True, "")}
    )
    fields = {"title": "新的标题", "body": "<p>第一段。</p><p>改过的第二段。</p>"}
    item = perform("save", item=item, by=person("drafter"), expected_version=item.version, fields=fields)
    page = at_desk("examiner").get(address(submitted(item)))
    changes = page.context["changes"]
    assert [change.new for change in changes.fields.facts] == ["新的标题"]
    assert [passage.kind for passage in changes.text] == ["same", "changed"]
    assert [(piece.kind, piece.text) for piece in changes.text[1].pieces] == [("new", "改过的"), ("same", "第二段。")]
    assert "改第二段" in page.content.decode()


def evidence(**changes):
    values = {
        **AGREED,
        "kind": "minutes",
        "number": "会议纪要〔2026〕3号",
        "date": "2026-01-06",
        "decided_by_name": "领导小组会议",
    }
    return {**values, **changes}


def test_decision_of_a_meeting_is_entered_with_its_scan():
    item = decided(submitted(draft()), "examiner")
    assert [row.step.revision.item for row in at_desk("examiner").get(QUEUE).context["recordable"]] == [item]
    data = {f"record-{key}": value for key, value in evidence().items()}
    fake = SimpleUploadedFile("纪要.pdf", b"MZ", "application/pdf")
    refused = send(item, "examiner", {**data, "record-file": fake}, "record")
    assert refused.status_code == 400 and "会议纪要〔2026〕3号" in refused.content.decode()
    scan = SimpleUploadedFile("纪要.pdf", PDF, "application/pdf")
    unfinished = send(item, "examiner", {**data, "record-number": "", "record-file": scan}, "record")
    token = unfinished.context["record_form"]["token"].value()
    assert unfinished.status_code == 400 and token
    assert send(item, "examiner", {**data, "record-token": token}, "record").status_code == 302
    decision = Decision.objects.get(evidence="minutes")
    assert (decision.decided_by_name, decision.recorded_by.username) == ("领导小组会议", "examiner")
    file = at_desk("leader").get(address(item, "evidence", decision.uid))
    assert b"".join(file.streaming_content) == PDF
    assert at_desk("secretary").get(address(item, "evidence", decision.uid)).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [{"kind": "rumour"}, {"date": "x"}, {"date": "0001-01-01"}, {"date": "2199-01-01"}, {"decided_by_name": " "}],
)
def test_incomplete_evidence_is_refused(wrong):
    item = decided(submitted(draft()), "examiner")
    data = {f"record-{key}": value for key, value in evidence(**wrong).items()}
    assert send(item, "examiner", data, "record").status_code == 400
    assert not Decision.objects.filter(evidence="minutes").exists()


def test_reviewer_sends_it_on_to_the_superior():
    item = submitted(draft())
    assert send(item, "examiner", {"raise-reason": ""}, "raise").status_code == 400
    assert send(item, "drafter", {"raise-reason": "重大"}, "raise").status_code == 403
    assert send(item, "examiner", {"raise-reason": "涉及重大事项"}, "raise").status_code == 302
    assert ReviewStep.objects.filter(revision=item.current_revision, unit__code="SJ").exists()


def test_decisions_are_posts_and_reading_writes_nothing():
    item = submitted(draft())
    client = at_desk("examiner")
    for name in ("decide", "record", "raise"):
        assert client.get(address(item, name)).status_code == 405
    assert client.post(address(item)).status_code == 405
    client.get(address(item))
    assert not Decision.objects.exists()


def test_past_reviews_stay_readable():
    item = approved(draft())
    for name in ("examiner", "leader", "drafter", "supervisor"):
        assert at_desk(name).get(address(item)).status_code == 200
