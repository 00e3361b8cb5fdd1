"""Sound and transcripts, run once before sealing: decoding, resampling, the filter, the outline, subtitles."""

from __future__ import annotations

import io
from collections.abc import Callable
from fractions import Fraction

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.subtitles.stream import SubtitleStream
from av.subtitles.subtitle import SubtitleSet

from reviewer.media.formats import Format
from reviewer.media.outlines import SOUND_RATE, TextOf
from reviewer.media.worker.audio import AudioItem
from reviewer.media.worker.source import RangeSource

_KEPT: dict[str, bytes] = {}
_RATE = 48_000
_MILLISECOND = Fraction(1, 1000)
_STYLES = b"[Script Info]\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize\nStyle: Default,Arial,16\n[Events]\n"


def sounds(source_of: Callable[[bytes], RangeSource]) -> None:
    _KEPT["sound"] = _sound("mp4", "aac", words=True)
    once_more(source_of)
    for form, container, codec in (
        (Format.MP3, "mp3", "libmp3lame"),
        (Format.OPUS, "opus", "libopus"),
        (Format.FLAC, "flac", "flac"),
    ):
        if codec in av.codecs_available:
            _listen(AudioItem(source_of(_sound(container, codec)), form))


def once_more(source_of: Callable[[bytes], RangeSource]) -> None:
    item = AudioItem(source_of(_KEPT["sound"]), Format.M4A)
    _listen(item)
    item.outline(TextOf.TRANSCRIPT)


def _listen(item: AudioItem) -> None:
    item.facts()
    item.sound_outline(8)
    reader = item.sound(0.1, muffled=True)
    reader.read(SOUND_RATE)
    reader.close()


def _sound(container: str, codec: str, *, words: bool = False) -> bytes:
    """A fifth of a second of a falling tone, with a cue of subtitles if the container takes `words`."""
    wave = np.sin(np.cumsum(np.linspace(0.2, 0.01, _RATE // 5))).astype(np.float32)
    out = io.BytesIO()
    with av.open(out, "w", format=container) as file:
        stream = file.add_stream(codec, rate=_RATE, layout="stereo")
        assert isinstance(stream, AudioStream)
        context = stream.codec_context
        subtitles = _subtitles(file) if words else None
        context.open(strict=False)
        resampler = av.AudioResampler(context.format, context.layout, _RATE, context.frame_size or 1024)
        frame = av.AudioFrame.from_ndarray(wave[None, :], format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = _RATE, 0, Fraction(1, _RATE)
        for part in (*resampler.resample(frame), *resampler.resample(None)):
            file.mux(stream.encode(part))
        file.mux(stream.encode(None))
        if subtitles is not None:
            cue = SubtitleSet.create(b"0,0,Default,,0,0,0,,words", 0, 150, 0)
            packet = subtitles.codec_context.encode_subtitle(cue)
            packet.stream, packet.time_base = subtitles, _MILLISECOND
            packet.pts, packet.dts, packet.duration = 0, 0, 150
            file.mux(packet)
    return out.getvalue()


def _subtitles(file: OutputContainer) -> SubtitleStream:
    stream = file.add_stream("mov_text")
    assert isinstance(stream, SubtitleStream)
    stream.time_base = stream.codec_context.time_base = _MILLISECOND
    stream.codec_context.subtitle_header = _STYLES
    return stream
