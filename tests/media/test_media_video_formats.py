"""Every codec and container that arrives, through a real sealed worker: the right frame, upright, in range."""

from __future__ import annotations

import io
from collections.abc import Iterator

import cv2
import media_samples as samples
import numpy as np
import pytest
import video_samples as films
from video_samples import Film

from reviewer.media.broker import Broker
from reviewer.media.frames import Frame
from reviewer.model.errors import UnsupportedFormat
from reviewer.model.levels import Kind, Level

_QUICK = {
    "libvpx": {"deadline": "realtime", "cpu-used": "8"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8"},
    "libsvtav1": {"preset": "12"},
    "libx264": {"preset": "ultrafast"},
    "libx265": {"preset": "ultrafast", "x265-params": "log-level=none"},
}
_LAYOUT = {"mjpeg": "yuvj420p", "prores_ks": "yuv422p10le"}

# codec, container as libavformat calls it, what the content is found to be
KINDS = [
    ("libx264", "mp4", "mp4"),
    ("libx264", "mov", "mov"),
    ("libx264", "matroska", "mkv"),
    ("libx264", "avi", "avi"),
    ("libx264", "flv", "flv"),
    ("libx264", "3gp", "3gp"),
    ("libx264", "mpegts", "ts"),
    ("libx265", "mp4", "mp4"),
    ("libx265", "mov", "mov"),
    ("libx265", "matroska", "mkv"),
    ("libx265", "mpegts", "ts"),
    ("libvpx", "webm", "webm"),
    ("libvpx", "matroska", "mkv"),
    ("libvpx-vp9", "webm", "webm"),
    ("libvpx-vp9", "mp4", "mp4"),
    ("libsvtav1", "mp4", "mp4"),
    ("libsvtav1", "matroska", "mkv"),
    ("libsvtav1", "webm", "webm"),
    ("mpeg2video", "mpegts", "ts"),
    ("mpeg2video", "mpeg", "mpeg"),
    ("mpeg2video", "mov", "mov"),
    ("mpeg4", "mp4", "mp4"),
    ("mpeg4", "avi", "avi"),
    ("mpeg4", "mov", "mov"),
    ("mpeg4", "3gp", "3gp"),
    ("mpeg4", "mpegts", "ts"),
    ("mjpeg", "avi", "avi"),
    ("mjpeg", "mov", "mov"),
    ("prores_ks", "mov", "mov"),
    ("wmv1", "asf", "wmv"),
    ("wmv2", "asf", "wmv"),
    ("msmpeg4v2", "avi", "avi"),
    ("msmpeg4v3", "avi", "avi"),
    ("flv", "flv", "flv"),
    ("h263", "3gp", "3gp"),
]


def kinds() -> Iterator[object]:
    """In the usual run those of a codec or a container that has not been before; each is decoded, and read, as ever."""
    codecs, forms = set[str](), set[str]()
    for codec, container, form in KINDS:
        again = codec in codecs and form in forms
        codecs.add(codec)
        forms.add(form)
        yield pytest.param(codec, container, form, id=f"{codec}-{form}", marks=pytest.mark.matrix if again else ())


def number(frame: Frame) -> int:
    return films.number_on(films.grey_of(frame.data, frame.height, frame.stride, frame.width))


def grey(frame: Frame) -> np.ndarray:
    return films.grey_of(frame.data, frame.height, frame.stride, frame.width)


@pytest.mark.parametrize(("codec", "container", "form"), list(kinds()))
def test_the_frame_at_a_time_in_every_codec_and_container(
    broker: Broker, codec: str, container: str, form: str
) -> None:
    if not films.can_encode(codec):
        pytest.skip(f"no encoder {codec} here to make a sample with")
    film = Film(codec, container, _LAYOUT.get(codec, "yuv420p"), _QUICK.get(codec, {}))
    item = broker.open(io.BytesIO(films.counting(30, film, width=352, height=288)))
    facts = item.facts
    shown = {at: item.clear(max_width=352, max_height=288, grey=True, at_s=at / 25) for at in (17, 0, 5, 29, 16)}
    veiled = item.blurred(at_s=0.4)
    playing = item.play(start_s=0.8, level=Level.CLEAR, grey=True, max_width=352, max_height=288)
    played = []
    while (frame := playing.next()) is not None:
        played.append(number(frame))
    item.close()
    width = 384 if codec == "h263" else 352  # its pixels are wider than high
    assert (facts.kind, facts.format, facts.width, facts.height) == (Kind.VIDEO, form, width, 288)
    assert facts.duration_s == pytest.approx(1.2, abs=0.2)
    assert {at: number(frame) for at, frame in shown.items()} == {at: at for at in shown}
    assert all(frame.time_s == pytest.approx(at / 25, abs=0.005) for at, frame in shown.items())
    assert veiled.time_s == pytest.approx(0.4, abs=0.005)
    assert played == list(range(20, 30))


@pytest.mark.parametrize("across", [False, True])
@pytest.mark.parametrize("down", [False, True])
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_turns_and_mirrorings_of_the_display_matrix_are_undone(
    broker: Broker, rotation: int, across: bool, down: bool
) -> None:
    """What a display does with the matrix: (x, y) goes to (a x + c y, b x + d y)."""
    stored = samples.quarters(160, 240)
    turns = [None, cv2.ROTATE_90_COUNTERCLOCKWISE, cv2.ROTATE_180, cv2.ROTATE_90_CLOCKWISE]
    matrix = (rotation, across, down)
    item = broker.open(io.BytesIO(films.encoded([stored] * 3, Film(options=_QUICK["libx264"], matrix=matrix))))
    still = grey(item.clear(max_width=240, max_height=240, grey=True))
    playing = item.play(start_s=0.0, level=Level.CLEAR, grey=True, max_width=240, max_height=240)
    moving = grey(playing.next())
    facts = item.facts
    item.close()
    turn = turns[rotation // 90]
    upright = stored if turn is None else cv2.rotate(stored, turn)
    upright = cv2.flip(upright, 1) if across else upright
    upright = cv2.flip(upright, 0) if down else upright
    expected = cv2.cvtColor(upright, cv2.COLOR_BGR2GRAY)
    assert (facts.height, facts.width) == expected.shape
    for shown in (still, moving):
        assert shown.shape == expected.shape
        assert np.abs(shown.astype(int) - expected).mean() < 8


def test_variable_frame_rate_shows_each_frame_until_the_next_begins(broker: Broker) -> None:
    times = [0.0, 0.04, 0.08, 0.5, 0.52, 1.7, 1.72, 1.74, 3.0]
    for container in ("mp4", "matroska", "flv"):
        film = Film(container=container, options=_QUICK["libx264"] | {"bf": "0"}, times=times)
        item = broker.open(io.BytesIO(films.counting(len(times), film)))
        for at_s, index in ((0.3, 2), (0.51, 3), (1.0, 4), (1.69, 4), (1.705, 5), (2.9, 7), (0.06, 1), (0.0, 0)):
            frame = item.clear(max_width=320, max_height=240, grey=True, at_s=at_s)
            assert (number(frame), frame.time_s) == (index, pytest.approx(times[index], abs=0.002)), (container, at_s)
        playing = item.play(start_s=0.0, level=Level.BLURRED, grey=True, max_width=9, max_height=9)
        played = []
        while (frame := playing.next()) is not None:
            played.append(frame.time_s)
        item.close()
        assert played == pytest.approx(times, abs=0.002), container


@pytest.mark.parametrize("begins", [0.0, 7.5, 2000.0])
def test_a_film_that_begins_late_on_its_own_clock_begins_at_nought_here(broker: Broker, begins: float) -> None:
    film = Film(container="mpegts", options=_QUICK["libx264"], times=[begins + index / 25 for index in range(30)])
    item = broker.open(io.BytesIO(films.counting(30, film)))
    first, later = item.blurred(), item.clear(max_width=320, max_height=240, grey=True, at_s=0.6)
    again = item.blurred(at_s=0.0)
    item.close()
    assert first.time_s == again.time_s == pytest.approx(0.0, abs=0.001)
    assert (number(later), later.time_s) == (15, pytest.approx(0.6, abs=0.001))


def test_a_film_without_a_duration_gets_one_by_reading_it(broker: Broker) -> None:
    """Matroska written to something that cannot be sought in, as a screen recorder that was killed leaves it."""
    data = films.counting(50, Film(container="matroska", options=_QUICK["libx264"] | {"live": "1"}))
    cut = without_duration(data)
    item = broker.open(io.BytesIO(cut))
    cells = item.storyboard()
    frame = item.clear(max_width=320, max_height=240, grey=True, at_s=1.4)
    item.close()
    assert item.facts.duration_s == pytest.approx(2.0, abs=0.1)
    assert number(frame) == 35
    assert len(cells) > 3


def without_duration(matroska: bytes) -> bytes:
    """The Duration element (44 89, eight bytes) becomes Void."""
    at = matroska.index(b"\x44\x89\x88")
    return matroska[:at] + b"\xec\x89" + bytes(9) + matroska[at + 11 :]


def test_sound_only_and_a_cover_are_no_pictures(broker: Broker) -> None:
    item = broker.open(io.BytesIO(with_cover()))
    facts = item.facts
    viewable = item.viewable
    item.close()
    assert facts.has_sound
    assert not viewable
    assert (facts.width, facts.height) == (None, None)
    with pytest.raises(UnsupportedFormat):
        item.storyboard()


def with_cover() -> bytes:
    import av

    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as file:
        cover = file.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 64, 64, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        audio = file.add_stream("aac", rate=48000)
        for packet in cover.encode(av.VideoFrame.from_ndarray(samples.pattern(64, 64), format="bgr24")):
            file.mux(packet)
        for index in range(40):
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
            frame.sample_rate, frame.pts = 48000, index * 1024
            file.mux(audio.encode(frame))
        file.mux(audio.encode(None))
    return out.getvalue()


def test_of_several_pictures_the_usual_one_is_shown(broker: Broker) -> None:
    import av

    out = io.BytesIO()
    with av.open(out, "w", format="matroska") as file:
        streams = []
        for width, height in ((64, 48), (320, 240)):
            stream = file.add_stream("mpeg4", rate=25)
            stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
            streams.append(stream)
        for index in range(10):
            for stream in streams:
                picture = films.counted(index, stream.width, stream.height)
                file.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        for stream in streams:
            file.mux(stream.encode(None))
    item = broker.open(io.BytesIO(out.getvalue()))
    frame = item.clear(max_width=320, max_height=240, grey=True, at_s=0.2)
    item.close()
    assert (item.facts.width, item.facts.height) == (320, 240)
    assert number(frame) == 5


def test_a_codec_nobody_knows_is_unsupported_and_the_item_stays_decidable(broker: Broker) -> None:
    data = films.counting(10, Film("mpeg4", "avi")).replace(b"FMP4", b"zq17").replace(b"fmp4", b"zq17")
    item = broker.open(io.BytesIO(data))
    assert item.facts.kind is Kind.VIDEO
    with pytest.raises(UnsupportedFormat):
        item.blurred()
    item.close()


@pytest.mark.parametrize(
    ("pix_fmt", "codec", "full"),
    [
        ("yuv420p", "libx264", False),
        ("yuv420p", "libx264", True),
        ("yuv420p10le", "libx265", False),
        ("yuv422p10le", "prores_ks", False),
        ("yuv444p", "libx264", False),
        ("yuvj420p", "mjpeg", True),
    ],
)
def test_grey_stays_the_same_grey_whatever_the_range_and_depth(
    broker: Broker, pix_fmt: str, codec: str, full: bool
) -> None:
    wedge = np.repeat(np.linspace(0, 255, 321).astype(np.uint8)[None, :, None], 3, 2).repeat(243, 0)
    wedge = wedge[: 242 if "420" in pix_fmt else 243, : 320 if pix_fmt != "yuv444p" else 321]
    container = "mov" if codec == "prores_ks" else "mp4"
    film = Film(codec, container, pix_fmt, _QUICK.get(codec, {}), full_range=full)
    item = broker.open(io.BytesIO(films.encoded([wedge] * 4, film)))
    box = {"max_width": 640, "max_height": 640}
    still = item.clear(grey=True, **box)
    colours = item.clear(grey=False, **box)
    playing = item.play(start_s=0.0, level=Level.CLEAR, grey=True, **box)
    moving = playing.next()
    playing = item.play(start_s=0.0, level=Level.CLEAR, grey=False, **box)
    moving_colours = playing.next()
    blurred = item.blurred()
    item.close()
    expected = wedge[120, :, 0].astype(int)
    for frame in (still, moving):
        assert np.abs(grey(frame)[120] - expected).max() <= 6
    for frame in (colours, moving_colours):
        row = films.grey_of(frame.data, frame.height, frame.stride, frame.width * 4)[120].reshape(-1, 4)[:, :3]
        assert np.abs(row.astype(int) - expected[:, None]).max() <= 8
    soft = grey(blurred)[60]
    assert soft[0] <= 8
    assert soft[-1] >= 247


def test_odd_sizes_and_pixels_that_are_not_square(broker: Broker) -> None:
    for width, height in ((33, 17), (321, 243), (7, 301)):
        film = Film("ffv1", "matroska", "yuv420p")
        item = broker.open(io.BytesIO(films.encoded([samples.quarters(width, height)] * 3, film)))
        for level in (Level.BLURRED, Level.DRAWING, Level.CLEAR):
            playing = item.play(start_s=0.0, level=level, grey=False, max_width=width, max_height=height)
            frame = playing.next()
            assert frame is not None
            assert frame.width <= width
            assert frame.height <= height
        item.close()
        assert (item.facts.width, item.facts.height) == (width, height)


def test_interlaced_film_is_shown_with_both_its_fields(broker: Broker) -> None:
    film = Film("mpeg2video", "mpegts", options={"flags": "+ildct+ilme", "top": "1"})
    item = broker.open(io.BytesIO(films.counting(30, film)))
    frame = item.clear(max_width=320, max_height=240, grey=True, at_s=0.6)
    item.close()
    assert (frame.height, number(frame)) == (240, 15)
