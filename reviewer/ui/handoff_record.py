"""Writing down what became of a package: sent, received, retracted. Each is said by a person, never concluded.

What is typed is kept like a draft, for each package its own, until it is recorded. A receipt that is a file is only
hashed: its SHA-256 is kept, and the file stays where it is.
"""

from __future__ import annotations

import hashlib
import os
import stat
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from reviewer.handoff.errors import KeptForLater
from reviewer.model.decisions import Draft
from reviewer.model.errors import ReviewerError
from reviewer.model.handoff import MAX_RECEIPT, MAX_WORDS, STEP_SKEW_S, Handoff, NewStep, StepKind, step_draft
from reviewer.model.ids import uuid7
from reviewer.ui import theme
from reviewer.ui.announce import announce
from reviewer.ui.bridge import Jobs
from reviewer.ui.card import Card, Surface
from reviewer.ui.draft_keeper import DraftKeeper
from reviewer.ui.handoff_words import kept_unread_words, state_words
from reviewer.ui.kept_words import KeptWords
from reviewer.ui.key_button import KeyButton
from reviewer.ui.plain_label import PlainLabel, plain_label
from reviewer.ui.ports import Session
from reviewer.ui.segments import Segments
from reviewer.ui.wrap_row import WrapRow

FILE_KEY, RECORD_KEY = "Alt+E", "Alt+N"
KINDS = (StepKind.SENT, StepKind.RECEIVED, StepKind.RETRACTED)
MOST_PATH, MOST_TO = 4096, 200
MOST_RECEIPT = 256 * 1024 * 1024  # bytes of a receipt file
CLOCK_MS = 20_000  # how often the proposed time follows the clock


class ReceiptUnreadable(ReviewerError):
    """The file named as receipt is none that can be read."""

    code = "U002"
    happened = "The receipt file cannot be read."
    kept = "Nothing was recorded."
    to_do = "Name a file of at most 256 MB that you can read."


def receipt_sha256(path: Path) -> str:
    """SHA-256 of a regular file, hex. Blocks. ReceiptUnreadable."""
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
            there = os.fstat(file.fileno())
            if not stat.S_ISREG(there.st_mode) or there.st_size > MOST_RECEIPT:
                raise ReceiptUnreadable
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        raise ReceiptUnreadable from None


def spoken_time(words: str) -> datetime | None:
    """An ISO time with its zone; None for anything else."""
    try:
        moment = datetime.fromisoformat(words.strip().replace(" UTC", "+00:00").replace(" +", "+").replace(" -", "-"))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


class RecordForm(Card):
    """`recordAsked(handoff id, NewStep, the Draft it was)`, of the package shown when the key was pressed; what came of
    it is told to `recorded` or `not_recorded`."""

    recordAsked = Signal(str, object, object)

    def __init__(self, session: Session, jobs: Jobs, keeper: DraftKeeper | None, parent: QWidget) -> None:
        super().__init__(Surface.OUTLINE, margins=(16, 14, 16, 14), gap=8, parent=parent)
        self.setObjectName("recordForm")
        self.setAccessibleName(self.tr("Record what happened"))
        self._session, self._jobs = session, jobs
        self._kept = KeptWords(step_draft, keeper)
        self._asked: Draft | None = None  # what is being recorded
        self._filling = False
        self._busy = False
        self._dialog: QFileDialog | None = None
        self._package: Handoff | None = None
        self._clock = QTimer(self, interval=CLOCK_MS)
        self._clock.timeout.connect(self._propose_time)
        self.kind = Segments([(state_words(kind), "") for kind in KINDS], parent=self)
        self.kind.setAccessibleName(self.tr("What happened"))
        self.kind.choose(0)
        self.kind.chosen.connect(lambda _index: self._kind_chosen())
        self.at = self._field(self.tr("When, with its zone"), 40)
        self.to = self._field(self.tr("Sent to"), MOST_TO)
        self.receipt = self._field(self.tr("What the receiver called it, if anything"), MAX_RECEIPT)
        self.file = self._field(self.tr("Receipt file, if there is one; only its SHA-256 is kept"), MOST_PATH)
        self.words = self._field(self.tr("A few words, if needed"), MAX_WORDS)
        self.choose = KeyButton(self.tr("Choose"), "Alt E", parent=self)
        self.choose.setAccessibleName(self.tr("Choose the receipt file"))
        self.choose.clicked.connect(self.choose_file)
        self.record = KeyButton(self.tr("Record it"), "Alt N", parent=self)
        self.record.setObjectName("handoffRecord")
        self.record.clicked.connect(self.ask)
        self.said = plain_label("", "dim", self)
        self._lay_out()
        self.clear()
        self._show()

    def _field(self, name: str, most: int) -> QLineEdit:
        field = QLineEdit(self)
        field.setAccessibleName(name)
        field.setMaxLength(most)
        field.textChanged.connect(lambda _words: self._typed())
        return field

    def _captioned(self, field: QLineEdit, *beside: QWidget) -> QWidget:
        """The field under its name."""
        part = QWidget(self)
        caption = PlainLabel(field.accessibleName(), part)
        theme.role(caption, "caption")
        caption.setBuddy(field)
        row = QHBoxLayout()
        theme.space(row, gap=8)
        row.addWidget(field, 1)
        for one in beside:
            row.addWidget(one)
        column = QVBoxLayout(part)
        theme.space(column, gap=3)
        column.addWidget(caption)
        column.addLayout(row)
        return part

    def _lay_out(self) -> None:
        title = PlainLabel(self.accessibleName(), self)
        theme.role(title, "strong")
        self.column.addWidget(WrapRow(title, self.kind, fills=False, parent=self))
        self._sent = self._captioned(self.to)
        self._named = self._captioned(self.receipt)
        row = QHBoxLayout()
        theme.space(row, gap=8)
        row.addWidget(self._captioned(self.at), 2)
        row.addWidget(self._sent, 3)
        row.addWidget(self._named, 3)
        row.addStretch(0)
        self.column.addLayout(row)
        self._filed = self._captioned(self.file, self.choose)
        self.column.addWidget(self._filed)
        self.column.addWidget(self._captioned(self.words, self.record))
        self.column.addWidget(self.said)

    def show_package(self, package: Handoff | None) -> None:
        """What was typed is of one package: of another one nothing is. The same one again changes nothing."""
        before, self._package = self._package, package
        if (before.made.id if before is not None else "") != (package.made.id if package is not None else ""):
            self.clear()
            if package is not None:
                self._bring_back(package.made.id)

    def clear(self) -> None:
        """For whom it was made is where it most likely went."""
        self._filling = True
        self.at.setModified(False)
        self._propose_time()
        for field in (self.receipt, self.file, self.words):
            field.clear()
        self.to.setText(self._proposed_to)
        self._filling = False
        self._say("")

    @property
    def _proposed_to(self) -> str:
        return self._package.made.agency_words if self._package is not None else ""

    def _propose_time(self) -> None:
        """Now, unless the person wrote another one. Nobody typed it."""
        if not self.at.isModified():
            before, self._filling = self._filling, True
            self.at.setText(datetime.now().astimezone().isoformat(sep=" ", timespec="minutes"))
            self._filling = before

    # what is being written

    def _written(self, handoff_id: str) -> Draft:
        """Nothing is in it where nothing was written but what was proposed."""
        at = self.at.text() if self.at.isModified() else ""
        to, receipt, file, words = (one.text() for one in (self.to, self.receipt, self.file, self.words))
        if not (at or receipt or file or words) and to == self._proposed_to:
            return Draft(item_id=handoff_id)
        kind = KINDS[self.kind.index or 0].value
        return Draft(item_id=handoff_id, rationale=words, labels=(kind, at, to, receipt, file))

    def _typed(self) -> None:
        if not self._filling and self._package is not None:
            handoff_id = self._package.made.id
            self._kept.keep(handoff_id, self._written(handoff_id))

    def _kind_chosen(self) -> None:
        self._show()
        self._typed()

    def _bring_back(self, handoff_id: str) -> None:
        here, session = self._kept.of(handoff_id), self._session
        if here is not None:
            self._restore(here)
            return
        self._jobs.run(
            lambda: session.second.kept(step_draft(handoff_id)),
            then=partial(self._arrived, handoff_id),
            failed=self._say_error,
            owner=self,
        )

    def _arrived(self, handoff_id: str, stored: Draft | None) -> None:
        """What was typed or recorded by now is newer."""
        shown = self._package is not None and self._package.made.id == handoff_id
        if shown and stored is not None and self._kept.newest(handoff_id, stored) is stored:
            self._restore(stored)

    def _restore(self, draft: Draft) -> None:
        if not draft.labels:
            return
        kind, at, to, receipt, file = (*draft.labels, "", "", "", "", "")[:5]
        values = [one.value for one in KINDS]
        self._filling = True
        if kind in values:
            self.kind.choose(values.index(kind))
        if at:
            self.at.setText(at)
            self.at.setModified(True)
        for field, words in ((self.to, to), (self.receipt, receipt), (self.file, file), (self.words, draft.rationale)):
            field.setText(words)
        self._filling = False
        self._show()
        self._say(self.tr("These words were being written and are not recorded yet."))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._propose_time()
        self._clock.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._clock.stop()

    def choose_file(self) -> None:
        if self._filed.isHidden() or not self.isVisible():
            return
        dialog = self._dialog = QFileDialog(self, self.tr("Receipt file"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.fileSelected.connect(self.file.setText)
        dialog.open()

    def shut_dialog(self) -> None:
        if self._dialog is not None:
            self._dialog.reject()
            self._dialog = None

    def ask(self) -> None:
        """The file is hashed first, off the Qt thread."""
        kind, at, package = KINDS[self.kind.index or 0], spoken_time(self.at.text()), self._package
        if self._busy or not self.isVisible() or package is None:
            return
        if at is None:
            self._say(self.tr("The time needs a date and a zone, like 2026-11-20 14:03 +01:00."), amber=True)
            self.at.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        skew = timedelta(seconds=STEP_SKEW_S)
        if not package.made.built_at - skew <= at <= datetime.now(UTC) + skew:
            self._say(self.tr("The time lies before the package was built, or after now."), amber=True)
            self.at.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        written = self._asked = self._written(package.made.id)
        self._kept.keep(package.made.id, written)
        received = kind is StepKind.RECEIVED
        named = self.file.text().strip() if received else ""
        to = self.to.text().strip() if kind is StepKind.SENT else ""
        receipt, words = self.receipt.text().strip() if received else "", self.words.text().strip()
        self._busy = True
        self._say(self.tr("Recording."))

        def made() -> NewStep:
            digest = receipt_sha256(Path(named).expanduser()) if named else ""
            return NewStep(id=uuid7(), kind=kind, at=at, to=to, receipt=receipt, receipt_sha256=digest, words=words)

        handoff_id = package.made.id
        broke = partial(self.not_recorded, handoff_id)

        def asked(step: NewStep) -> None:
            self.recordAsked.emit(handoff_id, step, written)

        # A save on its way must not put back what recording removes.
        self._kept.settle(lambda: self._jobs.run(made, then=asked, failed=broke, owner=self))

    def recorded(self, handoff_id: str, kind: StepKind) -> None:
        self._used(handoff_id)
        words = self.tr("Recorded: {state}.").format(state=state_words(kind).lower())
        unread = self._session.handoffs.kept_unread(handoff_id) if kind is StepKind.SENT else None
        if unread is None:
            self._say(words)
        else:
            self._say(f"{words} {kept_unread_words(unread)}", amber=True)

    def not_recorded(self, handoff_id: str, error: ReviewerError) -> None:
        """Not yet, or not at all: then the words are still what is being written."""
        if isinstance(error, KeptForLater):
            self._used(handoff_id)
        elif (here := self._kept.of(handoff_id)) is not None:
            self._kept.keep(handoff_id, here)  # also where the fields were emptied meanwhile
        self._busy = False
        self._say_error(error)

    def _used(self, handoff_id: str) -> None:
        """What was recorded is not being written any more; what was typed since is."""
        self._busy = False
        self._kept.became(handoff_id, self._asked)
        if self._package is not None and self._package.made.id == handoff_id and self._kept.of(handoff_id) is None:
            self.clear()

    def _say_error(self, error: ReviewerError) -> None:
        self._say(f"{error.what_happened} {error.what_was_kept} {error.what_to_do}", amber=True)

    def _show(self) -> None:
        kind = KINDS[self.kind.index or 0]
        self._sent.setVisible(kind is StepKind.SENT)
        for part in (self._named, self._filed):
            part.setVisible(kind is StepKind.RECEIVED)

    def _say(self, words: str, *, amber: bool = False) -> None:
        theme.role(self.said, "amber" if amber else "dim")
        self.said.setText(words)
        self.said.setVisible(bool(words))
        announce(self, words, at_once=amber)
