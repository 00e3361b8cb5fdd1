"""Between the gallery's page and the session: which items, whose pictures, and one decision for many."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from reviewer.model.batch import BatchOutcome, BatchResult
from reviewer.model.cases import QueueEntry
from reviewer.model.decisions import Decision
from reviewer.model.errors import ReviewerError
from reviewer.model.queue_view import QueueAsk
from reviewer.model.readings import Withdrawn
from reviewer.ui.bridge import Jobs
from reviewer.ui.draft_keeper import DraftKeeper
from reviewer.ui.gallery_apply import decide_cells
from reviewer.ui.gallery_batch import result_words, selection_words
from reviewer.ui.gallery_card import GalleryCard
from reviewer.ui.gallery_form import GalleryForm
from reviewer.ui.gallery_keys import bind_gallery
from reviewer.ui.gallery_looking import GalleryLooking
from reviewer.ui.gallery_model import GalleryModel
from reviewer.ui.gallery_page import GROUPS, GalleryPage
from reviewer.ui.gallery_source import Found, about_words, filter_words, find_cells
from reviewer.ui.ports import Session
from reviewer.ui.shortcuts import Shortcuts

CASE, QUEUE = 0, 1


class GalleryControl(QObject):
    """`opened(QueueEntry)` when one is to go to the desk, `changed` when the queue is another one, `beat` every second
    while cells may be seen."""

    opened = Signal(object)
    changed = Signal()
    beat = Signal()
    _progress = Signal(int, int)

    def __init__(self, session: Session, jobs: Jobs, parent: QWidget, keeper: DraftKeeper | None = None) -> None:
        """`keeper` saves the form; the desk's, so that a lock waits for it."""
        super().__init__(parent)
        self._session = session
        self._jobs = jobs
        self._case: str | None = None
        self._ask = QueueAsk()
        self._read = 0
        self._stop = threading.Event()
        self._undoing = False
        self.model = GalleryModel(self)
        self.page = GalleryPage(session.policy, self.model, parent)
        grid = self.page.grid
        self.looking = GalleryLooking(session.gallery, jobs, session.rules_for, self.model, grid.in_view, self)
        look = self.looking
        grid.setItemDelegate(
            GalleryCard(self.model, look.picture, look.bare, look.painted, lambda: grid.column_width, grid)
        )
        kept = keeper if keeper is not None else DraftKeeper(session, jobs, self)
        self.form = GalleryForm(session, jobs, self.page.batch, kept, self)
        self.keys = Shortcuts(self.page)
        bind_gallery(self.keys, self)
        self._connect()
        self.page.groups.choose(0)
        self.page.scope.choose(QUEUE)
        self.form.read()

    def _connect(self) -> None:
        page, look = self.page, self.looking
        page.entered.connect(self._entered)
        page.left.connect(self._left)
        page.grid.moved.connect(look.moved)
        page.grid.opened.connect(self._open)
        page.scope.chosen.connect(lambda _index: self.read())
        page.groups.chosen.connect(lambda _index: self._show_group())
        page.pictures.clicked.connect(self.ask_pictures)
        page.all.clicked.connect(lambda: self.model.select_all())
        page.decide.clicked.connect(self.decide)
        page.batch.stop.connect(self._stop.set)
        page.batch.back.connect(self._close_form)
        page.batch.panel.decide.connect(self.apply)
        page.batch.panel.undo.connect(self.undo)
        self.model.selectionMoved.connect(self._say_selection)
        look.repaint.connect(self._repaint)
        look.beat.connect(self._beat)
        self._progress.connect(page.batch.progress)

    # which items

    def open_for(self, entry: QueueEntry | None, ask: QueueAsk = QueueAsk()) -> None:  # noqa: B008
        """`entry` lies on the desk: its case is what the gallery begins with; the queue when there is none.

        `ask` is how the queue is searched and filtered now.
        """
        self._ask = ask
        case = entry.case.id if entry is not None else None
        if case != self._case:
            self._case = case
            self.page.scope.choose(QUEUE if case is None else CASE)
        self.page.scope.allow(CASE, case is not None)
        self.read()

    def come_back(self, ask: QueueAsk) -> None:
        """The same items, as they are now."""
        self._ask = ask
        self.read()

    def read(self) -> None:
        self._read += 1
        number, session, ask = self._read, self._session, self._ask
        case = self._case if self.page.scope.index == CASE else None
        self._jobs.run(
            lambda: find_cells(session, case, ask),
            then=lambda found: self._show(number, found),
            failed=self.page.notice.tell_error,
            owner=self,
        )

    def _show(self, number: int, found: Found) -> None:
        if number != self._read:
            return
        self.model.show(found.cells)
        harms = {harm.key: harm.words for harm in self._session.policy.harm_types}
        self.page.say_found(about_words(found), *filter_words(found, harms), empty=not found.cells)
        self.looking.moved()

    def next_scope(self) -> None:
        if self._case is not None and not self.page.batch.running:
            self.page.scope.choose(QUEUE if self.page.scope.index == CASE else CASE)
            self.read()

    def next_group(self) -> None:
        self.page.groups.choose(((self.page.groups.index or 0) + 1) % len(GROUPS))
        self._show_group()

    def _show_group(self) -> None:
        self.model.show_group(GROUPS[self.page.groups.index or 0])
        self.looking.moved()

    # looking

    def _entered(self) -> None:
        if self.page.in_view:
            self.looking.begin()
            self.page.grid.viewport().update()

    def _left(self) -> None:
        # Painted over as well as wiped: the screen must not keep what the memory no longer has.
        self.looking.drop()
        self.page.grid.viewport().update()

    def _repaint(self, item_id: str) -> None:
        row = self.model.row_of(item_id)
        if row is not None:
            self.page.grid.update(self.model.index(row))

    def _beat(self) -> None:
        self._say_selection()
        self.beat.emit()

    def ask_pictures(self) -> None:
        current = self.model.cell(self.page.grid.currentIndex().row())
        cells = self.model.selected or ([current] if current is not None else [])
        self.looking.ask_for({cell.id for cell in cells})
        self.page.grid.viewport().update()

    def ask_all_pictures(self) -> None:
        self.looking.ask_for_all()
        self.page.grid.viewport().update()

    def _open(self, row: int) -> None:
        cell = self.model.cell(row)
        if cell is not None and not self.page.batch.running:
            self.opened.emit(cell.entry)

    # selecting

    def select_none(self) -> None:
        self.model.select_all(False)

    def _say_selection(self) -> None:
        ids = [item_id for cell in self.model.selected for item_id in cell.item_ids]
        viewed = len(self._session.gallery.looked_at(ids)) if ids else 0
        words = selection_words(len(ids), viewed) if ids else self.tr("Nothing is selected")
        self.page.chosen.setText(words)
        self.page.decide.setEnabled(bool(ids) and not self.page.batch.running)
        if not self.page.batch.running:
            self.page.batch.say(words)
            self.page.batch.say_primary(len(ids))

    # deciding together

    @property
    def form_open(self) -> bool:
        return self.page.batch.isVisible()

    def decide(self) -> None:
        """Ctrl Enter: open the form, or apply it."""
        if self.page.batch.isVisible():
            self.apply()
        elif self.model.selected:
            self.page.batch.begin([cell.entry.item.harm_type for cell in self.model.selected], self.page.chosen.text())
            self.page.show_form(True)
            self._say_selection()
            self.page.batch.panel.setFocus()

    def enter(self) -> None:
        if self.page.batch.isVisible():
            self.apply()

    def leave_form(self) -> None:
        if self.page.batch.isVisible():
            self.page.batch.leave()

    def _close_form(self) -> None:
        self.page.show_form(False)
        self.page.focus_grid()

    def apply(self) -> None:
        panel, cells = self.page.batch.panel, self.model.selected
        draft = panel.draft
        if draft is None or self.busy or not cells:
            return
        if not panel.ready:
            panel.insist()
            return
        self._stop.clear()
        stop, tell, session = self._stop, self._progress.emit, self._session
        self.page.batch.started(sum(len(cell.item_ids) for cell in cells))
        self.page.focus_grid()
        self._jobs.run(
            lambda: decide_cells(session, draft, cells, tell, stop.is_set),
            then=self._decided,
            failed=self._not_decided,
            owner=self,
        )

    def _decided(self, results: Sequence[BatchResult]) -> None:
        left = [result.item_id for result in results if result.outcome is not BatchOutcome.DECIDED]
        self.page.batch.ended(result_words(results), empty=not left)
        if not left:
            self.form.forget()
        self.model.select_only(left)
        self.read()
        self.changed.emit()

    def _not_decided(self, error: ReviewerError) -> None:
        self.page.batch.ended("", empty=False)
        self.page.notice.tell_error(error)
        self.read()
        self.changed.emit()

    @property
    def busy(self) -> bool:
        """Decisions are being written down or voided."""
        return self._undoing or self.page.batch.running

    def stop(self) -> None:
        """Before the lock: what is decided stays decided, the rest stays in the queue."""
        self._stop.set()

    def undo(self) -> None:
        """One at a time: each is to void the batch that the person means, and no other."""
        if not self.busy:
            self._undoing = True
            self._jobs.run(self._session.undo, then=self._undone, failed=self._not_undone, owner=self)

    def _not_undone(self, error: ReviewerError) -> None:
        self._undoing = False
        self.page.notice.tell_error(error)

    def _undone(self, decision: Decision | Withdrawn | None) -> None:
        self._undoing = False
        if decision is None:
            self.page.notice.tell(
                self.tr("There is no decision of this session to undo."), self.tr("Nothing was changed."), "", calm=True
            )
            return
        if isinstance(decision, Withdrawn):
            self.page.notice.tell(
                self.tr("Your proposal was withdrawn."),
                self.tr("Your own decision stands as before."),
                self.tr("If your colleague had accepted it by then, that stands and the status bar says so."),
                calm=True,
            )
            return
        self.page.notice.tell(
            self.tr("Your last decision was voided, and those made with it."),
            self.tr("They stay in the record, marked as void."),
            self.tr("Their items are back in the queue."),
            calm=True,
        )
        self.read()
        self.changed.emit()

    def understood(self) -> None:
        self.page.notice.dismiss()
