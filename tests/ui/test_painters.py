"""A painter ends with its paintEvent, also when painting fails and somebody keeps the failed frame."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from PySide6.QtGui import QPainter
from pytestqt.qtbot import QtBot

from reviewer.ui import pill
from reviewer.ui.pill import Pill

UI = Path(pill.__file__).parent


def test_a_painter_ends_when_painting_fails(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[QPainter] = []

    def fail(painter: QPainter, *_rest: object) -> None:
        held.append(painter)
        assert painter.isActive()
        raise RuntimeError

    monkeypatch.setattr(pill, "paint_pill", fail)
    made = Pill("a fact")
    qtbot.addWidget(made)
    with pytest.raises(RuntimeError) as kept:
        made.grab()
    assert kept.tb is not None
    assert not held[0].isActive()


@pytest.mark.parametrize("path", sorted(UI.glob("*.py")), ids=lambda path: path.stem)
def test_every_painter_is_made_in_a_with_statement(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    begun = [item.context_expr for node in ast.walk(tree) if isinstance(node, ast.With) for item in node.items]
    loose = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "QPainter"
        and node not in begun
    ]
    assert loose == []
