"""Numbers kept up in parts are those that counting everything anew would find, whatever happened meanwhile."""

from random import Random

import pytest
from django.db import connection
from django.db.models import F, Q
from django.test.utils import CaptureQueriesContext

from disclosures import counts as counting
from disclosures.counts import counts
from disclosures.facets import tally
from disclosures.models import Release
from disclosures.visibility import PUBLIC
from tests.disclosures.board import HOUR, START, at_hour, withdrawn
from tests.people import approved, branch_draft, correction, draft, entry, released, unit

pytestmark = pytest.mark.usefixtures("house")
YEAR = 366 * 24
AT_ONCE = dict.fromkeys(("planned_internal_from", "planned_public_from", "planned_public_until"))


@pytest.fixture
def asked(rf):
    def ask(hours):
        request = rf.get("/")
        request.reader, request.at = PUBLIC, START + hours * HOUR
        return counts(request)

    counting._kept.clear()
    yield ask
    counting._kept.clear()


def anew(hours):
    rows = Release.objects.visible_to(PUBLIC, START + hours * HOUR)
    return sorted(tally(rows, PUBLIC)), rows.count()


def agree(asked, hours):
    found, (cells, total) = asked(hours), anew(hours)
    assert sorted(found.cells) == cells
    assert sum(found.months.values()) == total


def first_opened_later():
    """Releases whose first opening lies after the opening of the present text: views leave such rows out."""
    return Release.objects.filter(Q(internal_since__gt=F("internal_from")) | Q(public_since__gt=F("public_from")))


def opened(dice, hours):
    """A release that opens now or later, of one of two units and of some category, and may end."""
    opening = START + (hours + dice.choice([0, 0, 3])) * HOUR
    make, more = dice.choice([(draft, {}), (draft, {"entry": entry("C8-52")}), (branch_draft, {})])
    made = make(
        **more,
        planned_internal_from=opening,
        planned_public_from=opening,
        planned_public_until=dice.choice([None, None, opening + 5 * HOUR]),
    )
    return released(made)


@pytest.mark.parametrize("seed", range(4))
def test_numbers_agree_after_every_change_and_hour(asked, seed):
    dice, hours, made = Random(seed), 0, []
    for _step in range(12):
        hours += dice.choice([0, 1, 2, YEAR])
        with at_hour(hours):
            act = dice.choice(["open", "open", "withdraw", "correct", "wait"])
            if act == "open":
                made.append(opened(dice, hours))
            elif made and act == "withdraw":
                withdrawn(made.pop(dice.randrange(len(made))))
            elif made and act == "correct":
                place = dice.randrange(len(made))
                made[place] = approved(correction(made[place].item, **AT_ONCE)).releases.latest("id")
            agree(asked, hours)
            assert not first_opened_later().exists()
    agree(asked, hours - 2)  # a request that began earlier and came to its numbers late
    agree(asked, hours)


def test_a_change_counts_its_own_part_alone(asked):
    with at_hour():
        released(draft())
        of_branch = released(branch_draft())
        asked(1)
        withdrawn(of_branch)
        with CaptureQueriesContext(connection) as queries:
            found = asked(1)
    assert len(queries) == 6  # the stamp of all, every stamp, windows that moved, the part, the next edges
    part = queries[3]["sql"]
    assert f'"unit_id" IN ({of_branch.unit_id})' in part
    assert f'"category_id" IN ({of_branch.category_id})' in part
    assert [key.unit for key in found.parts] == [unit("JG").pk]


def test_time_alone_counts_what_opened_or_ended(asked):
    with at_hour():
        released(draft())
        released(branch_draft(planned_public_until=START + 5 * HOUR))
        assert len(asked(1).parts) == 2
        with CaptureQueriesContext(connection) as queries:
            assert len(asked(6).parts) == 1
    assert f'"unit_id" IN ({unit("ZB01").pk})' in queries[3]["sql"]


def test_what_was_counted_beforehand_is_not_counted_again(asked):
    with at_hour():
        released(draft())
        counting.count_beforehand()
        with CaptureQueriesContext(connection) as queries:
            assert sum(asked(0).months.values()) == 1
    assert not any("GROUP BY" in query["sql"] and "disclosures_release" in query["sql"] for query in queries)
