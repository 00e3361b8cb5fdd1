"""Which prompt is due, if any. The words are the window's; the moment is the reviewer's."""

from __future__ import annotations

from enum import Enum


class Prompt(str, Enum):
    BREAK_DUE = "break_due"
    AFTER_VIOLENT = "after_violent"
    HANDOVER = "handover"
    DAILY_CAP = "daily_cap"
    LONG_CLEAR = "long_clear"
