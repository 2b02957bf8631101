"""Commands over every room: generated items, the tick, the index of the search."""

from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from audit.models import Event
from audit.triggers import missing
from disclosures import composing
from disclosures.generating import generate, real_items
from disclosures.models import Audience, Decision, Item, Matter, Phase, Release, ReviewStep, Revision, SearchDocument
from disclosures.richtext import plain_text, sanitise
from disclosures.search.documents import haystack
from disclosures.search.rebuilding import Progress, reindex
from disclosures.services import freezing
from disclosures.visibility import PUBLIC
from notifications.models import Channel, Delivery, Notice
from tests.people import draft, person, released

UNTIL = date(2026, 1, 31)
pytestmark = pytest.mark.django_db


def generated(count: int = 60, seed: int = 7, until: date = UNTIL) -> None:
    for _done in generate(count, seed, until):
        pass


def texts() -> list[tuple]:
    """What was generated, in order, digests included."""
    rows = Revision.objects.order_by("item__number").select_related("item__unit")
    return [(r.item.number, r.title, r.body, r.issued_on, r.submitted_at, r.digest) for r in rows]


def undo(act) -> list[tuple]:
    """What `act` leaves behind, with its work undone."""
    with transaction.atomic():
        act()
        found = texts()
        transaction.set_rollback(True)
    return found


def test_generated_items_are_the_same_for_the_same_seed(house):
    first, again, other = (undo(lambda seed=seed: generated(seed=seed)) for seed in (7, 7, 8))
    assert first == again
    assert len(set(first)) == 60
    assert not {row[1:] for row in first} & {row[1:] for row in other}


def test_generating_in_two_runs_gives_what_one_run_gives(house):
    whole = undo(lambda: generated(50))
    halves = undo(lambda: (generated(21), generated(29)))
    assert whole == halves


def test_generated_revision_holds_a_true_digest_and_body(house):
    generated()
    for revision in Revision.objects.all():
        assert revision.digest == freezing.digest(freezing.snapshot(revision))
        assert freezing.snapshot(revision) == freezing.snapshot(revision.item)
        assert sanitise(revision.body) == revision.body
        assert plain_text(revision.body) == revision.body_text


def test_generated_item_is_approved_released_and_decided_by_nobody(house):
    generated()
    assert not Item.objects.exclude(state=Item.State.APPROVED).exists()
    assert all(item.current_revision.item_id == item.pk for item in Item.objects.select_related("current_revision"))
    assert Release.objects.filter(is_generated=True).count() == Item.objects.count() == 60
    assert not ReviewStep.objects.exists()
    assert not Decision.objects.exists()
    assert set(Revision.objects.values_list("contributors__user__username", flat=True)) == {"generator"}
    assert not person("generator").is_active
    assert not person("generator").has_usable_password()


def test_generated_release_carries_the_haystack_of_the_service(house):
    generated()
    for release in Release.objects.select_related("revision__item", "revision__unit"):
        assert release.document.body == haystack(release.revision)


def test_generated_items_are_spread(house):
    generated(400)
    at = datetime(2026, 2, 1, tzinfo=UTC)
    rows = Release.objects.all()
    years = {release.internal_from.year for release in rows}
    assert years >= set(range(2017, 2026))
    assert set(rows.values_list("unit__code", flat=True)) == {"JG", "ZB00", "ZB01", "ZB02"}
    assert rows.values("category").distinct().count() >= 3
    assert 0 < rows.filter(withdrawn_at__isnull=False).count() < 30
    assert 0 < rows.filter(internal_from__gt=at).count() < 40
    assert 0 < rows.filter(is_limited=True).count() < 100
    assert rows.filter(is_limited=True).exclude(branches=None).count() >= rows.filter(is_limited=True).count()
    assert 100 < rows.visible_to(PUBLIC, at).count() < 390
    assert Item.objects.filter(audience=Audience.INTERNAL).exists()
    assert set(Item.objects.values_list("phase", flat=True)) == {"", Phase.BEFORE, Phase.DURING, Phase.AFTER}
    assert Matter.objects.count() == 20
    assert not Item.objects.exclude(phase="").exclude(matter__unit=F("unit")).exists()


def test_generating_is_one_event(house):
    before = Event.objects.count()
    generated(30, seed=3)
    event = Event.objects.order_by("id").last()
    assert Event.objects.count() == before + 1
    assert event.verb == "portal.items_generated"
    assert event.after == {"count": 30, "seed": 3, "first": 0, "until": "2026-01-31"}
    assert event.sentence != event.verb


def test_generating_beside_real_items_is_refused(house):
    draft()
    with pytest.raises(CommandError, match="people made"):
        call_command("generate_items", count=5, stdout=StringIO())
    assert not Release.objects.exists()
    assert not Event.objects.filter(verb="portal.items_generated").exists()


def test_generating_beside_the_seeded_plan_alone_is_allowed(db):
    call_command("seed_portal", stdout=StringIO())
    out = StringIO()
    call_command("generate_items", count=25, seed=2, stdout=out)
    assert "25 items" in out.getvalue()
    assert Release.objects.filter(is_generated=True).count() == 25
    assert Item.objects.filter(title=composing.plan_title()).count() == 1
    assert not real_items().exists()


@pytest.mark.parametrize("count", ["0", "-1", "many", "10000001"])
def test_generating_a_number_without_sense_is_refused(house, count):
    with pytest.raises(CommandError, match="whole number"):
        call_command("generate_items", "--count", count)


def test_triggers_stand_after_generating(house):
    generated(20)
    assert missing(connection) == []
    for act in (
        lambda: Revision.objects.update(title="x"),
        lambda: Release.objects.all()._raw_delete(Release.objects.db),
        lambda: Release.objects.update(created_at=datetime(2020, 1, 1, tzinfo=UTC)),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_reindex_brings_an_outdated_text_up_to_date(house):
    release = released(draft())
    right = release.document.title
    SearchDocument.objects.update(title="stale")
    assert list(reindex()) == [Progress(read=1, changed=1)]
    assert SearchDocument.objects.get().title == right


def test_reindex_twice_changes_nothing(house):
    generated(20)
    call_command("reindex", stdout=StringIO())
    out = StringIO()
    call_command("reindex", stdout=out)
    assert out.getvalue().startswith("20 releases read, 0 documents written")


def test_reindex_of_nothing_says_so(db):
    out = StringIO()
    call_command("reindex", stdout=out)
    assert out.getvalue().startswith("0 releases read, 0 documents written")


def waiting(channel: str) -> Delivery:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    notice = Notice.objects.create(
        recipient=person("member"), verb="release.opened", subject_kind="item", subject_ref="x", created_at=at
    )
    return Delivery.objects.create(notice=notice, channel=channel)


def test_tick_delivers_once_however_often_it_runs(house):
    delivery = waiting(Channel.PORTAL)
    said = []
    for _run in range(2):
        out = StringIO()
        call_command("tick", stdout=out)
        said.append(out.getvalue().split(" notices")[0].splitlines()[-1])
    delivery.refresh_from_db()
    assert said == ["1", "0"]
    assert delivery.attempts == 1
    assert delivery.delivered_at is not None


def test_tick_leaves_what_has_no_channel_waiting(house):
    delivery = waiting(Channel.SMS)
    out = StringIO()
    call_command("tick", stdout=out)
    delivery.refresh_from_db()
    assert "\n0 notices delivered, 1 waiting" in out.getvalue()
    assert delivery.delivered_at is None
    assert delivery.attempts == 0
