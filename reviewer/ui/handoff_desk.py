"""The page of handing off beside a desk: which case it opens with, and its keys. Made when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QStackedWidget, QWidget

from reviewer.ui.bridge import Jobs
from reviewer.ui.commands import Command
from reviewer.ui.draft_keeper import DraftKeeper
from reviewer.ui.focus_order import follow_layout
from reviewer.ui.handoff_keys import closed_commands
from reviewer.ui.handoff_page import HandoffPage
from reviewer.ui.ports import Session


class HandoffDesk(QObject):
    """`toggle_page` shows a page of the frame, or leads back from it. `case_in_view` is the case before the person."""

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        keeper: DraftKeeper | None,
        pages: QStackedWidget,
        toggle_page: Callable[[QWidget], None],
        case_in_view: Callable[[], str],
    ) -> None:
        super().__init__(pages)
        self._session, self._jobs, self._keeper = session, jobs, keeper
        self._pages = pages
        self._toggle_page = toggle_page
        self._case_in_view = case_in_view
        self.page: HandoffPage | None = None

    @property
    def open(self) -> bool:
        return self.page is not None and self._pages.currentWidget() is self.page

    def toggle(self) -> None:
        """To the page with the case in view, else with the one it had, else with the question which one; and back."""
        page = self._made()
        if self.open:
            self._toggle_page(page)
            return
        case_id = self._case_in_view()
        self._toggle_page(page)
        if not self.open:  # everything is hidden
            return
        if case_id:
            page.open_case(case_id)
        elif page.case_id:
            page.refresh()
        else:
            page.choose_case()
        page.focus_step()

    @property
    def running(self) -> bool:
        """Something is being built, sent or retracted."""
        return self.page is not None and self.page.running.busy

    def settle(self, then: Callable[[bool], None]) -> None:
        """Before the lock: `then(False)` when what was written could not be saved."""
        if self.page is None:
            then(True)
        else:
            self.page.settle(then)

    def commands(self) -> list[Command]:
        """For the palette: the page's own while it is open, else what it has and how to get there."""
        if not self.open or self.page is None:
            return closed_commands()
        keys = self.page.keys
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
        if self.page is not None:
            self.page.keys.pause()

    def resume_keys(self) -> None:
        if self.page is not None:
            self.page.keys.resume()

    def _made(self) -> HandoffPage:
        if self.page is None:
            page = self.page = HandoffPage(self._session, self._jobs, self._keeper, self._pages)
            self._pages.addWidget(page)
            follow_layout(page)
            page.backAsked.connect(self.toggle)
        return self.page
