"""WCAG 2.2 AA for what is really on the pages: labels on their grounds, buttons in every state, focus rings.

4.5:1 for words, also for those of a button that cannot be used now: its words say what it would do. 3:1 for the line
around what has the focus and around a field.
"""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from sampling import each_once
from test_theme import _tokens, contrast
from whole_window import PAGES, a_page, a_window

from reviewer.resources import resource
from reviewer.ui import theme
from reviewer.ui.key_button import ButtonKind, KeyButton

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # said by the offscreen platform, not by us

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


@each_once(page=PAGES, look=LOOKS)
def test_every_label_of_every_page_can_be_read(look: str, page: str, qtbot: QtBot, qapp: QApplication) -> None:
    with a_window(qtbot, qapp, a_page(page), look=look) as person:
        person.go_to(page)
        assert theme.current().name == look
        labels = [
            label
            for label in person.window.findChildren(QLabel)
            if label.isVisible() and label.text().strip() and label.property("role") != "faint"
        ]
        poor = []
        for label in labels:
            ink, ground = label.palette().color(label.foregroundRole()), theme.colour(ground_of(label))
            if contrast(ink.name(), ground.name()) < WORDS:
                poor.append((label.text()[:30], ink.name(), ground_of(label)))
        assert poor == []
        inks = {label.palette().color(label.foregroundRole()).name() for label in labels}
        assert page == "unlock" or len(inks) > 1  # the style sheet's inks are seen here at all
        fields = [field for field in person.window.findChildren(QLineEdit) if field.isVisible()]
        for field in fields:
            said = field.palette().color(field.palette().ColorRole.PlaceholderText)
            assert contrast(QColor(said.rgb()).name(), theme.colour("card").name()) >= WORDS or said.alpha() < 255
            assert field.focusPolicy() & Qt.FocusPolicy.TabFocus
