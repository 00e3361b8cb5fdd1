"""Conversations exported as JSON: messages are found wherever they are kept, by what their fields are called."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from reviewer.media.worker.chat_fields import FLAGS, SENDERS, TIMES, TRUE, WORDS, Labels, key, when
from reviewer.media.worker.lines import Passage

_MAX_DEPTH = 40


def has_chat_keys(names: Iterable[str]) -> bool:
    """Whether the names used in JSON are those of messages: of who, when and what. A bare "name" is anything's."""
    keys = {key(name) for name in names}
    return all(keys.intersection(known) for known in (set(SENDERS) - {"name", "displayname"}, TIMES, WORDS))


def messages(text: str, labels: Labels) -> Iterator[Passage]:
    """The messages in order, none if this is no export or is broken. Found, and labelled, as they are asked for."""
    try:
        whole = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError, MemoryError):
        return
    for entry in _entries(whole, _MAX_DEPTH):
        yield _said(entry, labels)


def _entries(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    """Messages anywhere inside, in their order: things that have words, and a sender or a time."""
    if depth == 0 or not isinstance(value, dict | list):
        return
    if isinstance(value, list):
        for inner in value:
            yield from _entries(inner, depth - 1)
        return
    entry = {key(name): held for name, held in value.items()}
    spoken = _pick(entry, WORDS, _words_of) is not None
    sent = _pick(entry, SENDERS, _name_of) is not None, _pick(entry, TIMES, _time_of) is not None
    inside = [held for held in value.values() if isinstance(held, list | dict)]
    if spoken and any(sent):
        yield entry
        inside = [held for held in inside if isinstance(held, list) and _words_of(held) is None]
    answered = False
    for held in inside:
        for found in _entries(held, depth - 1):
            answered = True
            yield found
    if not spoken and all(sent) and not answered:
        yield entry  # a picture, a call: something was sent, without words


def _said(entry: Mapping[str, Any], labels: Labels) -> Passage:
    words = _pick(entry, WORDS, _words_of)
    if not words:
        words = f"[{', '.join(sorted(name for name, held in entry.items() if isinstance(held, list | dict) and held))}]"
    name = _pick(entry, SENDERS, _name_of) or ""
    if "timestampms" in entry:
        words, name = _remade(words), _remade(name)
    flagged = any(_is_flag(entry.get(name)) for name in FLAGS)
    return Passage(" ".join(words.splitlines()), labels.of(name), _pick(entry, TIMES, _time_of) or "", flagged)


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
        held = {key(name): inner for name, inner in value.items()}
        keys = ("name", "displayname", "username", "handle", "email", "phone", "id", "firstname")
        return next((found for key in keys if (found := _name_of(held.get(key))) is not None), None)
    return None


def _time_of(value: Any) -> str | None:
    if isinstance(value, str):
        return when(_whole(value))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return when(str(value))
    return None


def _is_flag(value: Any) -> bool:
    if isinstance(value, str):
        return value.strip().lower() in TRUE
    return bool(value)


def _whole(text: str) -> str:
    """Without halves of characters, which JSON can spell and nothing can send."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _remade(text: str) -> str:
    """Some exports (those with `timestamp_ms`) spell each byte of UTF-8 as a character of its own."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
