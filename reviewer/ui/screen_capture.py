"""Keeping the window out of screen captures, where the system can; where it cannot, the window says so."""

from __future__ import annotations

import ctypes
import sys
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from reviewer.ui.wording import tr

# Windows 10 2004 and later: SetWindowDisplayAffinity, winuser.h.
WDA_EXCLUDEFROMCAPTURE = 0x11


@dataclass(frozen=True, slots=True)
class CaptureState:
    excluded: bool
    words: str


def exclude_from_capture(window: QWidget) -> CaptureState:
    """Ask the system and read back what it says. `window` is a top-level window."""
    if sys.platform == "win32" and _exclude_on_windows(int(window.winId())):
        return CaptureState(True, tr("Screen capture: excluded"))
    return CaptureState(False, tr("Screen capture: not preventable here"))


def _exclude_on_windows(handle: int) -> bool:
    user32 = ctypes.WinDLL("user32")  # type: ignore[attr-defined,unused-ignore]
    affinity = ctypes.c_uint32(0)
    user32.SetWindowDisplayAffinity(ctypes.c_void_p(handle), WDA_EXCLUDEFROMCAPTURE)
    read = user32.GetWindowDisplayAffinity(ctypes.c_void_p(handle), ctypes.byref(affinity))
    return bool(read) and affinity.value == WDA_EXCLUDEFROMCAPTURE
