"""Items a person would rather not get: passed over by "the next", offered without pressure when nothing else waits."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from session_fakes import FakeSession, an_entry
from viewer_fakes import HandJobs

from reviewer.model.cases import QueueEntry
from reviewer.model.levels import Level
from reviewer.model.preferences import Preferences, RatherNot, Trait
from reviewer.ui.desk_flow import PAINTED_MS, DeskState
from reviewer.ui.queue_card import pills_of
from reviewer.ui.workbench import Workbench

UNWANTED = Preferences(rather_not=(RatherNot(trait=Trait.HARM, key="self_harm"),))


@pytest.fixture
def session() -> FakeSession:
    return FakeSession(
        entries=[an_entry(1, harm="self_harm", due_min=200), an_entry(2, harm="other"), an_entry(3, harm="self_harm")],
        followed=UNWANTED,
    )


@pytest.fixture
def desk(session: FakeSession, jobs: HandJobs, qtbot: QtBot, qapp: QApplication) -> Workbench:
    made = Workbench(session, jobs)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(1366, 700)
    made.show()
    made.start()
    jobs.settle()
    return made


def taken(session: FakeSession) -> list[object]:
    return [call[1] for call in session.named("take")]


def words(desk: Workbench, qtbot: QtBot) -> str:
    qtbot.wait(20)
    return desk._empty.words


def test_the_next_passes_over_them_and_has_no_head_start_with_them(
    desk: Workbench, session: FakeSession, jobs: HandJobs, qtbot: QtBot
) -> None:
    desk.primary()
    jobs.settle()
    assert taken(session) == ["item-2"]
    qtbot.wait(2 * PAINTED_MS)
    jobs.settle()
    assert session.named("prefetch") == []  # no pixel of it is decoded before it is asked for


def test_where_only_they_are_left_nothing_opens_by_itself_and_the_window_says_why(
    desk: Workbench, session: FakeSession, jobs: HandJobs, qtbot: QtBot
) -> None:
    desk.primary()
    jobs.settle()
    desk.pass_on()
    jobs.settle()
    assert taken(session) == ["item-2"]
    assert desk.flow.state is DeskState.EMPTY
    said = words(desk, qtbot)
    assert "rather not" in said
    assert "nobody is told" in said
    # They stay in the queue that is shown, as any other.
    assert desk.queue.model.rowCount() == 2
    desk.primary()
    jobs.settle()
    assert taken(session) == ["item-2", "item-1"]
    assert desk.viewer.current_level is Level.FACTS
    assert "blurred" not in session.open_items[-1].asked
    desk.pass_on()
    jobs.settle()
    assert session.named("pass_on")[-1] == ("pass_on", "item-1")
    assert desk.flow.state is DeskState.EMPTY


def test_chosen_by_hand_they_open_like_any_other(desk: Workbench, session: FakeSession, jobs: HandJobs) -> None:
    desk.take(session.entries[2])
    jobs.settle()
    assert taken(session) == ["item-3"]


@pytest.mark.parametrize("urgent", [{"danger": True}, {"due_min": 40}])
def test_danger_and_a_near_deadline_are_not_put_off(
    session: FakeSession, jobs: HandJobs, qtbot: QtBot, urgent: dict[str, float]
) -> None:
    session.entries[0] = an_entry(1, harm="self_harm", **urgent)  # type: ignore[arg-type]
    made = Workbench(session, jobs)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.start()
    jobs.settle()
    made._go_on()
    jobs.settle()
    assert taken(session) == ["item-1"]


def test_no_card_shows_which_they_are(session: FakeSession) -> None:
    """Whoever looks over a shoulder, or at a picture of the screen, learns nothing of it."""

    def told(entry: QueueEntry) -> list[str]:
        return [said for said, _tone in pills_of(entry, "m07")]

    assert told(session.entries[0]) == told(session.entries[1])


def test_a_change_is_in_force_for_what_is_on_the_desk_at_once(
    desk: Workbench, session: FakeSession, jobs: HandJobs
) -> None:
    desk.primary()
    jobs.settle()
    assert desk.viewer.current_level is Level.BLURRED
    session.follow_preferences(Preferences(facts_first=("image",), grey=True))
    desk.follow_preferences()
    jobs.settle()
    assert int(desk.viewer.current_level) == Level.FACTS
    assert desk.queue.first() is not None
    assert desk.queue.model.listing.reluctant == set()
