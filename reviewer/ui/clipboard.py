"""What this window put on the clipboards goes with the session: a person's own words about evidence, nothing else."""

from __future__ import annotations

from PySide6.QtGui import QClipboard, QGuiApplication


def clear_what_is_ours() -> None:
    """Both of them: the clipboard, and on X11 the selection that the middle button pastes. Others' content stays."""
    clipboard = QGuiApplication.clipboard()
    if clipboard.ownsClipboard():
        clipboard.clear(QClipboard.Mode.Clipboard)
    if clipboard.supportsSelection() and clipboard.ownsSelection():
        clipboard.clear(QClipboard.Mode.Selection)
