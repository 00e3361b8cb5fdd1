"""Words from the case system, from items, policies and errors are never read as markup, wherever they show."""

from __future__ import annotations

import html
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
import shiboken6
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from session_fakes import PASSPHRASE, POLICY, FakeDesk, FakeSession, an_entry

from reviewer.model.cases import EarlierNote, QueueEntry
from reviewer.model.errors import ReviewerError
from reviewer.model.events import MemberExposure, TeamExposure
from reviewer.model.levels import Kind
from reviewer.model.policy import Contact, Policy
from reviewer.model.roles import Member, Role
from reviewer.ui import heat_map
from reviewer.ui.bridge import Jobs
from reviewer.ui.desk_flow import DeskState
from reviewer.ui.main_window import MainWindow
from reviewer.ui.plain_label import plain_tip
from reviewer.ui.ports import PostureLine, SyncState
from reviewer.wellbeing.prompts import Prompt

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
EVIL = "<img src=x><b>R&D</b>"


class Hostile(ReviewerError):
    happened = kept = to_do = EVIL


class HostileSession(FakeSession):
    def posture(self) -> list[PostureLine]:
        return [PostureLine("x", EVIL, False, True, EVIL)]

    def team_exposure(self) -> TeamExposure:
        return TeamExposure(limit_quarter_hours=16, members=(MemberExposure(member=EVIL, days=()),) * 6)


def hostile_policy() -> Policy:
    harms = tuple(msgspec.structs.replace(harm, words=EVIL + harm.key) for harm in POLICY.harm_types)
    careful = tuple(msgspec.structs.replace(harm, highest="drawing") for harm in harms)
    return msgspec.structs.replace(
        POLICY,
        harm_types=careful,
        severity_words=(EVIL,) * len(POLICY.severity_words),
        support=(Contact(words=EVIL, reach=EVIL),),
    )


def hostile_entry(number: int, kind: Kind) -> QueueEntry:
    entry = an_entry(number, kind=kind, seconds=20 if kind is Kind.VIDEO else None, basis=EVIL, forewarning=(EVIL,))
    referral = msgspec.structs.replace(entry.case.referral, claim=EVIL, jurisdiction=EVIL, requester=EVIL)
    case = msgspec.structs.replace(entry.case, number=EVIL, referral=referral)
    facts = msgspec.structs.replace(entry.item.facts, format=EVIL, declared_format=EVIL)
    item = msgspec.structs.replace(entry.item, exhibit=EVIL, facts=facts)
    note = EarlierNote(author=EVIL, at=datetime.now(UTC) - timedelta(days=1), text=EVIL, labels=(EVIL,))
    return msgspec.structs.replace(entry, case=case, item=item, notes=(note,))


def hostile_session(role: Role = Role.REVIEWER) -> HostileSession:
    session = HostileSession(
        member=Member(id="m07", name=EVIL, role=role, recipient="age1"),
        policy=hostile_policy(),
        entries=[hostile_entry(1, Kind.VIDEO), hostile_entry(2, Kind.IMAGE)],
        sync=SyncState(3, 1, datetime.now(UTC), EVIL),
    )
    session.fail["refresh_queue"] = Hostile()
    session.fail["open"] = Hostile()
    return session


def check(window: QWidget) -> int:
    """How many labels and tooltips hold the words; none may interpret them."""
    found = 0
    for widget in [window, *window.findChildren(QWidget)]:
        tip = widget.toolTip()
        assert EVIL not in tip, type(widget).__name__
        found += html.escape(EVIL) in tip
        if isinstance(widget, QLabel):
            assert widget.textFormat() is Qt.TextFormat.PlainText, (widget.objectName(), widget.text())
            found += EVIL in widget.text()
    return found


@pytest.fixture
def window(request: pytest.FixtureRequest, qtbot: QtBot, qapp: QApplication) -> Iterator[MainWindow]:
    jobs = Jobs()
    made = MainWindow(FakeDesk(hostile_session(request.param), display_name=EVIL), jobs)
    made.resize(1440, 900)
    made.show()
    yield made
    made.close()
    qtbot.waitUntil(lambda: not made.isVisible())
    shiboken6.delete(made)
    jobs.close()


def unlock(window: MainWindow, qtbot: QtBot) -> None:
    assert check(window) >= 1
    window.unlock_page.tell_error(Hostile())
    assert check(window) >= 3
    window.unlock_page._passphrase.setText(PASSPHRASE)
    window.unlock_page.try_unlock()
    qtbot.waitUntil(lambda: window.frame is not None)


@pytest.mark.parametrize("window", [Role.REVIEWER], indirect=True)
def test_nothing_on_the_desk_is_read_as_markup(window: MainWindow, qtbot: QtBot) -> None:
    unlock(window, qtbot)
    frame = window.frame
    assert frame is not None
    bench = frame.workbench
    assert bench is not None
    qtbot.waitUntil(lambda: bench.queue.model.rowCount() == 2)
    for entry in [e for row in range(2) if (e := bench.queue.model.entry(row)) is not None]:
        bench.take(entry)
        qtbot.waitUntil(lambda: bench.flow.state is DeskState.OPEN)
        bench.tell_error(Hostile())
        frame.tell_error(Hostile())
        bench.decision.open_categories()
        window.grab()
        assert check(window) >= 15
    qtbot.waitUntil(lambda: EVIL in bench.queue._trouble.text())
    frame.asked.toggle_posture()
    qtbot.waitUntil(lambda: sum(label.text() == EVIL for label in frame.asked.posture.findChildren(QLabel)) == 2)
    check(window)
    frame.asked.toggle_posture()
    frame.toggle_sheet()
    check(window)
    frame.pause.ask(Prompt.BREAK_DUE, 50, hostile_policy())
    assert any(EVIL in label.text() for label in frame.pause.findChildren(QLabel))
    check(window)


@pytest.mark.parametrize("window", [Role.SUPERVISOR], indirect=True)
def test_nothing_on_the_supervisor_s_page_is_read_as_markup(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlock(window, qtbot)
    frame = window.frame
    assert frame is not None
    maps = frame.home.findChildren(heat_map.HeatMap)
    qtbot.waitUntil(lambda: any(shown._table.rows for shown in maps))
    frame.tell_error(Hostile())
    check(window)
    tips: list[str] = []
    monkeypatch.setattr(heat_map.QToolTip, "showText", lambda _at, words, _widget: tips.append(words))
    for shown in maps:
        at = shown.cell_rect(0, 0).center().toPoint()
        QApplication.sendEvent(shown, QHelpEvent(QEvent.Type.ToolTip, at, shown.mapToGlobal(QPoint(at))))
    assert any(html.escape(EVIL) in tip for tip in tips)
    assert not any(EVIL in tip for tip in tips)


def test_a_tooltip_says_the_words_as_they_are() -> None:
    assert plain_tip("") == ""
    assert plain_tip("a").startswith("<p")  # markup of ours around it, so that Qt never guesses
    assert "&lt;img src=x&gt;" in plain_tip(EVIL)
