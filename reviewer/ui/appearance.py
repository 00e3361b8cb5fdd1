"""What the person prefers, as chosen and shown here: the look at once; the rest goes to who honours it."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from reviewer.model.preferences import Look, Preferences, next_scale
from reviewer.ui import theme


class Appearance(QObject):
    """Of one window, whoever unlocks. `chosen(Preferences)` after a change of the person's, to be kept; `changed` then,
    and when they were read.

    The size of everything is what the person chose, times what a very large screen needs.
    """

    chosen = Signal(object)
    changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        now = theme.current()
        self._preferences = Preferences(look=Look(now.name))
        self._fitted = now.scale
        self._read = True
        self._early: dict[str, object] = {}

    @property
    def preferences(self) -> Preferences:
        return self._preferences

    def begin(self) -> None:
        """Somebody unlocked: the window keeps its look, and of whoever was here before nothing else. Until theirs are
        read (`show`), no change is kept: it would take the place of all the others."""
        before = self._preferences
        self._preferences = Preferences(look=before.look, text_scale=before.text_scale, less_motion=before.less_motion)
        self._read, self._early = False, {}

    def show(self, kept: Preferences | None) -> None:
        """As kept for the person who unlocked; None leaves it as it is."""
        early, self._read, self._early = self._early, True, {}
        if kept is not None:
            self._preferences = kept
        self._preferences = msgspec.structs.replace(self._preferences, **early)
        self._apply()
        self.changed.emit(self._preferences)
        if early:
            self.chosen.emit(self._preferences)

    def fit(self, fitted: float) -> None:
        """The scale the size of the window asks for; see `theme.scale_for`."""
        if fitted != self._fitted:
            self._fitted = fitted
            self._apply()

    # what the keys do

    def toggle_look(self) -> None:
        self.prefer(look=Look.LIGHT if self._preferences.look is Look.DARK else Look.DARK)

    def larger(self) -> None:
        self.prefer(text_scale=next_scale(self._preferences.text_scale, 1))

    def smaller(self) -> None:
        self.prefer(text_scale=next_scale(self._preferences.text_scale, -1))

    def usual_size(self) -> None:
        self.prefer(text_scale=1.0)

    def toggle_motion(self) -> None:
        self.prefer(less_motion=not self._preferences.less_motion)

    def rows(self) -> tuple[tuple[str, str | tuple[str, ...], str, str, Callable[[], None]], ...]:
        """(name, keys, shown, words, do) of each for the register of keys."""
        return (
            ("theme", ("F9", "Ctrl+Shift+D"), "F9", self.tr("Dark or light"), self.toggle_look),
            ("larger", ("Ctrl++", "Ctrl+="), "Ctrl +", self.tr("Larger"), self.larger),
            ("smaller", "Ctrl+-", "Ctrl −", self.tr("Smaller"), self.smaller),
            ("usual_size", "Ctrl+0", "Ctrl 0", self.tr("Usual size"), self.usual_size),
            ("motion", "Ctrl+Shift+M", "Ctrl Shift M", self.tr("Less motion, or as usual"), self.toggle_motion),
        )

    def prefer(self, **fields: object) -> None:
        """Fields of `Preferences`, chosen by the person."""
        wanted = msgspec.structs.replace(self._preferences, **fields)
        if wanted != self._preferences:
            self._preferences = wanted
            self._apply()
            self.changed.emit(wanted)
            if self._read:
                self.chosen.emit(wanted)
            else:
                self._early |= fields

    def _apply(self) -> None:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        preferences, now = self._preferences, theme.current()
        theme.set_motion(not preferences.less_motion)
        scale = self._fitted * preferences.text_scale
        if (now.name, now.scale) != (preferences.look.value, scale):
            theme.apply(application, preferences.look.value, scale)
