"""A page of the queue with one odd entry never costs the entries around it, whatever is odd about it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from house import a_case, an_item
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.model.cases import QueueEntry
from reviewer.sync.queue_pages import RawQueuePage, read_page

SOUND: dict[str, Any] = msgspec.to_builtins(QueueEntry(item=an_item(), case=a_case()))
ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(min_value=-(2**70), max_value=2**70)
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["2026-13-40T99:99:99Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "a" * 300]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found = [path] if path else []
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        found += places(one, (*path, key))
    return found


PLACES = places(SOUND)


def changed(path: tuple[str | int, ...], value: Any, *, missing: bool) -> bytes:
    entry = msgspec.json.decode(msgspec.json.encode(SOUND))
    inner = entry
    for key in path[:-1]:
        inner = inner[key]
    if missing:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return bytes(msgspec.json.encode(entry))


def page_of(odd: bytes) -> None:
    around = bytes(msgspec.json.encode(SOUND))
    raw = b'{"entries":[' + around + b"," + odd + b"," + around + b'],"after":null}'
    page = read_page(msgspec.json.decode(raw, type=RawQueuePage))
    assert len(page.entries) + page.unreadable == 3
    assert page.unreadable <= 1
    for entry in page.entries:
        # What was read can be kept and ordered.
        assert msgspec.json.decode(msgspec.json.encode(entry), type=QueueEntry) == entry


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(PLACES), ODD, st.booleans())
def test_a_field_that_is_missing_or_odd(path: tuple[str | int, ...], value: Any, missing: bool) -> None:
    page_of(changed(path, value, missing=missing))


@pytest.mark.parametrize("odd", [b'{"item":' + b"[" * 5000 + b"]" * 5000 + b"}", b'{"etag":"\xff\xfe"}'])
def test_nesting_no_parser_follows_and_bytes_that_are_no_text(odd: bytes) -> None:
    sound = msgspec.Raw(msgspec.json.encode(SOUND))
    page = read_page(RawQueuePage(entries=(sound, msgspec.Raw(odd), sound)))
    assert (len(page.entries), page.unreadable) == (2, 1)


@settings(max_examples=100, deadline=None)
@given(ODD)
def test_an_entry_that_is_something_else(value: Any) -> None:
    page_of(bytes(msgspec.json.encode(value)))
