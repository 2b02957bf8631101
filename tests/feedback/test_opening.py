"""A sealed identity is asked for by one person, granted by another, seen once, and destroyed in the end."""

from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from feedback import sealing
from feedback.models import (
    Identity,
    IdentityDecision,
    IdentityDestruction,
    IdentityOpening,
    IdentityRequest,
    Target,
)
from feedback.services import Refused, open_identity, why_not
from feedback.services.forgetting import destroy_old_identities
from notifications.models import Notice
from tests.feedback.cases import SECRET_CONTACT, SECRET_NAME, carried, did, sent
from tests.people import person, unit

pytestmark = pytest.mark.usefixtures("house")
WHY = "需电话核实时间地点"


def page_of(case):
    return reverse("admin:feedback_case_change", args=[case.pk])


def act_on(case, verb):
    return reverse("admin:feedback_case_act", args=[case.pk, verb])


def asked(by="examiner", case=None):
    return did(case or sent(named=True), "ask_identity", by, reason=WHY)


def decided(case, by="leader", *, is_granted=True, remark=""):
    request = case.identity_requests.latest("id").pk
    return did(case, "decide_identity", by, request=request, is_granted=is_granted, remark=remark)


def granted():
    return decided(asked())


def test_what_one_asked_for_and_another_granted_is_seen_once():
    case = granted()
    assert open_identity(case=case, by=person("examiner")).name == SECRET_NAME
    with pytest.raises(Refused):
        open_identity(case=case, by=person("examiner"))
    verbs = [event.verb for event in Event.objects.filter(verb__startswith="identity.").order_by("pk")]
    assert verbs == ["identity.asked_for", "identity.granted", "identity.opened"]
    written = "".join(str(event.payload()) for event in Event.objects.all())
    assert SECRET_NAME not in written
    assert SECRET_CONTACT not in written
    assert WHY not in written


def test_nothing_is_seen_before_a_second_person_grants_it():
    case = asked()
    with pytest.raises(Refused):
        open_identity(case=case, by=person("examiner"))
    assert not IdentityOpening.objects.exists()


def test_a_grant_holds_for_a_day():
    case = granted()
    with time_machine.travel(timezone.now() + timedelta(hours=24, seconds=1)), pytest.raises(Refused):
        open_identity(case=case, by=person("examiner"))
    with time_machine.travel(timezone.now() + timedelta(hours=23, minutes=59)):
        assert open_identity(case=case, by=person("examiner")).contact == SECRET_CONTACT


def test_a_grant_is_for_who_asked():
    case = granted()
    for username in ("leader", "deputy", "drafter"):
        with pytest.raises(Refused):
            open_identity(case=case, by=person(username))


def test_who_asked_grants_nothing_even_with_both_abilities():
    case = sent("ZB01", named=True, kind="complaint")
    Target.objects.create(case=case, unit=unit("ZB01"), named_by="sender", at=timezone.now())
    type(case).objects.filter(pk=case.pk).update(unit=unit("JW"))
    asked("deputy", case)
    assert why_not("decide_identity", case=case, by=person("deputy")) is not None
    with pytest.raises(Refused):
        decided(case, "deputy")
    assert decided(case, "leader").pk == case.pk


def test_the_database_refuses_a_grant_by_who_asked():
    asked()
    request = IdentityRequest.objects.get()
    with pytest.raises(IntegrityError, match="identity"), transaction.atomic():
        IdentityDecision.objects.create(
            request=request, is_granted=True, decided_by=request.asked_by, decided_at=timezone.now()
        )


def test_the_database_refuses_an_opening_that_nobody_granted():
    request = asked().identity_requests.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        IdentityOpening.objects.create(request=request, opened_at=timezone.now())
    decided(request.case, is_granted=False, remark="理由不足")
    with pytest.raises(IntegrityError), transaction.atomic():
        IdentityOpening.objects.create(request=request, opened_at=timezone.now())


def test_a_request_is_refused_with_a_reason_and_can_be_made_again():
    case = asked()
    with pytest.raises(Refused):
        decided(case, is_granted=False)
    decided(case, is_granted=False, remark="可经查询码联系来信人")
    assert Notice.objects.filter(verb="identity.refused", recipient__username="examiner").exists()
    with pytest.raises(Refused):
        open_identity(case=case, by=person("examiner"))
    assert asked(case=case).identity_requests.count() == 2


def test_granters_are_told_and_one_request_waits_at_a_time():
    case = asked()
    told = set(Notice.objects.filter(verb="identity.asked_for").values_list("recipient__username", flat=True))
    assert told == {"leader"}
    with pytest.raises(Refused):
        asked(case=case)


@pytest.mark.parametrize("username", ["drafter", "leader", "supervisor", "auditor", "sysadmin", "party_member"])
def test_others_do_not_ask(username):
    with pytest.raises(Refused):
        asked(username)


@pytest.mark.parametrize("username", ["drafter", "examiner", "deputy", "supervisor", "sysadmin"])
def test_others_do_not_grant(username):
    case = asked("examiner")
    with pytest.raises(Refused):
        decided(case, username)


@pytest.mark.parametrize(("near", "asks", "grants"), [("LB", False, True), ("LX", True, False)])
def test_people_of_the_unit_complained_about_neither_ask_nor_grant(near, asks, grants):
    case = asked()
    Target.objects.create(case=case, unit=unit(near), named_by="sender", at=timezone.now())
    other = sent(named=True)
    Target.objects.create(case=other, unit=unit(near), named_by="sender", at=timezone.now())
    assert (why_not("ask_identity", case=other, by=person("examiner")) is None) is asks
    assert (why_not("decide_identity", case=case, by=person("leader")) is None) is grants


def test_a_grant_given_before_the_unit_was_named_opens_nothing():
    case = granted()
    did(case, "name_target", "drafter", unit=unit("LB"))
    with pytest.raises(Refused):
        open_identity(case=case, by=person("examiner"))


def test_an_unnamed_case_has_nothing_to_ask_for():
    with pytest.raises(Refused):
        asked(case=sent())
    assert not Identity.objects.exists()


@pytest.mark.parametrize("model", [IdentityRequest, IdentityDecision, IdentityOpening])
def test_every_step_stays_written(model):
    open_identity(case=granted(), by=person("examiner"))
    for change in (lambda: model.objects.update(id=99), lambda: model.objects.all()._raw_delete("default")):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_the_pages_lead_from_the_request_to_the_identity(logged_in):
    case = sent(named=True)
    body = lambda page: unescape(page.content.decode())  # noqa: E731
    assert act_on(case, "open_identity") not in body(logged_in("examiner").get(page_of(case)))
    client = logged_in("examiner")
    assert client.post(act_on(case, "open_identity"), {"version": 1}).status_code == 403
    assert client.post(act_on(case, "ask_identity"), {"version": 1, "reason": WHY}).status_code == 302
    client = logged_in("leader")
    assert WHY in body(client.get(page_of(case)))
    typed = {"version": 1, "request": IdentityRequest.objects.get().pk, "is_granted": "yes"}
    assert client.post(act_on(case, "decide_identity"), typed).status_code == 302
    assert act_on(case, "open_identity") not in body(client.get(page_of(case)))
    client = logged_in("examiner")
    assert act_on(case, "open_identity") in body(client.get(page_of(case)))
    page = client.post(act_on(case, "open_identity"), {"version": 1})
    assert SECRET_NAME in body(page)
    assert SECRET_CONTACT in body(page)
    assert "no-store" in page["Cache-Control"]
    assert SECRET_NAME not in body(client.get(page_of(case)))
    assert client.post(act_on(case, "open_identity"), {"version": 1}).status_code == 403


def test_why_it_was_asked_for_is_not_shown_to_others(logged_in):
    case = asked()
    for username in ("drafter", "supervisor"):
        assert WHY not in unescape(logged_in(username).get(page_of(case)).content.decode())


def days(count):
    return time_machine.travel(timezone.now() + timedelta(days=count))


@pytest.mark.parametrize("state", ["closed", "declined"])
def test_an_identity_is_destroyed_after_its_time_and_the_case_stays(logged_in, state):
    case = carried(state, named=True)
    with days(1094):
        assert destroy_old_identities(timezone.now()) == 0
        assert sealing.unseal(Identity.objects.get()).name == SECRET_NAME
    with days(1096):
        assert destroy_old_identities(timezone.now()) == 1
        assert destroy_old_identities(timezone.now()) == 0
    identity = Identity.objects.get()
    assert (bytes(identity.ciphertext), bytes(identity.nonce)) == (b"", b"")
    assert Event.objects.filter(verb="identity.destroyed", subject_ref=str(case.uid)).count() == 1
    day = IdentityDestruction.objects.get().destroyed_at
    page = unescape(logged_in("examiner").get(page_of(case)).content.decode())
    assert f"{timezone.localtime(day).day}日" in page
    assert case.text in page
    assert why_not("ask_identity", case=case, by=person("examiner")) is not None


def test_a_case_under_way_keeps_its_identity():
    carried("answered", named=True)
    with days(5000):
        assert destroy_old_identities(timezone.now()) == 0


def test_a_grant_opens_nothing_once_the_identity_is_destroyed(settings):
    settings.PORTAL_IDENTITY_RETENTION_DAYS = 0
    case = decided(asked(case=carried("closed", named=True)))
    destroy_old_identities(timezone.now())
    with pytest.raises(Refused):
        open_identity(case=case, by=person("examiner"))


def test_the_period_is_a_setting_and_tick_keeps_it(settings, capsys):
    settings.PORTAL_IDENTITY_RETENTION_DAYS = 30
    carried("closed", named=True)
    with days(31):
        call_command("tick")
    assert "1 identities of senders destroyed" in capsys.readouterr().out
    assert IdentityDestruction.objects.count() == 1


@pytest.mark.parametrize(("kept", "is_fit"), [(1095, True), (1, True), (0, False), (-1, False)])
def test_a_period_that_keeps_nothing_is_reported(settings, kept, is_fit):
    settings.PORTAL_IDENTITY_RETENTION_DAYS = kept
    assert ("feedback.E002" not in {message.id for message in run_checks()}) is is_fit
