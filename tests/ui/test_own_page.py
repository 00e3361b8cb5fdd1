"""My data in the window: all of it, as fresh as it can be, and the supervisor's row is the supervisor's own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from case_fakes import an_outcome
from own_fakes import TODAY, as_seen, heard, held_here
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage, QRegion
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from session_fakes import POLICY, FakeSession, an_entry
from viewer_fakes import HandJobs
from whole_window import a_page, a_window

from reviewer.model.errors import ReviewerError
from reviewer.model.events import MemberExposure, TeamExposure
from reviewer.model.levels import Level
from reviewer.model.preferences import Preferences, RatherNot, Trait
from reviewer.ui import own_words, theme
from reviewer.ui.exposure_table import day_columns, exposure_table, week_columns
from reviewer.ui.heat_map import HeatMap
from reviewer.ui.own_as_seen import RANGES
from reviewer.ui.own_page import OwnPage
from reviewer.ui.plain_label import PlainLabel
from reviewer.workstation.own_data import NotWritten

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def session() -> FakeSession:
    made = FakeSession()
    made.around.became = (an_outcome(),)
    return made


def page_for(qtbot: QtBot, session: FakeSession, jobs: HandJobs, *, settle: bool = True) -> OwnPage:
    page = OwnPage(session, jobs, today=lambda: TODAY)  # type: ignore[arg-type]
    qtbot.addWidget(page)
    page.resize(1366, 734)
    page.show()
    if settle:
        jobs.settle()
    return page


def said(page: QWidget) -> str:
    """All words that are to be seen, once what was added is laid out."""
    QApplication.processEvents()
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def test_everything_held_is_on_the_page(qtbot: QtBot, session: FakeSession, jobs: HandJobs) -> None:
    session.own.here = held_here(Preferences(text_scale=1.5, rather_not=(RatherNot(trait=Trait.LABEL, key="spiders"),)))
    words = said(page_for(qtbot, session, jobs))
    for part in (
        "What a supervisor sees of your viewing",
        "2 h 15 without a break",
        "supervisors can read what the case system refused you", "on which days you worked on it",
        "All graphic viewing", "This shift", "28 days", "Blurred", "side by side, or not known", "Severity 2",
        "With sound", "In full screen", "25 min today at your other workstations",
        "1,240; until this vault is removed", "2; each until its item is decided, or what it says is recorded",
        "Size of the window's text", "1.5", "label spiders",
        "Supervisor 01 looked at your figures", "Supervisor 02 put your figures into a file",
        "Sat 21 Nov", "desk-1", "incomplete", "318", "12",
        "Supervisor 01 gave what was assigned to you to others (4 items)",
        "GET /exposure/team",
        "Somebody was brought to safety. The sender of the parcels was found",
        "whoever gets the file can read it",
    ):  # fmt: skip
        assert part in words, part
    assert "was heard last" not in words


def test_every_preference_has_a_line_whatever_is_added_to_them() -> None:
    lines = own_words.preference_lines(Preferences())
    assert len(lines) == len(msgspec.structs.fields(Preferences))
    assert all(name and value for name, value in lines)


def test_the_figures_of_each_group_are_those_of_the_whole() -> None:
    here = held_here()
    rows = own_words.figure_rows(here, POLICY)
    assert rows[0].cells[3] == own_words.length_words(here.month.total.seconds)
    for group in (here.month.by_level, here.month.by_kind, here.month.by_severity, here.month.by_harm_type):
        assert sum(tally.seconds for tally in group.values()) == pytest.approx(here.month.total.seconds)  # type: ignore[attr-defined]
    words = [row.words for row in rows]
    assert words.index("Facts, with sound") < words.index("Blurred") < words.index("Clear")
    assert here.month.by_level[Level.CLEAR].seconds > 0


def test_what_was_there_never_reads_as_none() -> None:
    assert own_words.length_words(0.0) == "0 min"
    assert own_words.length_words(0.2) == "1 s"
    assert own_words.length_words(3.0) == "3 s"
    assert own_words.length_words(61.0) == "1 min"


# the supervisor's row


@pytest.fixture(params=[("dark", 1.0), ("light", 1.5)], ids=["dark", "light"])
def look(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp, *request.param)
    yield
    theme.apply(qapp)


def others() -> tuple[MemberExposure, ...]:
    return tuple(MemberExposure(member=f"Reviewer {at:02}", days=(), member_id=f"m{at:02}") for at in (3, 9))


def painted(widget: QWidget, part: QRect) -> QImage:
    """What the widget itself paints in `part`, on the card's ground."""
    image = QImage(part.size(), QImage.Format.Format_RGB32)
    image.fill(theme.colour("panel"))
    widget.render(image, QPoint(0, 0), QRegion(part), QWidget.RenderFlag.DrawChildren)
    return image


@pytest.mark.parametrize("index", range(len(RANGES)))
def test_the_row_is_the_supervisors_to_the_pixel(
    look: None, index: int, qtbot: QtBot, session: FakeSession, jobs: HandJobs
) -> None:
    """The same figures through the same widget: painted among colleagues on the supervisor's side."""
    page = page_for(qtbot, session, jobs)
    page.seen.range.choose(index)
    page.seen.range.chosen.emit(index)
    mine = page.seen.heat_map
    columns = day_columns(TODAY, RANGES[index]) if RANGES[index] else week_columns(TODAY)
    team = TeamExposure(limit_quarter_hours=16, members=(*others(), as_seen()))
    theirs = HeatMap()
    qtbot.addWidget(theirs)
    theirs.resize(mine.width(), 3 * mine.height())
    theirs.show_table(exposure_table(team, columns))
    theirs.show()
    (own_row,) = mine.table.rows
    assert own_row == theirs.table.rows[1]
    assert mine.table.columns == theirs.table.columns
    assert mine.table.limit == theirs.table.limit
    row = theirs.row_rect(1).toAlignedRect()
    size = mine.row_rect(0).toAlignedRect().size()
    assert row.size() == size
    whole = QRect(QPoint(0, 0), size)
    there = painted(theirs, row)
    assert painted(mine, whole) == there
    session.own.there = msgspec.structs.replace(
        heard(), data=msgspec.structs.replace(heard().data, as_seen=msgspec.structs.replace(as_seen(), days=()))
    )
    page.refresh()
    jobs.settle()
    assert painted(mine, whole) != there


def test_a_name_of_mine_offers_no_relief(qtbot: QtBot, session: FakeSession, jobs: HandJobs) -> None:
    page = page_for(qtbot, session, jobs)
    mine = page.seen.heat_map
    words = mine.words_at(QPoint(4, mine.height() // 2))
    assert "Reviewer 07" in words
    assert "relief" not in words


# offline


def test_without_network_what_was_heard_last_is_shown_and_its_time_is_said(
    qtbot: QtBot, session: FakeSession, jobs: HandJobs
) -> None:
    session.own.offline = True
    session.own.before = heard(datetime.now(UTC) - timedelta(days=3))
    page = page_for(qtbot, session, jobs)
    words = said(page)
    assert "does not answer" in page.notice.words
    assert "as it was heard last" in page.notice.words
    assert "The case system's part is as of" in words
    assert "Supervisor 01 looked at your figures" in words
    assert "All graphic viewing" in words


def test_never_heard_is_said_and_what_is_here_is_shown(qtbot: QtBot, session: FakeSession, jobs: HandJobs) -> None:
    session.own.offline = True
    page = page_for(qtbot, session, jobs)
    words = said(page)
    assert "never heard here and is missing below" in page.notice.words
    assert "Could not be heard." in words
    assert "Nobody so far." not in words
    assert page.seen.heat_map.isHidden()
    assert "All graphic viewing" in words
    session.own.offline = False
    QTest.keyClick(page, Qt.Key.Key_F5)
    jobs.settle()
    assert page.notice.isHidden()
    assert not page.seen.heat_map.isHidden()


def test_before_the_answer_is_here_it_is_being_asked_for(qtbot: QtBot, session: FakeSession, jobs: HandJobs) -> None:
    page = page_for(qtbot, session, jobs, settle=False)
    jobs.work()
    jobs.work()
    jobs.deliver()
    assert "Asking the case system." in said(page)
    jobs.settle()
    assert "Asking the case system." not in said(page)


# the file


def test_the_file_is_written_away_from_the_window_and_that_is_said(
    qtbot: QtBot, session: FakeSession, jobs: HandJobs
) -> None:
    page = page_for(qtbot, session, jobs)
    page.file.path.setText("/somewhere/mine.json")
    page.write_file()
    page.write_file()
    assert session.named("write_own_file") == []
    assert page.file.said.text() == "Writing."
    jobs.settle()
    assert session.named("write_own_file") == [("write_own_file", "/somewhere/mine.json")]
    assert "The file is written" in page.file.said.text()


def test_what_went_wrong_with_the_file_is_said(qtbot: QtBot, session: FakeSession, jobs: HandJobs) -> None:
    error: ReviewerError = NotWritten()
    session.fail["write_own_file"] = error
    page = page_for(qtbot, session, jobs)
    page.file.path.setFocus()
    QTest.keyClick(page.file.path, Qt.Key.Key_Return)
    jobs.settle()
    assert error.what_happened in page.file.said.text()
    assert error.what_to_do in page.file.said.text()
    session.fail.clear()
    page.write_file()
    jobs.settle()
    assert len(session.named("write_own_file")) == 2


# in the window


def test_a_key_the_palette_and_the_meter_lead_there_and_back(qtbot: QtBot, qapp: QApplication) -> None:
    with a_window(qtbot, qapp, a_page("empty")) as person:
        person.go_to("empty")
        frame = person.frame
        person.press(Qt.Key.Key_F6)
        assert frame.pages.currentWidget() is frame.asked.own
        person.until(lambda: "All graphic viewing" in said(frame.asked.own))
        person.press(Qt.Key.Key_F6)
        assert frame.pages.currentWidget() is frame.home
        meter = frame.status.findChild(PlainLabel, "viewingToday")
        assert meter is not None
        QTest.mouseClick(meter, Qt.MouseButton.LeftButton)
        assert frame.pages.currentWidget() is frame.asked.own
        assert frame.shortcuts.why_not("own_file") == ""
        person.press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
        person.until(lambda: len(person.session.named("write_own_file")) == 1)
        person.press(Qt.Key.Key_Escape)
        assert frame.pages.currentWidget() is frame.cover
        assert frame.shortcuts.why_not("own_file")
        assert {"My data: all that is held about you", "My data as a file"} <= {
            action.words for action in frame.shortcuts.actions
        }


@pytest.mark.parametrize("key", [Qt.Key.Key_F6, Qt.Key.Key_F2, Qt.Key.Key_F8, Qt.Key.Key_Question])
def test_while_a_page_lies_over_the_desk_nothing_counts_as_seen(key: Qt.Key, qtbot: QtBot, qapp: QApplication) -> None:
    blurred_at_first = FakeSession(entries=[an_entry(1851, harm="other")])
    with a_window(qtbot, qapp, blurred_at_first) as person:
        person.unlock()
        person.take_first()
        shown = person.session.shown
        person.until(lambda: shown[-1] == ("item-1851", Level.BLURRED))
        person.press(key)
        told = len(shown)
        assert shown[-1] == ("item-1851", Level.FACTS)
        person.until(lambda: len(shown) > told)  # the heartbeat says the same
        assert {level for _item, level in shown[told:]} == {Level.FACTS}
        person.press(key)
        assert shown[-1] == ("item-1851", Level.BLURRED)


def test_supervisors_have_the_page_too(qtbot: QtBot, qapp: QApplication) -> None:
    with a_window(qtbot, qapp, a_page("empty")) as person:
        person.go_to("supervisor")
        person.press(Qt.Key.Key_F6)
        assert person.frame.pages.currentWidget() is person.frame.asked.own


@pytest.mark.parametrize(("name", "scale"), [("dark", 1.0), ("light", 1.5)])
def test_no_words_are_cut_off(name: str, scale: float, qtbot: QtBot, qapp: QApplication) -> None:
    with a_window(qtbot, qapp, a_page("empty"), look=name, scale=scale, size=(1366, 768)) as person:
        person.go_to("own")
        page = person.frame.asked.own
        person.until(lambda: "All graphic viewing" in said(page))
        person.settle()
        cut = [
            label.text()
            for label in page.findChildren(QLabel)
            if label.isVisible() and label.text() and label.width() < label.minimumSizeHint().width()
        ]
        assert cut == []
        assert page.width() <= person.window.width()
        right = page.mapTo(person.window, QPoint(page.width(), 0)).x()
        over = [
            label.text()
            for label in page.findChildren(QLabel)
            if label.isVisible() and label.mapTo(person.window, QPoint(label.width(), 0)).x() > right
        ]
        assert over == []
