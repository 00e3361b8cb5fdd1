"""How much of the item on the desk is looked at: told to the exposure meter, said in words, and when a pause is due."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from reviewer.model.levels import Level
from reviewer.ui.decision_panel import DecisionPanel
from reviewer.ui.desk_flow import DeskFlow, DeskState
from reviewer.ui.item_ports import TakenItem
from reviewer.ui.ports import Session
from reviewer.ui.viewer import ViewerPanel
from reviewer.ui.wording import level_words

_ON_THE_DESK = (DeskState.OPEN, DeskState.DECIDING, DeskState.UNDOING)


class Looking(QObject):
    """`tell` whenever something changes and once a second as heartbeat."""

    def __init__(
        self, session: Session, flow: DeskFlow, viewer: ViewerPanel, decision: DecisionPanel, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._flow = flow
        self._viewer = viewer
        self._decision = decision
        self._sound = False
        self._full = False
        self._highest = Level.FACTS
        self._heard = False
        self._away = False
        self.covered: Callable[[], bool] = lambda: False  # whether another page lies over the desk
        self.busy: Callable[[], bool] = lambda: False  # whether a prompt has to wait; the frame knows
        viewer.levelChanged.connect(self._level_changed)
        viewer.soundChanged.connect(self._sound_changed)

    @property
    def away(self) -> bool:
        """Everything is hidden, from `hide` to `resume`."""
        return self._away

    @property
    def item(self) -> TakenItem | None:
        """What lies on the desk and may be seen now."""
        return self._flow.item if self._flow.state in _ON_THE_DESK and not self._away else None

    @property
    def pause_due(self) -> bool:
        return not self._away and self._session.prompt(busy=self.busy()) is not None

    @property
    def listening(self) -> bool:
        """Sound of the item can be heard now."""
        return self._sound

    @property
    def from_notes(self) -> bool:
        """Nothing of the item was seen or heard, and earlier viewers' notes or known matches say something of it."""
        item = self._flow.item
        return item is not None and item.entry.known_unseen and self._highest is Level.FACTS and not self._heard

    def began(self, item: TakenItem) -> None:
        """Before it is shown; `tell` and `say_seen` after."""
        self._highest = item.seen
        self._heard = False

    def set_full(self, full: bool) -> None:
        self._full = full
        self.tell()

    def nothing(self) -> None:
        """The desk is empty."""
        self._session.showing(None, Level.FACTS)

    def hide(self) -> None:
        self._away = True
        self.nothing()

    def resume(self) -> None:
        self._away = False

    def page_changed(self) -> None:
        """Another page came over the desk, or went: what nobody can see is not counted as seen."""
        if self.item is not None:
            self.tell()

    def tell(self) -> None:
        item = self.item
        if item is None:
            self.nothing()
        else:
            level = Level.FACTS if self.covered() else self._viewer.current_level
            self._session.showing(item.entry.item.id, level, sound=self._sound, full_screen=self._full)

    def say_seen(self) -> None:
        item = self._flow.item
        if item is None:
            return
        if self._highest is not Level.FACTS:
            words = self.tr("Seen: {level}.").format(level=level_words(self._highest).lower())
        elif self._heard:
            words = self.tr("Heard; nothing of it was shown.")
        elif item.entry.notes:
            words = self.tr("From the notes, not looked at.")
        elif item.entry.matches:
            words = self.tr("From the known matches, not looked at.")
        else:
            words = self.tr("From the facts, not looked at.")
        self._decision.say_seen(words)

    def _level_changed(self, level: Level) -> None:
        self._highest = max(self._highest, level)
        self.tell()
        self.say_seen()

    def _sound_changed(self, sound: bool) -> None:
        self._sound = sound
        self._heard = self._heard or sound
        self.tell()
        self.say_seen()
