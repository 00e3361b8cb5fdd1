"""The search finds every planted form, and says how much it could not look at. A search that misses proves nothing."""

from __future__ import annotations

import base64
import io
import os
import random
import struct
import time
import tracemalloc

import cv2
import numpy as np
import pytest
from PIL import Image

from reviewer.demo import plaintext_search
from reviewer.demo.markers import Markers
from reviewer.demo.plaintext_search import search

_SUPPLY = Markers(random.Random(3))
MARKERS = [_SUPPLY.next() for _ in range(5)]
MARKER = MARKERS[2]
ROW = np.frombuffer(MARKER, np.uint8)
NOISE = random.Random(4).randbytes(5000)


def pixels(*, channels: int, filler: int | None = None) -> bytes:
    picture = np.repeat(ROW[:, np.newaxis], channels, axis=1)
    if filler is not None:
        picture[:, 3] = filler
    return picture.tobytes()


FORMS = {
    "raw": MARKER,
    "utf-16": MARKER.decode().encode("utf-16-le"),
    "utf-16 big": MARKER.decode().encode("utf-16-be"),
    "utf-32": MARKER.decode().encode("utf-32-le"),
    "utf-32 big": MARKER.decode().encode("utf-32-be"),
    "pixels x3": pixels(channels=3),
    "pixels x4": pixels(channels=4),
    "pixels x3 and opaque": pixels(channels=4, filler=255),
    "pixels x3 and unused": pixels(channels=4, filler=0),
    "hex": MARKER.hex().encode(),
    "HEX": MARKER.hex().upper().encode(),
    "base64 +0": base64.b64encode(b"abc" + MARKER + b"tail"),
    "base64 +1": base64.b64encode(b"a" + MARKER + b"tail"),
    "base64 +2": base64.urlsafe_b64encode(b"ab" + MARKER + b"tail"),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("markers", [MARKERS, [MARKER]], ids=["shared beginning", "one marker"])
def test_each_form_is_found_and_named(tmp_path, form, markers):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "store.bin").write_bytes(NOISE + FORMS[form] + NOISE)
    report = search([tmp_path], markers, since=time.time() - 5)
    assert [(hit.form, hit.marker, hit.path.name) for hit in report.hits] == [
        (form.removesuffix(" big"), markers.index(MARKER), "store.bin")
    ]
    assert report.files == 1
    assert report.bytes == 2 * len(NOISE) + len(FORMS[form])


@pytest.mark.parametrize("shift", [-40, -17, -1, 0, 1, 12])
def test_a_marker_across_a_block_edge_is_found_once_at_its_place(tmp_path, shift):
    where = plaintext_search._BLOCK + shift
    content = bytearray(2 * plaintext_search._BLOCK + 77)
    content[where : where + len(MARKER)] = MARKER
    (tmp_path / "big").write_bytes(content)
    report = search([tmp_path], MARKERS, since=time.time() - 5)
    assert [(hit.form, hit.marker, hit.offset) for hit in report.hits] == [("raw", 2, where)]
    assert report.bytes == len(content)


def test_at_the_very_start_and_end_and_a_cut_off_one(tmp_path):
    (tmp_path / "start").write_bytes(MARKER + b"x")
    (tmp_path / "end").write_bytes(b"x" * 9 + MARKER)
    (tmp_path / "stump").write_bytes(b"x" * 9 + MARKER[:20])
    hits = {hit.path.name: (hit.marker, hit.offset) for hit in search([tmp_path], MARKERS, since=time.time() - 5).hits}
    assert hits == {"start": (2, 0), "end": (2, 9), "stump": (None, 9)}


def test_two_markers_in_one_file_are_two_hits(tmp_path):
    (tmp_path / "two").write_bytes(MARKERS[0] + b"--" + MARKERS[4] + b"--" + MARKERS[0])
    assert [hit.marker for hit in search([tmp_path], MARKERS, since=time.time() - 5).hits] == [0, 4]


def test_a_marker_in_a_files_name(tmp_path):
    (tmp_path / f"thumb-{MARKER.decode()}.tmp").write_bytes(b"nothing")
    assert [hit.form for hit in search([tmp_path], MARKERS, since=time.time() - 5).hits] == ["raw in the name"]


def encoded(form: str) -> bytes:
    out = io.BytesIO()
    Image.fromarray(np.zeros((8, 8, 3), np.uint8)).save(out, format=form)
    return out.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "BMP", "WEBP", "TIFF", "PPM", "JPEG2000"])
def test_pictures_are_known_by_their_first_bytes(tmp_path, form):
    (tmp_path / "cache.dat").write_bytes(encoded(form))
    assert len(search([tmp_path], MARKERS, since=time.time() - 5).hits) == 1


def test_film_and_sound_of_the_corpus_are_known_by_their_first_bytes(tmp_path, items):
    for item in items:
        if item.format in ("mp4", "wav", "jpeg", "png"):
            (tmp_path / item.name).write_bytes(item.data[:64])
    report = search([tmp_path], MARKERS, since=time.time() - 5)
    assert len(report.hits) == report.files == 13


def test_every_item_of_the_corpus_is_found_by_its_marker(tmp_path, items):
    for item in items:
        (tmp_path / item.name).write_bytes(item.data)
    report = search([tmp_path], [item.marker for item in items], since=time.time() - 5)
    assert {hit.marker for hit in report.hits if hit.form == "raw"} == set(range(len(items)))


def test_decoded_pixels_of_a_lossless_item_are_found(tmp_path, items):
    item = next(item for item in items if item.format == "png")
    colour = cv2.imdecode(np.frombuffer(item.data, np.uint8), cv2.IMREAD_COLOR)
    with_alpha = cv2.cvtColor(colour, cv2.COLOR_BGR2BGRA)
    grey = cv2.cvtColor(colour, cv2.COLOR_BGR2GRAY)
    for name, picture in (("bgr", colour), ("bgra", with_alpha), ("grey", grey)):
        (tmp_path / name).write_bytes(picture.tobytes())
    hits = search([tmp_path], [item.marker for item in items], since=time.time() - 5).hits
    assert {hit.path.name: hit.form for hit in hits} == {
        "bgr": "pixels x3",
        "bgra": "pixels x3 and opaque",
        "grey": "raw",
    }


def test_sealed_and_ordinary_files_are_no_hits(tmp_path):
    (tmp_path / "item.age").write_bytes(b"age-encryption.org/v1\n-> X25519 " + NOISE)
    (tmp_path / "store.db").write_bytes(NOISE)
    (tmp_path / "notes.txt").write_text("BMW and MM and P5x, RIFF of something", encoding="utf-8")
    (tmp_path / "words").write_bytes(b"BM" + struct.pack("<I", 7) + b"but no header" + NOISE)
    report = search([tmp_path], MARKERS, since=time.time() - 5)
    assert report.hits == []
    assert report.files == 4


def test_only_files_written_since_the_start_and_not_the_excluded(tmp_path):
    start = time.time()
    old = tmp_path / "old"
    old.write_bytes(MARKER)
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "01.png").write_bytes(encoded("PNG"))
    report = search([tmp_path], MARKERS, since=start + 3600, exclude=[])
    assert (report.files, report.hits) == (0, [])
    report = search([tmp_path], MARKERS, since=start, exclude=[tmp_path / "pictures"])
    assert [hit.path for hit in report.hits] == [old]


def test_a_file_moved_into_place_with_an_old_date_still_counts(tmp_path):
    old = tmp_path / "old"
    old.write_bytes(MARKER)
    os.utime(old, (1, 1))
    assert len(search([tmp_path], MARKERS, since=time.time() - 5).hits) == 1


def test_overlapping_folders_and_links_are_searched_once(tmp_path):
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "a").write_bytes(MARKER)
    (tmp_path / "link").symlink_to(tmp_path / "cache" / "a")
    (tmp_path / "round").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "fifo")
    report = search([tmp_path, tmp_path / "cache", tmp_path / "nowhere"], MARKERS, since=time.time() - 5)
    assert len(report.hits) == report.files == report.folders_missing == 1


def test_what_cannot_be_read_or_has_vanished_is_counted(tmp_path, monkeypatch):
    for name in ("good", "forbidden", "gone"):
        (tmp_path / name).write_bytes(MARKER)
    really_open = os.open

    def opening(path, *rest, **named):
        if str(path).endswith("forbidden"):
            raise PermissionError(13, "no")
        if str(path).endswith("gone"):
            raise FileNotFoundError(2, "gone")
        return really_open(path, *rest, **named)

    monkeypatch.setattr(os, "open", opening)
    report = search([tmp_path], MARKERS, since=time.time() - 5)
    assert (report.files, report.unreadable, report.vanished, len(report.hits)) == (1, 1, 1, 1)


def test_memory_does_not_grow_with_the_file(tmp_path):
    with (tmp_path / "big").open("wb") as big:
        big.truncate(64 << 20)
        big.seek(0, 2)
        big.write(MARKER)
    tracemalloc.start()
    report = search([tmp_path], MARKERS, since=time.time() - 5)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert report.hits[0].offset == 64 << 20
    assert peak < 8 << 20
