"""The questions of the preferences page with a few answers each: what can be chosen, and where the policy says no."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from reviewer.model.policy import SOUNDS, Policy
from reviewer.model.preferences import TEXT_SCALES, Look, Preferences
from reviewer.model.within import within
from reviewer.ui import theme
from reviewer.ui.plain_label import PlainLabel, plain_label
from reviewer.ui.segments import Segments

_STRETCHES = (20.0, 30.0, 40.0, 50.0, 60.0, 90.0)
_PAUSES = (15.0, 20.0, 30.0)
_SHARES = (0.25, 0.5, 0.75, 1.0)
NAME_WIDTH = 172


def _tr(words: str) -> str:
    return QCoreApplication.translate("PreferenceRows", words)


@dataclass(frozen=True)
class Question:
    """`answers` are (words, value of the field, allowed); `now` gives the value that is in force; `why` the limits."""

    field: str
    name: str
    answers: tuple[tuple[str, object, bool], ...]
    now: Callable[[Preferences], object]
    why: str = ""


def looking_questions(policy: Policy) -> tuple[Question, ...]:
    grey = policy.viewing.grey
    return (
        Question(
            "grey",
            _tr("Lens and clear"),
            ((_tr("In colour"), False, not grey), (_tr("Begin in grey"), True, True)),
            lambda liked: within(policy, liked).policy.viewing.grey,
            _tr("Your organisation's policy begins in grey. G shows an item in colour.") if grey else "",
        ),
    )


def sound_questions(policy: Policy) -> tuple[Question, ...]:
    most, ceiling = SOUNDS.index(policy.viewing.sound), policy.viewing.sound_ceiling
    words = (_tr("Off"), _tr("Muffled only"), _tr("Clear when asked"))
    closed = _tr("Your organisation's policy allows no more than this.") if most < len(SOUNDS) - 1 else ""
    return (
        Question(
            "sound",
            _tr("Sound"),
            tuple((said, SOUNDS[at], at <= most) for at, said in enumerate(words)),
            lambda liked: within(policy, liked).policy.viewing.sound,
            closed or _tr("Nothing is heard by itself, whatever is chosen here."),
        ),
        Question(
            "loudest",
            _tr("Loudest"),
            tuple((f"{round(share * 100)} %", share * ceiling, True) for share in _SHARES),
            lambda liked: within(policy, liked).policy.viewing.sound_ceiling,
            _tr("Of what the policy allows, which is {share} % of full volume.").format(share=round(ceiling * 100)),
        ),
    )


def pace_questions(policy: Policy) -> tuple[Question, ...]:
    breaks = policy.breaks
    stretches = (*(minutes for minutes in _STRETCHES if minutes < breaks.after_minutes), breaks.after_minutes)
    pauses = (breaks.minutes, *(minutes for minutes in _PAUSES if minutes > breaks.minutes))
    return (
        Question(
            "break_after_minutes",
            _tr("A pause is offered after"),
            tuple((_minutes(minutes), minutes, True) for minutes in stretches[-4:]),
            lambda liked: within(policy, liked).policy.breaks.after_minutes,
            _tr("The policy says {minutes} minutes at the latest.").format(minutes=f"{breaks.after_minutes:g}"),
        ),
        Question(
            "break_minutes",
            _tr("Its length"),
            tuple((_minutes(minutes), minutes, True) for minutes in pauses),
            lambda liked: within(policy, liked).policy.breaks.minutes,
            _tr("The policy says {minutes} minutes at least. When it begins and ends is yours.").format(
                minutes=f"{breaks.minutes:g}"
            ),
        ),
        Question(
            "guide",
            _tr("On the pause page"),
            ((_tr("Breathing circle"), True, True), (_tr("No circle"), False, True)),
            lambda liked: liked.guide,
        ),
    )


def window_questions() -> tuple[Question, ...]:
    return (
        Question(
            "look",
            _tr("Window"),
            ((_tr("Dark"), Look.DARK, True), (_tr("Light"), Look.LIGHT, True)),
            lambda liked: liked.look,
        ),
        Question(
            "text_scale",
            _tr("Size"),
            tuple((f"{round(scale * 100)} %", scale, True) for scale in TEXT_SCALES),
            lambda liked: liked.text_scale,
        ),
        Question(
            "less_motion",
            _tr("Motion"),
            ((_tr("As usual"), False, True), (_tr("Less"), True, True)),
            lambda liked: liked.less_motion,
        ),
    )


def _minutes(minutes: float) -> str:
    return _tr("{minutes} min").format(minutes=f"{minutes:g}")


class QuestionRow(QWidget):
    """A name, the answers joined into one control, and under it the limit. `chosen(field, value)`."""

    chosen = Signal(str, object)

    def __init__(self, question: Question, parent: QWidget) -> None:
        super().__init__(parent)
        self.question = question
        name = PlainLabel(question.name, self)
        theme.size(name, min_width=NAME_WIDTH, max_width=NAME_WIDTH)
        name.setWordWrap(True)
        self.answers = Segments([(words, "") for words, _value, _allowed in question.answers], parent=self)
        self.answers.setObjectName(f"prefer_{question.field}")
        self.answers.setAccessibleName(question.name)
        self.answers.setToolTip(question.why)
        for at, (_words, _value, allowed) in enumerate(question.answers):
            self.answers.allow(at, allowed)
        self.answers.chosen.connect(lambda at: self.chosen.emit(question.field, question.answers[at][1]))
        row = QHBoxLayout()
        theme.space(row, gap=12)
        row.addWidget(name)
        row.addWidget(self.answers)
        row.addStretch(1)
        column = QVBoxLayout(self)
        theme.space(column, gap=4)
        column.addLayout(row)
        if question.why:
            why = plain_label(question.why, "small", self)
            inset = QHBoxLayout()
            theme.space(inset, (NAME_WIDTH + 12, 0, 0, 0), 0)
            inset.addWidget(why)
            column.addLayout(inset)

    def answer(self, liked: Preferences) -> None:
        """Mark what is in force."""
        values = [value for _words, value, _allowed in self.question.answers]
        self.answers.choose(_nearest(values, self.question.now(liked)))


def _nearest(values: Sequence[object], now: object) -> int | None:
    if now in values:
        return values.index(now)
    if not isinstance(now, float):
        return None
    apart = [abs(float(value) - now) for value in values]  # type: ignore[arg-type]
    return apart.index(min(apart))
