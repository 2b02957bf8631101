"""Screening finds what the labelled sets hold, and little else: also numbers held out, and the set of another hand."""

import pytest

from tests.screening.labelled import BOUND
from tests.screening.measuring import figures, sets


@pytest.mark.parametrize("name", ["tuned", "held out", "another hand"])
def test_recall_and_precision_are_what_was_promised(name):
    by_kind, amiss = figures(sets()[name])
    for kind in BOUND:
        assert by_kind[kind].recall >= 0.99, amiss
        assert by_kind[kind].precision >= 0.95, amiss


def test_each_set_is_large_enough_and_no_two_share_a_text():
    numbered = []
    for name, labelled in sets().items():
        assert len(labelled) >= 300, name
        assert sum(bool(case.content) for case in labelled) >= 30, name
        numbered.append({case.text for case in labelled if set(case.kinds) & set(BOUND[:4]) and not case.content})
    assert not (numbered[0] & numbered[1] or numbered[0] & numbered[2] or numbered[1] & numbered[2])
