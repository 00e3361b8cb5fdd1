"""Video and sound through the real window and the real worker: heard when asked for, in step, and silent at once."""

from __future__ import annotations

import statistics
import threading
import time
import wave
from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
from evidence import film
from floor import Floor
from PySide6.QtCore import Qt
from shift import Key, Shift

from reviewer.media import opened
from reviewer.media.frames import Frame
from reviewer.media.outlines import SOUND_RATE
from reviewer.model.levels import Level
from reviewer.ui.sound_device import Feeder
from reviewer.ui.sound_out import SoundOut

Begin = Callable[..., Shift]
PERIOD_S = 0.02


class Speaker:
    """A loudspeaker in real time that keeps what it was given, with the moment."""

    def __init__(self) -> None:
        self.heard: list[tuple[float, bytes]] = []
        self._ends = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, callback_generator: Feeder) -> None:
        self._ends.clear()
        self._thread = threading.Thread(target=self._run, args=(callback_generator,), name="sound", daemon=True)
        self._thread.start()

    def _run(self, feeder: Feeder) -> None:
        due = time.monotonic()
        while not self._ends.is_set():
            data = bytes(feeder.send(round(PERIOD_S * SOUND_RATE)))
            self.heard.append((time.monotonic(), data))
            due += PERIOD_S
            time.sleep(max(0.0, due - time.monotonic()))

    def stop(self) -> None:
        self._ends.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(2)

    def close(self) -> None:
        self.stop()

    def loud_after(self, moment: float) -> bool:
        """Anything but silence was handed to it later than that."""
        return any(any(data) for at, data in list(self.heard) if at > moment)


@pytest.fixture
def speaker() -> Speaker:
    return Speaker()


def with_speaker(shift: Shift, speaker: Speaker) -> None:
    player = shift.bench.viewer.listening.player
    player._make_out = lambda ceiling: SoundOut(lambda: speaker, ceiling=ceiling)


def tune(seconds: float = 8.0) -> bytes:
    """A deep tone with a high one over it: muffled, the high one is gone."""
    at = np.arange(int(seconds * 16_000)) / 16_000
    mixed = 0.3 * np.sin(2 * np.pi * 220 * at) + 0.3 * np.sin(2 * np.pi * 5000 * at)
    out = BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes((mixed * 32767).astype("<i2").tobytes())
    return out.getvalue()


def high_share(samples: bytes) -> float:
    """How much of the energy lies above 3 kHz."""
    spectrum = np.abs(np.fft.rfft(np.frombuffer(samples, "<i2").astype(float))) ** 2
    above = int(len(spectrum) * 3000 / (SOUND_RATE / 2))
    return float(spectrum[above:].sum() / spectrum.sum())


@pytest.fixture
def received(monkeypatch: pytest.MonkeyPatch) -> list[Frame]:
    frames: list[Frame] = []

    def noted(*args: object) -> Frame:
        frames.append(Frame(*args))  # type: ignore[arg-type]
        return frames[-1]

    monkeypatch.setattr(opened, "Frame", noted)
    return frames


def test_a_video_is_heard_in_step_with_its_pictures_and_silent_at_once(
    quiet_floor: Floor, begin: Begin, speaker: Speaker, received: list[Frame]
) -> None:
    item = quiet_floor.take_in(film(12.0), "mp4", harm_type="violence")
    shift = begin()
    shift.take(item)
    with_speaker(shift, speaker)
    viewer = shift.bench.viewer
    shift.wait_level(Level.BLURRED)
    shift.driver.key(Key.Key_Space)
    shift.driver.wait_until(lambda: viewer.video.showing, "pictures")
    assert not speaker.loud_after(0.0), "off until asked for"
    shift.driver.key(Key.Key_M)
    shift.driver.wait_until(lambda: speaker.loud_after(0.0), "sound")
    shift.driver.settle(2.0)
    apart = [viewer.listening.player.position_s - viewer.video.at_s]
    for _ in range(10):
        shift.driver.settle(0.05)
        apart.append(viewer.listening.player.position_s - viewer.video.at_s)
    # Where other work holds up a picture, the sound goes on until that is caught up with: no single moment counts.
    assert statistics.median(map(abs, apart)) < 0.2
    assert all(frame.level is Level.BLURRED for frame in received), "hearing shows nothing more"
    shift.driver.key(Key.Key_Escape)
    hidden = time.monotonic()
    shift.driver.settle(0.3)
    assert not speaker.loud_after(hidden)
    shift.driver.key(Key.Key_Return)
    shift.wait_open(item)
    shift.driver.settle(0.3)
    assert not speaker.loud_after(hidden), "and it does not come back by itself"


def test_clear_while_a_video_plays_is_for_a_time(quiet_floor: Floor, begin: Begin, received: list[Frame]) -> None:
    item = quiet_floor.take_in(film(12.0), "mp4", harm_type="violence")
    shift = begin()
    shift.take(item)
    viewer = shift.bench.viewer
    shift.wait_level(Level.BLURRED)
    shift.driver.key(Key.Key_Space)
    shift.driver.wait_until(lambda: viewer.video.showing, "pictures")
    shift.level(Key.Key_5, Level.CLEAR)
    shift.driver.settle(0.5)
    clear = [frame for frame in received if frame.level is Level.CLEAR]
    assert len(clear) > 2, "it plays, it is not a still"
    assert sum(any(frame.data) for frame in clear) <= 4, "of which few are held"
    shift.wait_level(Level.BLURRED)
    assert viewer.video.playing
    shift.driver.settle(0.5)
    assert not any(any(frame.data) for frame in received if frame.level > Level.BLURRED)
    at_s = viewer.video.at_s
    shift.driver.settle(0.5)
    assert viewer.video.at_s > at_s, "veiled, it plays on"
    shift.driver.key(Key.Key_3)
    shift.wait_level(Level.DRAWING)
    shift.driver.settle(0.5)
    assert received[-1].level is Level.DRAWING
    assert viewer.video.playing


def test_a_sound_is_heard_muffled_then_clear_and_its_segment_reaches_the_case_system(
    quiet_floor: Floor, begin: Begin, speaker: Speaker
) -> None:
    item = quiet_floor.take_in(tune(), "wav", harm_type="violence")
    shift = begin()
    shift.take(item)
    with_speaker(shift, speaker)
    viewer = shift.bench.viewer
    shift.wait_level(Level.BLURRED)
    assert viewer.listening.audio.outline is not None
    assert speaker.heard == []
    shift.driver.key(Key.Key_Space)
    shift.wait_level(Level.DRAWING)
    shift.driver.settle(1.0)
    muffled = b"".join(data for _at, data in list(speaker.heard)[-20:])
    assert any(muffled)
    assert high_share(muffled) < 0.02
    shift.driver.key(Key.Key_BracketLeft)
    shift.level(Key.Key_5, Level.CLEAR)
    shift.driver.settle(1.2)
    clear = b"".join(data for _at, data in list(speaker.heard)[-20:])
    assert high_share(clear) > 0.2
    shift.driver.key(Key.Key_Space)
    paused = time.monotonic()
    shift.driver.key(Key.Key_BracketRight)
    shift.driver.settle(0.2)
    assert not speaker.loud_after(paused)
    shift.driver.key(Key.Key_N, Qt.KeyboardModifier.AltModifier)
    shift.driver.write("a high tone")
    shift.driver.key(Key.Key_Return)
    shift.answer()
    shift.decide()
    shift.wait_delivered(item)
    (decision,) = quiet_floor.decisions_of(item.id)
    (segment,) = decision.segments
    assert segment.note == "a high tone"
    assert 0.5 < segment.start_s < segment.end_s < 8.0


def test_no_key_of_the_picture_shows_more_than_before(quiet_floor: Floor, begin: Begin, received: list[Frame]) -> None:
    item = quiet_floor.take_in(film(), "mp4", harm_type="violence")
    shift = begin()
    shift.take(item)
    shift.wait_level(Level.BLURRED)
    shift.bench.viewer.video.seek(2.0)
    shift.driver.settle(0.3)
    held = Qt.KeyboardModifier
    for key, with_ in (
        (Key.Key_R, held.ControlModifier),
        (Key.Key_Equal, held.NoModifier),
        (Key.Key_F11, held.NoModifier),
        (Key.Key_Equal, held.NoModifier),
        (Key.Key_F11, held.NoModifier),
        (Key.Key_L, held.ShiftModifier),
        (Key.Key_A, held.NoModifier),
    ):
        shift.driver.key(key, with_)
        shift.driver.settle(0.2)
    assert received
    assert all(frame.level is Level.BLURRED and max(frame.width, frame.height) <= 160 for frame in received)
