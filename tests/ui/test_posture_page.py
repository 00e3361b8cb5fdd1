"""The posture page says what is in force in words, and puts what is required and missing first."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot
from viewer_fakes import HandJobs

from reviewer.model.errors import SandboxUnavailable
from reviewer.ui.pill import Pill
from reviewer.ui.ports import PostureLine
from reviewer.ui.posture_page import PosturePage

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

LINES = (
    PostureLine("landlock", "Sealed worker: no file system", True, True, "opening a file was refused"),
    PostureLine("capture", "Screen capture excluded", False, False, "not possible on this system"),
    PostureLine("swap", "Swap encrypted or off", False, True, "an unencrypted swap is in use"),
)


class PostureSession:
    def __init__(self) -> None:
        self.lines: tuple[PostureLine, ...] | None = LINES
        self.asked = 0

    def posture(self) -> tuple[PostureLine, ...]:
        self.asked += 1
        if self.lines is None:
            raise SandboxUnavailable
        return self.lines


@pytest.fixture
def jobs() -> HandJobs:
    return HandJobs()


@pytest.fixture
def session() -> PostureSession:
    return PostureSession()


@pytest.fixture
def page(qtbot: QtBot, session: PostureSession, jobs: HandJobs) -> PosturePage:
    made = PosturePage(session, jobs)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(1200, 700)
    made.show()
    jobs.settle()
    return made


def test_what_is_required_and_missing_comes_first(page: PosturePage) -> None:
    assert [line.key for line in page.lines] == ["swap", "capture", "landlock"]
    assert "1 of 3 are in force" in page.summary
    assert "missing: 1" in page.summary


def test_the_state_is_a_word_beside_the_shape(page: PosturePage) -> None:
    words = [pill.words for pill in page.findChildren(Pill)]
    assert words == ["missing, required", "missing", "in force"]


def test_it_asks_again_each_time_it_is_shown(page: PosturePage, session: PostureSession, jobs: HandJobs) -> None:
    session.lines = LINES[:1]
    page.hide()
    page.show()
    jobs.settle()
    assert session.asked == 2
    assert "Nothing that your organisation requires is missing." in page.summary


def test_a_failure_is_said(page: PosturePage, session: PostureSession, jobs: HandJobs) -> None:
    session.lines = None
    page.refresh()
    jobs.settle()
    assert "could not be checked" in page.summary
    assert SandboxUnavailable.happened in page.notice.words
