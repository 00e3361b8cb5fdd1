"""The pages around a desk that are made when they are first asked for: they would be a good part of unlocking."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from PySide6.QtWidgets import QStackedWidget, QWidget

from reviewer.ui.appearance import Appearance
from reviewer.ui.bridge import Jobs
from reviewer.ui.consensus_page import ConsensusPage
from reviewer.ui.desk_pages import PostureFrame
from reviewer.ui.focus_order import follow_layout
from reviewer.ui.own_page import OwnPage
from reviewer.ui.ports import Session
from reviewer.ui.preferences_page import PreferencesPage
from reviewer.ui.readings_control import KEY as READINGS_KEY
from reviewer.ui.readings_control import ReadingsControl
from reviewer.ui.workbench import Workbench


class AskedPages:
    """Each is put into `pages`, which is in `frame`; its way back is `toggle`, which brings it into view as well."""

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        frame: QWidget,
        pages: QStackedWidget,
        appearance: Appearance,
        toggle: Callable[[QWidget], None],
        workbench: Workbench | None,
    ) -> None:
        self._session, self._jobs, self._frame, self._pages = session, jobs, frame, pages
        self._appearance, self._toggle, self._workbench = appearance, toggle, workbench
        self._control = ReadingsControl(workbench, session.second, jobs) if workbench is not None else None

    @cached_property
    def preferences(self) -> PreferencesPage:
        views = self._workbench is not None
        page = PreferencesPage(self._session.policy, self._appearance, self._pages, views=views)
        page.backAsked.connect(self.toggle_preferences)
        self._add(page)
        return page

    @cached_property
    def posture(self) -> PostureFrame:
        page = PostureFrame(self._session, self._jobs, self.toggle_posture, self._pages)
        self._add(page)
        return page

    @cached_property
    def own(self) -> OwnPage:
        page = OwnPage(self._session, self._jobs, self._pages)
        page.backAsked.connect(self.toggle_own)
        self._add(page)
        return page

    @cached_property
    def readings(self) -> ConsensusPage:
        session = self._session
        keeper = self._workbench.keeper if self._workbench is not None else None
        page = ConsensusPage(session.second, session.policy, self._jobs, READINGS_KEY, self._pages, keeper)
        page.backAsked.connect(self.toggle_readings)
        if self._control is not None:
            self._control.join(page)
        self._add(page)
        return page

    @property
    def own_in_view(self) -> bool:
        return isinstance(self._pages.currentWidget(), OwnPage)

    # what the keys do

    def toggle_preferences(self) -> None:
        self._toggle(self.preferences)

    def toggle_posture(self) -> None:
        self._toggle(self.posture)

    def toggle_own(self) -> None:
        self._toggle(self.own)

    def toggle_readings(self) -> None:
        self._toggle(self.readings)

    def write_own_file(self) -> None:
        if self.own_in_view:
            self.own.write_file()

    # inside

    def _add(self, page: QWidget) -> None:
        self._pages.addWidget(page)
        follow_layout(self._frame)
