"""Sound on its way to the loudspeaker: never over the ceiling, silent at once when stopped, waiting for nobody."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator

import miniaudio
import numpy as np
import pytest
from patience import PATIENCE_S

from reviewer.media.outlines import SOUND_RATE
from reviewer.model.errors import WorkerDied
from reviewer.ui import sound_out
from reviewer.ui.sound_device import LATENCY_S, Feeder, SoundUnavailable, open_device
from reviewer.ui.sound_out import SoundOut
from reviewer.ui.sound_ring import SoundRing
from reviewer.ui.sound_shaping import Shaper, meter_value


class Tone:
    """A stream of one loud tone. `gate` holds `read` back until it is set."""

    def __init__(self, seconds: float, *, amplitude: float = 1.0, error: Exception | None = None) -> None:
        count = int(seconds * SOUND_RATE)
        wave = np.sin(np.arange(count) * 2 * np.pi * 440 / SOUND_RATE) * 32767 * amplitude
        self.left = wave.astype("<i2").tobytes()
        self.gate = threading.Event()
        self.gate.set()
        self.closed = threading.Event()
        self.error = error

    def read(self, samples: int) -> bytes:
        self.gate.wait(PATIENCE_S)
        if self.error is not None and not self.left:
            raise self.error
        taken, self.left = self.left[: 2 * samples], self.left[2 * samples :]
        return taken

    def close(self) -> None:
        self.closed.set()


class Device:
    """A loudspeaker whose time the test turns: `hear(samples)` is what it would play next."""

    def __init__(self) -> None:
        self.feeder: Feeder | None = None
        self.starts = 0
        self.closed = False
        self.stopped = threading.Event()
        self.broken = False

    def start(self, callback_generator: Generator[bytes, int, None]) -> None:
        assert not self.closed
        if self.broken:
            raise miniaudio.MiniaudioError("gone")
        self.stopped.clear()
        self.feeder = callback_generator
        self.starts += 1

    def stop(self) -> None:
        self.feeder = None
        self.stopped.set()
        if self.broken:
            raise miniaudio.MiniaudioError("gone")

    def close(self) -> None:
        self.closed = True

    def hear(self, samples: int) -> np.ndarray:
        if self.feeder is None:
            return np.zeros(samples)
        data = self.feeder.send(samples)
        assert len(data) == 2 * samples
        return np.frombuffer(data, "<i2").astype(float)


def until(true: Callable[[], object], seconds: float = PATIENCE_S) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.005)


def started(stream: Tone, *, ceiling: float = 1.0, start_s: float = 0.0) -> tuple[SoundOut, Device]:
    device = Device()
    out = SoundOut(lambda: device, ceiling=ceiling)
    out.play(stream, start_s)
    until(lambda: out._run is None or out._run.ring.held or stream.error is not None)
    return out, device


def heard(device: Device, seconds: float) -> np.ndarray:
    """So many seconds, period by period, giving the fetching thread time to keep up."""
    parts = []
    for _ in range(int(seconds * 50)):
        parts.append(device.hear(SOUND_RATE // 50))
        time.sleep(0.001)
    return np.concatenate(parts)


@pytest.mark.parametrize("ceiling", [0.05, 0.3, 0.5, 1.0])
@pytest.mark.parametrize("volume", [0.0, 0.4, 1.0])
def test_no_peak_is_over_the_ceiling(ceiling: float, volume: float) -> None:
    out, device = started(Tone(1.0), ceiling=ceiling)
    out.volume = volume
    played = heard(device, 0.6)
    out.close()
    assert np.abs(played).max() <= ceiling * 32767
    if volume == 1.0:
        assert np.abs(played).max() > 0.6 * ceiling * 32767
    if volume == 0.0:
        assert not played.any()


def test_what_is_quiet_passes_as_it_is() -> None:
    out, device = started(Tone(1.0, amplitude=0.1), ceiling=0.5)
    device.hear(480)
    played = device.hear(2400)
    out.close()
    expected = np.sin(np.arange(480, 2880) * 2 * np.pi * 440 / SOUND_RATE) * 3276.7
    assert np.abs(played - expected).max() <= 2


def test_a_wrong_volume_is_kept_within_bounds() -> None:
    out = SoundOut(Device, ceiling=0.5)
    out.volume = 40.0
    assert out.volume == 1.0
    out.volume = -1.0
    assert out.volume == 0.0


def test_stop_is_silence_at_once_and_what_was_fetched_is_zeroed() -> None:
    stream = Tone(3.0)
    out, device = started(stream)
    assert heard(device, 0.2).any()
    run, feeder = out._run, device.feeder
    assert run is not None
    assert feeder is not None
    out.stop()
    assert not any(feeder.send(4800))
    assert not out.playing
    assert out.level == 0.0
    assert stream.closed.wait(PATIENCE_S)
    assert device.stopped.wait(PATIENCE_S)
    assert not any(run.ring._bytes)
    out.stop()
    out.close()
    out.close()
    assert device.closed


def test_stop_does_not_wait_for_a_worker_that_is_busy() -> None:
    stream = Tone(3.0)
    out, device = started(stream)
    stream.gate.clear()
    heard(device, 1.0)
    run = out._run
    assert run is not None
    assert any(run.ring._bytes)
    before = time.monotonic()
    out.stop()
    assert time.monotonic() - before < PATIENCE_S / 2, "the worker is busy for longer"
    assert not any(run.ring._bytes)
    assert not device.hear(480).any()
    stream.gate.set()
    assert stream.closed.wait(PATIENCE_S)
    out.close()


def test_the_device_gets_silence_while_nothing_is_fetched_and_the_place_is_kept() -> None:
    stream = Tone(3.0)
    stream.gate.clear()
    device = Device()
    out = SoundOut(lambda: device, ceiling=1.0)
    out.play(stream, 2.0)
    assert not device.hear(2400).any()
    assert out.position_s == 2.0
    stream.gate.set()
    run = out._run
    assert run is not None
    until(lambda: run.ring.held)
    assert device.hear(2400).any()
    out.close()


def test_the_position_is_what_has_been_heard() -> None:
    out, device = started(Tone(3.0), start_s=12.0)
    heard(device, 1.0)
    assert out.position_s == pytest.approx(13.0 - LATENCY_S, abs=0.001)
    out.stop()
    assert out.position_s == pytest.approx(13.0 - LATENCY_S, abs=0.001)
    out.close()


def test_it_ends_by_itself_and_says_no_trouble() -> None:
    stream = Tone(0.5)
    out, device = started(stream)
    assert out.playing
    played = heard(device, 0.6)
    until(lambda: not out.playing)
    assert np.count_nonzero(np.abs(played) > 100) > 0.48 * SOUND_RATE
    assert out.trouble is None
    assert stream.closed.wait(PATIENCE_S)
    assert device.stopped.wait(PATIENCE_S)
    out.close()


def test_a_new_stream_takes_the_place_of_the_old_one_on_the_same_device() -> None:
    old, new = Tone(3.0), Tone(3.0, amplitude=0.2)
    out, device = started(old)
    heard(device, 0.1)
    out.play(new, 5.0)
    assert old.closed.wait(PATIENCE_S)
    until(lambda: out._run is not None and out._run.ring.held)
    assert 0 < np.abs(heard(device, 0.2)).max() < 0.25 * 32767
    assert out.position_s >= 5.0
    assert not device.closed
    out.close()


@pytest.mark.parametrize(("error", "code"), [(WorkerDied(), "M005"), (OSError("a name"), "U000")])
def test_a_failing_stream_ends_it_and_tells_why(error: Exception, code: str) -> None:
    stream = Tone(0.0, error=error)
    out, _device = started(stream)
    until(lambda: not out.playing)
    assert out.trouble is not None
    assert out.trouble.code == code
    assert "a name" not in str(out.trouble)
    assert stream.closed.wait(PATIENCE_S)
    out.play(Tone(0.5), 0.0)
    assert out.trouble is None
    out.close()


def test_no_device_is_a_clear_error_and_the_stream_is_closed() -> None:
    def none_there() -> Device:
        raise SoundUnavailable

    stream = Tone(1.0)
    out = SoundOut(none_there, ceiling=0.5)
    with pytest.raises(SoundUnavailable) as caught:
        out.play(stream, 0.0)
    assert caught.value.code == "U001"
    assert stream.closed.is_set()
    assert not out.playing
    out.close()


def test_a_device_that_does_not_start_is_given_back() -> None:
    device, stream = Device(), Tone(1.0)
    device.broken = True
    out = SoundOut(lambda: device, ceiling=0.5)
    with pytest.raises(SoundUnavailable):
        out.play(stream, 0.0)
    assert device.closed
    assert stream.closed.is_set()
    out.close()


def test_a_device_that_goes_away_while_it_plays_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound_out, "STALLED_S", 0.2)
    out, device = started(Tone(9.0))
    device.broken = True
    until(lambda: not out.playing)
    assert isinstance(out.trouble, SoundUnavailable)
    until(lambda: device.closed)
    out.close()


def test_the_level_follows_the_sound() -> None:
    out, device = started(Tone(1.0), ceiling=0.5)
    heard(device, 0.2)
    loud = out.level
    out.volume = 0.01
    heard(device, 0.6)
    quiet = out.level
    out.close()
    assert 0.85 < loud <= 1.0
    assert 0.0 < quiet < 0.5
    assert meter_value(0.0, 0.5) == 0.0
    assert meter_value(0.5, 0.5) == 1.0
    assert meter_value(0.25, 0.5) == pytest.approx(1 - 6.02 / 54, abs=0.01)


def test_shaping_nothing_is_nothing() -> None:
    assert Shaper(0.5).shape(b"", 1.0) == (b"", 0.0)


def test_the_ring_keeps_order_round_its_end_and_zeroes_what_was_taken() -> None:
    ring, sent, got = SoundRing(7), b"", b""
    for step in range(40):
        piece = bytes([step + 1, 0]) * (step % 4)
        ring.put(piece)
        sent += piece
        got += ring.take(3)
        assert ring.held <= 7
    got += ring.take(7)
    assert got == sent
    assert not any(ring._bytes)
    with pytest.raises(ValueError, match="room"):
        ring.put(bytes(16))
    assert ring.take(5) == b""


def test_a_real_device_of_the_library_without_a_loudspeaker() -> None:
    def null() -> miniaudio.PlaybackDevice:
        return miniaudio.PlaybackDevice(
            output_format=miniaudio.SampleFormat.SIGNED16,
            nchannels=1,
            sample_rate=SOUND_RATE,
            buffersize_msec=20,
            callback_periods=3,
            backends=[miniaudio.Backend.NULL],
        )

    stream = Tone(0.4)
    out = SoundOut(null, ceiling=0.5)
    out.play(stream, 1.0)
    until(lambda: out.level > 0.5)
    until(lambda: not out.playing)
    assert out.position_s == pytest.approx(1.4, abs=0.08)
    assert stream.closed.wait(PATIENCE_S)
    out.play(Tone(5.0), 0.0)
    until(lambda: out.position_s > 0.1)
    out.close()
    assert not out.playing


def test_a_machine_without_an_output_is_told_apart_from_one_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library would fall back to a device that plays to nobody; that one is never offered to it."""
    asked: list[list[miniaudio.Backend]] = []

    def refuse(**given: object) -> None:
        backends = given["backends"]
        assert isinstance(backends, list)
        asked.append(backends)
        raise miniaudio.MiniaudioError("no suitable audio backend found")

    monkeypatch.setattr(miniaudio, "PlaybackDevice", refuse)
    with pytest.raises(SoundUnavailable):
        open_device()
    assert asked[0]
    assert miniaudio.Backend.NULL not in asked[0]
