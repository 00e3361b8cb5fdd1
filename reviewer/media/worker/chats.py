"""Conversations: one passage for each message, with who and when, out of the exports that people really send.

Lines with a time and a name, tables with such columns, and JSON with lists of messages. Names become labels in order
of appearance: "A", "B". Time is kept as written; a number of seconds is written as a date.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from reviewer.media.worker.lines import Passage

_MAX_DEPTH = 12

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

_SENDERS: tuple[str, ...] = (
    "sender",
    "sendername",
    "from",
    "fromname",
    "author",
    "username",
    "user",
    "name",
    "displayname",
    "nick",
)
_SENDERS += ("actor", "participant", "who", "senderid", "fromid", "userid")
_TIMES: tuple[str, ...] = (
    "time",
    "timestamp",
    "datetime",
    "date",
    "ts",
    "sentat",
    "createdat",
    "timestampms",
    "at",
    "when",
    "sent",
)
_TIMES += ("datesent", "originalarrivaltime", "created", "dateunixtime", "messagedate", "sendtime")
_WORDS = ("text", "body", "content", "message", "msg", "messagetext", "words")
_FLAGS = ("reported", "flagged", "isreported", "isflagged", "report", "reportedmessage")
_TRUE = ("1", "true", "yes", "y", "x", "reported", "flagged")


def is_chat_line(line: str) -> bool:
    """Whether a line begins as messages do: a time, then a name and a colon (or a nick in angle brackets)."""
    head = _HEAD.match(line[:400])
    return head is not None and _NAMED.match(head["rest"]) is not None


def has_chat_keys(names: Iterable[str]) -> bool:
    """Whether the names used in JSON are those of messages: of who, when and what. A bare "name" is anything's."""
    keys = {_key(name) for name in names}
    return all(keys.intersection(known) for known in (set(_SENDERS) - {"name", "displayname"}, _TIMES, _WORDS))


def messages(text: str) -> list[Passage] | None:
    """The messages of an export; None if this is none after all."""
    start = text.lstrip("\ufeff \t\r\n")[:1]
    found = _from_json(text) if start in ("{", "[") else None
    return found or _from_lines(text) or _from_table(text)


class _Labels:
    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def of(self, name: str) -> str:
        key = " ".join(name.split()).casefold()
        if not key:
            return ""
        if key not in self._known:
            self._known[key] = _label(len(self._known))
        return self._known[key]


def _label(number: int) -> str:
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _from_lines(text: str) -> list[Passage] | None:
    """Lines that begin with a time; those that do not belong to the message before."""
    lines = re.split(r"\r\n|[\n\r\u2028\u2029]", text)
    filled = [line for line in lines[:200] if line.strip()]
    if sum(map(is_chat_line, filled)) < max(2, len(filled) // 4):
        return None
    labels = _Labels()
    found: list[tuple[str, str, list[str]]] = []
    for line in lines:
        head = _HEAD.match(line)
        if head is not None:
            named = _NAMED.match(head["rest"])
            sender = labels.of(named["nick"] or named["name"]) if named else ""
            found.append((sender, head["a"] or head["b"] or head["c"], [named["text"] if named else head["rest"]]))
        elif found:
            found[-1][2].append(line)
        elif line.strip():
            found.append(("", "", [line]))
    return [Passage(" ".join(part for part in parts if part.strip()), sender, at) for sender, at, parts in found]


def _from_table(text: str) -> list[Passage] | None:
    """A table whose first row names the columns."""
    text = text.lstrip("\ufeff\r\n")
    delimiter, columns = _table(text)
    if not delimiter:
        return None
    rows = _rows(text, delimiter)
    if len(rows) < 2:
        return None
    labels = _Labels()

    def said(row: Sequence[str]) -> Passage:
        sender, at, words, flag = (row[i] if i is not None and i < len(row) else "" for i in columns)
        return Passage(" ".join(words.splitlines()), labels.of(sender), _when(at), flag.strip().lower() in _TRUE)

    return [said(row) for row in rows[1:] if any(row)]


def is_chat_table(text: str) -> bool:
    """Whether the first row names a column of senders, one of times, and one of words."""
    delimiter, columns = _table(text.lstrip("\ufeff\r\n"))
    return bool(delimiter) and columns[1] is not None


def _table(text: str) -> tuple[str, list[int | None]]:
    """The delimiter, and where sender, time, words and flag are; "" if this is no table of messages."""
    first = text[:4096].splitlines()[:1]
    for delimiter in ",;\t|":
        names = [_key(name) for row in _rows("".join(first), delimiter) for name in row]
        columns = [_column(names, keys) for keys in (_SENDERS, _TIMES, _WORDS, _FLAGS)]
        if columns[0] is not None and columns[2] is not None and columns[0] != columns[2]:
            return delimiter, columns
    return "", []


def _rows(text: str, delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(text.splitlines(keepends=True), delimiter=delimiter))
    except csv.Error:
        return []


def _column(names: Sequence[str], wanted: Sequence[str]) -> int | None:
    return next((names.index(name) for name in wanted if name in names), None)


def _from_json(text: str) -> list[Passage] | None:
    try:
        whole = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError, MemoryError):
        return None
    labels = _Labels()
    return [_said(entry, labels) for entry in _entries(whole, _MAX_DEPTH)] or None


def _entries(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    """Messages anywhere inside, in their order: things that have words, and a sender or a time."""
    if depth == 0 or not isinstance(value, dict | list):
        return
    if isinstance(value, list):
        for inner in value:
            yield from _entries(inner, depth - 1)
        return
    entry = {_key(name): held for name, held in value.items()}
    spoken = _pick(entry, _WORDS, _words_of) is not None
    sent = _pick(entry, _SENDERS, _name_of) is not None, _pick(entry, _TIMES, _time_of) is not None
    inside = [held for held in value.values() if isinstance(held, list | dict)]
    if spoken and any(sent):
        yield entry
        inside = [held for held in inside if isinstance(held, list) and _words_of(held) is None]
    answers = [found for held in inside for found in _entries(held, depth - 1)]
    if not spoken and all(sent) and not answers:
        yield entry  # a picture, a call: something was sent, without words
    yield from answers


def _said(entry: Mapping[str, Any], labels: _Labels) -> Passage:
    words = _pick(entry, _WORDS, _words_of)
    if words is None:
        words = (
            "[" + ", ".join(sorted(key for key, held in entry.items() if isinstance(held, list | dict) and held)) + "]"
        )
    name = _pick(entry, _SENDERS, _name_of) or ""
    if "timestampms" in entry:
        words, name = _remade(words), _remade(name)
    flagged = any(_is_flag(entry.get(key)) for key in _FLAGS)
    return Passage(" ".join(words.splitlines()), labels.of(name), _pick(entry, _TIMES, _time_of) or "", flagged)


def _pick(entry: Mapping[str, Any], keys: Sequence[str], read: Callable[[Any], str | None]) -> str | None:
    return next((found for key in keys if key in entry and (found := read(entry[key])) is not None), None)


def _words_of(value: Any) -> str | None:
    """A string, or pieces of one: strings and things with a text of their own."""
    if isinstance(value, str):
        return _whole(value)
    if isinstance(value, list):
        pieces = [_words_of(piece) for piece in value[:10_000]]
        return "".join(piece for piece in pieces if piece) if all(piece is not None for piece in pieces) else None
    if isinstance(value, dict):
        return next(
            (_whole(value[key]) for key in ("text", "body", "content") if isinstance(value.get(key), str)), None
        )
    return None


def _name_of(value: Any) -> str | None:
    if isinstance(value, str):
        return _whole(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, dict):
        held = {_key(name): inner for name, inner in value.items()}
        keys = ("name", "displayname", "username", "handle", "email", "phone", "id", "firstname")
        return next((found for key in keys if (found := _name_of(held.get(key))) is not None), None)
    return None


def _time_of(value: Any) -> str | None:
    if isinstance(value, str):
        return _when(_whole(value))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _when(str(value))
    return None


def _when(written: str) -> str:
    """As written; seconds, milli- or microseconds since 1970 as a date in UTC."""
    written = written.strip()
    if not re.fullmatch(r"\d{9,16}(\.\d{1,9})?", written):
        return written
    number = float(written)
    for scale in (1.0, 1e3, 1e6):
        if 5e8 <= number / scale < 5e9:
            moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(number / scale))
            return f"{moment:%Y-%m-%d %H:%M:%SZ}"
    return written


def _is_flag(value: Any) -> bool:
    if isinstance(value, str):
        return value.strip().lower() in _TRUE
    return bool(value)


def _key(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name[:60].lower())


def _whole(text: str) -> str:
    """Without halves of characters, which JSON can spell and nothing can send."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _remade(text: str) -> str:
    """Some exports (those with `timestamp_ms`) spell each byte of UTF-8 as a character of its own."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
