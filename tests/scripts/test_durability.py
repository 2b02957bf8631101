"""What a run with kills counts as lost, doubled, wrongly answered and back in time."""

import sys

import pytest

from scripts import durability
from scripts.durability_ledger import Attempt, Blow, Ledger, Stored, broken_promises, doubled, lost, table
from scripts.durability_parts import faults_in
from scripts.durability_senders import CODE, HIDDEN, words

KINDS = ("worker",)
ONE_KILL = (Blow("worker", 8.0, 9.0),)
CODE_OF_A = "7QFM-0000-ABCD-1234-WXYZ"


def acknowledged(marker, ended=10.0):
    return Attempt("POST", marker, 200, ended, code=CODE_OF_A)


def ledger(*attempts, blows=ONE_KILL):
    return Ledger(attempts=list(attempts), blows=list(blows))


def promises(made, stored, at_least=1):
    return broken_promises(made, stored, at_least=at_least, kinds=KINDS)


def test_a_run_without_faults_breaks_no_promise():
    made = ledger(Attempt("POST", "a", 503, 9.0, says_when=True, keeps_text=True), acknowledged("a"))
    assert promises(made, Stored(("a",), events=1)) == []
    assert made.retried == 1


def test_what_was_acknowledged_and_is_not_there_is_lost():
    made, stored = ledger(acknowledged("a"), acknowledged("b")), Stored(("b",), events=1)
    assert lost(made, stored) == ["a"]
    assert len(promises(made, stored)) == 1


def test_what_is_there_twice_is_doubled():
    stored = Stored(("a", "a"), events=2)
    assert doubled(stored) == ["a"]
    assert "stored twice" in promises(ledger(acknowledged("a")), stored)[0]


def test_what_was_stored_and_never_acknowledged_is_no_fault_of_its_own():
    assert promises(ledger(acknowledged("a")), Stored(("a", "b"), events=2)) == []


@pytest.mark.parametrize(
    "stored",
    [
        Stored(("a",), events=0),
        Stored(("a",), events=1, named=1, identities=0),
        Stored(("a",), events=1, wrong_codes=("a",)),
        Stored(("a",), events=1, trail_verifies=False),
    ],
)
def test_half_an_opinion_breaks_a_promise(stored):
    assert len(promises(ledger(acknowledged("a")), stored)) == 1


@pytest.mark.parametrize(
    ("attempt", "fault"),
    [
        (Attempt("POST", "b", 503, 9.0, keeps_text=True), "503 without Retry-After"),
        (Attempt("POST", "b", 503, 9.0, says_when=True), "503 without the text that was typed"),
        (Attempt("POST", "b", 500, 9.0, told="fault"), "answer 500 to POST: fault"),
        (Attempt("POST", "b", 200, 9.0, told="no code"), "answer 200 to POST: no code"),
        (Attempt("GET", "", 404, 9.0), "answer 404 to GET: "),
        (Attempt("GET", "", 503, 9.0, says_when=True), ""),
        (Attempt("POST", "b", 0, 9.0), ""),
    ],
)
def test_answers_that_nobody_should_get(attempt, fault):
    assert attempt.fault == fault
    assert bool(promises(ledger(acknowledged("a"), attempt), Stored(("a",), events=1))) == bool(fault)


def test_the_gap_runs_from_the_return_to_the_first_receipt():
    blows = (Blow("database", 1.0, 3.0), Blow("database", 20.0, 22.0), Blow("worker", 0.0, 0.0))
    made = ledger(acknowledged("a", 2.0), acknowledged("b", 4.5), acknowledged("c", 30.0), blows=blows)
    assert made.gaps("database") == [1.5, 8.0]
    assert "for 8.0 s" in promises(made, Stored(("a", "b", "c"), events=3))[0]


def test_a_return_after_which_nothing_arrives_is_no_success():
    made = ledger(acknowledged("a", 2.0), blows=(Blow("database", 1.0, 3.0),))
    assert made.gaps("database") == [float("inf")]


def test_too_few_receipts_and_nothing_killed_are_no_success():
    told = promises(ledger(acknowledged("a"), blows=()), Stored(("a",), events=1), at_least=2)
    assert len(told) == 2


def test_the_table_tells_every_figure():
    rows = dict(table(ledger(acknowledged("a")), Stored(("a",), events=1), KINDS))
    assert rows["opinions acknowledged"] == "1"
    assert rows["kills of worker, longest gap after its return"] == "1, 1.0 s"


def test_markers_differ_and_hold_no_digits():
    made = words()
    first = [next(made) for _turn in range(1000)]
    assert len(set(first)) == 1000
    assert all(word.isalpha() for word in first)


def test_code_and_hidden_fields_are_read_as_the_pages_write_them():
    assert CODE.search(f"<strong>{CODE_OF_A}</strong>")[0] == CODE_OF_A
    assert HIDDEN.findall('<input type="hidden" name="token" value="a:b">') == [("token", "a:b")]


def test_sqlite_has_no_process_to_kill(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["durability.py", "--quick", "--database", "sqlite"])
    options = durability.read_options()
    assert (options.seconds, options.at_least) == (10, 1)
    assert options.kill == ("worker", "group")


def test_tracebacks_are_found_in_the_log(tmp_path):
    log = tmp_path / "log"
    fault = "ERROR x: /\nTraceback (most recent call last):\n  File a\n    b()\nbuiltins.ValueError\n"
    log.write_text(f"line\n{fault}line\nERROR Service Unavailable\n{fault}")
    assert faults_in(log) == [fault, fault]
