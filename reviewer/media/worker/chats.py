"""Conversations: one passage for each message, with who and when, out of the exports that people really send.

Lines with a time and a name, tables with such columns, and JSON. Names become labels in order of appearance. Time is
kept as written; a number of seconds is written as a date. Messages are made as they are asked for.
"""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence

from reviewer.media.worker import chat_exports
from reviewer.media.worker.chat_fields import FLAGS, SENDERS, TIMES, TRUE, WORDS, Labels, key, when
from reviewer.media.worker.lines import Passage

_DATE = r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,6})?(?:[ \u00a0\u202f]?[ap]\.?[ \u00a0\u202f]?m\.?)?"
_ZONE = r"(?:[ ]?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}))?"
_WHEN = rf"(?:{_DATE}(?:(?:,[ \u00a0\u202f]*|[T \u00a0\u202f]+)(?:{_CLOCK}|\d{{1,2}}\.\d{{2}}){_ZONE})?|{_CLOCK})"
_HEAD = re.compile(
    rf"[\u200e\u200f\ufeff\s]*(?:\[(?P<a>{_WHEN})\]|\((?P<b>{_WHEN})\)|(?P<c>{_WHEN}))"
    r"[ \u00a0\u202f]*(?:[-–—|:,][ \u00a0\u202f]+|[ \u00a0\u202f]|\t)[\u200e\u200f]*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_NAMED = re.compile(
    r"(?:<(?P<nick>[^<>]{1,60})>|(?P<name>[^\s:<>][^:\n]{0,60}?)[ \u00a0\u202f]?:(?!//))(?:\s+|$)(?P<text>.*)",
    re.DOTALL,
)

_LINE_END = re.compile("\r\n|[\n\r\u2028\u2029]")
_MAX_FIELD = 64 << 20

# Longer than any text that is read: a table never ends at a cell that somebody made large.
csv.field_size_limit(_MAX_FIELD)


def is_chat_line(line: str) -> bool:
    """Whether a line begins as messages do: a time, then a name and a colon (or a nick in angle brackets)."""
    head = _HEAD.match(line[:400])
    return head is not None and _NAMED.match(head["rest"]) is not None


def messages(text: str, labels: Labels) -> Iterable[Passage] | None:
    """The messages of an export; None if this is none after all. `labels` learns who wrote them as they are made."""
    if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        found = chat_exports.messages(text, labels)
        first = next(found, None)
        if first is not None:
            return itertools.chain([first], found)
    if _is_conversation(text):
        return _from_lines(text, labels)
    return _from_table(text, labels)


def _is_conversation(text: str) -> bool:
    filled = list(itertools.islice((line for line in _lines(text) if line.strip()), 200))
    return sum(map(is_chat_line, filled)) >= max(2, len(filled) // 4)


def _from_lines(text: str, labels: Labels) -> Iterator[Passage]:
    """Lines that begin with a time; those that do not belong to the message before."""
    sender = at = ""
    parts: list[str] = []
    for line in _lines(text):
        head = _HEAD.match(line)
        if head is None:
            parts.append(line)
            continue
        if any(parts) or at:
            yield Passage(" ".join(part for part in parts if part.strip()), sender, at)
        named = _NAMED.match(head["rest"])
        sender = labels.of(named["nick"] or named["name"]) if named else ""
        at = head["a"] or head["b"] or head["c"]
        parts = [named["text"] if named else head["rest"]]
    if any(parts) or at:
        yield Passage(" ".join(part for part in parts if part.strip()), sender, at)


def _lines(text: str) -> Iterator[str]:
    at = 0
    for end in _LINE_END.finditer(text):
        yield text[at : end.start()]
        at = end.end()
    yield text[at:]


def _from_table(text: str, labels: Labels) -> Iterator[Passage] | None:
    """A table whose first row names the columns, and which has more rows than that."""
    text = text.lstrip("\ufeff\r\n")
    delimiter, columns = _table(text)
    rows = (row for row in _rows(text, delimiter) if any(row)) if delimiter else iter(())
    first = next(itertools.islice(rows, 1, None), None)
    if first is None:
        return None

    def said(row: Sequence[str]) -> Passage:
        sender, at, words, flag = (row[i] if i is not None and i < len(row) else "" for i in columns)
        return Passage(" ".join(words.splitlines()), labels.of(sender), when(at), flag.strip().lower() in TRUE)

    return map(said, itertools.chain([first], rows))


def is_chat_table(text: str) -> bool:
    """Whether the first row names a column of senders, one of times, and one of words."""
    delimiter, columns = _table(text.lstrip("\ufeff\r\n"))
    return bool(delimiter) and columns[1] is not None


def _table(text: str) -> tuple[str, list[int | None]]:
    """The delimiter, and where sender, time, words and flag are; "" if this is no table of messages."""
    first = text[:4096].splitlines()[:1]
    for delimiter in ",;\t|":
        names = [key(name) for row in _rows("".join(first), delimiter) for name in row]
        columns = [_column(names, keys) for keys in (SENDERS, TIMES, WORDS, FLAGS)]
        if columns[0] is not None and columns[2] is not None and columns[0] != columns[2]:
            return delimiter, columns
    return "", []


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader((f"{line}\n" for line in _lines(text)), delimiter=delimiter)


def _column(names: Sequence[str], wanted: Sequence[str]) -> int | None:
    return next((names.index(name) for name in wanted if name in names), None)
