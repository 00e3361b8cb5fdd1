"""Characters that nobody can see: control characters, marks that turn the direction of writing, zero-width signs."""

from __future__ import annotations

import unicodedata


def is_unseen(sign: str) -> bool:
    """One character: a control, format, surrogate, private or unassigned one, or a separator of lines."""
    return unicodedata.category(sign)[0] == "C" or sign in "\u2028\u2029"


def number_of(sign: str) -> str:
    """[U+202E]"""
    return f"[U+{ord(sign):04X}]"


def numbered(text: str) -> str:
    """The text with every unseen character as its number; line ends too."""
    return "".join(number_of(sign) if is_unseen(sign) else sign for sign in text)
