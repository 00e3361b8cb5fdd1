"""What is right for a calibration item: category, severity, action and a note. Begins with what was decided."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from reviewer.model.decisions import Action, Draft
from reviewer.model.policy import Policy
from reviewer.model.readings import MAX_GOLDEN_NOTE, GoldenAnswer
from reviewer.ui import theme
from reviewer.ui.card import Card, Surface
from reviewer.ui.key_button import ButtonKind, KeyButton
from reviewer.ui.pick_list import PickList
from reviewer.ui.plain_label import PlainLabel, plain_label
from reviewer.ui.question import Question
from reviewer.ui.segments import Segments
from reviewer.ui.wording import action_words

MARK_KEY, WITHDRAW_KEY = "Ctrl Enter", "Ctrl Del"
_ACTIONS = tuple(action for action in Action if action is not Action.SECOND_LOOK)


class GoldenForm(Card):
    """`markAsked(GoldenAnswer)` and `withdrawAsked` are wishes; nothing is changed here. `changed` by the person."""

    changed = Signal()

    markAsked = Signal(object)
    withdrawAsked = Signal()

    def __init__(self, policy: Policy, parent: QWidget) -> None:
        super().__init__(Surface.OUTLINE, margins=(16, 14, 16, 16), gap=10, parent=parent)
        self.setObjectName("goldenForm")
        self.setAccessibleName(self.tr("What is right for this item"))
        self._policy = policy
        self._over = parent
        self._category, self._action = "", Action.NONE
        self._head = PlainLabel(parent=self)
        theme.role(self._head, "strong")
        words = self.tr(
            "Offered to those who never had it, like any other item. Each person sees how their own answer compares; "
            "nobody else does. The item itself is not shown here."
        )
        self.category = KeyButton("", "", kind=ButtonKind.CHOICE, parent=self)
        self.action = KeyButton("", "", kind=ButtonKind.CHOICE, parent=self)
        for button in (self.category, self.action):
            button.setCheckable(False)
        harms = [(harm.key, harm.words) for harm in policy.harm_types]
        self.category_list = PickList("goldenCategory", self.tr("Category"), harms, parent)
        actions = [(action.value, action_words(action)) for action in _ACTIONS]
        self.action_list = PickList("goldenAction", self.tr("Action"), actions, parent)
        self.severity = Segments([(word, "") for word in policy.severity_words], stretch=True, parent=self)
        self.severity.setAccessibleName(self.tr("Severity"))
        self.note = QLineEdit(self)
        self.note.setMaxLength(MAX_GOLDEN_NOTE)
        self.note.setAccessibleName(self.tr("Why this is right"))
        self.note.setPlaceholderText(self.tr("Shown with the comparison"))
        self.note.setDragEnabled(False)
        self.mark = KeyButton(self.tr("Mark for calibration"), MARK_KEY, kind=ButtonKind.PRIMARY, parent=self)
        self.withdraw = KeyButton(self.tr("Withdraw"), WITHDRAW_KEY, parent=self)
        self.column.addWidget(self._head)
        self.column.addWidget(plain_label(words, "small", self))
        for caption, field in (
            (self.tr("Category"), self.category),
            (self.tr("Severity"), self.severity),
            (self.tr("Action"), self.action),
            (self.tr("Why this is right"), self.note),
        ):
            self.column.addWidget(Question(caption, field, parent=self))
        row = QHBoxLayout()
        theme.space(row, (6, 0, 6, 0), 12)
        row.addWidget(self.withdraw)
        row.addWidget(self.mark, 1)
        self.column.addLayout(row)
        self.category.clicked.connect(lambda: self._open(self.category_list, self._category, self.category))
        self.action.clicked.connect(lambda: self._open(self.action_list, self._action.value, self.action))
        self.category_list.picked.connect(lambda keys: self._pick(category=keys[0]))
        self.action_list.picked.connect(lambda keys: self._pick(action=Action(keys[0])))
        self.severity.chosen.connect(self._grade)
        self.note.textEdited.connect(lambda _text: self.changed.emit())
        self.mark.clicked.connect(self.ask_to_mark)
        self.withdraw.clicked.connect(self.withdrawAsked)

    def show_answer(self, exhibit: str, right: GoldenAnswer, *, marked: bool) -> None:
        """Begin with what stands; `marked` items can be withdrawn."""
        self._head.setText(exhibit)
        self._set(category=right.category, action=right.action)
        known = 1 <= right.severity <= len(self._policy.severity_words)
        self.severity.choose(right.severity - 1 if known else None)
        self.note.setText(right.note)
        self.mark.set_words(self.tr("Change what is right") if marked else self.tr("Mark for calibration"))
        self.withdraw.setVisible(marked)
        self.setVisible(True)

    def draft(self, item_id: str) -> Draft:
        """What is answered so far, as it is kept."""
        severity = self.severity.index + 1 if self.severity.index is not None else None
        return Draft(
            item_id=item_id,
            category=self._category,
            severity=severity,
            action=self._action,
            rationale=self.note.text(),
        )

    def restore(self, draft: Draft) -> None:
        """What was being answered; over `show_answer`."""
        if draft.category in {harm.key for harm in self._policy.harm_types}:
            self._set(category=draft.category)
        if draft.action in _ACTIONS:
            self._set(action=draft.action)
        if draft.severity is not None and 1 <= draft.severity <= len(self._policy.severity_words):
            self.severity.choose(draft.severity - 1)
        self.note.setText(draft.rationale)

    def show_nothing(self) -> None:
        self.setVisible(False)

    def begin(self) -> None:
        self.category.setFocus(Qt.FocusReason.TabFocusReason)

    def ask_to_mark(self) -> None:
        if self.isVisible() and self.severity.index is not None:
            note = self.note.text().strip()
            right = GoldenAnswer(
                category=self._category, severity=self.severity.index + 1, action=self._action, note=note
            )
            self.markAsked.emit(right)

    def _pick(self, *, category: str | None = None, action: Action | None = None) -> None:
        self._set(category=category, action=action)
        self.changed.emit()

    def _grade(self, index: int) -> None:
        self.severity.choose(index)
        self.changed.emit()

    def _set(self, *, category: str | None = None, action: Action | None = None) -> None:
        self._category = category if category is not None else self._category
        self._action = action if action is not None else self._action
        self.category.set_words(self._policy.harm_type(self._category).words)
        self.action.set_words(action_words(self._action))

    def _open(self, choices: PickList, key: str, button: KeyButton) -> None:
        choices.open((key,), QRect(button.mapTo(self._over, button.rect().topLeft()), button.size()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = self.focusWidget()
            if isinstance(focused, KeyButton):
                focused.click()
            return
        super().keyPressEvent(event)
