"""Who is told of what: the table of `notices.py`, carried out, and asked again when a notice is shown."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone, translation

from audit.verbs import sentence
from disclosures.notices import CIRCLES, TABLE, WORDS, Circle
from disclosures.services import perform
from disclosures.services.reminding import warn_of_stuck
from notifications.models import Notice
from organizations.models import Appointment
from scripts.tables import notices_table
from tests.disclosures.admin_desk import at_desk
from tests.people import YES, approved, branch_draft, correction, decided, draft, person, submitted, unit

pytestmark = pytest.mark.usefixtures("house")
NO = {**YES, "scope": (False, "范围过宽")}


def told(verb):
    rows = list(Notice.objects.filter(verb=verb).values_list("recipient__username", flat=True))
    assert len(rows) == len(set(rows)), "someone was told twice"
    return set(rows)


def do(verb, item, by, **payload):
    item.refresh_from_db()
    return perform(verb, item=item, by=person(by), expected_version=item.version, **payload)


def second_drafter(username="member"):
    Appointment.objects.create(user=person(username), role="drafter", unit=unit("JG"), valid_from="2020-01-01")
    return username


def test_document_prints_the_table():
    with translation.override("en"):
        assert notices_table() in Path("docs/workflow.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("verb", sorted(TABLE))
def test_every_notice_has_a_sentence_and_known_circles(verb):
    assert sentence(verb) != verb
    assert set(TABLE[verb].told) <= set(CIRCLES) == set(WORDS) == set(Circle)


def test_submission_tells_the_other_author_and_those_who_decide_first():
    other = second_drafter()
    item = draft()
    item = do("save", item, other, fields={"title": "二人合写"})
    submitted(item, "drafter")
    assert told("item.submitted") == {other}
    assert told("review.step_opened") == {"examiner"}


def test_next_step_tells_its_deciders_without_authors_and_the_author_that_it_goes_on():
    other = second_drafter()
    item = draft()
    item = do("save", item, other, fields={"title": "二人合写"})
    decided(submitted(item, "drafter"), "examiner")
    assert told("review.step_opened") == {"examiner", "leader", "deputy"}
    assert told("review.approved") == {"drafter", other}


def test_return_of_a_late_step_tells_those_who_agreed_before():
    item = decided(decided(submitted(draft()), "examiner"), "leader")
    decided(item, "deputy", "return", NO)
    assert told("review.returned") == {"drafter", "examiner", "leader"}


def test_recall_tells_those_who_would_decide_and_those_who_agreed():
    item = decided(decided(submitted(draft()), "examiner"), "leader")
    do("recall", item, "drafter")
    assert told("item.recalled") == {"examiner", "leader", "deputy", "member"}


def test_raising_tells_the_author_and_those_who_agreed_and_nobody_above_before_their_step():
    item = decided(submitted(draft()), "examiner")
    do("raise", item, "leader", revision=1, reason="重大")
    assert told("review.raised") == {"drafter", "examiner"}
    assert "superior" not in told("review.step_opened")


def test_opening_tells_the_author_and_those_who_agreed():
    approved(branch_draft())
    assert told("release.opened") == {"branch_drafter", "secretary"}


def test_correction_and_withdrawal_tell_the_others_only():
    other = second_drafter()
    item = draft()
    item = do("save", item, other, fields={"title": "二人合写"})
    item = submitted(item, "drafter")
    for name in ("examiner", "leader", "deputy"):
        item = decided(item, name)
    correction(item)
    assert told("item.correction_started") == {"drafter", other} - {item.updated_by.username}
    do("withdraw", item, "examiner", reason="有误")
    assert told("release.withdrawn") == {"drafter", other, "leader", "deputy"}


def test_urgency_tells_those_who_confirm_and_its_end_tells_the_leader():
    item = decided(submitted(draft()), "examiner")
    do("urge", item, "leader", reason="防汛")
    assert told("release.urged") == {"drafter", "examiner", "deputy", "member"}
    decided(item, "deputy", "return", NO)
    assert told("release.urgency_ended") == {"leader", "drafter", "examiner"}


def test_confirmation_tells_the_leader():
    item = submitted(branch_draft())
    do("urge", item, "leader", reason="防汛")
    decided(item, "secretary")
    assert told("release.urgency_confirmed") == {"leader", "branch_drafter", "examiner"}


def test_other_units_are_never_told():
    decided(submitted(branch_draft()), "secretary", "return", NO)
    everyone = set(Notice.objects.values_list("recipient__username", flat=True))
    assert everyone == {"secretary", "branch_drafter"}


def test_notice_shows_title_and_link_to_whoever_reads_the_subject():
    item = submitted(branch_draft(title="支部的事"))
    lines = at_desk("secretary").get("/admin/").context["notices"]
    assert [(line.title, bool(line.url)) for line in lines] == [(item.title, True)]


def test_notice_shows_neither_title_nor_link_once_reading_ended():
    item = decided(submitted(branch_draft(title="支部的秘事")), "secretary", "return", NO)
    yesterday = timezone.localdate() - timedelta(days=1)
    Appointment.objects.filter(user=person("branch_drafter")).update(valid_until=yesterday)
    page = at_desk("branch_drafter").get("/admin/")
    assert [(line.title, line.url) for line in page.context["notices"]] == [("", "")]
    text = page.content.decode()
    assert item.title not in text and str(item.uid) not in text


def test_notice_itself_names_no_content():
    submitted(branch_draft(title="支部的秘事"))
    for row in Notice.objects.all():
        assert "秘事" not in f"{row.verb}{row.subject_kind}{row.subject_ref}{sentence(row.verb)}"


SECRETARY_GOES = {"valid_from": "2020-01-01", "valid_until": "2020-06-01", "order": "0", "name_is_complete": "on"}


def secretary_leaves():
    held = Appointment.objects.get(user=person("secretary"), role="branch_secretary")
    values = {"user": held.user_id, "unit": held.unit_id, "role": held.role, **SECRETARY_GOES}
    return at_desk("sysadmin").post(f"/admin/organizations/appointment/{held.pk}/change/", values, follow=True)


def test_an_appointment_that_ends_warns_its_keeper_and_tells_the_office_once():
    item = submitted(branch_draft())
    page = secretary_leaves()
    (warning,) = [message.message for message in page.context["messages"]][:1]
    assert "1" in warning and item.title not in page.content.decode()
    assert told("review.stuck") == {"examiner"}
    assert warn_of_stuck(timezone.now()) == []
    assert Notice.objects.filter(verb="review.stuck").count() == 1


def test_a_step_stuck_once_more_is_told_once_more():
    submitted(branch_draft())
    secretary_leaves()
    gone = Appointment.objects.get(user=person("secretary"), role="branch_secretary")
    back = Appointment.objects.create(user=gone.user, role=gone.role, unit=gone.unit, valid_from="2020-01-01")
    assert warn_of_stuck(timezone.now()) == []
    back.valid_until = "2020-02-01"
    back.save()
    assert len(warn_of_stuck(timezone.now())) == 1
    assert Notice.objects.filter(verb="review.stuck").count() == 2


def test_a_change_that_leaves_somebody_warns_of_nothing():
    submitted(draft())
    secretary_leaves()
    assert told("review.stuck") == set()
