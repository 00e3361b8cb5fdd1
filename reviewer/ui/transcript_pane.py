"""What is said in a sound, veiled line by line: as it was delivered, or written down here if somebody asks for it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from reviewer.media.outlines import TextOf
from reviewer.media.spoken import Spoken
from reviewer.media.transcriber import Transcriber, TranscriberFailed, installed_transcriber
from reviewer.model.errors import ReviewerError
from reviewer.model.levels import Level
from reviewer.model.policy import Policy
from reviewer.ui import theme
from reviewer.ui.bridge import Jobs
from reviewer.ui.item_ports import OpenItem, Readable
from reviewer.ui.key_button import KeyButton
from reviewer.ui.plain_label import PlainLabel, plain_label
from reviewer.ui.text_page import TextPage
from reviewer.ui.transcript_maker import TranscriptMaker


class TranscriptPane(QWidget):
    """`page.desk` has the levels of the words. `silenceAsked`: the sound is wanted for writing it down.

    What is written down here is held while the person rests above FACTS (`follow`), and no longer.
    """

    silenceAsked = Signal()
    failed = Signal(object)

    def __init__(self, jobs: Jobs, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Transcript"))
        self.page = TextPage(jobs, self, of=TextOf.TRANSCRIPT)
        self._maker = TranscriptMaker(jobs, self)
        self._opened: OpenItem | None = None
        self._transcriber: Transcriber | None = None
        self._policy: Policy | None = None
        self._bounds = (Level.FACTS, Level.FACTS)
        self._length = 0.0
        self._rest = Level.FACTS
        self._written = False
        self._caption = PlainLabel(parent=self)
        theme.role(self._caption, "caption")
        self._read = KeyButton(self.tr("Read what is in view"), "Ctrl 5", parent=self)
        self._read.clicked.connect(self.read_all)
        self._sentence = plain_label("", "dim", self)
        self._make = KeyButton("", parent=self)
        self._make.clicked.connect(self.make_or_cancel)
        head = QHBoxLayout()
        theme.space(head, gap=8)
        head.addWidget(self._caption, 1)
        head.addWidget(self._read)
        none = QWidget(self)
        column = QVBoxLayout(none)
        theme.space(column, gap=8)
        column.addWidget(self._sentence)
        row = QHBoxLayout()
        theme.space(row)
        row.addWidget(self._make)
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        self._stage = QStackedWidget(self)
        self._stage.addWidget(none)
        self._stage.addWidget(self.page)
        layout = QVBoxLayout(self)
        theme.space(layout, gap=8)
        layout.addLayout(head)
        layout.addWidget(self._stage, 1)
        self._maker.made.connect(self._made)
        self._maker.ticked.connect(self._progress)
        self._maker.failed.connect(self._broke)
        self._none = none

    # items come and go

    def open(self, opened: OpenItem, *, start: Level, highest: Level, policy: Policy, length_s: float) -> None:
        """A transcript that was delivered is shown veiled; else it says what there is instead."""
        self.close_item()
        self._opened, self._policy, self._length = opened, policy, length_s
        self._bounds = (min(start, Level.BLURRED), highest)
        if opened.transcript:
            self._show(opened, self.tr("Transcript, as delivered with the item"), Level.FACTS)
        else:
            self._offer()

    def close_item(self) -> None:
        """No word is kept, and nobody writes on."""
        self._maker.cancel()
        self.page.close_item()
        self._opened = self._transcriber = self._policy = None
        self._written = False
        self._stage.setCurrentWidget(self._none)

    def give_way(self) -> None:
        """Somebody listens, and the worker gives one sound at a time; or leaves: writing down ends, half is dropped."""
        if self._maker.running:
            self._maker.cancel()
            self._offer()

    def follow(self, rest: Level) -> None:
        """Where the person rests. At FACTS nothing is written down, and what was is let go of."""
        self._rest = rest
        self._make.setEnabled(rest is not Level.FACTS)
        if rest is Level.FACTS:
            self.give_way()
            if self._written:
                self._written = False
                self.page.close_item()
                self._offer()

    # what the keys do

    def read_all(self) -> None:
        """The words in view, for the time the policy gives a text; again, and they are veiled."""
        desk = self.page.desk
        if desk.revealing is Level.CLEAR:
            desk.end_reveal()
        else:
            desk.begin_clear()

    def make_or_cancel(self) -> None:
        """Begin to write it down, or end that; what was written so far is let go of."""
        opened, transcriber, policy = self._opened, self._transcriber, self._policy
        if self._maker.running:
            self._maker.cancel()
            self._offer()
        elif self._rest is Level.FACTS:
            return
        elif opened is not None and transcriber is not None and policy is not None:
            self.silenceAsked.emit()
            self._maker.start(opened, transcriber, length_s=self._length, masked_terms=policy.text.masked_terms)
            self._make.set_words(self.tr("Stop"))
            self._progress(0.0)

    # inside

    def _show(self, text: Readable, caption: str, rest: Level) -> None:
        assert self._policy is not None
        start, highest = self._bounds
        self._caption.setText(caption)
        self._read.setVisible(highest >= Level.CLEAR)
        self.page.desk.open(text, start=start, highest=highest, text=self._policy.text)
        self.page.desk.settle(rest)
        self._stage.setCurrentWidget(self.page)

    def _offer(self) -> None:
        """No transcript: who could make one, or that nobody can."""
        assert self._policy is not None
        self._caption.setText(self.tr("Transcript"))
        self._read.hide()
        self._make.hide()
        self._stage.setCurrentWidget(self._none)
        try:
            self._transcriber = installed_transcriber(self._policy.viewing.transcriber)
        except TranscriberFailed as error:
            self._transcriber = None
            self._sentence.setText(f"{error.what_happened} {error.what_to_do}")
            return
        none = self.tr("No transcript was delivered with this item.")
        if self._transcriber is None:
            words = self.tr("No local transcriber is installed on this machine.")
        elif self._bounds[1] < Level.CLEAR:
            self._transcriber = None
            words = self.tr("Your organisation's policy keeps its clear sound closed, so none is made here.")
        else:
            words = self.tr("It can be written down on this machine by {name}; it stays in memory only.").format(
                name=self._transcriber.name
            )
            self._make.set_words(self.tr("Write it down"))
            self._make.show()
        self._sentence.setText(f"{none} {words}")

    def _progress(self, share: float) -> None:
        words = self.tr("It is being written down: {percent} %. Listening ends it.")
        self._sentence.setText(words.format(percent=round(share * 100)))

    def _made(self, spoken: Spoken) -> None:
        self._written = True
        self._show(spoken, self.tr("Written down on this machine; it may have heard wrongly"), Level.BLURRED)

    def _broke(self, error: ReviewerError) -> None:
        self._offer()
        self.failed.emit(error)
