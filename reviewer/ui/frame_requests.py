"""Asks an open item for pixels off the Qt thread. What arrives too late is wiped and never shown."""

from __future__ import annotations

from PySide6.QtCore import QObject

from reviewer.media.frames import Frame
from reviewer.ui.bridge import Jobs
from reviewer.ui.late_requests import LateRequest, LateRequests

Request = LateRequest[Frame]


class FrameRequests(LateRequests[Frame]):
    """Frames are wiped when they come too late."""

    def __init__(self, jobs: Jobs, owner: QObject) -> None:
        super().__init__(jobs, owner, wipe_all)


def wipe_all(frames: list[Frame]) -> None:
    for frame in frames:
        frame.wipe()
