"""The protected viewer: an item at the level the reviewer asked for, and back behind its veil."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Signal
from PySide6.QtGui import QCursor, QHideEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from reviewer.model.errors import ReviewerError
from reviewer.model.levels import Kind, Level
from reviewer.model.policy import Policy
from reviewer.ui import theme
from reviewer.ui.bridge import Jobs
from reviewer.ui.facts_card import FactsCard
from reviewer.ui.frame_requests import FrameRequests
from reviewer.ui.item_ports import TakenItem
from reviewer.ui.item_words import item_line, looker_words
from reviewer.ui.key_button import KeyButton
from reviewer.ui.ladder import Ladder
from reviewer.ui.level_desk import LevelDesk
from reviewer.ui.listening import Listening
from reviewer.ui.notes_card import NotesCard
from reviewer.ui.notice import Notice
from reviewer.ui.on_desk import OnDesk
from reviewer.ui.page_desk import PageDesk
from reviewer.ui.place_words import PlaceWords
from reviewer.ui.protected_view import ProtectedView
from reviewer.ui.stage import Desk, Stage
from reviewer.ui.text_page import TextPage
from reviewer.ui.timeline import PLAY_SCALE, Timeline
from reviewer.ui.video_desk import VideoDesk
from reviewer.ui.why_not_shown import bounds_of, lacking, why_not_shown
from reviewer.ui.wording import countdown_words, level_words
from reviewer.ui.wrap_row import WrapRow

COMPACT_BELOW = 830  # narrower than this the ladder uses fewer words


class ViewerPanel(QWidget):
    """`current_level` and `levelChanged` are what is painted now, not what was asked for."""

    levelChanged = Signal(object)
    soundChanged = Signal(bool)
    fullScreenAsked = Signal()

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._item = OnDesk()
        self._shown: Level | None = None
        self._unshowable = False
        self._noted = False
        self._protection_missing = False
        self._policy: Policy | None = None  # the rules that are in force for what is open
        self.setAccessibleName(self.tr("Protected viewer"))
        requests = FrameRequests(jobs, self)
        self.ladder = Ladder(self)
        self.grey_button = KeyButton("", "G", parent=self)
        self.full_button = KeyButton("", "F11", parent=self)
        self.notice = Notice(self)
        self.facts = FactsCard(self)
        self.view = ProtectedView(self)
        self.video = VideoDesk(jobs, requests, self)
        self.pages = PageDesk(requests, self)
        self.text = TextPage(jobs, self)
        self.levels = LevelDesk(
            requests, self.view, lambda: self.video.at_s, lambda: self.video.playing, lambda: self.pages.page
        )
        self.listening = Listening(jobs, self)
        self.timeline = Timeline(self.video, self.levels, self.view, self.listening)
        self.marks = self.timeline.marks
        self.notes = NotesCard(self)
        self._place_words = PlaceWords(self.view)
        self._stage = Stage(
            self.facts, self.view, self.video, self.pages, self.text, self.levels, self.timeline, self.listening, self
        )
        self._lay_out()
        self._connect()
        self.clear()

    def _lay_out(self) -> None:
        buttons = QWidget(self)
        row = QHBoxLayout(buttons)
        theme.space(row, gap=8)
        row.addWidget(self.grey_button)
        row.addWidget(self.listening.controls)
        row.addWidget(self.full_button)
        self.say_full(False)
        column = QVBoxLayout(self)
        theme.space(column, (16, 16, 16, 12), 12)
        column.addWidget(WrapRow(self.ladder, buttons, fills=False, parent=self))
        column.addWidget(self.notice)
        column.addWidget(self._stage, 1)
        column.addWidget(self.video.below)
        column.addWidget(self.listening.page.below)
        column.addWidget(self.pages.below)
        column.addWidget(self.marks.row)
        column.addWidget(self.notes)

    def _connect(self) -> None:
        self.ladder.chosen.connect(self._step_clicked)
        self.grey_button.clicked.connect(self.toggle_grey)
        self.full_button.clicked.connect(self.fullScreenAsked)
        self.view.pointerMoved.connect(self.levels.move_lens)
        self.view.nudged.connect(self.levels.nudge_lens)
        self.levels.changed.connect(self._refresh)
        self.levels.failed.connect(self._not_shown)
        self.levels.clock.ticked.connect(self._count_down)
        self.timeline.settleAsked.connect(self._settle)
        self.listening.soundChanged.connect(self.soundChanged)
        self.listening.changed.connect(self._refresh)
        self.listening.failed.connect(self._broke)
        self.video.changed.connect(self._refresh)
        self.video.failed.connect(self._broke)
        self.pages.moved.connect(self.levels.moment_changed)
        self.pages.changed.connect(self._refresh)
        self.pages.failed.connect(self._broke)
        self.text.desk.changed.connect(self._refresh)
        self.text.desk.failed.connect(self._broke)

    # items come and go

    @property
    def current_level(self) -> Level:
        return self._shown if self._shown is not None else Level.FACTS

    def show_item(
        self, taken: TakenItem, policy: Policy, viewer_name: str, *, protection_missing: bool = False
    ) -> None:
        """Put an item on the desk at its start level. Its `first` frame is taken over and wiped here.

        `protection_missing` is why nothing above DRAWING is offered, where that is so.
        """
        self.clear()
        self._item = OnDesk(taken)
        self._protection_missing, self._policy = protection_missing, policy
        entry, opened = taken.entry, taken.opened
        start, highest, reason = bounds_of(taken, policy, protection_missing=protection_missing)
        looked_at = opened if opened is not None and opened.viewable else None
        self.levels.open(looked_at, start=start, highest=highest, viewing=policy.viewing)
        if self._item.is_text:
            self.text.desk.open(opened, start=start, highest=highest, text=policy.text)
        self.ladder.set_clear_seconds(policy.text.clear_seconds if self._item.is_text else policy.viewing.clear_seconds)
        self.ladder.allow(highest, reason, lacking(opened, policy))
        self.notes.show_notes(entry.notes, policy.taxonomy)
        self._noted = bool(entry.notes)
        if taken.trouble is not None:
            self.notice.tell(*taken.trouble)
        watermark, chip = looker_words(viewer_name), item_line(entry.item.exhibit, entry.item.facts)
        self._place_words.set_words(watermark, chip)
        self.video.grid.set_words(watermark, chip)
        self.text.set_words(watermark)
        self.view.stand_upright()
        self.marks.show_segments(taken.draft.segments)
        self.text.line_marks.show_messages(taken.draft.messages)
        self.timeline.kind = entry.item.facts.kind if self._item.is_video or self._item.is_sound else None
        self.listening.open(opened, entry.item.facts, start=start, highest=highest, policy=policy, watermark=watermark)
        self.ladder.speak_of_sound(self._item.is_sound)
        if opened is not None and self._item.is_video:
            self.video.open(opened, entry.item.facts.duration_s or 0.0)
        elif opened is not None and opened.viewable:
            self.pages.open(opened, entry.item.facts)
        if taken.first is not None:
            self.levels.take_first(taken.first)
        self._show_grey()
        self._shown = None
        self._settle(start)
        self.facts.show_facts(entry, policy, why_not_shown(taken))

    def follow(self, policy: Policy) -> None:
        """Other rules for what is on the desk, at once: veiled to where it starts under them, and silent.

        What may be revealed at most is the organisation's and does not change.
        """
        taken = self._item.taken
        if taken is None or policy == self._policy:
            return
        self._policy = policy
        self.reveil()
        start, highest, reason = bounds_of(taken, policy, protection_missing=self._protection_missing)
        self.levels.start = start
        if self._item.is_text:
            self.text.desk.start = start
        self.levels.grey = self.levels.grey or policy.viewing.grey  # a grey that the person chose stays
        self.listening.follow(start, highest, policy)
        quiet = lacking(taken.opened, policy)
        if quiet:
            self.ladder.allow(highest, reason, quiet)
        self._show_grey()
        self.reveil()

    def clear(self) -> None:
        """Nothing on the desk: every frame is wiped, those on their way will be."""
        self._item = OnDesk()
        self._unshowable = False
        self._place_words.set_words("", "")
        self.timeline.kind = None
        self.listening.close()
        self.video.close()
        self.pages.close()
        self.text.close_item()
        self.levels.close()
        self.view.stand_upright()
        self.marks.show_segments(())
        self.text.line_marks.show_messages(())
        self.facts.clear()
        self.notes.show_notes(())
        self._noted = False
        self.notice.hide()
        self.ladder.allow(Level.FACTS, self.tr("No item is open."))
        self._show_grey()
        self._refresh()

    def reveil(self) -> None:
        """Back to the start level at once, or stay lower; everything above it is wiped before this returns."""
        self.video.pause()
        self.listening.off()
        self.listening.transcript.give_way()
        self._desk.reveil()
        self._after_settling()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.ladder.set_compact(self.width() < theme.px(COMPACT_BELOW))
        super().resizeEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self.reveil()
        super().hideEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.reveil()
        super().changeEvent(event)

    # what the keys do

    def set_level(self, level: Level) -> None:
        """Ask for a level. Above the policy's highest nothing happens; LENS asked so ends when CLEAR would."""
        if level is Level.LENS:
            self._lens(timed=True)
        elif level is Level.CLEAR:
            self._before_reveal(level)
            self._desk.begin_clear()
        elif level <= self._desk.highest and not (level is Level.DRAWING and self._item.is_text):
            self._settle(level)

    def toggle_grey(self) -> None:
        """Grey or colour, for LENS and CLEAR; it stays through every change of level."""
        if self._item.has_picture:
            self.levels.set_grey(not self.levels.grey)
            self._show_grey()

    def lens_hold(self, held: bool) -> None:
        """The lens while its key is down."""
        if held:
            self._lens(timed=False)
        elif self._desk.revealing is Level.LENS:
            self._desk.end_reveal()

    def lens_nudge(self, steps_x: int, steps_y: int) -> None:
        """Move the lens by quarters of itself; in a text, by lines."""
        self._desk.nudge_lens(steps_x, steps_y)

    def clear_hold(self, held: bool) -> None:
        """A tap starts the timed look or ends it, a longer press looks until it is let go; both veil themselves."""
        if held:
            self._before_reveal(Level.CLEAR)
        self._desk.clear_hold(held)

    def turn_page(self, pages: int) -> None:
        """So many pages on (or back); in a text, windows full."""
        if not self._item.has_picture:
            self.reading.desk.turn(pages)
        elif self._desk.rest is not Level.FACTS:
            self.pages.turn(pages)

    def find_words(self) -> None:
        """Look for words in what is read. The pages of a document are pictures: that is said."""
        if self._item.has_picture and self._item.kind is Kind.DOCUMENT:
            self.notice.tell(
                self.tr("The words of a document cannot be searched."),
                self.tr("Its pages are shown as pictures."),
                self.tr("Look through them with PgUp and PgDn."),
                calm=True,
            )
        else:
            self.reading.find_words()

    def say_full(self, full: bool) -> None:
        """What the key does now."""
        self.full_button.set_words(self.tr("Small") if full else self.tr("Full"))
        self.full_button.setAccessibleName(self.tr("Leave full screen") if full else self.tr("Full screen"))

    def toggle_notes(self) -> None:
        self.notes.toggle()

    # inside

    @property
    def reading(self) -> TextPage:
        """The words of the item on the desk: its own, or the transcript of a sound."""
        return self.listening.transcript.page if self._item.is_sound else self.text

    @property
    def _desk(self) -> Desk:
        """What has the levels of the item that is open."""
        if self._item.is_sound:
            return self.listening.audio
        return self.text.desk if self._item.is_text else self.levels

    def _step_clicked(self, level: Level) -> None:
        if level is self._desk.revealing:
            self._desk.end_reveal()
        else:
            self.set_level(level)

    def _settle(self, level: Level) -> None:
        if level is Level.DRAWING and self._item.is_video and self.levels.rest is not Level.DRAWING:
            self.video.choose_marked()
        self._unshowable = False  # asked for anew
        self._desk.settle(level)
        self._after_settling()

    def _after_settling(self) -> None:
        if self._desk.rest is Level.FACTS:
            self.video.wipe()
            self.pages.wipe()
        elif self._item.is_video:
            self.video.scenes.veil(self.levels.rest)
            self.video.load_storyboard()
        else:
            self.pages.show_veiled()
        self._refresh()

    def _lens(self, *, timed: bool) -> None:
        self._before_reveal(Level.LENS)
        page = self.view if self._item.has_picture else self.reading.view
        page.setFocus()  # so that the arrow keys move the lens
        pointer = QPointF(self.view.mapFromGlobal(QCursor.pos()))
        self._desk.begin_lens(self.view.share_at(pointer) if self.view.underMouse() else None, timed=timed)

    def _before_reveal(self, level: Level) -> None:
        """A lens needs a picture that stands still; CLEAR goes on with one that plays."""
        if self._item.is_video and level <= self.levels.highest and self.levels.revealing is None:
            if level is Level.LENS or self.levels.rest is Level.FACTS:
                self.video.pause()
            self.video.choose_marked()

    def _not_shown(self, error: ReviewerError) -> None:
        """No picture comes: whoever waits for one is told so."""
        self._unshowable = True
        self._broke(error)

    def _broke(self, error: ReviewerError) -> None:
        """Say so; the item stays decidable at what is still shown."""
        self.notice.tell_error(error)
        self._refresh()

    def _count_down(self, seconds: int, left: float) -> None:
        self.view.set_countdown(countdown_words(self.levels.revealing or Level.CLEAR, seconds), left)

    def _show_grey(self) -> None:
        self.grey_button.set_words(self.tr("Grey on") if self.levels.grey else self.tr("Grey off"))
        self.grey_button.setEnabled(self._item.has_picture)
        self.grey_button.setVisible(self._item.has_picture or self._item.taken is None)
        self.listening.controls.setVisible(not self._item.is_text)

    def _refresh(self) -> None:
        """Bring stage, ladder and signals in step with what lies in the view."""
        self.video.set_look(*self.levels.moving)
        self._stage.bring(self._item, self._desk)
        self.view.set_scale(PLAY_SCALE if self.video.playing else 1.0)
        self.view.set_hint(self._hint())
        if not self.levels.clock.running:
            self.view.set_countdown("", 0.0)
        shown = self._stage.level(self._desk)
        # At FACTS the notes stand among the facts, in full.
        self.notes.setVisible(self._noted and shown is not Level.FACTS)
        waiting = self._desk.revealing or self._desk.rest
        self.ladder.show_level(shown, waiting)
        self.view.setAccessibleName(self.tr("Picture: {level}").format(level=level_words(self.view.top_level)))
        if shown is not self._shown:
            self._shown = shown
            self.levelChanged.emit(shown)

    def _hint(self) -> str:
        if self._item.taken is None:
            return ""
        return self.tr("Nothing of it can be shown.") if self._unshowable else self.tr("Opening, veiled …")
