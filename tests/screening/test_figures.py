"""Screening finds what the labelled set holds, and little else, also with numbers and sentences held out."""

import pytest

from tests.screening.labelled import BOUND, HELD_OUT, TUNED, cases
from tests.screening.measuring import figures


@pytest.mark.parametrize("seed", [TUNED, HELD_OUT], ids=["tuned", "held out"])
def test_recall_and_precision_are_what_was_promised(seed):
    by_kind, amiss = figures(cases(seed))
    for kind in BOUND:
        assert by_kind[kind].recall >= 0.99, amiss
        assert by_kind[kind].precision >= 0.95, amiss


def test_each_set_is_large_enough_and_the_two_differ():
    tuned, held_out = cases(TUNED), cases(HELD_OUT)
    assert min(len(tuned), len(held_out)) >= 300
    assert sum(bool(case.content) for case in tuned) >= 30
    numbered = [
        {case.text for case in side if set(case.kinds) & set(BOUND[:4]) and case.text} for side in (tuned, held_out)
    ]
    assert not numbered[0] & numbered[1]
