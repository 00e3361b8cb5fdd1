"""The gallery beside the desk: what lies on the desk is put away while it is open. Made when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from reviewer.model.cases import QueueEntry
from reviewer.model.decisions import Draft
from reviewer.ui.bridge import Jobs
from reviewer.ui.commands import Command
from reviewer.ui.focus_order import follow_layout
from reviewer.ui.gallery_control import GalleryControl
from reviewer.ui.gallery_keys import closed_commands
from reviewer.ui.ports import Session
from reviewer.ui.workbench import Workbench


class GalleryDesk(QObject):
    """`pauseOffered` once a second while cells are looked at: one may be due. `show_page` shows a page of the frame."""

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
        self._opened = ""  # the item that was taken to the desk from here
        self._return = False

    @property
    def open(self) -> bool:
        return self.control is not None and self._pages.currentWidget() is self.control.page

    @property
    def draft(self) -> Draft | None:
        """What is answered in the gallery's form so far."""
        return self.control.page.batch.panel.draft if self.control is not None else None

    @property
    def sealed(self) -> bool | None:
        """Whether what is shown came out of sealed workers; None when nothing of evidence is shown."""
        shown = self.open and self.control is not None and self.control.looking.feed.kept
        return self._session.gallery.sealed if shown else None

    def stop(self) -> None:
        """Before the lock."""
        if self.control is not None:
            self.control.stop()

    def toggle(self) -> None:
        """Back to the desk as it was, or to the gallery of the case on it."""
        if self.open:
            self._come_back()
            return
        self._workbench.hide_now()
        self._enter()

    def remember(self, *, item: bool) -> None:
        """The page in view is about to go: `bring_back` will show the gallery if it is that, or, with `item`, what was
        opened from it."""
        entry = self._workbench.flow.entry
        on_desk = self._pages.currentWidget() is self._workbench and entry is not None
        self._return = self.open or (item and on_desk and entry is not None and entry.item.id == self._opened)

    def forget_return(self) -> None:
        """The person went on to the desk instead."""
        self._return = False

    @property
    def returns(self) -> bool:
        """`bring_back` would show the gallery."""
        return self._return

    def bring_back(self) -> bool:
        """The gallery where it was, after everything was hidden or a break; False, and nothing done, for the desk."""
        back, self._return = self._return, False
        if back:
            self._enter()
        return back

    def commands(self) -> list[Command]:
        """For the palette: the gallery's own while it is open, else what it has and how to get there."""
        if not self.open or self.control is None:
            return closed_commands()
        keys = self.control.keys
        return [
            Command(
                action.name,
                action.group,
                action.words,
                action.shown,
                keys.why_not(action.name),
                partial(keys.run, action.name),
            )
            for action in keys.actions
        ]

    def pause_keys(self) -> None:
        """While the palette lies over it."""
        if self.control is not None:
            self.control.keys.pause()

    def resume_keys(self) -> None:
        if self.control is not None:
            self.control.keys.resume()

    def _enter(self) -> None:
        self.forget_return()
        entry, control = self._workbench.flow.entry, self._made()
        ask = self._workbench.queue.ask
        if entry is not None and entry.item.id == self._opened:
            control.come_back(ask)  # to the place it was opened from
        else:
            control.open_for(entry, ask)
        self._show_page(control.page)
        control.page.focus_grid()  # not by a focus proxy: Tab would pass over what lies beside it

    def _made(self) -> GalleryControl:
        if self.control is None:
            control = self.control = GalleryControl(self._session, self._jobs, self._pages, self._workbench.keeper)
            self._pages.addWidget(control.page)
            follow_layout(control.page)
            control.page.back.clicked.connect(self.toggle)
            control.opened.connect(self._to_the_desk)
            control.changed.connect(self._workbench.flow.read_queue)
            control.beat.connect(self._beat)
            self._workbench.others_busy = lambda: control.busy
        return self.control

    def _to_the_desk(self, entry: QueueEntry) -> None:
        self._opened = entry.item.id
        self.forget_return()
        here = self._workbench.flow.entry
        if here is not None and here.item.id == entry.item.id:
            self._come_back()
            return
        self._show_page(self._workbench)
        self._workbench.looking.resume()
        self._workbench.take(entry)

    def _beat(self) -> None:
        if self.open:
            self.pauseOffered.emit()
