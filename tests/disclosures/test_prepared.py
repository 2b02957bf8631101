"""What stands ready finds what its queryset finds, for every value, connection and thread."""

from contextlib import suppress
from datetime import date
from random import Random
from threading import Thread

import pytest
from django.db import DataError, InternalError, connection, models, transaction
from django.test.utils import CaptureQueriesContext

import disclosures.urls  # noqa: F401 - the views, and with them every question of theirs
from disclosures.models import Item, Matter
from disclosures.prepared import Prepared
from tests.disclosures.board import HOUR, START, at_hour, withdrawn
from tests.people import approved, branch_draft, correction, draft, entry, released, unit

pytestmark = pytest.mark.usefixtures("house")
by_number = Prepared(
    lambda number: Item.objects.filter(number=number).values_list("pk", flat=True), number=models.CharField()
)
by_numbers = Prepared(
    lambda numbers: Item.objects.filter(number__in=numbers).order_by("pk").values_list("number", flat=True),
    numbers=(models.CharField(), 3),
)


@pytest.fixture
def world():
    """Releases of all sorts: later, ended, internal, withdrawn, corrected, of one matter, of one instant."""
    matter = Matter.objects.create(number="SX-2026-0001", title="一件事", unit=unit("JG"))
    with at_hour():
        made = [
            released(draft(matter=matter, phase="before")),
            released(draft(matter=matter, phase="during")),
            released(draft(entry=entry("C8-52"))),
            released(branch_draft()),
            released(draft(audience="internal", matter=matter, phase="after")),
            released(draft(planned_public_from=START + 3 * HOUR)),
            released(draft(planned_public_until=START + 4 * HOUR, planned_internal_until=START + 4 * HOUR)),
        ]
        gone, corrected = released(draft()), released(draft(matter=matter, phase="during"))
    with at_hour(2):
        withdrawn(gone)
        made.append(released(correction(corrected.item)))
        approved(draft())
    return [*made, gone, corrected]


def values_for(question, dice, world):
    """Values for each slot of a question: of one of the releases, or of none."""
    release = dice.choice(world)
    one = {
        "at": START + dice.choice([-1, 0, 0, 1, 2, 3, 4, 9]) * HOUR,
        "until": dice.choice([date(2026, 3, 1), date(2026, 3, 9)]),
        "number": dice.choice([release.item.number, "JG-2026-000000"]),
        "category": release.category_id,
        "item": release.item_id,
        "pk": release.pk,
        "since": dice.choice([release.public_since, release.internal_since, None]) or START,
        "uid": release.uid,
        "matter": dice.choice([release.revision.matter_id, None]) or -1,
        "revision": release.revision_id,
    }
    several = [row.pk for row in dice.sample(world, dice.randrange(1, 5))]
    return {name: several if many else one[name] for name, (_field, many) in question.fields.items()}


def plain(row):
    """A row as values: a model as everything that was read for it and for the rows it refers to."""
    if not isinstance(row, models.Model):
        return row
    return [state(row), *sorted((name, state(other)) for name, other in row._state.fields_cache.items() if other)]


def state(row):
    return str(type(row)), sorted((name, value) for name, value in vars(row).items() if name != "_state")


def test_every_question_finds_what_its_queryset_finds(world):
    dice = Random(11)
    questions = [question for question in Prepared.every if question.build.__module__ != __name__]
    assert len(questions) >= 12
    silent = set(questions)
    for question in questions * 40:
        values = values_for(question, dice, world)
        asked = question.build(**values)
        expected, found = list(map(plain, asked)), list(map(plain, question(**values)))
        if not asked.ordered:
            expected, found = sorted(expected, key=str), sorted(found, key=str)
        assert found == expected, (question.build, values)
        if found:
            silent.discard(question)
    assert not silent  # each of them had something to find


def test_a_list_may_be_shorter_than_its_slots_and_never_longer():
    with at_hour():
        numbers = [released(draft()).item.number for _each in range(4)]
    assert by_numbers(numbers=[]) == []
    assert by_numbers(numbers=numbers[1:2]) == numbers[1:2]
    assert by_numbers(numbers=numbers[:3]) == numbers[:3]
    with pytest.raises(ValueError, match="4 values for 3 slots"):
        by_numbers(numbers=numbers)


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_plans_anew_and_a_thread_has_its_own():
    with at_hour():
        item = released(draft()).item
    found = []

    def ask():
        found.append(by_number(number=item.number))
        connection.close()

    ask()
    ask()
    thread = Thread(target=ask)
    thread.start()
    thread.join()
    assert found == [[item.pk]] * 3


def test_one_query_each_and_nothing_prepared_behind_a_pooler(monkeypatch):
    with at_hour():
        item = released(draft()).item
    by_number(number=item.number)
    with CaptureQueriesContext(
        connection,
    ) as planned:
        by_number(number=item.number)
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    with CaptureQueriesContext(connection) as pooled:
        assert by_number(number=item.number) == [item.pk]
    assert [len(planned), len(pooled)] == [1, 1]
    assert planned[0]["sql"].startswith("EXECUTE" if connection.vendor == "postgresql" else "SELECT")
    assert pooled[0]["sql"].startswith("SELECT")


def test_a_value_is_a_value_whatever_it_holds():
    with at_hour():
        released(draft())
    assert by_number(number="' OR 1=1 --") == []
    assert by_number(number="100%s %% $1") == []


@pytest.mark.django_db(transaction=True)
def test_a_try_that_failed_does_not_stand_in_the_way():
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL plans by name")
    question = Prepared(lambda number: Item.objects.filter(number=number), number=models.CharField())
    Prepared.every.remove(question)
    with pytest.raises(InternalError), transaction.atomic():
        with suppress(DataError), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        question(number="")  # in a transaction that has failed
    assert question(number="") == []
    question._kept.asked._prepared_for = None  # the answer to PREPARE was lost
    assert question(number="") == []
