"""The questions of a decision, in the order they are asked. Which of them apply, the policy and the answers say."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from reviewer.model.answers import MAX_RATIONALE
from reviewer.model.completeness import asked
from reviewer.model.decisions import Action, Draft, Imminence
from reviewer.model.policy import Policy
from reviewer.model.taxonomy import CLASSIFICATIONS, Choice, words_of
from reviewer.ui import theme
from reviewer.ui.decision_keys import (
    ACTION_KEYS,
    AGE_KEY,
    CATEGORY_KEY,
    CLASSIFICATION_KEY,
    CONFIDENCE_KEY,
    GROUNDS_KEY,
    IMMINENCE_KEYS,
    LABELS_KEY,
    PRESET_KEY,
    REPORT_NOW_SHOWN,
    WHY_KEY,
    shown_key,
)
from reviewer.ui.key_button import ButtonKind, KeyButton
from reviewer.ui.pick_list import PickList
from reviewer.ui.question import Question
from reviewer.ui.segments import Segments
from reviewer.ui.why_field import WhyField
from reviewer.ui.wording import action_words, confidence_words, imminence_words

ROW = 28  # pixels a row of answers is high


class DecisionForm(QWidget):
    """It asks and shows: `answered(fields)` is what a person wants to stand, `show_draft` what does.

    Lists open over `over`, where there is more room than in the form. `reportNow` and `confidenceAsked` are clicks.
    """

    answered = Signal(object)  # dict of fields of Draft
    presetAsked = Signal(int)
    reportNow = Signal()
    confidenceAsked = Signal()
    listClosed = Signal()

    def __init__(self, policy: Policy, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("decisionForm")
        self._policy = policy
        self._over = over
        self._questions: dict[str, Question] = {}
        self._pick_buttons: dict[str, KeyButton] = {}
        self._lists: dict[str, PickList] = {}
        self._draft = Draft(item_id="")
        column = QVBoxLayout(self)
        theme.space(column, (10, 5, 10, 0), 1)
        column.addWidget(self._ask("imminence", self.tr("Is somebody in danger now?"), self._danger()))
        column.addWidget(self._after_danger())
        what = QHBoxLayout()
        theme.space(what)
        what.addWidget(self._pick("category", self.tr("Category"), CATEGORY_KEY, self._harm_types()), 3)
        labels = self._pick("labels", self.tr("Labels"), LABELS_KEY, policy.taxonomy.labels, several=True)
        what.addWidget(labels, 2)
        column.addLayout(what)
        column.addLayout(self._severity_row())
        self._finer = QWidget(self)
        finer = QHBoxLayout(self._finer)
        theme.space(finer)
        classes = tuple(Choice(key=key, words=key) for key in CLASSIFICATIONS)
        finer.addWidget(self._pick("classification", self.tr("Classification"), CLASSIFICATION_KEY, classes), 1)
        finer.addWidget(self._pick("age_group", self.tr("Apparent age"), AGE_KEY, policy.taxonomy.age_groups), 1)
        column.addWidget(self._finer)
        column.addWidget(self._ask("action", self.tr("Action"), self._actions_grid()))
        column.addWidget(self._ask("rationale", self.tr("Why"), self._why_field(), key=WHY_KEY), 1)
        self._questions["rationale"].lead_to(self.why)
        column.addStretch(2)

    # what it shows

    def show_draft(self, draft: Draft) -> None:
        self._draft = draft
        questions = asked(draft, self._policy)
        for imminence, button in self._imminence.items():
            button.setChecked(imminence is draft.imminence)
        for action, button in self._actions.items():
            button.setChecked(action is draft.action)
        self._severity.choose(None if draft.severity is None else draft.severity - 1)
        confidence = self.tr("Choose") if draft.confidence is None else confidence_words(draft.confidence)
        self._confidence.set_words(confidence)
        for field, button in self._pick_buttons.items():
            button.set_words(self._picked_words(field))
            self._questions[field].setVisible(field in questions)
        self._finer.setVisible("classification" in questions or "age_group" in questions)
        danger = draft.imminence in (Imminence.IMMINENT, Imminence.POSSIBLE)
        self._shown_after.setCurrentIndex(1 if danger else 0)
        self._shown_after_frame.setVisible(danger or bool(self._policy.taxonomy.presets))

    def show_why(self, words: str) -> None:
        """Put words into the field; that is no answer of the person's."""
        self.why.blockSignals(True)
        self.why.setPlainText(words)
        self.why.blockSignals(False)

    def asks(self, field: str) -> bool:
        """The question applies to the draft as it stands."""
        return field in asked(self._draft, self._policy)

    @property
    def listing(self) -> bool:
        """A list lies open."""
        return any(one.isVisible() for one in self._lists.values())

    @property
    def writing(self) -> bool:
        return self.why.hasFocus()

    def question(self, field: str) -> Question:
        return self._questions[field]

    def open_list(self, field: str) -> None:
        """Nothing happens where the question does not apply."""
        button = self._pick_buttons[field]
        if not self.asks(field) or not self.isEnabled():
            return
        answer = getattr(self._draft, field)
        picked = (answer,) if isinstance(answer, str) else (answer or ())
        corner = button.mapTo(self._over, button.rect().topLeft())
        edge = theme.px(16)
        self._lists[field].open(picked, QRect(edge, corner.y(), self._over.width() - 2 * edge, button.height()))

    def shut_lists(self) -> None:
        for one in self._lists.values():
            one.shut()

    # how it is built

    def _ask(
        self, field: str, caption: str, content: QVBoxLayout | QGridLayout | QWidget, *, key: str = ""
    ) -> Question:
        question = self._questions[field] = Question(caption, content, key=key, parent=self)
        question.setObjectName(f"question_{field}")
        return question

    def _choice(self, words: str, key: str, name: str) -> KeyButton:
        button = KeyButton(words, key, kind=ButtonKind.CHOICE, parent=self)
        button.setObjectName(name)
        theme.size(button, height=ROW)
        return button

    def _pick(
        self, field: str, caption: str, key: str, choices: tuple[Choice, ...], *, several: bool = False
    ) -> Question:
        """A button that says what was picked and opens the list to pick from."""
        # A key of more than one letter stands beside the caption: on the button it would leave no room for the words.
        long = len(key) > 1
        button = self._pick_buttons[field] = self._choice("", "" if long else key, field)
        button.say_key(shown_key(key))
        button.setCheckable(False)
        button.clicked.connect(lambda: self.open_list(field))
        question = self._ask(field, caption, button, key=shown_key(key) if long else "")
        question.lead_to(button)
        listed = PickList(field, caption, [(one.key, one.words) for one in choices], self._over, several=several)
        listed.picked.connect(lambda keys: self.answered.emit({field: keys if several else keys[0]}))
        listed.closed.connect(self.listClosed)
        self._lists[field] = listed
        return question

    def _harm_types(self) -> tuple[Choice, ...]:
        return tuple(Choice(key=harm.key, words=harm.words) for harm in self._policy.harm_types)

    def _danger(self) -> QGridLayout:
        self._imminence = {
            value: self._choice(imminence_words(value), key, f"imminence_{value.value}")
            for value, key in IMMINENCE_KEYS.items()
        }
        for value, button in self._imminence.items():
            button.clicked.connect(lambda _checked=False, value=value: self.answered.emit({"imminence": value}))
        grid = QGridLayout()
        theme.space(grid, gap=5)
        grid.addWidget(self._imminence[Imminence.IMMINENT], 0, 0, 1, 2)
        grid.addWidget(self._imminence[Imminence.POSSIBLE], 1, 0)
        grid.addWidget(self._imminence[Imminence.NO_SIGN], 1, 1)
        return grid

    def _after_danger(self) -> QWidget:
        """In the same room: answers given together while nobody is in danger, else the grounds and the report."""
        self._shown_after_frame = QWidget(self)
        self._shown_after = QStackedLayout(self._shown_after_frame)
        presets = QGridLayout()
        theme.space(presets, gap=5)
        for at, preset in enumerate(self._policy.taxonomy.presets):
            button = self._choice(preset.words, str(at + 1), f"preset_{preset.key}")
            button.say_key(shown_key(f"{PRESET_KEY}{at + 1}"))
            button.setCheckable(False)
            button.setAccessibleDescription(self.tr("Key Alt Shift {number}").format(number=at + 1))
            button.clicked.connect(lambda _checked=False, at=at: self.presetAsked.emit(at))
            presets.addWidget(button, at // 2, at % 2)
        together = Question(self.tr("Several answers at once"), presets, key=self.tr("Alt Shift"), parent=self)
        self._shown_after.addWidget(together)
        grave = QWidget(self._shown_after_frame)
        column = QVBoxLayout(grave)
        theme.space(column)
        grounds = self._pick("grounds", self.tr("What says so"), GROUNDS_KEY, self._grounds(), several=True)
        column.addWidget(grounds)
        self.report_now = KeyButton(self.tr("Report now"), REPORT_NOW_SHOWN, kind=ButtonKind.DANGER, parent=grave)
        self.report_now.setObjectName("reportNow")
        self.report_now.clicked.connect(self.reportNow)
        row = QHBoxLayout()
        theme.space(row, (6, 0, 6, 4))
        row.addWidget(self.report_now)
        column.addLayout(row)
        self._shown_after.addWidget(grave)
        return self._shown_after_frame

    def _grounds(self) -> tuple[Choice, ...]:
        return self._policy.taxonomy.grounds

    def _severity_row(self) -> QHBoxLayout:
        words = self._policy.severity_words
        self._severity = Segments([(word, "") for word in words], stretch=True, parent=self)
        self._severity.setObjectName("severity")
        self._severity.setAccessibleName(self.tr("Severity"))
        self._severity.chosen.connect(lambda index: self.answered.emit({"severity": index + 1}))
        self._confidence = self._choice("", CONFIDENCE_KEY, "confidence")
        self._confidence.setCheckable(False)
        self._confidence.clicked.connect(self.confidenceAsked)
        row = QHBoxLayout()
        theme.space(row)
        keys = self.tr("Alt 1 to {last}").format(last=len(words))
        row.addWidget(self._ask("severity", self.tr("Severity"), self._severity, key=keys), 3)
        row.addWidget(self._ask("confidence", self.tr("Confidence"), self._confidence), 2)
        return row

    def _actions_grid(self) -> QGridLayout:
        grid = QGridLayout()
        theme.space(grid, gap=5)
        self._actions: dict[Action, KeyButton] = {}
        for at, (action, key) in enumerate(ACTION_KEYS.items()):
            button = self._choice(action_words(action), key, f"action_{action.value}")
            button.clicked.connect(lambda _checked=False, action=action: self.answered.emit({"action": action}))
            self._actions[action] = button
            if at == 0:
                grid.addWidget(button, 0, 0, 1, 2)
            else:
                grid.addWidget(button, (at + 1) // 2, (at + 1) % 2)
        return grid

    def _why_field(self) -> WhyField:
        self.why = WhyField(self)
        self.why.setObjectName("why")
        self.why.setAccessibleName(self.tr("Why"))
        self.why.setPlaceholderText(self.tr("What the decision rests on"))
        self.why.setTabChangesFocus(True)
        self.why.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.size(self.why, min_height=46, max_height=132)
        self.why.textChanged.connect(self._why_changed)
        return self.why

    # inside

    def _why_changed(self) -> None:
        words = self.why.toPlainText()
        if len(words) > MAX_RATIONALE:
            words = words[:MAX_RATIONALE]
            self.show_why(words)
            self.why.moveCursor(self.why.textCursor().MoveOperation.End)
        self.answered.emit({"rationale": words})

    def _picked_words(self, field: str) -> str:
        answer = getattr(self._draft, field)
        if not answer:
            return self.tr("None") if field == "labels" else self.tr("Choose")
        taxonomy = self._policy.taxonomy
        if field == "category":
            return self._policy.harm_type(answer).words
        if field == "age_group":
            return words_of(taxonomy.age_groups, answer)
        if field == "classification":
            return str(answer)
        choices = taxonomy.grounds if field == "grounds" else taxonomy.labels
        first, *more = (words_of(choices, key) for key in answer)
        return f"{first} +{len(more)}" if more else first

    def focus_why(self) -> None:
        self.why.setFocus(Qt.FocusReason.ShortcutFocusReason)
