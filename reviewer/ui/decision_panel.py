"""The decision: imminence first, then category, severity, action, why; what is missing; one primary key."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from reviewer.model.decisions import Action, Confidence, Draft, Imminence, missing
from reviewer.model.policy import Policy
from reviewer.model.segments import Segment
from reviewer.ui import theme
from reviewer.ui.category_list import CategoryList
from reviewer.ui.key_button import ButtonKind, KeyButton
from reviewer.ui.key_cap import KeyCap
from reviewer.ui.plain_label import PlainLabel
from reviewer.ui.readiness_card import ReadinessCard
from reviewer.ui.segments import Segments
from reviewer.ui.why_field import WhyField
from reviewer.ui.wording import action_words, confidence_words, imminence_words

IMMINENCE_KEYS = {Imminence.IMMINENT: "I", Imminence.POSSIBLE: "O", Imminence.NO_SIGN: "K"}
ACTION_KEYS = {
    Action.REPORT: "R",
    Action.PRESERVE: "V",
    Action.REMOVE: "X",
    Action.RESTRICT: "S",
    Action.SECOND_LOOK: "B",
    Action.ESCALATE: "E",
    Action.NONE: "Z",
}
CATEGORY_KEY, CONFIDENCE_KEY, WHY_KEY, UNDO_KEY = "C", "F", "W", "U"
MAX_RATIONALE = 8000
SLOW_MS = 150  # a decision is written sooner than this, unless something is wrong


class DecisionPanel(QFrame):
    """`changed(Draft)` after every change of the person's, `decide` and `undo` when asked for."""

    changed = Signal(object)
    decide = Signal()
    undo = Signal()

    def __init__(self, policy: Policy, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._policy = policy
        self._draft: Draft | None = None
        self._seen = ""
        self.setObjectName("decisionPanel")
        self.setAccessibleName(self.tr("Decision"))
        self.setProperty("surface", "panel")
        self.setProperty("rule", "left")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self)
        theme.space(column, (0, 0, 0, 12), 12)
        column.addWidget(self._scrolled(self._form()), 1)
        column.addLayout(self._buttons())
        self._categories = CategoryList(policy, self)
        self._categories.chosen.connect(lambda key: self._change(category=key))
        self._deciding = False
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
    def ready(self) -> bool:
        return self._draft is not None and not missing(self._draft)

    @property
    def severities(self) -> int:
        """How many severities the policy knows."""
        return len(self._policy.severity_words)

    def show_draft(self, draft: Draft | None) -> None:
        """Begin with `draft`; None empties the panel."""
        self._categories.shut()
        self._draft = draft
        self._form_widget.setEnabled(draft is not None)
        self._decide.setEnabled(draft is not None)
        self._why.blockSignals(True)
        self._why.setPlainText(draft.rationale if draft is not None else "")
        self._why.blockSignals(False)
        self._show()

    def say_seen(self, seen: str) -> None:
        """What of the item was looked at so far, in words."""
        if seen != self._seen:
            self._seen = seen
            self._show_readiness()

    def set_deciding(self, deciding: bool) -> None:
        """While the decision is being written down nothing can be changed; if it takes a while, that shows."""
        self._deciding = deciding
        self._why.setReadOnly(deciding)
        if deciding:
            self._slow.start()
        else:
            self._slow.stop()
            self._grey_out(False)

    def _grey_out(self, grey: bool) -> None:
        self._form_widget.setEnabled(not grey and self._draft is not None)
        self._decide.setEnabled(not grey)
        self._undo.setEnabled(not grey)

    def say_primary(self, words: str, *, usable: bool) -> None:
        """The primary key takes the next item while nothing is on the desk."""
        self._decide.set_words(words)
        self._decide.setEnabled(usable)

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

    def next_confidence(self) -> None:
        """High, medium, low, and round again."""
        order = (Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW)
        at = None if self._draft is None else self._draft.confidence
        self._change(confidence=order[0] if at is None else order[(order.index(at) + 1) % len(order)])

    def open_categories(self) -> None:
        if self._draft is None or self._deciding:
            return
        self._categories.open(self._draft.category)
        self._place_categories()

    def focus_why(self) -> None:
        self._why.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def insist(self) -> None:
        """Enter came too early: point at what is missing."""
        self._readiness.insist()
        self._scroll.ensureWidgetVisible(self._readiness)

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

    def _form(self) -> QWidget:
        form = self._form_widget = QWidget(self)
        form.setObjectName("decisionForm")
        column = QVBoxLayout(form)
        theme.space(column, (16, 12, 16, 0), 12)
        self._imminence = {
            value: self._choice(imminence_words(value), key, f"imminence_{value.value}", form)
            for value, key in IMMINENCE_KEYS.items()
        }
        for value, button in self._imminence.items():
            button.clicked.connect(lambda _checked=False, value=value: self.set_imminence(value))
        danger = QVBoxLayout()
        theme.space(danger, gap=6)
        for button in self._imminence.values():
            danger.addWidget(button)
        column.addLayout(self._section(self.tr("Is somebody in danger now?"), danger, form))
        self._category = self._choice("", CATEGORY_KEY, "category", form)
        self._category.setCheckable(False)
        self._category.clicked.connect(self.open_categories)
        column.addLayout(self._section(self.tr("Category"), self._category, form))
        column.addLayout(self._severity_row(form))
        column.addLayout(self._section(self.tr("Action"), self._actions_grid(form), form))
        column.addLayout(self._section(self.tr("Why"), self._why_field(form), form, WHY_KEY), 1)
        self._readiness = ReadinessCard(form)
        column.addWidget(self._readiness)
        column.addStretch(2)
        return form

    def _choice(self, words: str, key: str, name: str, parent: QWidget) -> KeyButton:
        button = KeyButton(words, key, kind=ButtonKind.CHOICE, parent=parent)
        button.setObjectName(name)
        return button

    def _section(self, caption: str, content: QLayout | QWidget, parent: QWidget, key: str = "") -> QVBoxLayout:
        section = QVBoxLayout()
        theme.space(section, gap=6)
        label = PlainLabel(caption, parent)
        theme.role(label, "caption")
        if key:
            row = QHBoxLayout()
            theme.space(row)
            row.addWidget(label, 1)
            row.addWidget(KeyCap(key, parent))
            section.addLayout(row)
        else:
            section.addWidget(label)
        if isinstance(content, QWidget):
            section.addWidget(content, 1)
            label.setBuddy(content)
        else:
            section.addLayout(content)
        return section

    def _severity_row(self, form: QWidget) -> QHBoxLayout:
        words = self._policy.severity_words
        self._severity = Segments([(word, "") for word in words], stretch=True, parent=form)
        self._severity.setObjectName("severity")
        self._severity.setAccessibleName(self.tr("Severity"))
        self._severity.chosen.connect(lambda index: self.set_severity(index + 1))
        self._confidence = self._choice("", CONFIDENCE_KEY, "confidence", form)
        self._confidence.setCheckable(False)
        self._confidence.clicked.connect(self.next_confidence)
        row = QHBoxLayout()
        theme.space(row, gap=12)
        keys = self.tr("Alt 1 to {last}").format(last=len(words))
        row.addLayout(self._section(self.tr("Severity"), self._severity, form, keys), 3)
        row.addLayout(self._section(self.tr("Confidence"), self._confidence, form), 2)
        return row

    def _actions_grid(self, form: QWidget) -> QGridLayout:
        grid = QGridLayout()
        theme.space(grid, gap=6)
        self._actions = {}
        for at, (action, key) in enumerate(ACTION_KEYS.items()):
            button = self._choice(action_words(action), key, f"action_{action.value}", form)
            button.clicked.connect(lambda _checked=False, action=action: self.set_action(action))
            self._actions[action] = button
            if at == 0:
                grid.addWidget(button, 0, 0, 1, 2)
            else:
                grid.addWidget(button, (at + 1) // 2, (at + 1) % 2)
        return grid

    def _why_field(self, form: QWidget) -> WhyField:
        self._why = WhyField(form)
        self._why.setObjectName("why")
        self._why.setAccessibleName(self.tr("Why"))
        self._why.setPlaceholderText(self.tr("What the decision rests on"))
        self._why.setTabChangesFocus(True)
        self._why.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.size(self._why, min_height=52, max_height=132)
        self._why.textChanged.connect(self._why_changed)
        return self._why

    def _buttons(self) -> QHBoxLayout:
        self._undo = KeyButton(self.tr("Undo"), UNDO_KEY, parent=self)
        self._undo.setObjectName("undo")
        self._undo.setToolTip(self.tr("Void your last decision. Its item returns to the queue."))
        self._undo.clicked.connect(self.undo)
        self._decide = KeyButton("", "Enter", kind=ButtonKind.PRIMARY, parent=self)
        self._decide.setObjectName("decide")
        self._decide.clicked.connect(self.decide)
        row = QHBoxLayout()
        theme.space(row, (16, 0, 16, 0), 8)
        row.addWidget(self._undo)
        row.addWidget(self._decide, 1)
        # After the words comes deciding: Tab and Enter must never void the decision before.
        self.setTabOrder(self._decide, self._undo)
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

    def _why_changed(self) -> None:
        words = self._why.toPlainText()
        if len(words) > MAX_RATIONALE:
            words = words[:MAX_RATIONALE]
            self._why.blockSignals(True)
            self._why.setPlainText(words)
            self._why.moveCursor(self._why.textCursor().MoveOperation.End)
            self._why.blockSignals(False)
        self._change(rationale=words)

    def _show(self) -> None:
        draft = self._draft if self._draft is not None else Draft(item_id="")
        for imminence, button in self._imminence.items():
            button.setChecked(imminence is draft.imminence)
        for action, button in self._actions.items():
            button.setChecked(action is draft.action)
        chosen = self._policy.harm_type(draft.category).words if draft.category else self.tr("Choose")
        self._category.set_words(chosen)
        self._confidence.set_words(confidence_words(draft.confidence) if draft.confidence else self.tr("Choose"))
        self._severity.choose(None if draft.severity is None else draft.severity - 1)
        self._show_readiness()

    def _show_readiness(self) -> None:
        self._readiness.setVisible(self._draft is not None)
        if self._draft is not None:
            self._readiness.show_draft(self._draft, seen=self._seen)

    def _place_categories(self) -> None:
        top = self._category.mapTo(self, self._category.rect().bottomLeft())
        theme.size(self._categories, width=round(self._category.width() / theme.current().scale))
        self._categories.adjustSize()
        self._categories.move(top.x(), top.y() + theme.px(4))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._categories.shut()
