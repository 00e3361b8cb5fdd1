"""Drives the real windows as a person does: keys and mouse through the window system's entrance, eyes on the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import ClassVar, TypeVar

from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtGui import QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from reviewer.model.errors import ReviewerError

Found = TypeVar("Found")
AnyWidget = TypeVar("AnyWidget", bound=QWidget)

_NO_MODIFIER = Qt.KeyboardModifier.NoModifier
_LOOK_EVERY_MS = 4


class TourFailed(ReviewerError):
    """The windows did not do what a person would have waited for."""

    code: ClassVar[str] = "D001"
    happened = "The tour could not go on."
    kept = "What was reached so far is in the tour's folder."
    to_do = "Look at the last picture there, then at the named step."


class Driver:
    """Keys go to the window that has the focus and from there to the focused widget, shortcuts and all.

    `timeout_s` is how long anything is waited for unless told otherwise.
    """

    def __init__(self, timeout_s: float = 15.0) -> None:
        self._timeout_s = timeout_s
        self._step = "start"
        self._waited_s = 0.0

    def step(self, words: str) -> None:
        """Names what is being done now; failures say it."""
        self._step = words

    def activate(self, window: QWidget) -> None:
        """Show and focus the window, and wait until it has the focus."""
        window.show()
        if QApplication.platformName() != "offscreen":  # it has no stacking and warns
            window.raise_()
        window.activateWindow()
        self.wait_until(lambda: QApplication.activeWindow() is window, "the window to be active")

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = _NO_MODIFIER) -> None:
        """Press and release, then let the event loop run once."""
        QTest.keyClick(self._window(), key, modifiers)
        self.settle(0.0)

    def write(self, text: str) -> None:
        """Type ASCII letter by letter into the focused widget; a shortcut that steals a letter steals it here too."""
        for letter in text:
            focus = QApplication.focusWidget()
            if focus is None:
                raise self._failed("there is nothing to type into")
            QTest.keyClicks(focus, letter)
            self.settle(0.0)

    @contextmanager
    def holding(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = _NO_MODIFIER) -> Iterator[None]:
        """Hold a key down for the length of the block; released whatever happens in it."""
        QTest.keyPress(self._window(), key, modifiers)
        try:
            self.settle(0.0)
            yield
        finally:
            QTest.keyRelease(self._window(), key, modifiers)
            self.settle(0.0)

    def point(self, widget: QWidget, x: float = 0.5, y: float = 0.5) -> None:
        """Move the mouse to a place in the widget, in shares of its size."""
        QTest.mouseMove(*self._place(widget, x, y))
        self.settle(0.0)

    def click(self, widget: QWidget, x: float = 0.5, y: float = 0.5) -> None:
        """Point at and click a widget that a person could click: visible and enabled."""
        if not (widget.isVisible() and widget.isEnabled()):
            raise self._failed(f"{_described(widget)} cannot be clicked: hidden or disabled")
        self.point(widget, x, y)
        window, place = self._place(widget, x, y)
        QTest.mouseClick(window, Qt.MouseButton.LeftButton, _NO_MODIFIER, place)
        self.settle(0.0)

    @contextmanager
    def pressing(self, widget: QWidget, x: float = 0.5, y: float = 0.5) -> Iterator[None]:
        """Hold the left button down at a place in the widget for the length of the block; `point` drags."""
        self.point(widget, x, y)
        window, place = self._place(widget, x, y)
        QTest.mousePress(window, Qt.MouseButton.LeftButton, _NO_MODIFIER, place)
        try:
            self.settle(0.0)
            yield
        finally:
            QTest.mouseRelease(window, Qt.MouseButton.LeftButton, _NO_MODIFIER, place)
            self.settle(0.0)

    def settle(self, seconds: float) -> None:
        """Let the event loop run for this long; 0 lets it handle what is waiting."""
        loop = QEventLoop()
        QTimer.singleShot(round(seconds * 1000), loop.quit)
        loop.exec()

    def wait_until(self, condition: Callable[[], object], what: str, *, timeout_s: float | None = None) -> float:
        """Run the event loop until `condition` is true; seconds it took. TourFailed names `what` after the timeout."""
        self.wait_for(lambda: condition() or None, what, timeout_s=timeout_s)
        return self._waited_s

    def wait_for(self, look: Callable[[], Found | None], what: str, *, timeout_s: float | None = None) -> Found:
        """Run the event loop until `look` returns something other than None, and return that."""
        limit = self._timeout_s if timeout_s is None else timeout_s
        started = perf_counter()
        found = look()
        loop = QEventLoop()
        timer = QTimer()
        timer.setInterval(_LOOK_EVERY_MS)
        timer.timeout.connect(loop.quit)
        timer.start()
        while found is None:
            if perf_counter() - started > limit:
                raise self._failed(f"waited {limit:g} s for {what}")
            loop.exec()
            found = look()
        timer.stop()
        self._waited_s = perf_counter() - started
        return found

    def find(self, window: QWidget, kind: type[AnyWidget], name: str) -> AnyWidget:
        """The visible descendant of that class and object name; TourFailed lists the names there are."""
        for widget in window.findChildren(kind, name):
            if widget.isVisible():
                return widget
        there = sorted({child.objectName() for child in window.findChildren(kind) if child.objectName()})
        raise self._failed(f"no visible {kind.__name__} is named {name}; there are {', '.join(there) or 'none'}")

    def says(self, window: QWidget, text: str) -> bool:
        """Whether a visible label or button contains the text."""
        return any(text in shown for shown in self.texts(window))

    def texts(self, window: QWidget) -> list[str]:
        """The texts of all visible labels and buttons."""
        labels = [label.text() for label in window.findChildren(QLabel) if label.isVisible()]
        return labels + [button.text() for button in window.findChildren(QAbstractButton) if button.isVisible()]

    def _window(self) -> QWindow:
        window = QApplication.focusWindow()
        if window is None:
            raise self._failed("no window has the focus, so keys would go nowhere")
        return window

    def _place(self, widget: QWidget, x: float, y: float) -> tuple[QWindow, QPoint]:
        top = widget.window()
        handle = top.windowHandle()
        if handle is None:
            raise self._failed(f"{_described(widget)} is in no window on the screen")
        return handle, widget.mapTo(top, QPoint(int(x * widget.width()), int(y * widget.height())))

    def _failed(self, what: str) -> TourFailed:
        focus = QApplication.focusWidget()
        return TourFailed(f"At step {self._step!r}: {what}; the focus is on {_described(focus)}.")


def _described(widget: QWidget | None) -> str:
    if widget is None:
        return "nothing"
    name = widget.objectName()
    return f"{type(widget).__name__} {name}" if name else type(widget).__name__
