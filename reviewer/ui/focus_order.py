"""Tab goes the way the eye goes: the order of the layouts, not the order in which widgets were made."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QWidget

_BY_TAB = frozenset({Qt.FocusPolicy.TabFocus, Qt.FocusPolicy.StrongFocus, Qt.FocusPolicy.WheelFocus})


def follow_layout(root: QWidget) -> None:
    """Give everything in `root` that Tab may reach the order it is laid out in. What is hidden now is ordered too.

    To be called again when widgets were added: Qt puts a new one last.
    """
    stops = list(dict.fromkeys(_stops(root)))
    for before, after in pairwise(stops):
        QWidget.setTabOrder(before, after)


def _stops(widget: QWidget) -> Iterator[QWidget]:
    # One that hands its focus on is not a stop itself; the other one is found in its own place.
    if widget.focusPolicy() in _BY_TAB and widget.focusProxy() is None:
        yield widget
    children = widget.children()
    if not children:  # most are labels
        return
    seen: set[QWidget] = set()
    layout = widget.layout()
    inner = _of_layout(layout) if layout is not None else iter(())
    scrolled = widget.widget() if isinstance(widget, QScrollArea) else None
    if scrolled is not None:
        inner = iter((scrolled,))
    for child in inner:
        seen.add(child)
        yield from _stops(child)
    # What is placed by hand, or lies over the rest.
    for left in children:
        if isinstance(left, QWidget) and left not in seen and not left.isWindow():
            yield from _stops(left)


def _of_layout(layout: QLayout) -> Iterator[QWidget]:
    for at in range(layout.count()):
        item = layout.itemAt(at)
        if item is None:
            continue
        inner, widget = item.layout(), item.widget()
        if widget is not None:
            yield widget
        elif inner is not None:
            yield from _of_layout(inner)
