"""Synthetic sound for the tests, made in memory: tones, noise, and something with the rhythm of speech but no words."""

from __future__ import annotations

import functools
import io
from fractions import Fraction

import av
import numpy as np
from av.subtitles.subtitle import SubtitleSet
from numpy.typing import NDArray

Wave = NDArray[np.float32]


def tone(seconds: float, hertz: float = 440.0, *, rate: int = 48_000, loud: float = 0.5) -> Wave:
    at = np.arange(int(seconds * rate)) / rate
    return (np.sin(2 * np.pi * hertz * at) * loud).astype(np.float32)


def noise(seconds: float, *, rate: int = 48_000, loud: float = 0.3) -> Wave:
    return (np.random.default_rng(1).uniform(-1, 1, int(seconds * rate)) * loud).astype(np.float32)


def silence(seconds: float, *, rate: int = 48_000) -> Wave:
    return np.zeros(int(seconds * rate), np.float32)


@functools.cache
def babble(seconds: float, *, rate: int = 48_000) -> Wave:
    """A buzz of harmonics under three moving resonances, swelling four times a second, with hissed beginnings."""
    count = int(seconds * rate)
    at = np.arange(count) / rate
    pitch = 120 + 15 * np.sin(2 * np.pi * 0.7 * at)
    phase = 2 * np.pi * np.cumsum(pitch) / rate
    voice = np.zeros(count)
    for number in range(1, 30):
        hertz = number * pitch
        shape = sum(
            np.exp(-(((hertz - place - swing * np.sin(2 * np.pi * 1.7 * at)) / 180) ** 2)) * weight
            for place, swing, weight in ((600, 200, 1.0), (1500, 400, 0.6), (2600, 200, 0.3))
        )
        voice += np.sin(number * phase) * (shape + 0.01)
    syllable = np.clip(np.sin(2 * np.pi * 4.0 * at), 0, None)
    hiss = np.random.default_rng(2).normal(0, 1, count) * (np.sin(2 * np.pi * 4.0 * at + 1.2) > 0.9)
    wave = voice * syllable + 0.1 * hiss
    return (wave / np.abs(wave).max() * 0.6).astype(np.float32)


def ticks(seconds: float, every_s: float = 1.0, *, rate: int = 48_000) -> Wave:
    """Silence with a 20 ms burst of 1 kHz at each multiple of `every_s`, the first at `every_s`: a ruler for times."""
    wave = silence(seconds, rate=rate)
    burst = tone(0.02, 1000.0, rate=rate, loud=0.8)
    for number in range(1, int(np.ceil(seconds / every_s))):
        start = round(number * every_s * rate)
        wave[start : start + len(burst)] = burst[: max(0, len(wave) - start)]
    return wave


FORMATS: dict[str, tuple[str, str, int]] = {
    "mp3": ("mp3", "libmp3lame", 44_100),
    "m4a": ("ipod", "aac", 48_000),
    "ogg": ("ogg", "libvorbis", 48_000),
    "opus": ("opus", "libopus", 48_000),
    "flac": ("flac", "flac", 44_100),
    "wav": ("wav", "pcm_s16le", 22_050),
    "amr": ("amr", "libopencore_amrnb", 8_000),
    "wma": ("asf", "wmav2", 44_100),
    "aac": ("adts", "aac", 32_000),
}
"""The name a format is known by: (container, encoder, rate)."""


def encoded(name: str, wave: Wave, rate: int, *, tags: dict[str, str] | None = None, channels: int = 1) -> bytes:
    """`wave` (mono, at `rate`) in one of `FORMATS`, at the format's own rate."""
    container, codec, native = FORMATS[name]
    return in_container(container, codec, native, wave, rate, tags=tags, channels=channels)


def in_container(
    container: str,
    codec: str,
    native: int,
    wave: Wave,
    rate: int,
    *,
    tags: dict[str, str] | None = None,
    channels: int = 1,
    options: dict[str, str] | None = None,
) -> bytes:
    if codec in ("libvorbis", "libopus") and codec not in av.codecs_available:
        codec = codec.removeprefix("lib")
    out = io.BytesIO()
    with av.open(out, "w", format=container, options=options or {}) as file:
        file.metadata.update(tags or {})
        layout = "stereo" if channels == 2 or codec == "vorbis" else "mono"
        stream = file.add_stream(codec, rate=native, layout=layout)
        if codec in ("wmav1", "wmav2"):
            stream.codec_context.bit_rate = 128_000
        if codec in ("vorbis", "opus"):
            stream.codec_context.options = {"strict": "experimental"}
        encode(file, stream, wave, rate)
    return out.getvalue()


def encode(file: av.container.OutputContainer, stream: av.AudioStream, wave: Wave, rate: int) -> None:
    context = stream.codec_context
    context.open(strict=False)
    resampler = av.AudioResampler(
        format=context.format, layout=context.layout, rate=context.rate, frame_size=context.frame_size or 1024
    )
    for first in range(0, len(wave), rate):
        piece = np.ascontiguousarray(wave[None, first : first + rate])
        frame = av.AudioFrame.from_ndarray(piece, format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = rate, first, Fraction(1, rate)
        for part in resampler.resample(frame):
            file.mux(stream.encode(part))
    for part in resampler.resample(None):
        file.mux(stream.encode(part))
    file.mux(stream.encode(None))


def with_cues(
    container: str, codec: str, cues: list[tuple[float, str]], *, sound: str = "aac", picture: bool = False
) -> bytes:
    """Three seconds of tone, and `cues` (second, words in ASS) as a stream of subtitles."""
    out = io.BytesIO()
    millisecond = Fraction(1, 1000)
    with av.open(out, "w", format=container) as file:
        if picture:
            pictures = file.add_stream("mpeg4", rate=25)
            pictures.width = pictures.height = 64
        heard = file.add_stream(sound, rate=48_000, layout="mono")
        read = file.add_stream(codec)
        read.codec_context.subtitle_header = STYLES
        read.codec_context.time_base = read.time_base = millisecond
        if picture:
            for _ in range(75):
                file.mux(pictures.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="bgr24")))
            file.mux(pictures.encode(None))
        encode(file, heard, tone(3.0), 48_000)
        for number, (second, words) in enumerate(cues):
            event = f"{number},0,Default,,0,0,0,,{words}".encode()
            packet = read.codec_context.encode_subtitle(SubtitleSet.create(event, 0, 500, int(second * 1000)))
            packet.stream, packet.time_base = read, millisecond
            packet.pts = packet.dts = int(second * 1000)
            packet.duration = 500
            file.mux(packet)
    return out.getvalue()


STYLES = (
    b"[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize\nStyle: Default,Arial,16\n\n"
    b"[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
)


def amr_wideband_silence(frames: int) -> bytes:
    """AMR-WB by hand (RFC 4867, section 5): frames of 6.60 kbit/s, 20 ms each, whose every bit is zero."""
    return b"#!AMR-WB\n" + (bytes([4]) + bytes(17)) * frames


def id3_tag(frames: dict[str, bytes]) -> bytes:
    """An ID3v2.3 tag of raw frames."""
    body = b"".join(name.encode() + len(data).to_bytes(4, "big") + b"\0\0" + data for name, data in frames.items())
    size = bytes((len(body) >> shift) & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\3\0\0" + size + body


def lyrics_frame(text: str) -> bytes:
    """The inside of a USLT frame: encoding, language, no description, text."""
    return b"\1eng" + "\0".encode("utf-16") + text.encode("utf-16")


def cover_frame(picture: bytes) -> bytes:
    """The inside of an APIC frame: a front cover."""
    return b"\0image/png\0\3\0" + picture
