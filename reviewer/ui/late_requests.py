"""Asks an open item for something off the Qt thread. What arrives too late is thrown away and never delivered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from PySide6.QtCore import QObject

from reviewer.model.errors import ReviewerError
from reviewer.ui.bridge import Jobs

_T = TypeVar("_T")


@dataclass(frozen=True)
class LateRequest(Generic[_T]):
    """One question to the worker: `produce` blocks and runs on a job, the other two run on the Qt thread."""

    produce: Callable[[], list[_T]]
    deliver: Callable[[list[_T]], None]
    failed: Callable[[ReviewerError], None]


@dataclass(slots=True)
class _Ticket(Generic[_T]):
    """Shared between the two threads; `stale` only ever turns from False to True.

    The job notes its answer in `on_the_way` before it looks at `stale`, and `forget` turns `stale` before it looks at
    `on_the_way`: one of the two always sees the other, so nothing slips between them.
    """

    stale: bool = False
    on_the_way: list[_T] = field(default_factory=list)


@dataclass(slots=True)
class _Channel(Generic[_T]):
    ticket: _Ticket[_T] = field(default_factory=_Ticket)
    in_flight: bool = False
    waiting: LateRequest[_T] | None = None


class LateRequests(Generic[_T]):
    """Per channel one request in flight; of those that come meanwhile only the latest is kept.

    `forget` makes everything under way stale: it is given to `discard` at once, or where it is made.
    """

    def __init__(self, jobs: Jobs, owner: QObject, discard: Callable[[list[_T]], None]) -> None:
        """`discard` runs on either thread and leaves nothing of what it is given."""
        self._jobs = jobs
        self._owner = owner
        self._discard = discard
        self._channels: dict[str, _Channel[_T]] = {}

    def ask(self, channel: str, request: LateRequest[_T]) -> None:
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
                self._discard(state.ticket.on_the_way)

    def busy(self, channel: str) -> bool:
        return channel in self._channels and self._channels[channel].in_flight

    def _start(self, state: _Channel[_T], request: LateRequest[_T]) -> None:
        ticket, discard = state.ticket, self._discard
        state.in_flight = True

        def work() -> list[_T]:
            if ticket.stale:
                return []
            made = request.produce()
            ticket.on_the_way = made
            if ticket.stale:
                discard(made)
                return []
            return made

        def arrived(made: list[_T]) -> None:
            ticket.on_the_way = []
            if ticket.stale:
                discard(made)
                return
            self._next(state)
            request.deliver(made)

        def broke(error: ReviewerError) -> None:
            if not ticket.stale:
                self._next(state)
                request.failed(error)

        self._jobs.run(work, then=arrived, failed=broke, owner=self._owner)

    def _next(self, state: _Channel[_T]) -> None:
        state.in_flight = False
        if state.waiting is not None:
            request, state.waiting = state.waiting, None
            self._start(state, request)
