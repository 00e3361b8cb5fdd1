"""The scene in which a case is handed off: guided page, package, what happened to it afterwards; left for anybody to
verify with independent tools."""

from __future__ import annotations

import shutil
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from reviewer.demo.correspondents import Correspondents
from reviewer.demo.driver import TourFailed
from reviewer.demo.hands import ALT, CTRL, Hands
from reviewer.model.handoff import StepKind
from reviewer.model.handoff_answers import Question
from reviewer.ui.handoff_page import HandoffPage
from reviewer.ui.handoff_ports import Built
from reviewer.ui.handoff_words import PageStep

_CASE = "01851"  # what a user reported: how its number ends
REPORTED = "grooming_text"  # what is reported of it
_ANSWERS = {
    Question.LOCATION_CLUES: "None known.",
    Question.TIMES: "None known.",
}
_LETTER = (
    "To the forensic unit.\n\nWith this letter you receive the items of case {number} that were decided to be "
    "reported, sealed to your key. Please confirm that they arrived, with the number of your receipt."
)


class Handing:
    """`package` is the sealed file's name once it is there. `folder` is left with it, its kit, and the agency's key."""

    def __init__(self, hands: Hands, correspondents: Correspondents, folder: Path) -> None:
        self._hands = hands
        self._correspondents = correspondents
        self._folder = folder
        self.package = ""

    def shift(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        d = self._hands.driver
        d.step("handing off")
        d.key(Qt.Key.Key_F7)
        page = d.wait_for(self._page, "the page of handing off")
        self._choose_case(page)
        self._next(page, PageStep.NEEDS)
        self._answer(page)
        self._next(page, PageStep.PAPERS)
        self._papers(page)
        self._next(page, PageStep.SEAL)
        built = self._build(page)
        self._afterwards(page)
        self._leave(built)
        d.key(Qt.Key.Key_F7)
        d.wait_until(lambda: not self._open(), "the desk")

    def _page(self) -> HandoffPage | None:
        desk = self._hands.frame.handoff
        return desk.page if desk is not None and desk.open else None

    def _open(self) -> bool:
        return self._page() is not None

    def _choose_case(self, page: HandoffPage) -> None:
        h, d = self._hands, self._hands.driver
        d.wait_until(lambda: page.case_id or page.chooser.list.model().rowCount() > 0, "the case in view, or all cases")
        if not page.case_id:
            d.settle(0.2)
            h.picture_of("handoff-which-case")
            d.write(_CASE)
            d.key(Qt.Key.Key_Return)
        d.wait_until(lambda: page.case_id and not page.busy, "the case")
        d.settle(0.4)
        h.picture_of("handoff-what-and-to-whom")

    def _next(self, page: HandoffPage, step: PageStep) -> None:
        d = self._hands.driver
        d.key(Qt.Key.Key_Return, CTRL)
        d.wait_until(lambda: page.step is step and not page.busy, "the next step")
        d.settle(0.3)

    def _answer(self, page: HandoffPage) -> None:
        """What is missing is named first; then it is written."""
        h, d = self._hands, self._hands.driver
        d.wait_until(lambda: page.state.missing, "what is missing")
        h.picture_of("handoff-missing")
        for question, words in _ANSWERS.items():
            field = page.findChild(QWidget, f"handoff_{question.value}")
            if field is None:
                raise TourFailed("A question is not asked.")
            if field.isVisible() and question in page.state.missing:
                field.setFocus()
                d.write(words)
        d.wait_until(lambda: page.state.known and not page.state.missing, "nothing to be missing")
        h.picture_of("handoff-answered")

    def _papers(self, page: HandoffPage) -> None:
        h, d = self._hands, self._hands.driver
        d.key(Qt.Key.Key_T, ALT)
        d.key(Qt.Key.Key_W, ALT)
        d.wait_until(lambda: page.letter.text.toPlainText(), "the letter from the template")
        d.settle(0.3)
        h.picture_of("handoff-letter-template")
        number = page.state.outline.case.number if page.state.outline is not None else ""
        letter = _LETTER.format(number=number)
        for field, words in ((page.letter.subject, f"Report, case {number}"), (page.letter.text, letter)):
            field.setFocus()
            d.key(Qt.Key.Key_A, CTRL)
            for at, line in enumerate(words.split("\n")):
                if at:
                    d.key(Qt.Key.Key_Return)
                d.write(line)
        d.key(Qt.Key.Key_K, ALT)
        d.wait_until(lambda: page.letter.versions.chosen is not None, "the letter to be kept")
        d.key(Qt.Key.Key_L, ALT)
        d.wait_until(lambda: page.state.letter is not None, "the letter to go along")
        d.settle(0.3)
        h.picture_of("handoff-papers")

    def _build(self, page: HandoffPage) -> Built:
        h, d = self._hands, self._hands.driver
        self._rewrite(page.seal.folder, str(self._folder))
        h.picture_of("handoff-seal")
        d.key(Qt.Key.Key_Return, CTRL)
        built = d.wait_for(lambda: page.built, "the package", timeout_s=60.0)
        d.wait_until(lambda: not page.busy, "the package to be recorded")
        d.settle(0.3)
        h.picture_of("handoff-built")
        return built

    def _afterwards(self, page: HandoffPage) -> None:
        """Sent and received, each because somebody says so."""
        h, d = self._hands, self._hands.driver
        d.key(Qt.Key.Key_5, ALT)
        d.wait_until(lambda: page.step is PageStep.AFTER and not page.busy, "the last step")
        form = page.after.record
        for kind, field, words in (
            (StepKind.SENT, form.to, "Forensic unit, in person"),
            (StepKind.RECEIVED, form.receipt, "Intake book, 2026-114"),
        ):
            form.kind.setFocus()
            if kind is not StepKind.SENT:
                d.key(Qt.Key.Key_Right)
            d.wait_until(field.isVisible, "the field")
            self._rewrite(field, words)
            d.key(Qt.Key.Key_N, ALT)
            d.wait_until(lambda kind=kind: self._has(page, kind), "the step to be recorded")  # type: ignore[misc]
            d.wait_until(lambda: not page.busy, "the page")
        d.settle(0.3)
        h.picture_of("handoff-afterwards")

    def _has(self, page: HandoffPage, kind: StepKind) -> bool:
        chosen = page.after.chosen
        return chosen is not None and chosen.step(kind) is not None

    def _rewrite(self, field: QLineEdit, words: str) -> None:
        d = self._hands.driver
        field.setFocus()
        d.key(Qt.Key.Key_A, CTRL)
        d.write(words)

    def _leave(self, built: Built) -> None:
        """What a recipient has, beside the package: the kit, and here the key as well."""
        for part in built.kit.iterdir():
            shutil.move(part, self._folder / part.name)
        built.kit.rmdir()
        self._correspondents.leave_identity(self._folder)
        self.package = built.path.name
