"""No typed word is lost: saved soon, newest last, and told when it cannot be."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import shiboken6
from pytestqt.qtbot import QtBot
from session_fakes import FakeSession
from viewer_fakes import HandJobs

from reviewer.model.decisions import Draft
from reviewer.model.errors import ReviewerError, StoreUnavailable
from reviewer.ui import draft_keeper
from reviewer.ui.draft_keeper import DraftKeeper


def draft(words: str) -> Draft:
    return Draft(item_id="item-1", rationale=words)


@pytest.fixture
def session() -> FakeSession:
    return FakeSession()


@pytest.fixture
def jobs() -> HandJobs:
    return HandJobs()


@pytest.fixture
def keeper(session: FakeSession, jobs: HandJobs, qtbot: QtBot) -> Iterator[DraftKeeper]:
    made = DraftKeeper(session, jobs)  # type: ignore[arg-type]
    yield made
    shiboken6.delete(made)  # its timers now, on this thread


def saved(session: FakeSession) -> list[str]:
    return [call[1].rationale for call in session.named("save_draft")]  # type: ignore[attr-defined]


def test_somebody_who_never_stops_typing_is_saved_all_the_same(
    keeper: DraftKeeper, session: FakeSession, jobs: HandJobs, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draft_keeper, "DELAY_MS", 40)
    for at in range(12):
        keeper.keep(draft("x" * at))
        qtbot.wait(10)
        jobs.settle()
    assert 1 <= len(saved(session)) <= 6


def test_the_newest_words_are_saved_last_and_one_save_runs_at_a_time(
    keeper: DraftKeeper, session: FakeSession, jobs: HandJobs
) -> None:
    keeper.keep(draft("one"))
    keeper.settle(lambda _saved: None)
    keeper.keep(draft("one two"))
    keeper.keep(draft("one two three"))
    done: list[bool] = []
    keeper.settle(done.append)
    assert len(jobs.waiting) == 1
    jobs.settle()
    assert saved(session) == ["one", "one two three"]
    assert done == [True]


def test_settle_with_nothing_to_save_answers_at_once(keeper: DraftKeeper, jobs: HandJobs) -> None:
    done: list[bool] = []
    keeper.settle(done.append)
    assert done == [True]
    assert not jobs.waiting


def test_a_full_disk_is_told_once_and_the_words_stay(keeper: DraftKeeper, session: FakeSession, jobs: HandJobs) -> None:
    told: list[ReviewerError] = []
    keeper.failed.connect(told.append)
    session.fail["save_draft"] = StoreUnavailable()
    done: list[bool] = []
    keeper.keep(draft("kept"))
    keeper.settle(done.append)
    jobs.settle()
    keeper.settle(done.append)
    jobs.settle()
    assert done == [False, False]
    assert len(told) == 1
    del session.fail["save_draft"]
    keeper.settle(done.append)
    jobs.settle()
    assert done[-1] is True
    assert saved(session)[-1] == "kept"


def test_words_written_while_a_save_fails_are_not_overwritten_by_the_older_ones(
    keeper: DraftKeeper, session: FakeSession, jobs: HandJobs
) -> None:
    session.fail["save_draft"] = StoreUnavailable()
    keeper.keep(draft("old"))
    keeper.settle(lambda _saved: None)
    keeper.keep(draft("new"))
    jobs.settle()
    del session.fail["save_draft"]
    keeper.settle(lambda _saved: None)
    jobs.settle()
    assert saved(session)[-1] == "new"


def test_what_became_a_decision_is_not_saved_again(keeper: DraftKeeper, session: FakeSession, jobs: HandJobs) -> None:
    keeper.keep(draft("decided"))
    keeper.forget()
    keeper.settle(lambda _saved: None)
    jobs.settle()
    assert saved(session) == []
