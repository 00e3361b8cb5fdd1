"""Video through the real broker and a real sealed worker: frames at a time, storyboard, playback."""

from __future__ import annotations

import io

import cv2
import media_samples as samples
import numpy as np
import pytest

from reviewer.media.broker import Broker
from reviewer.media.frames import Frame, PixelFormat, Region
from reviewer.model.errors import DamagedMedia, UnsupportedFormat
from reviewer.model.levels import Kind, Level


def numbered(count: int, *, width: int = 320, height: int = 240, scene: int = 25) -> list[np.ndarray]:
    """Frame i is a flat grey that names i (i modulo 50), with a scene's bars: 1 bar, 2 bars, ..."""
    frames = []
    for index in range(count):
        picture = np.full((height, width, 3), 20 + 4 * (index % 50), np.uint8)
        bars = index // scene + 1
        for bar in range(bars):
            left = int((bar + 0.5) * width / bars) - 4
            picture[:, left : left + 8] = 255
        frames.append(picture)
    return frames


def corner(frame: Frame) -> float:
    return float(frame.data[frame.stride * (frame.height // 2) + (2 if frame.pixel_format == 1 else 8)])


def test_facts_of_a_video(broker: Broker) -> None:
    item = broker.open(io.BytesIO(samples.video(samples.moving(640, 360, 50), sound=True)), declared_format="mov")
    facts = item.facts
    item.close()
    assert (facts.kind, facts.format, facts.mismatch) == (Kind.VIDEO, "mp4", True)
    assert (facts.width, facts.height, facts.has_sound) == (640, 360, True)
    assert facts.duration_s == pytest.approx(2.0, abs=0.1)


@pytest.mark.parametrize("at_s", [0.0, 0.4, 1.0, 1.96, 0.52, 0.04])
def test_the_frame_at_a_time_is_the_one_on_screen_then(broker: Broker, at_s: float) -> None:
    item = broker.open(io.BytesIO(samples.video(numbered(50))))
    clear = item.clear(max_width=320, max_height=240, grey=True, at_s=at_s)
    blurred = item.blurred(at_s=at_s)
    item.close()
    assert clear.time_s == pytest.approx(at_s, abs=0.021)
    assert blurred.time_s == clear.time_s
    assert corner(clear) == pytest.approx(20 + 4 * round(at_s * 25), abs=6)


def test_a_lens_in_a_video_returns_its_region_only(broker: Broker) -> None:
    item = broker.open(io.BytesIO(samples.video(samples.moving(640, 360, 10))))
    frame = item.lens(Region(0.5, 0.5, 0.25, 0.25), max_width=4000, max_height=4000, grey=False)
    item.close()
    assert (frame.width, frame.height, frame.pixel_format) == (160, 90, PixelFormat.BGRX32)


@pytest.mark.parametrize(("rotation", "turn"), [(90, cv2.ROTATE_90_CLOCKWISE), (-90, cv2.ROTATE_90_COUNTERCLOCKWISE)])
def test_rotation_metadata_is_undone(broker: Broker, rotation: int, turn: int) -> None:
    stored = cv2.rotate(samples.quarters(240, 320), turn)
    item = broker.open(io.BytesIO(samples.video([stored] * 5, rotation=rotation)))
    frame = item.clear(max_width=320, max_height=320, grey=True)
    item.close()
    assert (item.facts.width, item.facts.height) == (240, 320)
    rows = np.frombuffer(frame.data, np.uint8).reshape(frame.height, frame.stride)
    assert (frame.width, frame.height) == (240, 320)
    assert rows[80, 60] > 220
    assert 120 < rows[240, 60] < 180
    assert rows[80, 180] < 80


def test_playing_gives_every_frame_in_order_and_then_none(broker: Broker) -> None:
    item = broker.open(io.BytesIO(samples.video(numbered(40))))
    playing = item.play(start_s=0.4, level=Level.BLURRED, grey=True, max_width=800, max_height=600)
    frames = []
    while (frame := playing.next()) is not None:
        frames.append(frame)
    playing.close()
    item.close()
    assert [round((f.time_s or 0) * 25) for f in frames] == list(range(10, 40))
    assert all((f.width, f.height, f.pixel_format) == (160, 120, PixelFormat.GREY8) for f in frames)


def test_late_frames_are_skipped(broker: Broker) -> None:
    item = broker.open(io.BytesIO(samples.video(numbered(40))))
    playing = item.play(start_s=0.0, level=Level.DRAWING, grey=True, max_width=800, max_height=600)
    playing.next()
    late = playing.next(not_before_s=1.0)
    after = playing.next()
    item.close()
    assert late is not None
    assert after is not None
    assert (late.time_s, after.time_s) == (pytest.approx(1.0), pytest.approx(1.04))


def test_a_reveal_in_the_middle_does_not_disturb_playing(broker: Broker) -> None:
    item = broker.open(io.BytesIO(samples.video(numbered(50))))
    playing = item.play(start_s=0.0, level=Level.CLEAR, grey=False, max_width=160, max_height=160)
    shown = [playing.next() for _ in range(5)]
    still = item.clear(max_width=320, max_height=240, grey=True, at_s=shown[-1].time_s or 0.0)
    far = item.clear(max_width=320, max_height=240, grey=True, at_s=1.6)
    shown += [playing.next() for _ in range(5)]
    item.close()
    assert still.time_s == pytest.approx(0.16)
    assert far.time_s == pytest.approx(1.6)
    assert [round((f.time_s or 0) * 25) for f in shown] == list(range(10))
    assert shown[0].pixel_format is PixelFormat.BGRX32
    assert (shown[0].width, shown[0].height) == (160, 120)


def test_a_new_stream_ends_the_old_one(broker: Broker) -> None:
    item = broker.open(io.BytesIO(samples.video(numbered(40))))
    old = item.play(start_s=0.0, level=Level.BLURRED, grey=True, max_width=99, max_height=99)
    assert old.next() is not None
    new = item.play(start_s=1.0, level=Level.BLURRED, grey=True, max_width=99, max_height=99)
    assert old.next() is None
    old.close()
    frame = new.next()
    item.close()
    assert frame is not None
    assert frame.time_s == pytest.approx(1.0)


def test_the_storyboard_has_each_scene_once_in_order(broker: Broker) -> None:
    scenes = [samples.pattern(320, 240, seed) for seed in range(6)]
    frames = [scene for scene in scenes for _ in range(20)] + [scenes[0]] * 20
    item = broker.open(io.BytesIO(samples.video(frames, gop=250)))
    cells = item.storyboard(cells=20)
    item.close()
    times = [cell.time_s or 0.0 for cell in cells]
    assert len(cells) == 6
    assert times == sorted(times)
    assert [int(t / 0.8) for t in times] == [0, 1, 2, 3, 4, 5]
    assert all((c.level, c.pixel_format, c.width) == (Level.BLURRED, PixelFormat.GREY8, 160) for c in cells)


def test_a_storyboard_of_one_scene_is_one_cell_and_pictures_have_none(broker: Broker) -> None:
    item = broker.open(io.BytesIO(samples.video([samples.pattern(320, 240)] * 30)))
    assert len(item.storyboard()) == 1
    item.close()
    still = broker.open(io.BytesIO(samples.jpeg(samples.pattern(64, 64))))
    with pytest.raises(UnsupportedFormat):
        still.storyboard()
    with pytest.raises(UnsupportedFormat):
        still.play(start_s=0, level=Level.CLEAR, grey=True, max_width=9, max_height=9)
    still.close()


def test_a_video_without_its_index_is_damaged_and_stays_decidable(broker: Broker) -> None:
    data = samples.video(samples.moving(640, 360, 50))
    item = broker.open(io.BytesIO(data[: len(data) // 2]), declared_format="mp4")
    assert (item.facts.kind, item.facts.format) == (Kind.VIDEO, "mp4")
    with pytest.raises(DamagedMedia):
        item.blurred()
    with pytest.raises(DamagedMedia):
        item.play(start_s=0, level=Level.BLURRED, grey=True, max_width=9, max_height=9)
    with pytest.raises(DamagedMedia):
        item.storyboard()
    item.close()


def test_a_preview_while_scrubbing_is_the_key_frame_before_and_leaves_playing_where_it_is(broker: Broker) -> None:
    item = broker.open(io.BytesIO(samples.video(numbered(100), gop=25, options={"sc_threshold": "0", "bf": "2"})))
    playing = item.play(start_s=0.0, level=Level.CLEAR, grey=True, max_width=320, max_height=240)
    shown = []
    for preview_s in (3.9, 0.1, 2.2, 1.99, 2.0):
        preview = item.blurred(at_s=preview_s, quick=True)
        assert (preview.level, preview.time_s) == (Level.BLURRED, pytest.approx(int(preview_s), abs=0.001))
        shown.append(playing.next())
    item.close()
    assert [round((f.time_s or 0) * 25) for f in shown if f is not None] == list(range(5))
    assert [corner(f) for f in shown if f is not None] == pytest.approx([20 + 4 * i for i in range(5)], abs=6)


def test_a_preview_of_what_cannot_be_previewed_is_an_ordinary_one(broker: Broker) -> None:
    item = broker.open(io.BytesIO(samples.jpeg(samples.pattern(64, 64))))
    assert item.blurred(quick=True).width == 64
    item.close()
