"""Lets an installed transcriber write down the sound of an item: on a job, with progress, and ended at any moment."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, QTimer, Signal

from reviewer.media.outlines import SOUND_RATE
from reviewer.media.spoken import Spoken
from reviewer.media.transcriber import Transcriber, Utterance, transcribe
from reviewer.model.errors import ReviewerError
from reviewer.ui.bridge import Jobs
from reviewer.ui.item_ports import OpenItem, SoundStream

TICK_MS = 200


@dataclass(slots=True)
class _Run:
    """Shared with the job: `cancelled` is set by the window, `heard_s` only by the job."""

    cancelled: threading.Event = field(default_factory=threading.Event)
    heard_s: float = 0.0


class _Cancellable:
    """A stream that ends when nobody wants it any more, and says how far it has been read."""

    def __init__(self, stream: SoundStream, run: _Run) -> None:
        self._stream, self._run = stream, run

    def read(self, samples: int) -> bytes:
        if self._run.cancelled.is_set():
            return b""
        data = self._stream.read(samples)
        if self._run.cancelled.is_set():
            return b""  # it came too late: nobody hears it
        self._run.heard_s += len(data) / 2 / SOUND_RATE
        return data

    def close(self) -> None:
        self._stream.close()


class TranscriptMaker(QObject):
    """`made(Spoken)` once; `ticked(share)` on the way; `failed(error)`. After `cancel` none of them comes."""

    made = Signal(object)
    ticked = Signal(float)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._run: _Run | None = None
        self._length = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)

    @property
    def running(self) -> bool:
        return self._run is not None

    def start(
        self, opened: OpenItem, transcriber: Transcriber, *, length_s: float, masked_terms: tuple[str, ...]
    ) -> None:
        self.cancel()
        run = self._run = _Run()
        self._length = length_s
        self._timer.start()
        self._jobs.run(
            lambda: _write_down(opened, transcriber, run, masked_terms),
            then=lambda spoken: self._done(run, spoken),
            failed=lambda error: self._broke(run, error),
            owner=self,
        )

    def cancel(self) -> None:
        """What was written so far is let go of."""
        run, self._run = self._run, None
        self._timer.stop()
        if run is not None:
            run.cancelled.set()

    def _tick(self) -> None:
        if self._run is not None:
            self.ticked.emit(min(self._run.heard_s / self._length, 1.0) if self._length else 0.0)

    def _done(self, run: _Run, spoken: Spoken | None) -> None:
        if self._run is run and spoken is not None:
            self.cancel()
            self.made.emit(spoken)

    def _broke(self, run: _Run, error: ReviewerError) -> None:
        if self._run is run:
            self.cancel()
            self.failed.emit(error)


def _write_down(opened: OpenItem, transcriber: Transcriber, run: _Run, masked_terms: tuple[str, ...]) -> Spoken | None:
    """None when it was cancelled: half a transcript would look like a whole one."""
    if run.cancelled.is_set():
        return None
    written: list[Utterance] = []
    stream = _Cancellable(opened.listen(start_s=0.0, muffled=False), run)
    utterances = transcribe(transcriber, stream, 0.0)
    try:
        for utterance in utterances:
            if run.cancelled.is_set():
                return None
            written.append(utterance)
    finally:
        stream.close()
    return None if run.cancelled.is_set() else Spoken(written, masked_terms)
