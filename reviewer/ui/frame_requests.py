"""Asks an open item for pixels off the Qt thread. What arrives too late is wiped and never shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QObject

from reviewer.media.frames import Frame
from reviewer.model.errors import ReviewerError
from reviewer.ui.bridge import Jobs


@dataclass(frozen=True, slots=True)
class Request:
    """One question to the worker: `produce` blocks and runs on a job, the other two run on the Qt thread."""

    produce: Callable[[], list[Frame]]
    deliver: Callable[[list[Frame]], None]
    failed: Callable[[ReviewerError], None]


@dataclass(slots=True)
class _Ticket:
    """Shared between the two threads; `stale` only ever turns from False to True.

    The job notes its frames in `on_the_way` before it looks at `stale`, and `forget` turns `stale` before it looks at
    `on_the_way`: one of the two always sees the other, so no frame slips between them.
    """

    stale: bool = False
    on_the_way: list[Frame] = field(default_factory=list)


@dataclass(slots=True)
class _Channel:
    ticket: _Ticket = field(default_factory=_Ticket)
    in_flight: bool = False
    waiting: Request | None = None


class FrameRequests:
    """Per channel one request in flight; of those that come meanwhile only the latest is kept.

    `forget` makes everything under way stale: its frames are wiped at once, or where they are made.
    """

    def __init__(self, jobs: Jobs, owner: QObject) -> None:
        self._jobs = jobs
        self._owner = owner
        self._channels: dict[str, _Channel] = {}

    def ask(self, channel: str, request: Request) -> None:
        state = self._channels.setdefault(channel, _Channel())
        if state.in_flight:
            state.waiting = request
        else:
            self._start(state, request)

    def forget(self, channel: str | None = None) -> None:
        """Drop what waits and disown what is in flight, on one channel or on all."""
        names = list(self._channels) if channel is None else [channel]
        for name in names:
            state = self._channels.pop(name, None)
            if state is not None:
                state.ticket.stale = True
                state.waiting = None
                wipe_all(state.ticket.on_the_way)

    def busy(self, channel: str) -> bool:
        return channel in self._channels and self._channels[channel].in_flight

    def _start(self, state: _Channel, request: Request) -> None:
        ticket = state.ticket
        state.in_flight = True

        def work() -> list[Frame]:
            if ticket.stale:
                return []
            frames = request.produce()
            ticket.on_the_way = frames
            if ticket.stale:
                wipe_all(frames)
                return []
            return frames

        def arrived(frames: list[Frame]) -> None:
            ticket.on_the_way = []
            if ticket.stale:
                wipe_all(frames)
                return
            self._next(state)
            request.deliver(frames)

        def broke(error: ReviewerError) -> None:
            if not ticket.stale:
                self._next(state)
                request.failed(error)

        self._jobs.run(work, then=arrived, failed=broke, owner=self._owner)

    def _next(self, state: _Channel) -> None:
        state.in_flight = False
        if state.waiting is not None:
            request, state.waiting = state.waiting, None
            self._start(state, request)


def wipe_all(frames: list[Frame]) -> None:
    for frame in frames:
        frame.wipe()
