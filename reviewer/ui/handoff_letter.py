"""A letter: from a template, edited, kept as a version, exported as PDF. What is typed is kept like a draft."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from reviewer.model.decisions import Draft
from reviewer.model.errors import ReviewerError
from reviewer.model.handoff import MAX_LETTER, MAX_SUBJECT, Audience, Letter, LetterKind
from reviewer.ui import theme
from reviewer.ui.announce import announce
from reviewer.ui.bridge import Jobs
from reviewer.ui.card import Card, Surface
from reviewer.ui.draft_keeper import DraftKeeper
from reviewer.ui.handoff_needs import AnswerField
from reviewer.ui.handoff_state import HandoffState
from reviewer.ui.handoff_words import audience_words, letter_words
from reviewer.ui.key_button import KeyButton
from reviewer.ui.letter_versions import LetterVersions
from reviewer.ui.plain_label import PlainLabel, plain_label
from reviewer.ui.ports import Session
from reviewer.ui.segments import Segments
from reviewer.ui.wrap_row import WrapRow

TEMPLATE_KEY, KEEP_KEY, PDF_KEY, ALONG_KEY = "Alt+W", "Alt+K", "Alt+V", "Alt+L"
MOST_PATH = 4096
_UNFILLED = re.compile(r"\[to be filled: ([^\]\n]{1,200})\]")


def letter_draft(case_id: str) -> str:
    """In the place of an item's id: a letter of the case that is being written, and is no version yet."""
    return f"letter:{case_id}"


def unfilled(text: str) -> list[str]:
    """What the template left to be filled, in the order of the text, each once."""
    return list(dict.fromkeys(_UNFILLED.findall(text)))


class LetterCard(Card):
    """`failed(ReviewerError)`. What is in the editor and is no version is not covered up at the first press."""

    failed = Signal(object)

    def __init__(
        self, state: HandoffState, session: Session, jobs: Jobs, keeper: DraftKeeper | None, parent: QWidget
    ) -> None:
        super().__init__(Surface.OUTLINE, margins=(16, 14, 16, 14), gap=8, parent=parent)
        self.setObjectName("letterCard")
        self.setAccessibleName(self.tr("Letter"))
        self._state, self._session, self._jobs, self._keeper = state, session, jobs, keeper
        self._case_id = ""
        self._version: Letter | None = None  # the one in the editor came from
        self._before = ("", "")  # subject and text as they came: what differs from it is not kept as a version
        self._told = ""  # what would cover unkept words, and was said so
        self._filling = False
        self._busy = False
        self.audience = Segments([(audience_words(one), "") for one in Audience], parent=self)
        self.audience.setAccessibleName(self.tr("To whom"))
        self.kind = Segments([(letter_words(one), "") for one in LetterKind], parent=self)
        self.kind.setAccessibleName(self.tr("Kind of letter"))
        self.audience.choose(0)
        self.kind.choose(0)
        self.subject = QLineEdit(self)
        self.subject.setObjectName("letterSubject")
        self.subject.setAccessibleName(self.tr("Subject"))
        self.subject.setPlaceholderText(self.tr("Subject"))
        self.subject.setMaxLength(MAX_SUBJECT)
        self.text = AnswerField(self.tr("Text of the letter"), self, most=MAX_LETTER)
        self.text.setObjectName("letterText")
        theme.size(self.text, min_height=96, max_height=4000)
        self.text.setPlaceholderText(
            self.tr("Choose to whom and of what kind, then Alt W writes it from the template.")
        )
        self.versions = LetterVersions(self)
        self.versions.opened.connect(self.open_version)
        self.unfilled = plain_label("", "amber", self)
        self.path = QLineEdit(self)
        self.path.setAccessibleName(self.tr("Where to, and the name of the PDF"))
        self.path.setMaxLength(MOST_PATH)
        self.said = plain_label("", "dim", self)
        self._lay_out()
        self.subject.textChanged.connect(self._typed)
        self.text.textChanged.connect(self._typed)
        self._say("")
        self._show_unfilled()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        theme.space(head, gap=12)
        title = PlainLabel(self.accessibleName(), self)
        theme.role(title, "strong")
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(self.audience)
        self.column.addLayout(head)
        template = self._button("letterTemplate", self.tr("From template"), "Alt W", self.from_template)
        self.column.addWidget(WrapRow(self.kind, template, fills=False, parent=self))
        self.column.addWidget(self.subject)
        self.column.addWidget(self.text, 1)
        self.column.addWidget(self.unfilled)
        row = QHBoxLayout()
        theme.space(row, gap=8)
        row.addWidget(self._button("letterKeep", self.tr("Keep as a version"), "Alt K", self.keep))
        row.addWidget(self._button("letterAlong", self.tr("Goes along, or not"), "Alt L", self.take_along))
        row.addStretch(1)
        self.column.addLayout(row)
        self.column.addWidget(self.versions)
        row = QHBoxLayout()
        theme.space(row, gap=8)
        row.addWidget(self.path, 1)
        row.addWidget(self._button("letterPdf", self.tr("Write PDF"), "Alt V", self.export))
        self.column.addLayout(row)
        self.column.addWidget(self.said)

    def _button(self, name: str, words: str, key: str, do: Callable[[], None]) -> KeyButton:
        button = KeyButton(words, key, parent=self)
        button.setObjectName(name)
        button.clicked.connect(do)
        return button

    # coming and going

    def show_case(self, case_id: str) -> None:
        """Read the versions, and what was being written; words in the editor are of that case only."""
        session, fresh = self._session, case_id != self._case_id
        self._case_id = case_id
        if fresh:
            self._version = None
            self._fill("", "")
            self._say("")
            self._propose_path()
            self.versions.show_letters(())
        self._jobs.run(
            lambda: (session.handoffs.letters(case_id), session.second.kept(letter_draft(case_id)) if fresh else None),
            then=partial(self._arrived, case_id),
            failed=self.failed.emit,
            owner=self,
        )

    @property
    def unkept(self) -> bool:
        """There are words in the editor that are no version."""
        return (self.subject.text(), self.text.toPlainText()) != self._before

    def _arrived(self, case_id: str, answer: tuple[Sequence[Letter], Draft | None]) -> None:
        letters, draft = answer
        if case_id != self._case_id:
            return
        self.versions.show_letters(letters)
        along = self._state.letter
        newest = next((one for one in reversed(letters) if along and one.letter_id == along.letter_id), None)
        if along is not None and newest is not None and newest.number != along.number:
            self._state.choose_letter(newest)
        if draft is not None and draft.rationale and not self.unkept and not self.text.toPlainText():
            self._restore(draft, letters)
        if not self.path.text():
            self._propose_path()

    def _restore(self, draft: Draft, letters: Sequence[Letter]) -> None:
        subject, audience, kind, version = (*draft.labels, "", "", "", "")[:4]
        self._version = next((one for one in letters if one.id == version), None)
        self._choose(audience, kind)
        self._filling = True
        self.subject.setText(subject)
        self.text.setPlainText(draft.rationale)
        self._filling = False
        self._say(self.tr("These words were being written and are no version yet."))
        self._show_unfilled()

    def _propose_path(self) -> None:
        outline = self._state.outline
        if outline is not None:
            number = re.sub(r"[^A-Za-z0-9._-]", "-", outline.case.number)[:80] or "case"
            folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
            self.path.setText(str(Path(folder) / f"letter-{number}.pdf"))

    # writing

    def _choose(self, audience: str, kind: str) -> None:
        values = [one.value for one in Audience], [one.value for one in LetterKind]
        for row, among, value in ((self.audience, values[0], audience), (self.kind, values[1], kind)):
            if value in among:
                row.choose(among.index(value))

    def _chosen(self) -> tuple[Audience, LetterKind]:
        return list(Audience)[self.audience.index or 0], list(LetterKind)[self.kind.index or 0]

    def _typed(self) -> None:
        if self._filling:
            return
        self._told = ""
        self._show_unfilled()
        self._keep_words()

    def _keep_words(self) -> None:
        if self._keeper is None or not self._case_id:
            return
        audience, kind = self._chosen()
        version = self._version.id if self._version is not None else ""
        labels = (self.subject.text(), audience.value, kind.value, version)
        words = self.text.toPlainText() if self.unkept else ""
        self._keeper.keep(Draft(item_id=letter_draft(self._case_id), rationale=words, labels=labels))

    def _fill(self, subject: str, text: str) -> None:
        self._filling = True
        self.subject.setText(subject)
        self.text.setPlainText(text)
        self._filling = False
        self._before = (self.subject.text(), self.text.toPlainText())
        self._told = ""
        self._show_unfilled()

    def _show_unfilled(self) -> None:
        left = unfilled(self.text.toPlainText())
        self.unfilled.setVisible(bool(left))
        self.unfilled.setText(self.tr("To be filled: {what}").format(what="; ".join(left)))

    def _covers(self, what: str) -> bool:
        """Whether unkept words would go, which is said the first time."""
        if not self.unkept or not self.text.toPlainText().strip() or self._told == what:
            return False
        self._told = what
        words = self.tr("What is in the editor is no version yet. Alt K keeps it; the same key again covers it.")
        self._say(words, amber=True)
        return True

    def from_template(self) -> None:
        case_id, (audience, kind) = self._case_id, self._chosen()
        if not case_id or self._busy or self._covers("template"):
            return
        handoffs, choice = self._session.handoffs, self._state.choice()
        self._run(
            lambda: handoffs.draft_letter(case_id, audience, kind, item_ids=choice.item_ids, agency=choice.agency),
            partial(self._drafted, case_id),
            self.tr("Writing."),
        )

    def _drafted(self, case_id: str, words: tuple[str, str]) -> None:
        if case_id != self._case_id:
            return
        self._version = None
        self._fill(*words)
        self._before = ("", "")  # it is nowhere else yet
        self._say(self.tr("From the template, filled from the case. It is no version yet."))
        self._keep_words()
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_version(self, letter: Letter) -> None:
        if self._covers(letter.id):
            return
        self._version = letter
        self._choose(letter.audience.value, letter.kind.value)
        self._fill(letter.subject, letter.text)
        self._keep_words()
        self._say(self.tr("Version {n}. What is changed is kept as the next one.").format(n=letter.number))

    def keep(self) -> None:
        case_id, (audience, kind) = self._case_id, self._chosen()
        subject, text = self.subject.text().strip(), self.text.toPlainText().strip()
        if not case_id or self._busy:
            return
        if not subject or not text:
            self._say(self.tr("A letter has a subject and a text."), amber=True)
            return
        if len(text) > MAX_LETTER:
            over = self.tr("{n} characters too many.").format(n=len(text) - MAX_LETTER)
            self._say(over, amber=True)
            return
        letter_id = self._version.letter_id if self._version is not None else None
        handoffs = self._session.handoffs
        self._run(
            lambda: handoffs.keep_letter(case_id, letter_id, audience, kind, subject, text),
            partial(self._kept, case_id, (self.subject.text(), self.text.toPlainText())),
            self.tr("Keeping it."),
        )

    def _kept(self, case_id: str, words: tuple[str, str], letter: Letter) -> None:
        if case_id != self._case_id:
            return
        self._version, self._before = letter, words
        self._keep_words()
        self._say(self.tr("Kept as version {n}.").format(n=letter.number))
        if self._state.letter is not None and self._state.letter.letter_id == letter.letter_id:
            self._state.choose_letter(letter)
        self.show_case(case_id)

    def _meant(self) -> Letter | None:
        """The version that stands in the editor; that of the list only where the editor is empty. None is said."""
        written = bool(self.subject.text().strip() or self.text.toPlainText().strip())
        letter = self._version if written else self.versions.chosen
        if letter is None or (written and self.unkept):
            self._say(self.tr("Keep the letter as a version first: Alt K."), amber=True)
            return None
        return letter

    def take_along(self) -> None:
        """The letter in the editor or chosen in the list goes along; the same one again, and none does."""
        letter = self._meant()
        if letter is None:
            return
        along = self._state.letter
        same = along is not None and along.letter_id == letter.letter_id
        self._state.choose_letter(None if same else letter)
        self._say(self.tr("No letter goes along.") if same else self.tr("Its newest version goes along, as PDF."))

    def export(self) -> None:
        target = self.path.text().strip()
        letter = self._meant() if not self._busy else None
        if letter is None:
            return
        handoffs, path = self._session.handoffs, Path(target).expanduser()
        self._run(
            lambda: handoffs.export_letter(letter, path),
            lambda _nothing: self._say(self.tr("The PDF is written. It is not encrypted: only you can open it here.")),
            self.tr("Writing the PDF."),
        )

    # telling

    def _run(self, job: Callable[[], object], then: Callable[..., None], words: str) -> None:
        self._busy = True
        self._say(words)

        def done(result: object) -> None:
            self._busy = False
            then(result)

        self._jobs.run(job, then=done, failed=self._broke, owner=self)

    def _broke(self, error: ReviewerError) -> None:
        self._busy = False
        self._say(f"{error.what_happened} {error.what_was_kept} {error.what_to_do}", amber=True)

    def _say(self, words: str, *, amber: bool = False) -> None:
        theme.role(self.said, "amber" if amber else "dim")
        self.said.setText(words)
        self.said.setVisible(bool(words))
        announce(self, words, at_once=amber)
