"""Opens the command palette over a page, makes its lines from the register of keys, and gives the focus back.

Nothing is listed while everything is hidden or during a break: the palette does not open there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from reviewer.ui.command_palette import CommandPalette
from reviewer.ui.commands import Command
from reviewer.ui.shortcuts import Shortcuts

OWN = "commands"  # its name in the register


class PaletteControl(QObject):
    """`may_open` is asked at each press of the key; `more` adds lines of other registers, or without a key.

    `opening` before it takes the keyboard; `resume` is called when it has given it back.
    """

    opening = Signal()

    def __init__(
        self,
        frame: QWidget,
        shortcuts: Shortcuts,
        may_open: Callable[[], bool],
        more: Callable[[], Sequence[Command]],
        resume: Callable[[], None],
    ) -> None:
        super().__init__(frame)
        self._frame = frame
        self._shortcuts = shortcuts
        self._may_open = may_open
        self._more = more
        self._resume = resume
        self._before: QWidget | None = None
        self._field: QWidget | None = None
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._watch)

    @cached_property
    def palette(self) -> CommandPalette:
        """Made when it is first asked for."""
        palette = CommandPalette(self._frame)
        palette.chosen.connect(self._do)
        palette.closed.connect(self._closed)
        return palette

    @property
    def open(self) -> bool:
        return "palette" in self.__dict__ and not self.palette.isHidden()

    def toggle(self) -> None:
        if self.open:
            self.palette.shut()
        elif self._may_open():
            commands = self.commands()
            self._before = QApplication.focusWidget()
            self.opening.emit()
            self._shortcuts.pause()  # lets go of what is held as well
            self.palette.open(commands)

    def shut(self) -> None:
        """Without giving the focus back: whoever shuts it puts it elsewhere."""
        self._before = None
        if self.open:
            self.palette.shut()

    def commands(self) -> list[Command]:
        """Every action of the register but the palette's own, then the rest, which take the place of equal names."""
        more = self._more()
        instead = {command.name for command in more}
        made = [
            Command(
                action.name,
                action.group,
                action.words,
                action.shown,
                self._shortcuts.why_not(action.name),
                lambda name=action.name: self._shortcuts.run(name),  # type: ignore[misc]
            )
            for action in self._shortcuts.actions
            if action.name != OWN and action.name not in instead
        ]
        return [*made, *more]

    def _closed(self, had_focus: bool) -> None:
        before, self._before = self._before, None
        self._resume()
        # A click elsewhere closed it: the focus belongs there.
        if had_focus and before is not None and shiboken6.isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def _do(self, command: Command) -> None:
        # The state may have changed while the palette was open: `run` asks again.
        command.run()

    def _watch(self, _old: QWidget | None, new: QWidget | None) -> None:
        """A text field would take Ctrl+K to cut off the rest of the line: the one that has the focus is told not to."""
        if self._field is not None and shiboken6.isValid(self._field):
            self._field.removeEventFilter(self)
        self._field = new if isinstance(new, QLineEdit | QPlainTextEdit) else None
        if self._field is not None:
            self._field.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        if event.key() == Qt.Key.Key_K and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            event.ignore()
            return True
        return False
