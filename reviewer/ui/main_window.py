"""The window: locked, or one unlocked session."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QCloseEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget

from reviewer.model.errors import ReviewerError
from reviewer.ui import theme
from reviewer.ui.appearance import Appearance
from reviewer.ui.bridge import Jobs
from reviewer.ui.clipboard import clear_what_is_ours
from reviewer.ui.desk_frame import DeskFrame
from reviewer.ui.idle_watch import IdleWatch
from reviewer.ui.ports import Desk, Session
from reviewer.ui.screen_capture import exclude_from_capture
from reviewer.ui.unlock_page import UnlockPage


class MainWindow(QMainWindow):
    """Closing it while a session is open locks first: the draft is saved, the keys are wiped, then it closes."""

    def __init__(self, desk: Desk, jobs: Jobs) -> None:
        super().__init__()
        self._desk = desk
        self._jobs = jobs
        self._closing = False
        self._idle: IdleWatch | None = None
        self.frame: DeskFrame | None = None
        self._appearance = Appearance(self)
        self.setObjectName("mainWindow")
        self.setWindowTitle("reviewer")
        self.setMinimumSize(1024, 640)
        self._stack = QStackedWidget(self)
        self.setCentralWidget(self._stack)
        self.unlock_page = UnlockPage(desk, jobs, self._stack)
        self.unlock_page.unlocked.connect(self._open)
        self._stack.addWidget(self.unlock_page)
        self.unlock_page.setFocus()
        jobs.failed.connect(self._tell)

    def _open(self, session: Session) -> None:
        frame = DeskFrame(session, self._jobs, exclude_from_capture(self), self._stack, self._appearance)
        frame.locked.connect(self._locked)
        frame.unsaved.connect(self._stay)
        self.frame = frame
        self._stack.addWidget(frame)
        self._stack.setCurrentWidget(frame)
        self._idle = IdleWatch(session.policy.session.lock_after_minutes, frame)
        self._idle.idle.connect(frame.lock)
        handle = self.windowHandle()
        if handle is not None:
            self._idle.watch(handle)
        if frame.breaks is not None:
            frame.breaks.resting.connect(self._idle.rest)
            frame.breaks.awake.connect(self._idle.wake)
        frame.start()

    def _locked(self, error: ReviewerError | None) -> None:
        frame, self.frame, self._idle = self.frame, None, None
        self._stack.setCurrentWidget(self.unlock_page)
        self.unlock_page.setFocus()
        if frame is not None:
            self._stack.removeWidget(frame)
            frame.deleteLater()
        clear_what_is_ours()
        if error is not None:
            self.unlock_page.tell_error(error)
        if self._closing:
            self.close()

    def _stay(self) -> None:
        self._closing = False

    def _tell(self, error: ReviewerError) -> None:
        if self.frame is not None:
            self.frame.tell_error(error)
        else:
            self.unlock_page.tell_error(error)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.frame is None:
            super().closeEvent(event)
            return
        event.ignore()
        self._closing = True
        self.frame.lock()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit_scale()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Not while laying out: a change of scale is a new layout.
        QTimer.singleShot(0, self, self._fit_scale)

    def _fit_scale(self) -> None:
        """A very large window at ratio 1 (2160p without desktop scaling) is shown at a scale people can read."""
        wanted = theme.scale_for(self.width(), self.height())
        if self.property("fitted_scale") != wanted:
            self.setProperty("fitted_scale", wanted)
            self._appearance.fit(wanted)
