"""Plays a stream of sound: one thread fetches ahead, the device's own thread takes what is ready and never waits."""

from __future__ import annotations

import contextlib
import threading
import time
import weakref

from reviewer.media.outlines import SOUND_RATE
from reviewer.model.errors import ReviewerError
from reviewer.ui.bridge import UnexpectedFailure
from reviewer.ui.item_ports import SoundStream
from reviewer.ui.sound_device import LATENCY_S, DeviceFactory, Feeder, SoundDevice, SoundUnavailable, open_device
from reviewer.ui.sound_ring import SAMPLE_BYTES, SoundRing

AHEAD = SOUND_RATE * 3 // 2
CHUNK = SOUND_RATE // 4
STALLED_S = 2.0
_TICK_S = 0.02
_METER_FALL = 0.85  # of the meter's value is kept a period later, so that it can be read


class _Run:
    """One stream from `play` to its end. `stale` is set by whoever stops it."""

    def __init__(self, stream: SoundStream, start_s: float) -> None:
        self.stream = stream
        self.start_s = start_s
        self.ring = SoundRing(AHEAD)
        self.stale = threading.Event()
        self.all_fetched = False

    @property
    def heard_s(self) -> float:
        return max(self.ring.read_total / SOUND_RATE - LATENCY_S, 0.0)


class SoundOut:
    """Sound out of the window's process. `ceiling` is the policy's: the loudest sample as a share of full scale.

    Everything but `play` and `close` is immediate. `trouble` says why sound ended by itself, None at its natural end.
    """

    def __init__(self, device_factory: DeviceFactory = open_device, *, ceiling: float) -> None:
        from reviewer.ui.sound_shaping import Shaper, meter_value  # numpy, which the unlock page does without

        self._open_device = device_factory
        self._shaper = Shaper(ceiling)
        self._meter_value = meter_value
        self._volume = 1.0
        self._level = 0.0
        self._run: _Run | None = None
        self._position_s = 0.0
        self._trouble: ReviewerError | None = None
        self._thread: threading.Thread | None = None
        self._device: SoundDevice | None = None
        self._device_runs = False
        self._device_lock = threading.Lock()
        self._at_exit: weakref.finalize[..., SoundOut] | None = None

    def play(self, stream: SoundStream, start_s: float) -> None:
        """Play `stream`, whose first sample is at `start_s` of the item. Closes what played before.

        Blocking for as long as the system takes to open its output the first time. Raises SoundUnavailable, and closes
        `stream` then.
        """
        self.stop()
        try:
            self._start_device()
        except SoundUnavailable:
            stream.close()
            raise
        self._trouble = None
        self._position_s = start_s
        self._shaper.begin_silent()
        run = self._run = _Run(stream, start_s)
        self._thread = threading.Thread(target=self._fetch, args=(run,), name="sound", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Silence at once: what was fetched is zeroed, and the device gets nothing more. Idempotent."""
        run, self._run = self._run, None
        self._level = 0.0
        if run is not None:
            self._position_s = run.start_s + run.heard_s
            run.stale.set()
            run.ring.wipe()

    def close(self) -> None:
        """Stop and give the device back. Idempotent; `play` opens it again."""
        self.stop()
        thread, self._thread = self._thread, None
        if thread is not None and thread is not threading.current_thread():
            thread.join(timeout=0.5)  # it may be waiting for a busy worker; it ends by itself
        with self._device_lock:
            device, self._device, self._device_runs = self._device, None, False
            if self._at_exit is not None:
                self._at_exit.detach()
                self._at_exit = None
            if device is not None:
                device.close()

    @property
    def volume(self) -> float:
        """0 to 1, under the ceiling."""
        return self._volume

    @volume.setter
    def volume(self, share: float) -> None:
        self._volume = min(max(share, 0.0), 1.0)

    @property
    def level(self) -> float:
        """How loud it is just now, 0 to 1 on a scale of decibels; 1 is the ceiling."""
        return self._level

    @property
    def position_s(self) -> float:
        """Where in the item the sound is that is heard now, in seconds; where it stopped when nothing plays."""
        run = self._run
        return self._position_s if run is None else run.start_s + run.heard_s

    @property
    def playing(self) -> bool:
        return self._run is not None

    @property
    def trouble(self) -> ReviewerError | None:
        return self._trouble

    # the thread that fetches

    def _fetch(self, run: _Run) -> None:
        try:
            self._fill(run)
            if not run.stale.is_set():
                run.stale.wait(LATENCY_S)
        except ReviewerError as error:
            if self._run is run:
                self._trouble = error
        except Exception:  # from the reader of the source, whose words might quote it
            if self._run is run:
                self._trouble = UnexpectedFailure()
        finally:
            if self._run is run:
                self.stop()
            run.ring.wipe()  # what arrived while it was being stopped
            with contextlib.suppress(ReviewerError):
                run.stream.close()
            self._rest_device()

    def _fill(self, run: _Run) -> None:
        """Keep the ring full until the end has been taken out of it. Raises what reading raises."""
        taken, since = 0, time.monotonic()
        while not run.stale.is_set():
            if not run.all_fetched and run.ring.room >= CHUNK:
                samples = run.stream.read(CHUNK)
                run.all_fetched = not samples
                run.ring.put(samples)
                continue
            if run.all_fetched and not run.ring.held:
                return
            if run.ring.read_total != taken:
                taken, since = run.ring.read_total, time.monotonic()
            elif time.monotonic() - since > STALLED_S:
                raise SoundUnavailable("The output for sound went away while it played.")
            run.stale.wait(_TICK_S)

    # the device

    def _start_device(self) -> None:
        with self._device_lock:
            if self._device is None:
                self._device = self._open_device()
                self._at_exit = weakref.finalize(self, self._device.close)
            if not self._device_runs:
                feeder = _feeder(weakref.ref(self))
                next(feeder)
                try:
                    self._device.start(feeder)
                except Exception as error:
                    device, self._device = self._device, None
                    device.close()
                    raise SoundUnavailable from error
                self._device_runs = True

    def _rest_device(self) -> None:
        """Stop the device unless something plays again. One that cannot even stop is given back and opened anew."""
        with self._device_lock:
            if self._run is not None or self._device is None or not self._device_runs:
                return
            self._device_runs = False
            try:
                self._device.stop()
            except Exception:  # the library's own error, of a device that was pulled out
                device, self._device = self._device, None
                device.close()

    def _next_samples(self, count: int) -> bytes:
        """Called on the device's thread."""
        run = self._run
        if run is None:
            return bytes(count * SAMPLE_BYTES)
        shaped, rms = self._shaper.shape(run.ring.take(count), self._volume)
        if self._run is not run:
            return bytes(count * SAMPLE_BYTES)
        value = self._meter_value(rms, self._shaper.ceiling)
        self._level = max(value, self._level * _METER_FALL)
        return shaped + bytes(count * SAMPLE_BYTES - len(shaped))


def _feeder(out: weakref.ref[SoundOut]) -> Feeder:
    """Silence once nobody holds the `SoundOut` any more: the device must not keep it alive."""
    wanted = yield b""
    while True:
        alive = out()
        samples = alive._next_samples(wanted) if alive is not None else bytes(wanted * SAMPLE_BYTES)
        del alive
        wanted = yield samples
