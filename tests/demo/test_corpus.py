"""The corpus is what it says: real formats that independent decoders read, markers in every item, nothing on disk."""

from __future__ import annotations

import io
import json
import wave
from datetime import UTC, datetime
from itertools import pairwise

import av
import cv2
import numpy as np
import pytest
from PIL import Image, ImageOps, UnidentifiedImageError

from reviewer.demo.corpus import corpus_markers
from reviewer.demo.markers import MARKER_BYTES, PREFIX_BYTES
from reviewer.demo.referrals import referrals
from reviewer.model.cases import ReferralSource
from reviewer.model.levels import Kind
from reviewer.model.policy import read_policy
from reviewer.resources import resource


def named(items, name):
    return next(item for item in items if item.name == name)


def test_every_item_carries_its_own_marker_and_nobody_elses(items):
    markers = [item.marker for item in items]
    assert len(set(markers)) == len(items) >= 12
    assert {len(marker) for marker in markers} == {MARKER_BYTES}
    assert len({marker[:PREFIX_BYTES] for marker in markers}) == 1
    for item in items:
        assert [other.name for other in items if other.marker in item.data] == [item.name]


def test_another_seed_has_other_markers(items):
    others = [corpus_markers(seed).next() for seed in range(20)]
    assert len({marker[:PREFIX_BYTES] for marker in others}) == 20
    assert corpus_markers(7).next() == items[0].marker


def test_cases_and_harm_types_exist_and_every_source_is_there(items):
    now = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)
    cases = {case.key: case for case in referrals(now)}
    policy = read_policy(resource("policy.toml").read_text(encoding="utf-8"))
    assert {item.case_key for item in items} == {key for key, case in cases.items() if case.outcome is None}
    assert {item.harm_type for item in items} <= {harm.key for harm in policy.harm_types}
    assert {case.referral.source for case in cases.values()} == set(ReferralSource)
    urgent = [case for case in cases.values() if case.referral.danger]
    assert [case.referral.source for case in urgent] == [ReferralSource.LAW_ENFORCEMENT]
    assert 0 < (urgent[0].referral.due_at - now).total_seconds() < 3600


def test_pictures_that_open_are_what_the_truth_says(items):
    for item in items:
        if item.kind is Kind.IMAGE and item.opens:
            with Image.open(io.BytesIO(item.data)) as picture:
                picture.load()
                assert picture.format.lower() == item.format, item.name
            assert cv2.imdecode(np.frombuffer(item.data, np.uint8), cv2.IMREAD_COLOR) is not None


def test_the_phone_picture_lies_on_its_side_and_its_exif_puts_it_up(items):
    item = named(items, "picture-01")
    with Image.open(io.BytesIO(item.data)) as picture:
        assert picture.getexif()[0x0112] == 6
        assert picture.width > picture.height
        upright = np.asarray(ImageOps.exif_transpose(picture).convert("L"))
    height, width = upright.shape
    assert height > width
    # The chevrons' middles lie higher than their wings, over a dark lower third.
    assert upright[height // 9 + 20, width // 2] > upright[height // 9 + 20, width // 5 + 20] + 30
    assert upright[height * 5 // 6].max() < upright[: height // 2].max() - 60


def test_twelve_megapixels(items):
    with Image.open(io.BytesIO(named(items, "picture-03").data)) as picture:
        assert picture.size == (4000, 3000)


def test_the_png_carries_its_marker_as_grey_pixels_too(items):
    item = named(items, "picture-02")
    with Image.open(io.BytesIO(item.data)) as picture:
        assert picture.text["Comment"] == item.marker.decode()
        pixels = np.asarray(picture.convert("RGB"))
    assert item.marker in pixels[-1, :, 0].tobytes()
    assert bytes(np.repeat(np.frombuffer(item.marker, np.uint8), 3)) in pixels[-1].tobytes()


@pytest.mark.parametrize(("name", "size", "least_s"), [("film-01", (1280, 720), 20), ("film-02", (1920, 1080), 8)])
def test_films_move_cut_and_sound(items, name, size, least_s):
    with av.open(io.BytesIO(named(items, name).data), format="mp4") as film:
        assert film.metadata["comment"] == named(items, name).marker.decode()
        assert {stream.codec_context.name for stream in film.streams} == {"h264", "aac"}
        assert film.duration / av.time_base >= least_s
        grey = [
            cv2.resize(frame.to_ndarray(format="gray"), (64, 36)).astype(int)
            for number, frame in enumerate(film.decode(video=0))
            if number % 4 == 0
        ]
        assert (film.streams.video[0].width, film.streams.video[0].height) == size
    changes = [float(np.abs(a - b).mean()) for a, b in pairwise(grey)]
    assert np.median(changes) > 0.2, "nothing moves"
    assert sorted(changes)[-3] > 4 * np.median(changes), "no cuts"
    with av.open(io.BytesIO(named(items, name).data), format="mp4") as film:
        heard = max(float(np.abs(frame.to_ndarray()).max()) for frame in film.decode(audio=0))
    assert heard > 0.1


def test_the_wave_file_plays(items):
    item = named(items, "sound-01")
    with wave.open(io.BytesIO(item.data)) as sound:
        assert sound.getnchannels() == 1
        assert sound.getnframes() / sound.getframerate() > 10
        assert item.marker in sound.readframes(sound.getnframes())
    assert item.data.count(item.marker) == 2


def test_the_chats_are_text(items):
    for name in ("chat-01", "chat-02"):
        assert len(named(items, name).data.decode().splitlines()) > 30


def test_what_cannot_open_cannot_and_what_lies_lies(items):
    damaged, liar, unknown = (named(items, name) for name in ("picture-07", "picture-08", "file-01"))
    for item in (damaged, unknown):
        assert not item.opens
        with pytest.raises((UnidentifiedImageError, OSError)):
            Image.open(io.BytesIO(item.data)).load()
        assert cv2.imdecode(np.frombuffer(item.data, np.uint8), cv2.IMREAD_COLOR) is None
    assert liar.opens
    assert liar.declared_format != liar.format


def test_words_are_neutral(items):
    now = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)
    words = [item.claim for item in items] + [fact for item in items for fact in item.forewarning]
    words += [case.referral.claim for case in referrals(now)]
    assert all(words)
    assert not [text for text in words if "!" in text]
    assert json.dumps(words).isascii()
