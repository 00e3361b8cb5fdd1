"""Brings the sound of an open item to the loudspeaker: opened on a job, begun at the right place, silent at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from reviewer.media.outlines import SOUND_RATE
from reviewer.model.errors import ReviewerError
from reviewer.ui.bridge import Jobs
from reviewer.ui.item_ports import OpenItem, SoundStream
from reviewer.ui.sound_out import SoundOut

TICK_MS = 50
VOLUME_STEP = 0.1
FIRST_VOLUME = 0.5
MOST_SKIPPED_S = 2.0
MOST_SKIPS = 20  # questions to the worker for what is left out, however little it gives for each


@dataclass(slots=True)
class _Run:
    """One wish to hear something, shared with the job that brings it. `stale` only ever turns to True."""

    opened: OpenItem
    start_s: float
    muffled: bool
    keeps_up: bool
    stale: bool = False


class SoundPlayer(QObject):
    """One sound at a time. `audibleChanged` follows what can be heard; `ticked(loudness)` comes while something can.

    `ended` when the sound is over, `failed` when it could not go on: it is silent then.
    """

    ticked = Signal(float)
    audibleChanged = Signal(bool)
    ended = Signal()
    failed = Signal(object)

    def __init__(
        self,
        jobs: Jobs,
        parent: QObject,
        make_out: Callable[[float], SoundOut] = lambda ceiling: SoundOut(ceiling=ceiling),
    ) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._make_out = make_out
        self._ceiling = 0.0
        self._volume = FIRST_VOLUME
        self._outs: list[SoundOut] = []  # one or none; a list, so that what ends this object can end it
        self._run: _Run | None = None
        self._next: _Run | None = None
        self._bringing = False
        self._audible = False
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        outs = self._outs
        self.destroyed.connect(lambda: _close_all(outs))

    def set_ceiling(self, ceiling: float) -> None:
        """The loudest sound is ever played, as a share of full scale: the policy's."""
        if ceiling != self._ceiling:
            self.stop()
            self._ceiling = ceiling
            _close_all(self._outs)

    @property
    def audible(self) -> bool:
        return self._audible

    @property
    def wanted(self) -> bool:
        """Something can be heard or is on its way."""
        return self._run is not None

    @property
    def position_s(self) -> float:
        """Where in the item the sound is that is heard now."""
        if self._audible and self._outs:
            return self._outs[0].position_s
        return self._run.start_s if self._run is not None else 0.0

    @property
    def volume(self) -> float:
        """0 to 1, under the ceiling."""
        return self._volume

    def change_volume(self, steps: int) -> None:
        self._volume = min(max(round(self._volume + steps * VOLUME_STEP, 2), 0.0), 1.0)
        for out in self._outs:
            out.volume = self._volume

    def start(self, opened: OpenItem, start_s: float, *, muffled: bool, keeps_up: bool) -> None:
        """Be heard from `start_s`. `keeps_up`: pictures go on meanwhile, so what it took to begin is left out."""
        self.stop()
        self._run = _Run(opened, start_s, muffled, keeps_up)
        self._bring(self._run)

    def stop(self) -> None:
        """Silence before this returns; what is on its way is never heard."""
        run, self._run, self._next = self._run, None, None
        self._timer.stop()
        if run is not None:
            run.stale = True
        for out in self._outs:
            out.stop()
        self._set_audible(False)

    def close(self) -> None:
        """Silence before this returns; the device is given back soon, and opened anew when something is to be heard."""
        self.stop()
        if self._bringing:
            return  # it is just being opened; what finds nothing wanted rests by itself
        outs, self._outs[:] = list(self._outs), []
        if outs:
            self._jobs.run(lambda: _close_all(outs), owner=self)

    def _bring(self, run: _Run) -> None:
        """One job at a time: the loudspeaker is opened by one of them only."""
        if self._bringing:
            self._next = run
            return
        self._bringing = True
        if not self._outs:
            self._outs.append(self._make_out(self._ceiling))
        out = self._outs[0]
        out.volume = self._volume
        self._jobs.run(
            lambda: _play(run, out), then=lambda _n: self._begun(run), failed=lambda e: self._broke(run, e), owner=self
        )

    def _brought(self) -> None:
        self._bringing = False
        run, self._next = self._next, None
        if run is not None and not run.stale:
            self._bring(run)

    def _begun(self, run: _Run) -> None:
        if not run.stale:
            self._timer.start()
            self._set_audible(True)
        self._brought()

    def _broke(self, run: _Run, error: ReviewerError) -> None:
        if not run.stale:
            self.stop()
            self.failed.emit(error)
        self._brought()

    def _tick(self) -> None:
        out = self._outs[0]
        if out.playing:
            self.ticked.emit(out.level)
            return
        trouble = out.trouble
        self.stop()
        if trouble is not None:
            self.failed.emit(trouble)
        else:
            self.ended.emit()

    def _set_audible(self, audible: bool) -> None:
        if audible is not self._audible:
            self._audible = audible
            if not audible:
                self.ticked.emit(0.0)
            self.audibleChanged.emit(audible)


def _play(run: _Run, out: SoundOut) -> None:
    """Runs on a job. `stop` turns `stale` before it silences `out`, this looks at `stale` after: one sees the other."""
    if run.stale:
        return
    began = time.monotonic()
    stream = run.opened.listen(start_s=run.start_s, muffled=run.muffled)
    start_s = run.start_s
    if run.keeps_up:
        try:
            start_s += _skip(run, stream, min(time.monotonic() - began, MOST_SKIPPED_S))
        except ReviewerError:
            stream.close()
            raise
    if run.stale:
        stream.close()
        return
    out.play(stream, start_s)
    if run.stale:
        out.stop()


def _skip(run: _Run, stream: SoundStream, seconds: float) -> float:
    """Leave out `seconds`, or less where the sound ends or the worker gives little; returns what was left out."""
    wanted = left = int(seconds * SOUND_RATE)
    for _ in range(MOST_SKIPS):
        if run.stale or left <= 0:
            break
        skipped = len(stream.read(left)) // 2
        if not skipped:
            break
        left -= skipped
    return (wanted - left) / SOUND_RATE


def _close_all(outs: list[SoundOut]) -> None:
    while outs:
        outs.pop().close()
