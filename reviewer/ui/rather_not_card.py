"""What a person would rather not get for now: by harm type, kind, or what to expect. No reason is asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from reviewer.model.levels import Kind
from reviewer.model.policy import Policy
from reviewer.model.preferences import MOST_RATHER_NOT, RatherNot, Trait
from reviewer.ui import theme
from reviewer.ui.card import Card, Surface
from reviewer.ui.key_button import ButtonKind, KeyButton
from reviewer.ui.plain_label import PlainLabel, plain_label, plain_tip
from reviewer.ui.preference_rows import NAME_WIDTH
from reviewer.ui.segments import Segments
from reviewer.ui.wording import kind_words

ACROSS = 3
SHIFT = timedelta(hours=12)
KINDS = (Kind.IMAGE, Kind.VIDEO, Kind.AUDIO, Kind.DOCUMENT, Kind.CHAT, Kind.TEXT, Kind.EMAIL)


class ToggleGrid(QWidget):
    """Some of several, each a button that says with a tick whether it is chosen. `toggled(key)` by the person."""

    toggled = Signal(str)

    def __init__(self, name: str, choices: Sequence[tuple[str, str]], parent: QWidget) -> None:
        super().__init__(parent)
        self._said = dict(choices)
        self._buttons: dict[str, KeyButton] = {}
        grid = QGridLayout(self)
        theme.space(grid, gap=6)
        for at, (key, words) in enumerate(choices):
            button = KeyButton(words, kind=ButtonKind.CHOICE, parent=self)
            button.setObjectName(f"{name}_{key}")
            theme.size(button, min_width=120)
            button.clicked.connect(lambda _checked=False, key=key: self.toggled.emit(key))
            grid.addWidget(button, at // ACROSS, at % ACROSS)
            self._buttons[key] = button
        for column in range(ACROSS):
            grid.setColumnStretch(column, 1)

    def tick(self, chosen: dict[str, str]) -> None:
        """By key, what is said after the words of each that is chosen."""
        for key, button in self._buttons.items():
            button.setChecked(key in chosen)
            words = self._said[key]
            button.set_words(f"✓ {words}{chosen[key]}" if key in chosen else words)
            button.setToolTip(plain_tip(button.text()))


class RatherNotCard(Card):
    """`chosen(tuple of RatherNot)` after every change."""

    chosen = Signal(object)

    def __init__(self, policy: Policy, now: Callable[[], datetime], parent: QWidget) -> None:
        super().__init__(Surface.OUTLINE, margins=(20, 16, 20, 16), gap=10, parent=parent)
        self.setObjectName("ratherNot")
        self._now = now
        self._wishes: tuple[RatherNot, ...] = ()
        title = PlainLabel(self.tr("Rather not, for now"), self)
        theme.role(title, "strong")
        self.column.addWidget(title)
        words = self.tr(
            "“Take the next” passes over these while anything else waits. No reason is asked, and nobody can see it: "
            "it stays in the encrypted store of this machine and is never sent. Not passed over is what is due within "
            "{minutes} minutes and where somebody may be in danger; it begins with its facts, and can be passed on."
        )
        self.column.addWidget(plain_label(words.format(minutes=f"{policy.sharing.urgent_minutes:g}"), "dim", self))
        self.until = Segments(
            [(self.tr("This shift (12 h)"), ""), (self.tr("This week"), ""), (self.tr("Until changed"), "")],
            parent=self,
        )
        self.until.setObjectName("ratherNotUntil")
        self.until.setAccessibleName(self.tr("For how long"))
        self.until.choose(0)
        row = QHBoxLayout()
        theme.space(row, gap=12)
        name = PlainLabel(self.tr("From now on for"), self)
        theme.size(name, min_width=NAME_WIDTH, max_width=NAME_WIDTH)
        row.addWidget(name)
        row.addWidget(self.until)
        row.addStretch(1)
        self.column.addLayout(row)
        self._grids: dict[Trait, ToggleGrid] = {}
        for trait, named, choices in (
            (Trait.HARM, self.tr("Harm"), [(harm.key, harm.words) for harm in policy.harm_types]),
            (Trait.KIND, self.tr("Kind"), [(kind.value, kind_words(kind).capitalize()) for kind in KINDS]),
            (Trait.LABEL, self.tr("What to expect"), [(label.key, label.words) for label in policy.taxonomy.labels]),
        ):
            if choices:
                self._add(trait, named, choices)

    def _add(self, trait: Trait, named: str, choices: Sequence[tuple[str, str]]) -> None:
        caption = PlainLabel(named, self)
        theme.role(caption, "caption")
        grid = ToggleGrid(f"ratherNot_{trait.value}", choices, self)
        grid.setAccessibleName(named)
        grid.toggled.connect(lambda key: self._toggle(trait, key))
        self.column.addWidget(caption)
        self.column.addWidget(grid)
        self._grids[trait] = grid

    def answer(self, wishes: tuple[RatherNot, ...]) -> None:
        """Mark what is in force."""
        at = self._now().timestamp()
        self._wishes = tuple(one for one in wishes if one.holds(at))
        for trait, grid in self._grids.items():
            grid.tick({one.key: self._end_words(one) for one in self._wishes if one.trait is trait})

    def _toggle(self, trait: Trait, key: str) -> None:
        left = tuple(one for one in self._wishes if (one.trait, one.key) != (trait, key))
        if len(left) == len(self._wishes):
            left = (*left, RatherNot(trait=trait, key=key, until=self._ends()))[-MOST_RATHER_NOT:]
        self.chosen.emit(left)

    def _ends(self) -> float | None:
        """Of a wish made now; a week ends in the night to Monday, where the person is."""
        now = self._now()
        if self.until.index == 0:
            return (now + SHIFT).timestamp()
        if self.until.index == 1:
            here = now.astimezone()
            monday = (here + timedelta(days=7 - here.weekday())).date()
            return datetime(monday.year, monday.month, monday.day).astimezone().timestamp()
        return None

    def _end_words(self, wish: RatherNot) -> str:
        if wish.until is None:
            return ""
        try:
            ends = datetime.fromtimestamp(wish.until).astimezone()
        except (ValueError, OverflowError, OSError):
            return ""
        here = self._now().astimezone()
        words = self.tr("until {time}") if ends - here < timedelta(hours=24) else self.tr("until {day}")
        return " · " + words.format(time=f"{ends:%H:%M}", day=f"{ends:%d.%m.}")
