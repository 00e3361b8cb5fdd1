"""Long films for measuring, from a few seconds of encoding: groups of pictures repeated by the muxer."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import av
import cv2
import numpy as np
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

RATE = 25


@dataclass(frozen=True, slots=True)
class Picture:
    """One encoded picture; times in frames from the start of its group."""

    data: bytes
    pts: int
    dts: int
    key: bool


def groups(width: int, height: int, count: int, *, frames: int = RATE) -> list[list[Picture]]:
    """`count` groups of H.264 pictures, each another abstract pattern that wanders, each decodable by itself."""
    encoder = av.CodecContext.create("libx264", "w")
    assert isinstance(encoder, VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base, encoder.framerate = Fraction(1, RATE), Fraction(RATE)
    encoder.options = {"preset": "superfast", "crf": "26", "g": str(frames), "sc_threshold": "0"}
    packets = []
    base = np.zeros(0, np.uint8)
    for index in range(count * frames):
        if index % frames == 0:
            coarse = np.random.default_rng(index).integers(0, 255, (height // 30, width // 30, 3), np.uint8)
            base = np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)
        moved = np.ascontiguousarray(np.roll(base, -6 * (index % frames), axis=1))
        frame = av.VideoFrame.from_ndarray(moved, format="bgr24").reformat(format="yuv420p")
        frame.pts, frame.time_base = index, Fraction(1, RATE)
        packets += encoder.encode(frame)
    packets += encoder.encode(None)
    found: list[list[Picture]] = []
    first = 0
    for packet in packets:
        if packet.is_keyframe:
            first = packet.pts or 0
            found.append([])
        times = (packet.pts or 0) - first, (packet.dts or 0) - first
        found[-1].append(Picture(bytes(packet), *times, packet.is_keyframe))
    return found


def film(pictures: Sequence[Sequence[Picture]], order: Sequence[int], *, width: int, height: int) -> bytes:
    """An MP4 file that plays the groups in that `order`."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=RATE)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        start = 0
        for group in order:
            for picture in pictures[group]:
                packet = av.Packet(picture.data)
                packet.stream, packet.time_base = stream, Fraction(1, RATE)
                packet.pts, packet.dts = start + picture.pts, start + picture.dts
                packet.duration, packet.is_keyframe = 1, picture.key
                container.mux(packet)
            start += len(pictures[group])
    return out.getvalue()
