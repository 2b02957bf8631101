"""One visibility: the queryset and its predicate agree in every cell, and the three answers are right."""

from datetime import timedelta
from itertools import product

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from disclosures import visibility
from disclosures.models import Release
from disclosures.services import perform
from disclosures.visibility import Answer, Reader, answer, is_visible, reader_for, was_open
from organizations.cast import CAST
from tests.people import approved, branch_draft, correction, draft, person, released, unit

pytestmark = pytest.mark.usefixtures("house")
START = timezone.datetime(2026, 3, 2, 9, 0, tzinfo=timezone.get_fixed_timezone(480))
HOUR = timedelta(hours=1)


def at_start(hours: float = 0):
    return time_machine.travel(START + timedelta(hours=hours), tick=False)


@pytest.fixture
def releases():
    """One release a situation, made at START by the real services."""
    with at_start():
        made = {
            "public": released(draft()),
            "internal": released(draft(audience="internal")),
            "limited": released(draft(audience="internal", branches=("ZB01",))),
            "under_committee": released(draft(audience="internal", branches=("JW",))),
            "branch": released(branch_draft(audience="internal")),
            "later": released(draft(planned_internal_from=START + 10 * HOUR, planned_public_from=START + 20 * HOUR)),
            "notice": released(draft(planned_public_until=START + 30 * HOUR, planned_internal_until=START + 30 * HOUR)),
            "withdrawn": released(draft()),
            "never": released(draft(planned_internal_from=START + 50 * HOUR)),
            "corrected": released(draft()),
            "narrowed": released(draft()),
        }
    with at_start(5):
        for name in ("withdrawn", "never"):
            item = made[name].item
            item.refresh_from_db()
            perform("withdraw", item=item, by=person("examiner"), expected_version=item.version, reason="有误")
        made["correction"] = released(correction(made["corrected"].item))
        made["narrow"] = released(correction(made["narrowed"].item, audience="internal"))
    return made


def readers():
    everyone = {"anonymous": AnonymousUser(), **{player.username: person(player.username) for player in CAST}}
    return {name: reader_for(user, START) for name, user in everyone.items()}


INSTANTS = [START + hours * HOUR for hours in (-1, 0, 4.99, 5, 9.99, 10, 19.99, 20, 29.99, 30, 60)]


def test_queryset_and_predicate_agree_in_every_cell(releases):
    rows = list(Release.objects.prefetch_related("branches"))
    for (name, reader), at in product(readers().items(), INSTANTS):
        visible = set(Release.objects.visible_to(reader, at).values_list("pk", flat=True))
        opened = set(Release.objects.opened_to(reader, at).values_list("pk", flat=True))
        for row in rows:
            assert (row.pk in visible) == is_visible(row, reader, at), (name, row, at)
            assert (row.pk in opened) == was_open(row, reader, at), (name, row, at)


def test_at_most_one_text_of_an_item_is_open_at_any_instant(releases):
    for reader, at in product(readers().values(), INSTANTS):
        items = list(Release.objects.visible_to(reader, at).values_list("item", flat=True))
        assert len(items) == len(set(items))


def test_the_public_never_sees_before_the_party(releases):
    member = readers()["party_member"]
    for at in INSTANTS:
        public = set(Release.objects.filter(is_limited=False).visible_to(visibility.PUBLIC, at))
        assert public <= set(Release.objects.visible_to(member, at))


def seen_by(name: str, hours: float, releases) -> set[str]:
    visible = set(Release.objects.visible_to(readers()[name], START + hours * HOUR))
    return {key for key, release in releases.items() if release in visible}


def test_who_sees_what_after_a_day(releases):
    public = {"public", "correction", "later", "notice"}
    inside = public | {"internal", "under_committee", "branch", "narrow"}
    assert seen_by("anonymous", 24, releases) == public
    assert seen_by("party_member", 24, releases) == inside | {"limited"}
    assert seen_by("other_member", 24, releases) == inside
    for name in ("leader", "examiner", "supervisor", "superior"):
        assert seen_by(name, 24, releases) == inside | {"limited"}
    for name in ("auditor", "sysadmin"):
        assert seen_by(name, 24, releases) == public


def test_windows_open_and_close_to_the_instant(releases):
    later, notice = releases["later"], releases["notice"]
    member = readers()["party_member"]
    for release, reader, opens, closes in (
        (later, member, 10, None),
        (later, visibility.PUBLIC, 20, None),
        (notice, visibility.PUBLIC, 0, 30),
    ):
        opening = START + opens * HOUR
        assert not is_visible(release, reader, opening - timedelta(microseconds=1))
        assert is_visible(release, reader, opening)
        if closes is not None:
            assert is_visible(release, reader, START + closes * HOUR - timedelta(microseconds=1))
            assert not is_visible(release, reader, START + closes * HOUR)


ANSWERS = [
    ("public", "anonymous", 1, Answer.VISIBLE),
    ("internal", "anonymous", 1, Answer.MISSING),
    ("limited", "other_member", 1, Answer.MISSING),
    ("withdrawn", "anonymous", 4, Answer.VISIBLE),
    ("withdrawn", "anonymous", 6, Answer.GONE),
    ("never", "anonymous", 60, Answer.MISSING),
    ("never", "party_member", 60, Answer.MISSING),
    ("notice", "anonymous", 31, Answer.GONE),
    ("corrected", "anonymous", 6, Answer.VISIBLE),
    ("narrowed", "anonymous", 6, Answer.GONE),
    ("narrowed", "party_member", 6, Answer.VISIBLE),
    ("later", "anonymous", 12, Answer.MISSING),
    ("later", "party_member", 12, Answer.VISIBLE),
]


def test_three_answers(releases):
    for name, reader, hours, expected in ANSWERS:
        of_item = Release.objects.filter(item=releases[name].item)
        got = answer(of_item, readers()[reader], START + hours * HOUR)[0]
        assert got is expected, (name, reader, hours, got)


def test_hidden_and_missing_cost_the_same_queries(releases, django_assert_num_queries):
    costs = {releases["public"].item.number: 1, releases["internal"].item.number: 2, "JG-2026-NOTHING": 2}
    for number, cost in costs.items():
        with django_assert_num_queries(cost):
            answer(Release.objects.filter(item__number=number), visibility.PUBLIC, START + HOUR)


def test_membership_counts_only_on_its_days():
    user = person("party_member")
    user.memberships.update(valid_until=START.date())
    assert not reader_for(user, START).is_member
    assert reader_for(user, START - timedelta(days=1)).is_member


def test_closed_account_and_superuser_read_like_the_public():
    user = person("party_member")
    user.is_active = False
    assert reader_for(user, START) == Reader()
    sysadmin = person("sysadmin")
    sysadmin.is_superuser = True
    assert not reader_for(sysadmin, START).reads_internal


def test_member_reaches_what_is_limited_to_a_body_above_the_branch():
    assert unit("JW").pk in reader_for(person("other_member"), START).branches


def test_approval_alone_opens_nothing_before_its_time():
    with at_start():
        item = approved(draft(planned_internal_from=START + HOUR))
    assert item.state == "approved"
    assert answer(Release.objects.filter(item=item), readers()["leader"], START)[0] is Answer.MISSING
