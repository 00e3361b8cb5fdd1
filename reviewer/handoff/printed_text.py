"""Words from outside as they may be printed: nothing is dropped silently, nothing is obeyed.

What cannot be seen (control characters, marks that turn the direction of writing, zero-width signs) and what no face
has is printed as its number, "[U+202E]". Markup of reportlab is escaped: all text here is only ever text.
"""

from __future__ import annotations

import re
import unicodedata
from xml.sax.saxutils import escape

from reviewer.handoff.printed_fonts import faces
from reviewer.handoff.unseen_signs import is_unseen, number_of

# Of one field. A page holds some 4,000; what is longer is in the package's other files, whole.
MAX_PRINTED = 20_000
# Marks stacked on one letter: more than this are no writing, and would cover the lines above.
_MAX_MARKS = 3

_LINE_ENDS = {"\x0b": "\n", "\x0c": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"}


def visible(untrusted_text: str, *, most: int = MAX_PRINTED) -> str:
    """Plain text in which every character can be seen; lines end in LF. Cut after `most` printed ones, and said."""
    text = unicodedata.normalize("NFC", untrusted_text.replace("\r\n", "\n").replace("\r", "\n"))
    covered = faces().covered
    shown: list[str] = []
    marks = length = 0
    for at, sign in enumerate(text):
        if length >= most:
            shown.append(f" [cut here: {len(text) - at:,} more characters are not printed]")
            break
        marks = marks + 1 if unicodedata.combining(sign) else 0
        shown.append(_sign(sign, covered) if marks <= _MAX_MARKS else number_of(sign))
        length += len(shown[-1])
    return "".join(shown)


def one_line(untrusted_text: str, *, most: int = 200) -> str:
    """As `visible`, on one line of `most` characters at the most, numbers of characters included."""
    line = " ".join(visible(re.sub(r"[ \t\r\n]+", " ", untrusted_text), most=most + 1).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def printed(untrusted_text: str, *, most: int = MAX_PRINTED) -> str:
    """As `visible`, as reportlab's markup: line ends are breaks (never more than one line stays empty)."""
    text = re.sub(r"\n\s*\n", "\n\n", visible(untrusted_text, most=most))
    return "<br/>".join(escape(line) for line in text.split("\n"))


def printed_line(untrusted_text: str, *, most: int) -> str:
    """As `one_line`, as reportlab's markup: for cells and boxes, which have to fit on a page."""
    return escape(one_line(untrusted_text, most=most))


def runs_leftwards(text: str) -> bool:
    """Some of its letters are of a script that is written from right to left."""
    return any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in text)


def _sign(sign: str, covered: frozenset[int]) -> str:
    if sign in _LINE_ENDS:
        return _LINE_ENDS[sign]
    if sign == "\n":
        return sign
    if sign == "\t":
        return "    "
    if unicodedata.category(sign) == "Zs":
        # Any width of space is a space; one that must not break stays so.
        return sign if sign == "\xa0" else " "
    return number_of(sign) if is_unseen(sign) or ord(sign) not in covered else sign
