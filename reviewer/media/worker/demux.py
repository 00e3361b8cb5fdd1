"""Opening containers of sound and moving pictures: one demuxer, chosen by the bytes, and nothing it could refer to."""

from __future__ import annotations

import math
import time
from typing import cast

import av
from av.container import InputContainer
from av.stream import Stream

from reviewer.media.formats import Format
from reviewer.media.worker.failures import Unshowable, damaged
from reviewer.media.worker.source import RangeFailed, RangeSource

# Only the demuxer that the bytes call for: a crafted playlist is otherwise a way to somewhere else.
DEMUXERS: dict[Format, str] = {
    Format.MP4: "mov",
    Format.MOV: "mov",
    Format.M4A: "mov",
    Format.THREE_GP: "mov",
    Format.MKV: "matroska",
    Format.WEBM: "matroska",
    Format.AVI: "avi",
    Format.FLV: "flv",
    Format.TS: "mpegts",
    Format.MPEG: "mpeg",
    Format.WMV: "asf",
    Format.WMA: "asf",
    Format.OGV: "ogg",
    Format.OGG: "ogg",
    Format.OPUS: "ogg",
    Format.MP3: "mp3",
    Format.FLAC: "flac",
    Format.WAV: "wav",
    Format.AMR: "amr",
    Format.AAC: "aac",
}
_WHITELIST = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,flv,mpegts,mpeg,asf,ogg,mp3,flac,wav,amr,aac"
_READING_S = 0.25
_LATEST_START_S = 3600.0
_OPTIONS = {"format_whitelist": _WHITELIST, "protocol_whitelist": "", "max_streams": "64"}


def open_container(source: RangeSource, form: Format) -> InputContainer:
    """Open with the one demuxer for `form`. Raises DAMAGED for what the demuxer refuses."""
    source.seek(0)
    try:
        container = av.open(
            source, format=DEMUXERS[form], options=_OPTIONS, metadata_errors="ignore", buffer_size=1 << 16
        )
    except (av.FFmpegError, ValueError, OverflowError) as error:
        raise_source_error(error)
        raise damaged() from None
    return cast(InputContainer, container)


def duration_of(container: InputContainer) -> float:
    """Seconds, -1.0 when the file does not say."""
    if container.duration is not None and container.duration > 0:
        return float(container.duration) / av.time_base
    known = [float(s.duration * s.time_base) for s in container.streams if s.duration and s.time_base]
    return max(known, default=-1.0)


def read_length(source: RangeSource, form: Format) -> tuple[float, bool]:
    """(seconds, complete): how long the file is by reading it through, for a quarter of a second at most.

    If that is not enough the length is estimated from how much was read. -1.0 where nothing can be told.
    """
    deadline = time.monotonic() + _READING_S
    first, last = math.inf, -math.inf
    try:
        with open_container(source, form) as container:
            for packet in container.demux():
                if packet.pts is None or packet.time_base is None:
                    continue
                first = min(first, float(packet.pts * packet.time_base))
                last = max(last, float((packet.pts + (packet.duration or 0)) * packet.time_base))
                if time.monotonic() > deadline:
                    read = source.tell()
                    return ((last - first) * source.size / read if read else -1.0), False
    except (Unshowable, av.FFmpegError, ValueError) as error:
        raise_source_error(error)
    return (last - first, True) if last > first else (-1.0, False)


def origin_of(container: InputContainer, stream: Stream) -> float | None:
    """The time in the file, in seconds, that counts as 0 for `stream`; None if the file does not say.

    The same for sound and pictures of one file, so that they stay together: where its earliest stream begins. A stream
    that begins hours after that has a clock of its own.
    """
    if stream.start_time is None or stream.time_base is None:
        return None
    own = float(stream.start_time * stream.time_base)
    if container.start_time is None:
        return own
    whole = float(container.start_time) / av.time_base
    return whole if 0.0 <= own - whole <= _LATEST_START_S else own


def raise_source_error(error: BaseException) -> None:
    """PyAV wraps or passes on what our source raised; a failed range is the broker's to explain, not damage."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, RangeFailed):
            raise seen
        seen = seen.__cause__ or seen.__context__
