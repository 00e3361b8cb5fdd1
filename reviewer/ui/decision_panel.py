"""The decision beside the picture: the form, what is missing, one primary key. Holds the draft as it stands."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from reviewer.model.answers import MAX_RATIONALE
from reviewer.model.completeness import missing, with_preset
from reviewer.model.decisions import Action, Confidence, Draft, Imminence, MessageMark
from reviewer.model.policy import Policy
from reviewer.model.segments import Segment
from reviewer.ui import theme
from reviewer.ui.decision_form import DecisionForm
from reviewer.ui.decision_keys import (
    ACTION_KEYS,
    CATEGORY_KEY,
    CONFIDENCE_KEY,
    IMMINENCE_KEYS,
    UNDO_KEY,
    WHY_KEY,
)
from reviewer.ui.key_button import ButtonKind, KeyButton
from reviewer.ui.readiness_card import ReadinessCard

SLOW_MS = 150  # a decision is written sooner than this, unless something is wrong


class DecisionPanel(QFrame):
    """`changed(Draft)` after every change of the person's; `decide`, `undo`, `amend` and `reportNow` when asked for."""

    changed = Signal(object)
    decide = Signal()
    undo = Signal()
    amend = Signal()
    reportNow = Signal()

    def __init__(self, policy: Policy, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._policy = policy
        self._draft: Draft | None = None
        self._seen = ""
        self._deciding = False
        self._leading = False  # from one missing answer to the next
        self.setObjectName("decisionPanel")
        self.setAccessibleName(self.tr("Decision"))
        self.setProperty("surface", "panel")
        self.setProperty("rule", "left")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.form = DecisionForm(policy, self)
        self._readiness = ReadinessCard(policy, self)
        column = QVBoxLayout(self)
        theme.space(column, (0, 0, 0, 12), 8)
        column.addWidget(self._scrolled(self.form), 1)
        below = QVBoxLayout()
        theme.space(below, (16, 0, 16, 0))
        below.addWidget(self._readiness)
        column.addLayout(below)
        column.addLayout(self._buttons())
        self.form.answered.connect(lambda fields: self._change(**fields))
        self.form.presetAsked.connect(self.use_preset)
        self.form.confidenceAsked.connect(self.next_confidence)
        self.form.reportNow.connect(self.reportNow)
        self.form.listClosed.connect(self._lead_on)
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(SLOW_MS)
        self._slow.timeout.connect(lambda: self._grey_out(True))
        self.show_draft(None)

    # what it shows

    @property
    def draft(self) -> Draft | None:
        """The draft as it stands, None while there is nothing to decide."""
        return self._draft

    @property
    def missing(self) -> tuple[str, ...]:
        """What has to be answered still, in the order it is asked."""
        return missing(self._draft, self._policy) if self._draft is not None else ()

    @property
    def ready(self) -> bool:
        return self._draft is not None and not self.missing

    @property
    def severities(self) -> int:
        """How many severities the policy knows."""
        return len(self._policy.severity_words)

    @property
    def presets(self) -> tuple[str, ...]:
        """What the answers given together are called, in the order of their keys."""
        return tuple(preset.words for preset in self._policy.taxonomy.presets)

    def show_draft(self, draft: Draft | None) -> None:
        """Begin with `draft`; None empties the panel."""
        self.form.shut_lists()
        self._leading = False
        self._draft = draft
        self.form.setEnabled(draft is not None)
        self._decide.setEnabled(draft is not None)
        self.form.show_why(draft.rationale if draft is not None else "")
        self._show()

    def say_seen(self, seen: str) -> None:
        """What of the item was looked at so far, in words."""
        if seen != self._seen:
            self._seen = seen
            self._show_readiness()

    def set_deciding(self, deciding: bool) -> None:
        """While the decision is being written down nothing can be changed; if it takes a while, that shows."""
        self._deciding = deciding
        self.form.why.setReadOnly(deciding)
        if deciding:
            self._slow.start()
        else:
            self._slow.stop()
            self._grey_out(False)

    def _grey_out(self, grey: bool) -> None:
        self.form.setEnabled(not grey and self._draft is not None)
        for button in (self._decide, self._undo, self._amend):
            button.setEnabled(not grey)

    def say_primary(self, words: str, *, usable: bool) -> None:
        """The primary key takes the next item while nothing is on the desk."""
        self._decide.set_words(words)
        self._decide.setEnabled(usable)
        self._make_room()

    def _make_room(self) -> None:
        """Long words on the primary key take the room of the button that has a key all the same."""
        buttons = (self._undo, self._amend, self._decide)
        wanted = sum(button.sizeHint().width() for button in buttons) + theme.px(2 * 6 + 2 * 16)
        self._amend.setVisible(wanted <= self.width())

    # what the keys call

    def set_imminence(self, imminence: Imminence) -> None:
        self._change(imminence=imminence)

    def set_category(self, key: str) -> None:
        self._change(category=key)

    def set_severity(self, severity: int) -> None:
        if 1 <= severity <= len(self._policy.severity_words):
            self._change(severity=severity)

    def set_action(self, action: Action) -> None:
        self._change(action=action)

    def set_segments(self, segments: tuple[Segment, ...]) -> None:
        self._change(segments=segments)

    def set_messages(self, messages: tuple[MessageMark, ...]) -> None:
        self._change(messages=messages)

    def use_preset(self, number: int) -> None:
        """Fill in the answers that are given together, from 0; words that were written stay."""
        presets = self._policy.taxonomy.presets
        if self._draft is not None and number < len(presets):
            filled = with_preset(self._draft, presets[number])
            self._change(**{name: getattr(filled, name) for name in filled.__struct_fields__})

    def next_confidence(self) -> None:
        """High, medium, low, and round again."""
        order = (Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW)
        at = None if self._draft is None else self._draft.confidence
        self._change(confidence=order[0] if at is None else order[(order.index(at) + 1) % len(order)])

    def open_list(self, field: str) -> None:
        """The answers to `field` to pick from; nothing where the question does not apply."""
        if self._draft is not None and not self._deciding:
            self._scroll.ensureWidgetVisible(self.form.question(field))
            self.form.open_list(field)

    def why_not_list(self, field: str) -> str:
        """Why `open_list` would do nothing; empty when it would open."""
        return "" if self.form.asks(field) else self.tr("Not asked of this item, as it is answered so far.")

    def open_categories(self) -> None:
        self.open_list("category")

    def focus_why(self) -> None:
        self.form.focus_why()

    def insist(self) -> None:
        """Enter came too early: say what is missing and go to the first of it, and from each to the next."""
        self._readiness.insist()
        self._leading = True
        self._point()

    def lead(self) -> None:
        """Go to what is missing, one after the other; in the end to the primary key."""
        self._leading = True
        self._point()

    # how it is built

    def _scrolled(self, form: QWidget) -> QScrollArea:
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(form)
        self._scroll.viewport().setAutoFillBackground(False)
        form.setAutoFillBackground(False)
        return self._scroll

    def _buttons(self) -> QHBoxLayout:
        self._undo = KeyButton(self.tr("Undo"), UNDO_KEY, parent=self)
        self._undo.setObjectName("undo")
        self._undo.setToolTip(self.tr("Void your last decision. Its item returns to the queue."))
        self._undo.clicked.connect(self.undo)
        self._amend = KeyButton(self.tr("Change"), "⇧U", parent=self)
        self._amend.setObjectName("amend")
        self._amend.setToolTip(self.tr("Change your last decision. The one before stays in the record."))
        self._amend.clicked.connect(self.amend)
        self._decide = KeyButton("", "Enter", kind=ButtonKind.PRIMARY, parent=self)
        self._decide.setObjectName("decide")
        self._decide.clicked.connect(self.decide)
        row = QHBoxLayout()
        theme.space(row, (16, 0, 16, 0), 6)
        row.addWidget(self._undo)
        row.addWidget(self._amend)
        row.addWidget(self._decide, 1)
        # After the words comes deciding: Tab and Enter must never void the decision before.
        self.setTabOrder(self._decide, self._undo)
        self.setTabOrder(self._undo, self._amend)
        return row

    # how it changes

    def _change(self, **fields: object) -> None:
        if self._draft is None:
            return
        if self._deciding:
            self._show()  # a button that was clicked all the same goes back
            return
        self._draft = msgspec.structs.replace(self._draft, **fields)
        self._show()
        self.changed.emit(self._draft)
        self._lead_on()

    def _lead_on(self) -> None:
        """An answer was given: on to the next that is missing, unless somebody is in the middle of one."""
        if self._leading and not self.form.listing and not self.form.writing:
            self._point()

    def _point(self) -> None:
        absent = self.missing
        if absent:
            question = self.form.question(absent[0])
            self._scroll.ensureWidgetVisible(question)
            question.point()
        else:
            self._leading = False
            self._decide.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self) -> None:
        self.form.show_draft(self._draft if self._draft is not None else Draft(item_id=""))
        self._show_readiness()

    def _show_readiness(self) -> None:
        self._readiness.setVisible(self._draft is not None)
        if self._draft is not None:
            self._readiness.show_draft(self._draft, seen=self._seen)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.form.shut_lists()
        self._make_room()


__all__ = [
    "ACTION_KEYS",
    "CATEGORY_KEY",
    "CONFIDENCE_KEY",
    "IMMINENCE_KEYS",
    "MAX_RATIONALE",
    "SLOW_MS",
    "UNDO_KEY",
    "WHY_KEY",
    "DecisionPanel",
]
