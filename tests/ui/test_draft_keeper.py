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


def draft(words: str, item_id: str = "item-1") -> Draft:
    return Draft(item_id=item_id, rationale=words)


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
    keeper.set_aside(draft("decided"))
    keeper.settle(lambda _saved: None)
    keeper.forget("item-1")
    keeper.settle(lambda _saved: None)
    jobs.settle()
    assert saved(session) == []


def test_what_did_not_become_a_decision_is_a_draft_again(
    keeper: DraftKeeper, session: FakeSession, jobs: HandJobs
) -> None:
    keeper.set_aside(draft("not decided"))
    assert not keeper.unsaved("item-1")
    keeper.take_back("item-1")
    assert keeper.unsaved("item-1")
    keeper.settle(lambda _saved: None)
    jobs.settle()
    assert saved(session) == ["not decided"]
    assert not keeper.unsaved("item-1")


def test_the_unsaved_words_of_one_item_are_not_overwritten_by_those_of_the_next(
    keeper: DraftKeeper, session: FakeSession, jobs: HandJobs
) -> None:
    session.fail["save_draft"] = StoreUnavailable()
    keeper.keep(draft("words about A", "item-a"))
    keeper.settle(lambda _saved: None)
    jobs.settle()
    keeper.keep(draft("words about B", "item-b"))
    done: list[bool] = []
    keeper.settle(done.append)
    jobs.settle()
    assert done == [False]
    assert keeper.unsaved("item-a")
    assert keeper.unsaved("item-b")
    del session.fail["save_draft"]
    keeper.settle(done.append)
    jobs.settle()
    assert done == [False, True]
    assert {item_id: kept.rationale for item_id, kept in session.drafts.items()} == {
        "item-a": "words about A",
        "item-b": "words about B",
    }


def test_two_items_kept_at_once_are_both_saved_by_the_clock_alone(
    keeper: DraftKeeper, session: FakeSession, jobs: HandJobs, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draft_keeper, "DELAY_MS", 10)
    keeper.keep(draft("A", "item-a"))
    keeper.keep(draft("B", "item-b"))
    qtbot.wait(40)
    jobs.settle()
    assert set(session.drafts) == {"item-a", "item-b"}


def test_words_given_back_while_settling_are_saved_before_the_next_in_line_is_told(
    keeper: DraftKeeper, session: FakeSession, jobs: HandJobs
) -> None:
    keeper.set_aside(draft("hidden in between"))
    keeper.keep(draft("other", "item-b"))
    answers: list[tuple[bool, bool]] = []
    keeper.settle(lambda _saved: keeper.take_back("item-1"))
    keeper.settle(lambda settled: answers.append((settled, "item-1" in session.drafts)))
    jobs.settle()
    assert answers == [(True, True)]
