"""A playing video: each call gives the next frame, and frames that come too late are skipped in the worker."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from reviewer.media.frames import Frame
from reviewer.media.link import Link, Take
from reviewer.media.protocol import Answer, Next, Stop
from reviewer.model.errors import MediaError


class Playback:
    """One stream of one open item. Satisfies `reviewer.ui.ports.Playback`."""

    def __init__(self, link: Link, stream: int, convert: Callable[[Answer, Take], Frame | None]) -> None:
        self._link = link
        self._stream = stream
        self._convert = convert
        self._over = False

    def next(self, *, not_before_s: float = 0.0) -> Frame | None:
        """The next frame in presentation order whose time is not before `not_before_s`; None at the end. Blocking."""
        if self._over:
            return None
        frame = self._link.ask_for(Next(self._stream, not_before_s), self._convert)
        self._over = frame is None
        return frame

    def close(self) -> None:
        """Stop decoding. Idempotent; the item stays open."""
        if not self._over:
            self._over = True
            with contextlib.suppress(MediaError):
                self._link.ask(Stop(self._stream))
