"""The gallery beside the desk: what lies on the desk is put away while it is open. Made when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from reviewer.model.cases import QueueEntry
from reviewer.ui.bridge import Jobs
from reviewer.ui.focus_order import follow_layout
from reviewer.ui.gallery_control import GalleryControl
from reviewer.ui.ports import Session
from reviewer.ui.workbench import Workbench


class GalleryDesk(QObject):
    """`pauseOffered` when a pause is due while cells are looked at. `show_page` shows one of the frame's pages."""

    pauseOffered = Signal()

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        workbench: Workbench,
        pages: QStackedWidget,
        show_page: Callable[[QWidget], None],
        come_back: Callable[[], None],
    ) -> None:
        super().__init__(pages)
        self._session = session
        self._jobs = jobs
        self._workbench = workbench
        self._pages = pages
        self._show_page = show_page
        self._come_back = come_back
        self.control: GalleryControl | None = None

    @property
    def open(self) -> bool:
        return self.control is not None and self._pages.currentWidget() is self.control.page

    @property
    def sealed(self) -> bool | None:
        """Whether what is shown came out of sealed workers; None when nothing of evidence is shown."""
        shown = self.open and self.control is not None and self.control.looking.feed.kept
        return self._session.gallery.sealed if shown else None

    def toggle(self) -> None:
        """Back to the desk as it was, or to the gallery of the case on it."""
        if self.open:
            self._come_back()
            return
        entry = self._workbench.flow.entry
        self._workbench.hide_now()
        control = self._made()
        control.open_for(entry)
        self._show_page(control.page)

    def _made(self) -> GalleryControl:
        if self.control is None:
            control = self.control = GalleryControl(self._session, self._jobs, self._pages)
            self._pages.addWidget(control.page)
            follow_layout(control.page)
            control.page.back.clicked.connect(self.toggle)
            control.opened.connect(self._to_the_desk)
            control.changed.connect(self._workbench.flow.read_queue)
            control.beat.connect(self._beat)
        return self.control

    def _to_the_desk(self, entry: QueueEntry) -> None:
        here = self._workbench.flow.entry
        if here is not None and here.item.id == entry.item.id:
            self._come_back()
            return
        self._show_page(self._workbench)
        self._workbench.looking.resume()
        self._workbench.take(entry)

    def _beat(self) -> None:
        if self.open and self._session.prompt() is not None:
            self.pauseOffered.emit()
