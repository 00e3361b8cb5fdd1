"""The look: both themes complete, readable, and able to grow."""

from __future__ import annotations

import re
import tomllib

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from reviewer.resources import resource
from reviewer.ui import theme


def _tokens() -> dict[str, dict[str, str]]:
    return tomllib.loads(resource("style/tokens.toml").read_text(encoding="utf-8"))


def _luminance(colour: str) -> float:
    """WCAG 2.2 relative luminance."""

    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    made = QColor(colour)
    return 0.2126 * linear(made.redF()) + 0.7152 * linear(made.greenF()) + 0.0722 * linear(made.blueF())


def contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_dark_and_light_have_the_same_names() -> None:
    tokens = _tokens()
    assert tokens["dark"].keys() == tokens["light"].keys()


READ = [
    *(("text", ground) for ground in ("ground", "panel", "card", "raised", "accent_ground", "accent_wash")),
    *(("dim", ground) for ground in ("ground", "panel", "card", "raised", "accent_wash")),
    ("text", "amber_ground"),
    *(("accent", ground) for ground in ("ground", "panel", "accent_ground", "accent_wash")),
    ("on_accent", "accent"),
    *(("amber", ground) for ground in ("ground", "panel", "card", "amber_ground")),
    ("red_text", "red_ground"),
    ("red_text", "panel"),
]


@pytest.mark.parametrize("name", ["dark", "light"])
@pytest.mark.parametrize(("ink", "ground"), READ)
def test_everything_that_is_read_has_contrast_aa(name: str, ink: str, ground: str) -> None:
    colours = _tokens()[name]
    assert contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("name", ["dark", "light"])
def test_the_focus_line_can_be_seen(name: str) -> None:
    colours = _tokens()[name]
    for ground in ("ground", "panel", "card", "raised"):
        assert contrast(colours["accent"], colours[ground]) >= 3.0


@pytest.mark.parametrize("name", ["dark", "light"])
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_style_sheet_is_filled_completely(qapp: QApplication, name: str, scale: float) -> None:
    theme.apply(qapp, name, scale)
    sheet, usual = qapp.styleSheet(), qapp.font().pixelSize()
    theme.apply(qapp)
    assert "${" not in sheet
    assert not re.search(r"px\([^)]", sheet)
    assert f"font-size: {round(22 * scale)}px" in sheet
    assert usual == round(13 * scale)


def test_spacing_and_sizes_follow_the_scale(qapp: QApplication, qtbot: QtBot) -> None:
    theme.apply(qapp)
    widget = QWidget()
    qtbot.addWidget(widget)
    layout = QVBoxLayout(widget)
    theme.space(layout, (1, 2, 3, 4), 8)
    theme.size(widget, width=100, min_height=20)
    try:
        theme.apply(qapp, "dark", 2.0)
        margins = layout.contentsMargins()
        assert (margins.left(), margins.top(), margins.right(), margins.bottom()) == (2, 4, 6, 8)
        assert layout.spacing() == 16
        assert (widget.minimumWidth(), widget.maximumWidth(), widget.minimumHeight()) == (200, 200, 40)
    finally:
        theme.apply(qapp)


@pytest.mark.parametrize(
    ("width", "height", "scale"),
    [(1366, 768, 1.0), (1440, 900, 1.0), (2560, 1440, 1.0), (3840, 2160, 2.0), (1920, 1080, 1.0), (3840, 1080, 1.0)],
)
def test_only_very_large_windows_are_scaled(width: int, height: int, scale: float) -> None:
    assert theme.scale_for(width, height) == scale


def test_the_theme_in_force_is_not_applied_again(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    theme.apply(qapp)
    styled: list[str] = []
    monkeypatch.setattr(type(qapp), "setStyleSheet", lambda self, text: styled.append(text))
    assert theme.apply(qapp) is theme.current()
    assert styled == []
    theme.apply(qapp, "light")
    assert len([text for text in styled if text]) == 1
    monkeypatch.undo()
    theme.apply(qapp)


def test_a_widget_is_styled_no_more_often_however_deep_it_lies(qtbot: QtBot, qapp: QApplication) -> None:
    """A change of the look is waited for: Qt styles again for each ancestor when one sheet takes another's place."""

    class Counting(QWidget):
        styled = 0

        def changeEvent(self, event: QEvent) -> None:
            self.styled += event.type() == QEvent.Type.StyleChange
            super().changeEvent(event)

    nested = [Counting()]
    qtbot.addWidget(nested[0])
    for _ in range(8):
        nested.append(Counting(nested[-1]))
    nested[0].show()
    before = [widget.styled for widget in nested]
    try:
        theme.apply(qapp, "light")
    finally:
        theme.apply(qapp)
    assert {widget.styled - earlier for widget, earlier in zip(nested, before, strict=True)} == {4}
