"""A request of the police with somebody in danger, from its arrival to "report now", by keys alone."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from evidence import film, picture
from floor import Floor
from PySide6.QtCore import Qt
from shift import ALT, CTRL, Key, Shift

from reviewer.model.decisions import Action, Imminence
from reviewer.model.levels import Level

Begin = Callable[..., Shift]
SHIFT = Qt.KeyboardModifier.ShiftModifier

SIMULATED_S = 60.0
# What a practised person needs for a key they know, and for reading before they press one that decides.
PER_KEY_S, PER_LOOK_S = 0.4, 4.0


class Counted:
    """Keys and looks of one person; the time they would have taken beside the time the machine took."""

    def __init__(self, shift: Shift) -> None:
        self._shift = shift
        self._started = perf_counter()
        self.keys = 0
        self.looks = 0

    def key(self, key: Key, modifier: object = None) -> None:
        self.keys += 1
        if modifier is None:
            self._shift.driver.key(key)
        else:
            self._shift.driver.key(key, modifier)  # type: ignore[arg-type]

    def write(self, words: str) -> None:
        self.keys += len(words)
        self._shift.driver.write(words)

    def look(self) -> None:
        self.looks += 1

    @property
    def simulated_s(self) -> float:
        return perf_counter() - self._started + self.keys * PER_KEY_S + self.looks * PER_LOOK_S


def test_from_arrival_to_report_now(quiet_floor: Floor, begin: Begin) -> None:
    """Two things wait already; the emergency arrives while the window is open and is offered first."""
    calm = quiet_floor.open_case(danger=False)
    quiet_floor.take_in(picture(11), case=calm)
    quiet_floor.take_in(picture(12), case=calm)
    shift = begin()
    shift.wait_for_queue(2)
    urgent = quiet_floor.take_in(film(), "mp4", harm_type="threat_to_life", case=quiet_floor.open_case(danger=True))
    person = Counted(shift)
    shift.bench.flow.refresh_queue()  # the clock does this every half minute
    shift.wait_for_queue(3)
    person.look()
    person.key(Key.Key_Return)
    shift.wait_open(urgent)
    assert shift.bench.viewer.current_level is Level.FACTS
    person.look()
    person.key(Key.Key_2)
    shift.wait_level(Level.BLURRED)
    person.look()
    person.key(Key.Key_I)
    person.key(Key.Key_R, CTRL | SHIFT)
    person.key(Key.Key_G, ALT)
    person.key(Key.Key_2)
    person.key(Key.Key_Return)
    person.key(Key.Key_3, ALT)
    person.key(Key.Key_F)
    person.write("Place named, within the hour")
    person.look()

    assert shift.bench.decision.ready
    person.key(Key.Key_Return, CTRL)
    shift.wait_delivered(urgent)
    (decision,) = quiet_floor.decisions_of(urgent.id)
    assert (decision.imminence, decision.action) == (Imminence.IMMINENT, Action.REPORT)
    assert decision.grounds
    assert decision.rationale == "Place named, within the hour"
    assert person.simulated_s < SIMULATED_S, person.simulated_s
