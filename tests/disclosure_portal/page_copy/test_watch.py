"""Questions for the version are shared by requests that wait, never answered from before a request arrived."""

from threading import Event, Thread

import pytest

from disclosure_portal.page_copy.watch import Versions, Watch


class Slow(Watch):
    """A watch whose database answers when it is told to, with what stood there when it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.stands = 0
        self.asked = 0
        self.began = Event()
        self.may_answer = Event()

    def _ask(self) -> Versions:
        self.asked += 1
        seen = self.stands
        self.began.set()
        assert self.may_answer.wait(5)
        return Versions({"all": seen})


@pytest.fixture
def watch():
    return Slow()


def asking(watch, answers) -> Thread:
    thread = Thread(target=lambda: answers.append(watch.versions()))
    thread.start()
    return thread


def until(condition) -> None:
    pause = Event()
    for _turn in range(500):
        if condition():
            return
        pause.wait(0.01)
    raise AssertionError("It did not come to that.")


def test_requests_that_arrive_during_a_question_share_the_next_one(watch):
    answers = []
    threads = [asking(watch, answers)]
    watch.began.wait(5)
    watch.stands = 1  # a change before the others arrive
    first = watch._next
    assert first is None
    threads.append(asking(watch, answers))
    until(lambda: watch._next is not None)
    threads += [asking(watch, answers) for _one in range(3)]
    until(lambda: all(thread.is_alive() for thread in threads))
    watch.may_answer.set()
    for thread in threads:
        thread.join(5)
    assert sorted(answer.stamps["all"] for answer in answers) == [0, 1, 1, 1, 1]
    assert watch.asked in (2, 3)  # a thread that was started late may have missed the shared one


def test_a_question_that_fails_answers_none_to_everyone(watch, monkeypatch):
    monkeypatch.setattr(watch, "_ask", lambda: None)
    answers = []
    for thread in [asking(watch, answers) for _one in range(4)]:
        thread.join(5)
    assert answers == [None] * 4


def test_an_error_nobody_expected_lets_nobody_wait(watch, monkeypatch):
    def broken() -> Versions:
        raise MemoryError

    monkeypatch.setattr(watch, "_ask", broken)
    with pytest.raises(MemoryError):
        watch.versions()
    monkeypatch.setattr(watch, "_ask", lambda: Versions({}))
    assert watch.versions() is not None
