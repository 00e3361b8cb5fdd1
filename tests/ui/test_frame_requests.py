"""One request in flight a channel, the latest of the rest, and nothing late survives."""

from __future__ import annotations

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from viewer_fakes import HandJobs, grey_frame

from reviewer.media.frames import Frame
from reviewer.model.errors import ReviewerError, WorkerDied
from reviewer.ui.frame_requests import FrameRequests, Request


class Asker:
    """Asks through one `FrameRequests` and keeps what was made, delivered and failed."""

    def __init__(self) -> None:
        self.jobs = HandJobs()
        self.owner = QObject()
        self.requests = FrameRequests(self.jobs, self.owner)  # type: ignore[arg-type]
        self.made: list[Frame] = []
        self.got: list[Frame] = []
        self.errors: list[ReviewerError] = []

    def ask(self, *, channel: str = "base", error: ReviewerError | None = None, forget: bool = False) -> None:
        def produce() -> list[Frame]:
            if error is not None:
                raise error
            self.made.append(grey_frame(width=8, height=8))
            if forget:
                self.requests.forget(channel)
            return [self.made[-1]]

        self.requests.ask(channel, Request(produce, self.got.extend, self.errors.append))


def wiped(frame: Frame) -> bool:
    return not any(frame.data)


def test_forgotten_while_it_is_made_it_is_wiped_on_the_job_itself(qtbot: QtBot) -> None:
    asker = Asker()
    asker.ask(forget=True)
    asker.jobs.work()
    assert wiped(asker.made[0]), "not only when, and if, it is delivered"
    asker.jobs.deliver()
    assert asker.got == []


def test_forgotten_before_it_begins_nothing_is_made(qtbot: QtBot) -> None:
    asker = Asker()
    asker.ask()
    asker.requests.forget()
    asker.jobs.settle()
    assert asker.made == []


def test_forgotten_on_the_way_it_is_wiped_at_once_and_never_delivered(qtbot: QtBot) -> None:
    asker = Asker()
    asker.ask()
    asker.jobs.work()
    asker.requests.forget("base")
    assert wiped(asker.made[0]), "before the event loop turns"
    asker.jobs.deliver()
    assert asker.got == []


def test_channels_do_not_wait_for_each_other_and_each_keeps_only_its_latest(qtbot: QtBot) -> None:
    asker = Asker()
    for _ in range(5):
        asker.ask(channel="base")
        asker.ask(channel="reveal")
    assert len(asker.jobs.waiting) == 2
    asker.jobs.settle()
    assert len(asker.got) == 4
    assert not asker.requests.busy("base")


def test_after_a_failure_the_channel_goes_on(qtbot: QtBot) -> None:
    asker = Asker()
    asker.ask(error=WorkerDied())
    asker.ask()
    asker.jobs.settle()
    assert len(asker.errors) == 1
    assert len(asker.got) == 1


def test_a_failure_of_something_forgotten_is_nobody_s_business(qtbot: QtBot) -> None:
    asker = Asker()
    asker.ask(error=WorkerDied())
    asker.jobs.work()
    asker.requests.forget()
    asker.jobs.deliver()
    assert asker.errors == []
