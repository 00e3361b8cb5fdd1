"""Which page of the viewer lies in view, with the rows below it, and the highest level that can be seen there."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QWidget

from reviewer.model.levels import Level
from reviewer.ui.audio_desk import AudioDesk
from reviewer.ui.facts_card import FactsCard
from reviewer.ui.level_desk import LevelDesk
from reviewer.ui.listening import Listening
from reviewer.ui.on_desk import OnDesk
from reviewer.ui.page_desk import PageDesk
from reviewer.ui.protected_view import ProtectedView
from reviewer.ui.text_desk import TextDesk
from reviewer.ui.text_page import TextPage
from reviewer.ui.timeline import Timeline
from reviewer.ui.video_desk import VideoDesk

Desk = LevelDesk | TextDesk | AudioDesk


class Stage(QStackedWidget):
    def __init__(
        self,
        facts: FactsCard,
        view: ProtectedView,
        video: VideoDesk,
        pages: PageDesk,
        text: TextPage,
        levels: LevelDesk,
        timeline: Timeline,
        listening: Listening,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._facts, self._view, self._video, self._pages = facts, view, video, pages
        self._text, self._levels, self._timeline, self._listening = text, levels, timeline, listening
        for page in (facts, view, video.grid, text, listening.page):
            self.addWidget(page)

    def bring(self, item: OnDesk, desk: Desk) -> None:
        """Into view what `desk`, which has the levels of `item`, is at."""
        page = self._page(item, desk)
        self.setCurrentWidget(page)
        self._video.below.setVisible(self._timeline.video_in_view)
        self._listening.page.below.setVisible(self._timeline.sound_in_view)
        self._video.strip.setVisible(page is not self._video.grid)
        self._pages.below.setVisible(self._pages_in_view(desk))

    def level(self, desk: Desk) -> Level:
        """The highest of all that holds pixels or words and can be seen: on the stage, below it and over it."""
        page = self.currentWidget()
        on_stage: dict[QWidget | None, Level] = {
            self._view: self._view.top_level,
            self._text: self._text.desk.shown,
            self._listening.page: self._listening.audio.shown,
        }
        shown = [on_stage.get(page, Level.FACTS), self._video.preview.level]
        if page is self._video.grid or self._timeline.video_in_view:
            shown.append(self._video.scenes.level)
        if self._pages_in_view(desk):
            shown.append(self._pages.level)
        return max(shown)

    def _pages_in_view(self, desk: Desk) -> bool:
        return self._pages.many and desk.rest is not Level.FACTS

    def _page(self, item: OnDesk, desk: Desk) -> QWidget:
        if item.taken is None:
            return self._view  # empty: where most items begin
        above_facts = desk.revealing is not None or desk.rest is not Level.FACTS
        if item.is_text and above_facts:
            return self._text
        if item.is_sound and above_facts:
            return self._listening.page
        if self._levels.rest is Level.FACTS and self._view.top_level is Level.FACTS:
            return self._facts
        revealed = self._view.top_level > self._levels.rest or self._levels.revealing is not None
        if item.is_video and self._video.position is None and self._video.grid.count and not revealed:
            return self._video.grid
        return self._view
