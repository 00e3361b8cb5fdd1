"""The beginning is shown before the whole; what comes late is painted where it lies now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from queue_fakes import a_listing
from session_fakes import a_queue

from reviewer.model.errors import ReviewerError, StoreUnavailable
from reviewer.model.queue_view import Grouping, QueueAsk, QueueListing
from reviewer.ui.bridge import Jobs
from reviewer.ui.ports import Session
from reviewer.ui.queue_model import QueueModel
from reviewer.ui.queue_panel import QueuePanel
from reviewer.ui.queue_reading import QueueReading


class Now:
    """Jobs run when `turn` is called, one by one."""

    def __init__(self) -> None:
        self.due: list[Callable[[], None]] = []

    def run(self, job: Callable[[], Any], *, then: Callable[[Any], None], failed: Any, owner: QObject) -> None:
        def go() -> None:
            try:
                answer = job()
            except ReviewerError as error:
                failed(error)
            else:
                then(answer)

        self.due.append(go)

    def turn(self) -> None:
        self.due.pop(0)()


class Asked:
    def __init__(self) -> None:
        self.asks: list[QueueAsk] = []
        self.broken = False

    def list_queue(self, ask: QueueAsk) -> QueueListing:
        self.asks.append(ask)
        if self.broken:
            raise StoreUnavailable
        return replace(QueueListing(), ask=ask)

    def pull_queue(self) -> int:
        return 2


def reading(owner: QObject) -> tuple[QueueReading, Asked, Now, list[QueueListing], list[ReviewerError]]:
    asked, jobs = Asked(), Now()
    shown: list[QueueListing] = []
    failed: list[ReviewerError] = []
    made = QueueReading(cast(Session, asked), cast(Jobs, jobs), owner, shown.append, failed.append)
    return made, asked, jobs, shown, failed


def test_the_beginning_comes_first_and_only_once(qapp: QObject) -> None:
    one, asked, jobs, shown, _failed = reading(qapp)
    done: list[int] = []
    one.read()
    one.refresh(lambda: done.append(1))
    while jobs.due:
        jobs.turn()
    assert asked.asks == [QueueAsk(beginning=True), QueueAsk(), QueueAsk()]
    assert [listing.ask for listing in shown] == asked.asks
    assert done == [1]
    assert one.unreadable == 2


def test_a_beginning_is_not_shown_for_another_question(qapp: QObject) -> None:
    one, _asked, jobs, shown, _failed = reading(qapp)
    one.read()
    one.ask = QueueAsk(words="gate")
    one.read()
    while jobs.due:
        jobs.turn()
    assert [listing.ask for listing in shown] == [QueueAsk(words="gate")] * 2


def test_a_store_that_does_not_answer_is_told_of_once(qapp: QObject) -> None:
    one, asked, jobs, shown, failed = reading(qapp)
    asked.broken = True
    one.read()
    while jobs.due:
        jobs.turn()
    assert (shown, len(failed)) == ([], 1)


def test_what_was_asked_for_is_painted_where_it_lies_now(qapp: QObject) -> None:
    entries, model = a_queue(), QueueModel()
    wanted: list[tuple[int, ...]] = []
    painted: list[tuple[int, int]] = []
    model.linesWanted.connect(wanted.append)
    model.dataChanged.connect(lambda first, last, _roles: painted.append((first.row(), last.row())))
    model.show(replace(a_listing(entries, QueueAsk(grouping=Grouping.CASE)), first=()))
    assert model.entry(0) is None
    head = model.group(2)
    assert head is not None
    assert head.first is None
    model._ask_now()
    (lines,) = wanted
    model.supply([(line, entries[line]) for line in lines])
    assert painted == [(2, 2)]
    # A group above it has been opened before the next answer comes.
    painted.clear()
    model.group(3)
    model._ask_now()
    model.fold(0, opened=True)
    model.supply([(line, entries[line]) for line in wanted[1]])
    assert painted == [(0, model.rowCount() - 1)]


def test_a_beginning_says_no_number(qtbot: QtBot) -> None:
    panel = QueuePanel("m07")
    qtbot.addWidget(panel)
    entries = a_queue()
    panel.show_queue(replace(a_listing(entries, QueueAsk(beginning=True)), waiting=0, with_notes=0))
    assert panel._count.text() == ""
    assert panel.model.rowCount() == len(entries)
    panel.show_queue(a_listing(entries))
    assert panel._count.text().startswith(f"{len(entries)} waiting")
