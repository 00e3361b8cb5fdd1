"""Around a desk: the cover, the pause, the sheet of keys, the posture page, the status bar, and the lock."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cached_property

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from reviewer.model.errors import ReviewerError
from reviewer.model.preferences import Preferences
from reviewer.model.roles import Permission, may
from reviewer.ui import theme
from reviewer.ui.announce import announce
from reviewer.ui.announcing import Announcing
from reviewer.ui.appearance import Appearance
from reviewer.ui.asked_pages import AskedPages
from reviewer.ui.break_control import BreakControl
from reviewer.ui.break_overlay import BreakOverlay
from reviewer.ui.bridge import Jobs
from reviewer.ui.commands import Command
from reviewer.ui.desk_commands import desk_commands
from reviewer.ui.desk_keys import bind_desk
from reviewer.ui.desk_pages import PostureFrame, make_cover, make_home, say_way_back
from reviewer.ui.focus_order import follow_layout
from reviewer.ui.full_screen import FullScreen
from reviewer.ui.gallery_desk import GalleryDesk
from reviewer.ui.gallery_keys import sheet_actions
from reviewer.ui.good_moment import GoodMoment
from reviewer.ui.handoff_desk import HandoffDesk
from reviewer.ui.handoff_keys import page_actions as handoff_actions
from reviewer.ui.lock_patience import LockPatience
from reviewer.ui.notice import Notice
from reviewer.ui.palette_control import PaletteControl
from reviewer.ui.ports import Session
from reviewer.ui.readings_keys import sheet_actions as readings_actions
from reviewer.ui.screen_capture import CaptureState
from reviewer.ui.shortcut_sheet import ShortcutSheet
from reviewer.ui.shortcuts import Shortcuts
from reviewer.ui.status_bar import StatusBar
from reviewer.ui.supervisor_page import SupervisorPage
from reviewer.ui.workbench import Workbench
from reviewer.ui.workbench_keys import decision_groups

STATUS_MS = 1000
LOCK_PATIENCE_MS = 10_000  # how long a lock waits for a decision and a draft on their way to the store


class DeskFrame(QWidget):
    """One unlocked session. `locked(error or None)` when it is dead; `unsaved` when a draft holds up the lock."""

    locked = Signal(object)
    unsaved = Signal()

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        capture: CaptureState,
        parent: QWidget | None = None,
        appearance: Appearance | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("deskFrame")
        self._session = session
        self._jobs = jobs
        self._locking = False
        self._lock_unsaved = False
        self.notice = Notice(self)
        self._patience = LockPatience(
            LOCK_PATIENCE_MS, lambda: self.handoff is not None and self.handoff.running, self.notice, self
        )
        self._patience.over.connect(lambda: self._end_session(False))
        self.pages = QStackedWidget(self)
        self.home = make_home(session, jobs, self.pages)
        self.workbench = self.home if isinstance(self.home, Workbench) else None
        self.gallery: GalleryDesk | None = None
        if self.workbench is not None:
            self.gallery = GalleryDesk(session, jobs, self.workbench, self.pages, self._show, self.come_back)
        self.handoff = self._make_handoff()
        self.cover = make_cover(self.pages, self.come_back, self.lock)
        self.pause = BreakOverlay(self.pages)
        self.breaks = self._make_breaks()
        self.status = StatusBar(capture.words, capture.excluded, self)
        self.shortcuts = Shortcuts(self)
        self.appearance = appearance if appearance is not None else Appearance(self)
        self.appearance.begin()
        self.asked = AskedPages(session, jobs, self, self.pages, self.appearance, self._toggle, self.workbench)
        self.commands = PaletteControl(self, self.shortcuts, self._may_command, self._more_commands, self._resume_keys)
        for other in (self.gallery, self.handoff):
            if other is not None:
                self.commands.opening.connect(other.pause_keys)
        self.full = FullScreen(self, (self.status, self.workbench.top_bar) if self.workbench is not None else ())
        bind_desk(self)
        for page in (self.home, self.cover, self.pause):
            self.pages.addWidget(page)
        column = QVBoxLayout(self)
        theme.space(column)
        column.addWidget(self.notice)
        column.addWidget(self.pages, 1)
        column.addWidget(self.status)
        self._connect()
        follow_layout(self)
        self._tick()

    @cached_property
    def sheet(self) -> ShortcutSheet:
        """Made when it is first asked for, like the pages of `asked`."""
        beside = (*sheet_actions(), *readings_actions()) if self.gallery is not None else ()
        handing = handoff_actions() if self.handoff is not None else ()
        sheet = ShortcutSheet((*self.shortcuts.actions, *beside, *handing), self.pages)
        sheet.closed.connect(self.toggle_sheet)
        self.pages.addWidget(sheet)
        follow_layout(self)
        return sheet

    def _make_breaks(self) -> BreakControl | None:
        if self.workbench is None:
            return None
        return BreakControl(
            self._session,
            self._jobs,
            self.pause,
            self.workbench,
            GoodMoment(self.workbench, self.gallery, self),
            at_work=self._at_work,
            cover=self._cover_with_pause,
            come_back=self.come_back,
            to_the_desk=self._to_the_desk,
        )

    def _make_handoff(self) -> HandoffDesk | None:
        session = self._session
        if not may(session.member.role, Permission.BUILD_HANDOFFS):
            return None
        keeper = self.home.keeper if isinstance(self.home, Workbench | SupervisorPage) else None
        return HandoffDesk(session, self._jobs, keeper, self.pages, self._toggle, self._case_in_view)

    def _connect(self) -> None:
        self.status.lock.connect(self.lock)
        self.status.ownAsked.connect(self.asked.toggle_own)
        self.appearance.chosen.connect(self._keep_preferences)
        self._timer = QTimer(self, interval=STATUS_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        if self.workbench is not None:
            Announcing(self.workbench)
            self.workbench.looking.covered = lambda: self.pages.currentWidget() is not self.home
            self.workbench.tell_in_view = self.tell_error
            self.workbench.hideAsked.connect(self.hide_everything)
            self.workbench.report_page.hand_off.clicked.connect(self.toggle_handoff)
            self.workbench.viewer.fullScreenAsked.connect(self._toggle_full)
            self.full.changed.connect(self._full_changed)
            self.workbench.flow.emptied.connect(self.full.leave)
            if self.gallery is not None and self.breaks is not None:
                self.gallery.pauseOffered.connect(self.breaks.offer)
            self.workbench.beat.connect(self._tick)
            self.workbench.flow.stateChanged.connect(lambda _state: self._say_worker())

    def start(self) -> None:
        self._show(self.home)
        self._jobs.run(self._session.preferences, then=self.appearance.show, failed=self.tell_error, owner=self)
        if self.workbench is not None:
            self.workbench.start()
            if self.breaks is not None:
                self.breaks.start()
            self.workbench.tell_protection()

    # what the keys do

    def hide_everything(self) -> None:
        """The panic key: at once, from wherever, also while typing. Once more, and the full screen is left as well."""
        if self.pages.currentWidget() is self.pause:
            self.pause.escape()
            return
        if self.pages.currentWidget() is self.cover:
            self.full.leave()
        else:
            self._remember(item=True)
        if self.workbench is not None:
            self.workbench.hide_now()
        self._show(self.cover)

    def come_back(self) -> None:
        if self._locking:
            return
        if self.gallery is not None and self.gallery.bring_back():
            return
        self._show(self.home)
        if self.workbench is not None:
            self.workbench.come_back()

    def toggle_sheet(self) -> None:
        self.sheet.fill()
        self._toggle(self.sheet)

    def toggle_gallery(self) -> None:
        if self.gallery is not None and self._may_command():
            self.full.leave()
            self.gallery.toggle()

    def toggle_handoff(self) -> None:
        if self.handoff is not None:
            self.handoff.toggle()

    def _toggle(self, page: QWidget) -> None:
        """Over desk or gallery, and back to that one: a cover or a pause stays as it is."""
        if self.pages.currentWidget() is page:
            self.come_back()
        elif self.pages.currentWidget() not in (self.cover, self.pause):
            if self._at_work():
                self._remember(item=False)
            self._show(page)

    def lock(self) -> None:
        """Hide at once; let a decision finish, keep the draft, then end the session. Words that cannot be saved, or a
        store that does not answer, hold the lock up once."""
        if self._locking:
            return
        self._locking = True
        self.notice.dismiss()
        if self.breaks is not None:
            self.breaks.keep_words()
        self.hide_everything()
        self._show(self.cover)
        self.full.leave()
        if self.workbench is not None and self.gallery is not None:
            self.workbench.stop()
            self.gallery.stop()
            self._settle(self.workbench)
        elif isinstance(self.home, SupervisorPage):
            self._settle(self.home)
        else:
            self._end_session(True)

    def tell_error(self, error: ReviewerError) -> None:
        if self.workbench is not None and self.pages.currentWidget() is self.workbench:
            self.workbench.tell_error(error)
        else:
            self.notice.tell_error(error)

    # inside

    def _settle(self, home: Workbench | SupervisorPage) -> None:
        """First what is being built or sent, then the desk; both are waited for."""
        self._patience.begin()
        if self.handoff is None:
            home.settle(self._settled)
            return
        self.handoff.settle(lambda saved: home.settle(lambda also: self._settled(saved and also)))

    def _settled(self, saved: bool) -> None:
        if self._patience.left:
            self._end_session(saved)

    def _end_session(self, saved: bool) -> None:
        self._patience.end()
        if not saved and not self._lock_unsaved:
            self._lock_unsaved = True
            self._locking = False
            self._patience.tell_held_up()
            self.unsaved.emit()
            if self.workbench is not None and self.breaks is not None:
                self.breaks.held_up()
                self.workbench.start()
            return
        self._timer.stop()
        self.shortcuts.pause()
        session = self._session
        self._jobs.run(session.lock, then=lambda _nothing: self.locked.emit(None), failed=self.locked.emit, owner=self)

    def _show(self, page: QWidget) -> None:
        if self.workbench is not None and page is not self.home:
            # While it is still on the screen: what is hidden is not painted over.
            self.workbench.viewer.reveil()
        self.commands.shut()
        if page is self.cover and self.pages.currentWidget() is not page:
            announce(self, self.tr("Everything is hidden."), at_once=True)
        self.pages.setCurrentWidget(page)
        if self.workbench is not None:
            self.workbench.looking.page_changed()
        self._resume_keys()
        # Not by a focus proxy of the frame's: Tab would pass over what lies beside the proxy.
        first = page.posture if isinstance(page, PostureFrame) else page
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        self._tick()

    def _resume_keys(self) -> None:
        """Only over the desk do the keys of the desk mean something."""
        for other in (self.gallery, self.handoff):
            if other is not None:
                other.resume_keys()
        if self.pages.currentWidget() is self.home and not self._locking:
            self.shortcuts.resume()
        else:
            self.shortcuts.pause()

    def _remember(self, *, item: bool) -> None:
        """Before the cover or a break: where the person comes back to, and the cover says so."""
        if self.gallery is None:
            return
        if self._in_view:  # a page over one of them keeps what was remembered when it opened
            self.gallery.remember(item=item)
        say_way_back(self.cover, gallery=self.gallery.returns)

    def _may_command(self) -> bool:
        return self.pages.currentWidget() not in (self.cover, self.pause) and not self._locking

    def _more_commands(self) -> list[Command]:
        handing = self.handoff.commands() if self.handoff is not None else []
        if self.workbench is None or self.gallery is None:
            return handing
        desk = [] if self.gallery.open else desk_commands(self.workbench)
        return [*desk, *self.gallery.commands(), *handing]

    def _case_in_view(self) -> str:
        return self.workbench.case_in_view if self.workbench is not None else ""

    def _keep_preferences(self, preferences: Preferences) -> None:
        """In force at once; kept without waiting for it."""
        session = self._session
        session.follow_preferences(preferences)
        if self.workbench is not None:
            self.workbench.follow_preferences()
        self._jobs.run(lambda: session.keep_preferences(preferences), failed=self.tell_error, owner=self)

    def _toggle_full(self) -> None:
        if self.full.on or (self.workbench is not None and self.workbench.flow.item is not None):
            self.full.toggle()

    def _full_changed(self, full: bool) -> None:
        """No decision is made by a key whose effect nobody sees."""
        self.shortcuts.mute(*(decision_groups() if full else ()))
        if self.workbench is not None:
            self.workbench.set_full(full)

    def _at_work(self) -> bool:
        """Desk or gallery are in view, and may be covered."""
        return self._in_view and not self._locking

    @property
    def _in_view(self) -> bool:
        return self.pages.currentWidget() is self.home or (self.gallery is not None and self.gallery.open)

    def _to_the_desk(self) -> None:
        """Wherever the person came from."""
        if self.gallery is not None:
            self.gallery.forget_return()
        self._show(self.home)

    def _cover_with_pause(self) -> None:
        self._remember(item=False)
        self._show(self.pause)

    def _tick(self) -> None:
        self._say_worker()
        if self._locking:
            return
        self.status.show_sync(self._session.sync_state(), datetime.now(UTC))
        if self.pages.currentWidget() is self.pause:
            self.status.say_paused()
        else:
            self.status.show_exposure(self._session.exposure() if self.workbench is not None else None)

    def _say_worker(self) -> None:
        opened = self.workbench.open_item if self.workbench is not None else None
        cells = self.gallery.sealed if self.gallery is not None else None
        self.status.show_worker(opened.sandbox.sealed if opened is not None else cells)
