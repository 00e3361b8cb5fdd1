"""Handing a case off, step by step: what and to whom, what the recipient needs, papers, sealing, and afterwards.

Nothing of an item is shown, only facts about it. Everything typed is kept as it is typed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from reviewer.model.decisions import Draft
from reviewer.model.handoff import Handoff, Overrule
from reviewer.model.handoff_answers import Question
from reviewer.model.related import Outcome
from reviewer.ui import theme
from reviewer.ui.answers_keeper import AnswersKeeper
from reviewer.ui.asking import Asking
from reviewer.ui.bridge import Jobs
from reviewer.ui.case_chooser import CaseChooser
from reviewer.ui.draft_keeper import DraftKeeper
from reviewer.ui.handoff_after import AfterStep
from reviewer.ui.handoff_keys import AGAIN_KEY, KEY, PRIMARY_SHOWN, bind_handoff
from reviewer.ui.handoff_letter import LetterCard
from reviewer.ui.handoff_needs import NeedsStep, overrule_draft
from reviewer.ui.handoff_papers import PapersStep
from reviewer.ui.handoff_ports import Built, CaseOutline, KnownCase
from reviewer.ui.handoff_rail import HandoffRail
from reviewer.ui.handoff_seal import SealStep
from reviewer.ui.handoff_state import HandoffState
from reviewer.ui.handoff_told import tell_rail
from reviewer.ui.handoff_what import WhatStep
from reviewer.ui.handoff_words import PageStep, step_title
from reviewer.ui.handoff_work import HandoffWork
from reviewer.ui.key_button import ButtonKind, KeyButton
from reviewer.ui.notice import Notice
from reviewer.ui.plain_label import PlainLabel, plain_label
from reviewer.ui.ports import Session
from reviewer.ui.running import Running
from reviewer.ui.shortcuts import Shortcuts

CHECK_MS = 200  # after the last change until it is asked what is missing


class HandoffPage(QWidget):
    """`backAsked` to the desk. One case at a time; `running` is what is being built or sent, also while hidden."""

    backAsked = Signal()

    def __init__(self, session: Session, jobs: Jobs, keeper: DraftKeeper | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._handoffs = session.handoffs
        self._wanted = ""  # the case that is shown or on its way
        self.setObjectName("handoffPage")
        self.setAccessibleName(self.tr("Hand off a case"))
        self.setProperty("surface", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.state = HandoffState(self)
        self.state.scope = session.policy.handoff.territorial_scope
        self.running = Running(jobs, self)
        self.asking = Asking(jobs, self)
        self.answers = AnswersKeeper(self._handoffs, jobs, self)
        self.notice = Notice(self)
        self.chooser = CaseChooser(self)
        self.rail = HandoffRail(self)
        self.what = WhatStep(self.state, lambda key: session.policy.harm_type(key).words, self)
        self.needs = NeedsStep(self.state, keeper, self)
        self.letter = LetterCard(self.state, session, jobs, keeper, self)
        self.papers = PapersStep(self.state, self.letter, self)
        self.seal = SealStep(self.state, self)
        self.after = AfterStep(self.state, session, jobs, keeper, self)
        self.work = HandoffWork(
            self._handoffs,
            state=self.state,
            asking=self.asking,
            running=self.running,
            seal=self.seal,
            after=self.after,
            notice=self.notice,
            parent=self,
        )
        self.primary = KeyButton("", PRIMARY_SHOWN, kind=ButtonKind.PRIMARY, parent=self)
        self.primary.setObjectName("handoffPrimary")
        self._why = plain_label("", "dim", self)
        self._check = QTimer(self, singleShot=True, interval=CHECK_MS)
        self._check.timeout.connect(self._ask_missing)
        self._lay_out()
        self._connect()
        self.keys = Shortcuts(self)
        bind_handoff(self.keys, self)
        self._show_step(PageStep.WHAT)
        self._show_case()

    def _lay_out(self) -> None:
        back = KeyButton(self.tr("Back to the desk"), KEY, parent=self)
        back.setObjectName("handoffBack")
        back.clicked.connect(self.backAsked)
        other = KeyButton(self.tr("Another case"), "Alt G", parent=self)
        other.setObjectName("handoffOther")
        other.clicked.connect(self.choose_case)
        again = KeyButton(self.tr("Look again"), AGAIN_KEY, parent=self)
        again.setObjectName("handoffAgain")
        again.clicked.connect(self.refresh)
        self._title = PlainLabel("", self)
        theme.role(self._title, "title")
        self._asked = PlainLabel("", self)
        theme.role(self._asked, "dim")
        head = QHBoxLayout()
        theme.space(head, gap=12)
        for part in (back, self._title, self._asked):
            head.addWidget(part)
        head.addStretch(1)
        head.addWidget(other)
        head.addWidget(again)
        self._steps = QStackedWidget(self)
        for step in (self.what, self.needs, self.papers, self.seal, self.after):
            self._steps.addWidget(step)
        foot = QHBoxLayout()
        theme.space(foot, gap=16)
        foot.addWidget(self._why, 1)
        foot.addWidget(self.primary)
        right = QVBoxLayout()
        theme.space(right, gap=12)
        right.addWidget(self._steps, 1)
        right.addLayout(foot)
        self._body = QWidget(self)
        row = QHBoxLayout(self._body)
        theme.space(row, gap=16)
        row.addWidget(self.rail)
        row.addLayout(right, 1)
        self._choosing = QWidget(self)
        middle = QHBoxLayout(self._choosing)
        theme.space(middle, (0, 24, 0, 24))
        middle.addStretch(1)
        middle.addWidget(self.chooser, 100)
        middle.addStretch(1)
        column = QVBoxLayout(self)
        theme.space(column, (24, 16, 24, 16), 12)
        column.addLayout(head)
        column.addWidget(self.notice)
        column.addWidget(self._body, 1)
        column.addWidget(self._choosing, 1)

    def _connect(self) -> None:
        self.rail.chosen.connect(self.go_to)
        self.primary.clicked.connect(self.do_primary)
        self.chooser.chosen.connect(self.open_case)
        self.state.changed.connect(self._changed)
        self.state.answered.connect(lambda: self.answers.keep(self.state.case_id, self.state.answers))
        self.answers.failed.connect(self.notice.tell_error)
        self.letter.failed.connect(self.notice.tell_error)
        self.needs.overruleAsked.connect(self._overrule)
        self.work.done.connect(self.refresh)
        self.asking.changed.connect(self._say_asking)
        self.asking.failed.connect(self.notice.tell_error)
        self.running.begun.connect(self._changed)
        self.running.ended.connect(self._changed)

    # what others may ask, and the tour waits for

    @property
    def shown(self) -> bool:
        """A case is in view: not the question which one, and not one on its way."""
        return bool(self._wanted) and self._body.isEnabled()

    @property
    def step(self) -> PageStep:
        return PageStep(self._steps.currentIndex())

    @property
    def case_id(self) -> str:
        """Of the case that is shown; empty: none is."""
        return self.state.case_id

    @property
    def busy(self) -> bool:
        """Something is being asked, built or sent."""
        return self.running.busy or self.asking.open > 0 or (bool(self.case_id) and not self.state.known)

    @property
    def built(self) -> Built | None:
        """The package that was built last for the case shown."""
        return self.seal.built

    def settle(self, then: Callable[[bool], None]) -> None:
        """Before the lock: what is being built or sent is cancelled, then what was written is saved."""
        self.seal.shut_dialog()
        self.after.record.shut_dialog()
        if self.running.busy:
            self.work.cancel()
            self.running.ended.connect(lambda: self.answers.settle(then), Qt.ConnectionType.SingleShotConnection)
        else:
            self.answers.settle(then)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.seal.shut_dialog()
        self.after.record.shut_dialog()

    # which case

    def open_case(self, case_id: str) -> None:
        """Show this one; what is being built or sent of another one has to end first."""
        if self.running.busy and case_id != self.case_id:
            self.notice.tell(
                self.tr("A package of the case shown is still being built or sent."),
                self.tr("Nothing was changed."),
                self.tr("Wait for it, or cancel it with Alt X."),
            )
            self._show_case()
            return
        if case_id != self.case_id:  # nothing of that one is seen, or recorded, under the number of this one
            self.after.show_handoffs(())
            self.after.show_outcomes(())
        self._wanted = case_id
        self._show_case()
        self.refresh()

    def choose_case(self) -> None:
        """Another case, by its number or from those known here."""
        if self.running.busy:
            self.open_case("")
            return
        self._wanted = ""
        self._show_case()
        self.chooser.focus_first()
        self.chooser.say(self.tr("Asking."))
        self.asking.ask(self._handoffs.cases, self._cases_known)

    def _cases_known(self, cases: Sequence[KnownCase]) -> None:
        self.chooser.show_cases(cases)

    def refresh(self) -> None:
        """Ask the case system; what is shown and what was written stays until the answer is here."""
        case_id, handoffs, around = self._wanted, self._handoffs, self._session.around
        if not case_id:
            self.choose_case()
            return
        self.asking.ask(lambda: handoffs.outline(case_id), partial(self._arrived, case_id))
        self.asking.ask(lambda: handoffs.made(case_id), partial(self._made_known, case_id))
        self.asking.ask(lambda: around.outcomes().outcomes, partial(self._outcomes_known, case_id))

    def _arrived(self, case_id: str, outline: CaseOutline) -> None:
        if case_id != self._wanted:
            return
        fresh = case_id != self.state.case_id
        self.state.begin(outline, self.answers.unsaved(outline.case.id))
        if fresh:
            self.notice.dismiss()
            self.seal.show_built(None)
            self.after.leave_sending()
            self._show_step(PageStep.WHAT)
            self._show_case()
            self.focus_step()
            second, draft_id = self._session.second, overrule_draft(case_id)
            self.needs.begin_reason(case_id, None)
            self.asking.ask(lambda: second.kept(draft_id), partial(self._reason_known, case_id))
        self.letter.show_case(outline.case.id)

    def _reason_known(self, case_id: str, kept: Draft | None) -> None:
        """What is typed by now is newer."""
        if case_id == self.case_id and kept is not None and not self.needs.reason.toPlainText():
            self.needs.begin_reason(case_id, kept)

    def _made_known(self, case_id: str, made: Sequence[Handoff]) -> None:
        if case_id == self._wanted:
            self.after.show_handoffs(made)
            self._changed()

    def _outcomes_known(self, case_id: str, outcomes: Sequence[Outcome]) -> None:
        if case_id == self._wanted:
            self.after.show_outcomes([one for one in outcomes if one.case_id == case_id])

    def _show_case(self) -> None:
        outline = self.state.outline
        here = outline is not None and outline.case.id == self._wanted
        self._body.setVisible(bool(self._wanted))
        self._body.setEnabled(here)
        self._choosing.setVisible(not self._wanted)
        number = outline.case.number if outline is not None and here else ""
        words = self.tr("Hand off case {number}").format(number=number)
        self._title.setText(words if number else self.accessibleName())

    # steps

    def go_to(self, step: PageStep) -> None:
        if self.shown:
            self._show_step(step)
            self.focus_step()

    def _show_step(self, step: PageStep) -> None:
        self._steps.setCurrentIndex(step)
        self.rail.show_step(step)
        self._changed()

    def focus_step(self) -> None:
        """To where the step begins; without a case, to the question which one."""
        if not self.isVisible():
            return
        if not self._wanted:
            self.chooser.focus_first()
        elif self._body.isEnabled():
            (self.what, self.needs, self.papers, self.seal, self.after)[self.step].focus_first()

    def to_agencies(self) -> None:
        self.what.agencies.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def do_primary(self) -> None:
        """On to the next step; on the fourth: build."""
        if self.step is PageStep.SEAL:
            self._build()
        elif self.step is not PageStep.AFTER:
            self.go_to(PageStep(self.step + 1))

    def why_not_primary(self) -> str:
        if self.step is PageStep.SEAL:
            return self.tr("It is being built or sent.") if self.running.busy else self.state.why_not_build()
        return self.tr("This is the last step.") if self.step is PageStep.AFTER else ""

    def _changed(self) -> None:
        state, step = self.state, self.step
        if state.outline is not None and not state.known and not self._check.isActive():
            self._check.start()
        last = step is PageStep.AFTER
        self.primary.setVisible(not last)
        if step is PageStep.SEAL:
            again = self.seal.built is not None
            self.primary.set_words(self.tr("Build another package") if again else self.tr("Build the package"))
        elif not last:
            self.primary.set_words(self.tr("Next: {step}").format(step=step_title(PageStep(step + 1)).lower()))
        why = self.why_not_primary()
        self.primary.setEnabled(not why)
        self._why.setText(why if step is PageStep.SEAL else "")
        self._why.setVisible(not last)
        tell_rail(self.rail, state, self.after.chosen, building=self.running.busy)

    def _ask_missing(self) -> None:
        state, handoffs = self.state, self._handoffs
        choice = state.choice()

        def heard(missing: tuple[Question, ...]) -> None:
            if choice == state.choice():
                state.say_missing(missing)
            else:
                self._check.start()

        if state.outline is not None:
            self.asking.ask(lambda: handoffs.missing(choice), heard)

    def _overrule(self, reason: str) -> None:
        case_id, agency, missing = self.case_id, self.state.agency, self.state.missing
        handoffs = self._handoffs

        def overruled(_overrule: Overrule) -> None:
            self.needs.overruled(case_id)
            self.refresh()

        self.asking.ask(lambda: handoffs.overrule(case_id, agency, missing, reason), overruled)

    def _build(self) -> None:
        """What was typed is saved first: a crash while building loses no word."""
        self.answers.settle(lambda _saved: None)
        self.work.build()

    def _say_asking(self) -> None:
        self._asked.setText(self.tr("asking the case system") if self.asking.open else "")
