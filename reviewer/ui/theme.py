"""The look: tokens, fonts, scale, and the one style sheet filled from them.

Lengths in the code are pixels at scale 1 and go through `px`. Layouts and sizes set with `space` and `size` follow a
change of scale by themselves; painted widgets ask `px` and `colour` while painting.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QLayout, QStyle, QWidget

from reviewer.resources import resource

_LENGTH = re.compile(r"px\((\d+(?:\.\d+)?)\)")
_COLOUR = re.compile(r"\$\{(\w+)\}")
SCALES = (1.0, 1.25, 1.5, 1.75, 2.0, 2.5)


@dataclass(frozen=True, slots=True)
class Theme:
    """One set of colours at one scale. `type_px` and `radius_px` are pixels at scale 1."""

    name: str
    scale: float
    colours: Mapping[str, str]
    type_px: Mapping[str, int]
    radius_px: Mapping[str, int]


def _tokens() -> dict[str, dict[str, object]]:
    with resource("style/tokens.toml").open("rb") as file:
        return tomllib.load(file)


def _theme(name: str, scale: float) -> Theme:
    tokens = _tokens()
    return Theme(
        name=name,
        scale=scale,
        colours={key: str(value) for key, value in tokens[name].items()},
        type_px={key: value for key, value in tokens["type"].items() if isinstance(value, int)},
        radius_px={key: value for key, value in tokens["radius"].items() if isinstance(value, int)},
    )


_current: Theme | None = None
_fonts: dict[tuple[int, QFont.Weight], QFont] = {}  # of the theme in force
measured: dict[str, int] = {}  # how wide the cap of a key is in the theme in force: every layout asks
_motion = True


def current() -> Theme:
    """The theme in force; dark at scale 1 until `apply` says otherwise."""
    global _current
    if _current is None:
        _current = _theme("dark", 1.0)
    return _current


def set_motion(wanted: bool) -> None:
    """What the person wants; the system's own preference for less motion is kept all the same."""
    global _motion
    _motion = wanted


def motion() -> bool:
    """Whether anything may move that need not."""
    app = QApplication.instance()
    if not _motion or not isinstance(app, QApplication):
        return False
    return app.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) > 0


def colour(name: str) -> QColor:
    return QColor(current().colours[name])


def px(length: float) -> int:
    """A length at scale 1 in pixels of the present scale, never less than 1 for what is more than 0."""
    pixels = round(length * current().scale)
    return pixels if pixels > 0 else int(length > 0)


def font(size: str = "base", weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """`size` is small, label, base, title or head."""
    key = px(current().type_px[size]), weight
    made = _fonts.get(key)
    if made is None:
        made = _fonts[key] = QFont(QApplication.font())
        made.setPixelSize(key[0])
        made.setWeight(weight)
    return QFont(made)  # the caller may change it


def radius(name: str = "control") -> int:
    return px(current().radius_px[name])


def scale_for(width: int, height: int) -> float:
    """The scale for a window of so many device-independent pixels: 1 up to about 1440p, 2 on 2160p at ratio 1."""
    fit = min(width / 1440, height / 900)
    if fit < 2.0:
        return 1.0
    return max(step for step in SCALES if step <= fit / 1.2)


_IN_FORCE = "theme_in_force"


def apply(app: QApplication, name: str = "dark", scale: float = 1.0) -> Theme:
    """Make a theme the one in force, for every widget there is and will be. One that is in force is left as it is:
    styling every widget anew takes a tenth of a second in a full window."""
    global _current
    wanted = f"{name} {scale:g}"
    if _current is not None and app.property(_IN_FORCE) == wanted:
        return _current
    _current = _theme(name, scale)
    if app.property(_IN_FORCE) is None:  # every widget would be polished once more
        app.setStyle("Fusion")
    # Qt styles a widget again for each of its ancestors when one sheet follows another, and once when it follows none.
    app.setStyleSheet("")
    _fonts.clear()
    measured.clear()
    app.setFont(_base_font())
    app.setPalette(_palette())
    app.setStyleSheet(_style_sheet())
    for widget in app.allWidgets():
        _respace(widget)
        widget.update()
    app.setProperty(_IN_FORCE, wanted)
    return _current


def space(layout: QLayout, margins: tuple[int, int, int, int] = (0, 0, 0, 0), gap: int = 0) -> None:
    """Margins (left, top, right, bottom) and gap in pixels at scale 1; kept in step when the scale changes."""
    layout.setProperty("space_tokens", [*margins, gap])
    layout.setContentsMargins(*(px(length) for length in margins))
    layout.setSpacing(px(gap))


def size(
    widget: QWidget,
    *,
    width: int | None = None,
    height: int | None = None,
    min_width: int | None = None,
    max_width: int | None = None,
    min_height: int | None = None,
    max_height: int | None = None,
) -> None:
    """Fixed or bounded size in pixels at scale 1; kept in step when the scale changes."""
    bounds = (min_width or width, max_width or width, min_height or height, max_height or height)
    widget.setProperty("size_tokens", [-1 if bound is None else bound for bound in bounds])
    _resize(widget)


def role(widget: QWidget, name: str) -> None:
    """Give a widget one of the roles of reviewer.qss (dim, faint, caption, title, head, amber, accent, red ...)."""
    if widget.property("role") == name:
        return
    widget.setProperty("role", name)
    if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):  # otherwise Qt styles it before it is first seen
        style = widget.style()
        style.unpolish(widget)
        style.polish(widget)


def _resize(widget: QWidget) -> None:
    tokens = widget.property("size_tokens")
    if not tokens:
        return
    setters = (widget.setMinimumWidth, widget.setMaximumWidth, widget.setMinimumHeight, widget.setMaximumHeight)
    for bound, setter in zip(tokens, setters, strict=True):
        if bound >= 0:
            setter(px(bound))


def _respace(widget: QWidget) -> None:
    """Its own size and layout, with the layouts inside that one: those of its children are done with them."""
    _resize(widget)
    own = widget.layout()
    for layout in [own, *own.findChildren(QLayout)] if own is not None else []:
        tokens = layout.property("space_tokens")
        if tokens:
            *margins, gap = tokens
            space(layout, (margins[0], margins[1], margins[2], margins[3]), gap)
    widget.updateGeometry()


def _base_font() -> QFont:
    families = _tokens()["type"]["families"]
    assert isinstance(families, list)
    present = set(QFontDatabase.families())
    chosen = next((family for family in families if family in present), None)
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    made = QFont(chosen) if chosen is not None else QFont(system)
    made.setStyleHint(QFont.StyleHint.SansSerif)
    made.setPixelSize(px(current().type_px["base"]))
    made.setWeight(QFont.Weight.Normal)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def _palette() -> QPalette:
    roles = QPalette.ColorRole
    palette = QPalette()
    for which, name in (
        (roles.Window, "ground"),
        (roles.Base, "card"),
        (roles.AlternateBase, "panel"),
        (roles.Button, "raised"),
        (roles.WindowText, "text"),
        (roles.Text, "text"),
        (roles.ButtonText, "text"),
        (roles.ToolTipBase, "raised"),
        (roles.ToolTipText, "text"),
        (roles.PlaceholderText, "dim"),
        (roles.Highlight, "accent"),
        (roles.HighlightedText, "on_accent"),
        (roles.Link, "accent"),
    ):
        palette.setColor(which, colour(name))
    return palette


def _style_sheet() -> str:
    theme = current()
    text = resource("style/reviewer.qss").read_text(encoding="utf-8")
    text = _LENGTH.sub(lambda found: f"{px(float(found.group(1)))}px", text)
    return _COLOUR.sub(lambda found: theme.colours[found.group(1)], text)
