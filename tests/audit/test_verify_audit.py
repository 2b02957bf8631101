"""The verifier finds what somebody with the keys to the database changed."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from audit.models import Event
from audit.triggers import lifted, missing


def test_intact_trail_is_reported(make_event, capsys):
    make_event()
    make_event(before={"b": 1}, after={"a": [1, 2, {"z": None}]})
    call_command("verify_audit")
    assert "2 events, all intact." in capsys.readouterr().out


@pytest.mark.parametrize(
    "change",
    [{"reason": "other"}, {"actor_name": "Other"}, {"after": {"state": 1.5}}, {"hash": "0" * 64}, {"version": "2"}],
    ids=lambda change: next(iter(change)),
)
def test_tampered_event_is_named(make_event, change):
    make_event()
    tampered = make_event()
    with lifted(connection):
        Event.objects.filter(pk=tampered.pk).update(**change)
    assert missing(connection) == []
    with pytest.raises(CommandError, match=rf"1 of 2 events(.|\n)*{tampered.uid}") as refusal:
        call_command("verify_audit")
    assert refusal.value.returncode == 1
