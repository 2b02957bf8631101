"""The timeline of one subject."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.template import engines
from django.utils.timezone import override as zone
from django.utils.translation import gettext_lazy, override

from audit import verbs
from audit.services import READER, Actor
from audit.verbs import describe, sentence

HOSTILE = "<script>alert(1)</script>\"'{{ 7 }}"


@pytest.fixture
def own_verbs(monkeypatch):
    """Verbs whose additions are forgotten after the test."""
    monkeypatch.setattr(verbs, "VERBS", dict(verbs.VERBS))


def timeline(kind="item", ref="ref-1"):
    template = engines["django"].from_string("{% load audit %}{% timeline kind ref %}")
    return template.render({"kind": kind, "ref": ref})


def test_timeline_shows_events_newest_last(make_event):
    for day in (2, 1, 3):
        with time_machine.travel(datetime(2012, 2, day, tzinfo=UTC), tick=False):
            make_event(reason=f"Reason {day}.")
    text = timeline()
    assert text.index("Reason 1.") < text.index("Reason 2.") < text.index("Reason 3.")
    assert '<ol class="timeline">' in text


def test_timeline_shows_who_in_which_office_and_what(make_event, own_verbs):
    describe({"trial.opened": gettext_lazy("opened the trial")})
    make_event("trial.opened")
    text = timeline()
    assert "Drafter" in text and "Bureau office" in text and "opened the trial" in text


def test_timeline_shows_local_time(make_event):
    with time_machine.travel(datetime(2012, 2, 1, 23, 30, tzinfo=UTC), tick=False):
        make_event()
    with zone("Asia/Shanghai"), override("zh-hans"):
        text = timeline()
    assert "2012年2月2日 07:30:00" in text and 'datetime="2012-02-02T07:30:00+0800"' in text


def test_timeline_names_no_technical_actor(make_event):
    make_event(by=None)
    make_event(by=READER)
    assert "~" not in timeline()


def test_timeline_shows_one_subject_only(make_event):
    make_event(subject_ref="ref-2", reason="Elsewhere.")
    make_event(subject_kind="case", reason="Other kind.")
    assert "Elsewhere." not in timeline() and "Other kind." not in timeline()


def test_timeline_escapes_hostile_text(make_event):
    make_event("strange.verb", by=Actor(HOSTILE, HOSTILE, HOSTILE), reason=HOSTILE)
    text = timeline()
    assert "<script>" not in text
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;{{ 7 }}") == 3


def test_timeline_needs_one_query(make_event, django_assert_num_queries):
    for _number in range(3):
        make_event()
    with django_assert_num_queries(1):
        timeline()


def test_undescribed_verb_stays_readable(db):
    assert sentence("nobody.described") == "nobody.described"


def test_verb_keeps_its_one_meaning(own_verbs):
    describe({"trial.opened": "opened the trial"})
    describe({"trial.opened": "opened the trial"})
    with pytest.raises(ValueError, match=r"trial\.opened"):
        describe({"trial.opened": "closed the trial"})
