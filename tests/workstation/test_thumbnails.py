"""Veiled thumbnails from a real vault through the sealed worker: small, grey, logged, dropped, and counted as seen."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from evidence import damaged_picture, film, picture

from reviewer.media.frames import PixelFormat
from reviewer.media.link import ItemClosed
from reviewer.media.opened import OpenedItem
from reviewer.model.custody import CustodyAction
from reviewer.model.errors import MediaError
from reviewer.model.levels import Level
from reviewer.workstation.session import WorkSession
from reviewer.workstation.thumbnails import AT_ONCE, REPORT, THUMBNAIL, NoThumbnail

if TYPE_CHECKING:
    from floor import Floor

Unlock = Callable[..., WorkSession]


def test_a_thumbnail_is_small_grey_and_blurred_and_its_worker_is_gone(own_floor: Floor, unlocked: Unlock) -> None:
    item = own_floor.take_in(picture(), harm_type="violence")
    film_item = own_floor.take_in(film(), "mp4", harm_type="violence")
    session = unlocked()
    session.refresh_queue()
    for wanted in (item, film_item):
        frame = session.gallery.thumbnail(wanted.id)
        assert frame.level is Level.BLURRED
        assert frame.pixel_format is PixelFormat.GREY8
        assert max(frame.width, frame.height) <= session.policy.viewing.blurred_long_side
        assert len(set(frame.data)) > 3
    session.handoffs._thumbnail(item).wipe()
    assert session._thumbnails._open == set()
    session.lock()
    session.farewell(5)
    log = own_floor.custody(own_floor.reviewer)
    opened = [(entry.exhibit, entry.reason) for entry in log if entry.action is CustodyAction.OPENED]
    assert opened == [(item.exhibit, THUMBNAIL), (film_item.exhibit, THUMBNAIL), (item.exhibit, REPORT)]


def test_what_has_no_picture_or_is_damaged_says_so(own_floor: Floor, unlocked: Unlock) -> None:
    words = own_floor.take_in(b"Seeds and soil.\nRain on Tuesday.\n", "txt")
    damaged = own_floor.take_in(damaged_picture())
    session = unlocked()
    session.refresh_queue()
    with pytest.raises(NoThumbnail):
        session.gallery.thumbnail(words.id)
    with pytest.raises(MediaError) as raised:
        session.gallery.thumbnail(damaged.id)
    session.lock()
    session.farewell(5)
    log = own_floor.custody(own_floor.reviewer)
    failed = [(entry.exhibit, entry.reason) for entry in log if entry.action is CustodyAction.COULD_NOT_OPEN]
    assert failed == [(damaged.exhibit, raised.value.code)]


def test_seen_only_as_a_cell_is_in_the_record_also_after_a_restart(own_floor: Floor, unlocked: Unlock) -> None:
    seen = own_floor.take_in(picture(), harm_type="violence")
    beside = own_floor.take_in(picture(3), harm_type="violence")
    session = unlocked()
    session.refresh_queue()
    ids = [seen.id, beside.id]
    assert session.gallery.looked_at(ids) == frozenset()
    session.gallery.showing({seen.id: "violence"})
    time.sleep(0.05)
    session.gallery.showing({})
    assert session.gallery.looked_at(ids) == {seen.id}
    session.lock()
    session.farewell(5)
    again = unlocked()
    again.refresh_queue()
    assert again.gallery.looked_at(ids) == {seen.id}
    taken = again.take(seen.id)
    assert taken.seen is Level.BLURRED


def test_hiding_ends_what_is_being_made_and_turns_away_what_waits(
    own_floor: Floor, unlocked: Unlock, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = [own_floor.take_in(picture(seed), harm_type="violence") for seed in range(1, 5)]
    session = unlocked()
    session.refresh_queue()
    at_it = threading.Semaphore(0)
    held = threading.Event()
    plain = OpenedItem.blurred

    def slow(opened: OpenedItem, **asked: object) -> object:
        at_it.release()
        held.wait(10)
        return plain(opened, **asked)  # type: ignore[arg-type]

    monkeypatch.setattr(OpenedItem, "blurred", slow)
    outcomes: list[object] = []

    def ask(item_id: str) -> None:
        try:
            outcomes.append(session.gallery.thumbnail(item_id))
        except ItemClosed:
            outcomes.append(ItemClosed)

    asking = [threading.Thread(target=ask, args=(item.id,)) for item in items]
    for thread in asking:
        thread.start()
    for _ in range(AT_ONCE):
        assert at_it.acquire(timeout=10)
    time.sleep(0.1)
    assert not at_it.acquire(blocking=False)  # never more than two at once
    assert len(session._thumbnails._open) == AT_ONCE
    session.hide_everything()
    held.set()
    for thread in asking:
        thread.join(10)
    assert outcomes == [ItemClosed] * len(items)
    assert session._thumbnails._open == set()
    monkeypatch.undo()
    assert session.gallery.thumbnail(items[0].id).level is Level.BLURRED


def test_after_the_lock_there_is_none(own_floor: Floor, unlocked: Unlock) -> None:
    item = own_floor.take_in(picture(), harm_type="violence")
    session = unlocked()
    session.refresh_queue()
    session.lock()
    with pytest.raises(Exception):  # noqa: B017  the store is closed; whatever it is called, no frame comes
        session.gallery.thumbnail(item.id)
    session.gallery.showing({item.id: "violence"})
