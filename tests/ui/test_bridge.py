"""Jobs: results on the Qt thread, nothing swallowed, nothing delivered to what is gone."""

from __future__ import annotations

import sys
import threading

import pytest
import shiboken6
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from reviewer.model.errors import ReviewerError, WrongPassphrase
from reviewer.ui.bridge import Jobs, UnexpectedFailure


@pytest.fixture
def jobs(qtbot: QtBot):
    made = Jobs()
    yield made
    made.close()


def test_work_happens_elsewhere_and_the_result_arrives_on_the_qt_thread(jobs: Jobs, qtbot: QtBot) -> None:
    owner = QObject()
    threads: list[int] = []
    results: list[int] = []

    def job() -> int:
        threads.append(threading.get_ident())
        return 7

    def then(result: int) -> None:
        threads.append(threading.get_ident())
        results.append(result)

    jobs.run(job, then=then, owner=owner)
    qtbot.waitUntil(lambda: bool(results))
    assert results == [7]
    assert threads[0] != threading.get_ident()
    assert threads[1] == threading.get_ident()


def test_an_error_of_ours_reaches_the_one_who_asked(jobs: Jobs, qtbot: QtBot) -> None:
    owner = QObject()
    errors: list[ReviewerError] = []

    def job() -> None:
        raise WrongPassphrase

    jobs.run(job, then=lambda _none: pytest.fail("no result"), failed=errors.append, owner=owner)
    qtbot.waitUntil(lambda: bool(errors))
    assert isinstance(errors[0], WrongPassphrase)


def test_a_defect_becomes_a_visible_error_that_quotes_nothing(
    jobs: Jobs, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    owner = QObject()
    errors: list[ReviewerError] = []

    def job() -> None:
        raise KeyError("words from the evidence")

    jobs.run(job, failed=errors.append, owner=owner)
    qtbot.waitUntil(lambda: bool(errors))
    assert isinstance(errors[0], UnexpectedFailure)
    assert errors[0].code == "U000"
    assert "KeyError" in str(errors[0])
    assert "evidence" not in str(errors[0]) + caplog.text


def test_an_error_nobody_asked_for_is_not_swallowed(jobs: Jobs, qtbot: QtBot) -> None:
    owner = QObject()

    def job() -> None:
        raise WrongPassphrase

    with qtbot.waitSignal(jobs.failed) as told:
        jobs.run(job, then=lambda _none: None, owner=owner)
    assert isinstance(told.args[0], WrongPassphrase)


def test_a_result_for_what_is_gone_is_dropped(jobs: Jobs, qtbot: QtBot) -> None:
    owner, still_here = QObject(), QObject()
    gate = threading.Event()
    late: list[object] = []
    done: list[object] = []
    jobs.run(gate.wait, then=late.append, owner=owner)
    shiboken6.delete(owner)
    gate.set()
    jobs.run(lambda: 1, then=done.append, owner=still_here)
    qtbot.waitUntil(lambda: bool(done))
    qtbot.wait(20)
    assert late == []


def test_close_waits_for_what_runs_and_delivers_nothing_more(qtbot: QtBot) -> None:
    jobs = Jobs()
    owner = QObject()
    started, finished, late = threading.Event(), threading.Event(), []

    def job() -> None:
        started.set()
        threading.Event().wait(0.05)
        finished.set()

    jobs.run(job, then=late.append, owner=owner)
    started.wait()
    jobs.close()
    assert finished.is_set()
    qtbot.wait(20)
    assert late == []
    jobs.run(lambda: pytest.fail("closed"), owner=owner)
    jobs.close()


def test_cycles_of_widgets_are_never_freed_on_a_jobs_thread(jobs: Jobs, qtbot: QtBot) -> None:
    owner = QObject()
    freed_on: list[int] = []

    class Witness(QObject):
        def __del__(self) -> None:
            freed_on.append(threading.get_ident())

    def busy() -> int:
        kept = []
        for _ in range(20_000):
            kept.append([kept])
        return len(kept)

    for _ in range(50):
        witness = Witness()
        witness.me = witness  # type: ignore[attr-defined]
        del witness
    done: list[int] = []
    jobs.run(busy, then=done.append, owner=owner)
    qtbot.waitUntil(lambda: bool(done))
    qtbot.waitUntil(lambda: len(freed_on) == 50)
    assert set(freed_on) == {threading.get_ident()}


def test_what_a_job_was_given_is_let_go_of_on_the_qt_thread(jobs: Jobs, qtbot: QtBot) -> None:
    """A widget whose last reference a job's thread drops is destroyed there: its timers then call into freed memory."""
    ended: list[int] = []

    class Given(QObject):
        def __call__(self, _result: object = None) -> object:
            return None

        def __del__(self) -> None:
            ended.append(threading.get_ident())

    class Fails(Given):
        def __call__(self, _result: object = None) -> object:
            held = self  # in a frame the error's traceback keeps
            raise WrongPassphrase(str(held.parent()))

    often = 150
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(often):
            jobs.run(Given(), then=Given(), failed=Given(), owner=Given())
            jobs.run(Fails(), then=Given(), failed=Given(), owner=Given())
        qtbot.waitUntil(lambda: len(ended) == 8 * often)
    finally:
        sys.setswitchinterval(before)
    assert set(ended) == {threading.get_ident()}
