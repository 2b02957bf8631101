"""What `record` writes and what it refuses."""

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import transaction
from django.utils.translation import gettext_lazy

from audit.models import Event
from audit.services import READER, OutsideTransaction, record

NOON = datetime(2012, 2, 2, 4, 0, 0, 123456, tzinfo=UTC)


@dataclass
class Clerk:
    username: str = "drafter"
    display_name: str = "Drafter"
    office: str = "Bureau office"


def test_event_carries_who_when_what_as_text(make_event):
    with time_machine.travel(NOON, tick=False):
        made = make_event(by=Clerk(), subject_ref=uuid.UUID(int=7), subject_label="BUR-2012-A1", reason="Complete.")
    event = Event.objects.get(uid=made.uid)
    assert event.at == NOON
    assert (event.actor_username, event.actor_name, event.actor_office) == ("drafter", "Drafter", "Bureau office")
    assert (event.verb, event.subject_ref, event.subject_label) == (
        "item.submitted",
        "00000000-0000-0000-0000-000000000007",
        "BUR-2012-A1",
    )
    assert (event.reason, event.version, event.algorithm) == ("Complete.", "1", "sha-256")


def test_hash_of_a_known_event_never_changes():
    event = Event(
        uid=uuid.UUID(int=1),
        at=NOON,
        actor_username="drafter",
        actor_name="起草人",
        actor_office="局办公室",
        verb="item.submitted",
        subject_kind="item",
        subject_ref="ref-1",
        subject_label="BUR-2012-A1",
        unit_code="bureau",
        before={"state": "draft"},
        after={"state": "submitted", "revision": 1, "branches": ["1", "2"], "public": True, "until": None},
        reason="材料齐全\n请审核",
    )
    assert event.computed_hash() == "409d81d6cdeeec1d3939e5935c33a0d1393f063eaab996e39052f21b1e169631"


def test_hash_is_the_same_after_the_database_kept_it(make_event):
    after = {"党": "务", "nested": {"b": 1, "a": 2}}
    made = make_event(before={"z": 1, "a": [None, True]}, after=after, reason="é\ne\u0301")
    kept = Event.objects.get(uid=made.uid)
    assert kept.hash == made.hash == kept.computed_hash()


@pytest.mark.parametrize(
    "column",
    [field.name for field in Event._meta.fields if field.name not in {"id", "hash"}],
)
def test_hash_covers_every_column(make_event, column):
    event = make_event()
    other = {"uid": uuid.uuid4(), "at": NOON}.get(column, "other")
    setattr(event, column, other)
    assert event.computed_hash() != event.hash


def test_dates_uids_and_lazy_text_become_text(make_event):
    event = make_event(after={"on": date(2012, 2, 2), "at": NOON, "uid": uuid.UUID(int=1), "label": gettext_lazy("x")})
    assert event.after == {
        "on": "2012-02-02",
        "at": "2012-02-02T04:00:00.123456Z",
        "uid": "00000000-0000-0000-0000-000000000001",
        "label": "x",
    }


def test_portal_and_unnamed_readers_have_names_no_account_can_have(make_event):
    assert make_event(by=None).actor_username == "~system"
    assert make_event(by=READER).actor_username == "~reader"


def test_person_without_username_is_refused(make_event):
    with pytest.raises(ValueError):
        make_event(by=Clerk(username=""))


def test_control_characters_are_removed(make_event):
    label, reason = "BUR\x00-1\n\u202egnp\x1b[31m", "one\r\ntwo\x00\x85\ud800\u2066"
    event = make_event(subject_label=label, reason=reason, after={"k\x00": ["v\x07"]})
    event.refresh_from_db()
    assert event.subject_label == "BUR-1 gnp[31m"
    assert event.reason == "one\ntwo"
    assert event.after == {"k": ["v"]}
    assert event.hash == event.computed_hash()


def test_long_labels_are_cut_to_the_column(make_event):
    assert make_event(subject_label="长" * 500).subject_label == "长" * 199 + "…"


@pytest.mark.parametrize("after", [{"share": 0.5}, {"body": "x" * 70_000}, {"big": 2**60}])
def test_changes_that_do_not_belong_in_the_trail_are_refused(make_event, after):
    with pytest.raises((TypeError, ValueError)):
        make_event(after=after)
    assert not Event.objects.exists()


@pytest.mark.parametrize("verb", ["", "Item.Submitted", "item submitted", "item.", "item.submitted\n"])
def test_verbs_have_one_form(make_event, verb):
    with pytest.raises(ValueError):
        make_event(verb)


@pytest.mark.django_db(transaction=True)
def test_event_outside_a_transaction_is_refused():
    with pytest.raises(OutsideTransaction, match=r"item\.submitted"):
        record("item.submitted", by=None, subject_kind="item", subject_ref="ref-1")
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_event_goes_when_its_fact_is_rolled_back():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record("item.submitted", by=None, subject_kind="item", subject_ref="ref-1")
        raise ZeroDivisionError
    assert not Event.objects.exists()
