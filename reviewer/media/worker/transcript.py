"""A transcript that came inside the item: subtitle streams of text, and lyrics or transcripts kept as tags."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import av
from av.container import InputContainer
from av.subtitles.stream import SubtitleStream
from av.subtitles.subtitle import AssSubtitle

from reviewer.media.formats import Format
from reviewer.media.worker.demux import open_container, origin_of, raise_source_error
from reviewer.media.worker.failures import unsupported
from reviewer.media.worker.lines import MAX_CHARACTERS, Lines, Passage, split
from reviewer.media.worker.source import RangeSource

TEXT_CODECS = frozenset({"mov_text", "subrip", "srt", "webvtt", "ass", "ssa", "text"})
BUDGET_S = 4.0
"""Subtitles lie among the pictures: of a very long file those are given that are found in this time."""

_TAG = re.compile("lyrics|transcript", re.IGNORECASE)
_OVERRIDE = re.compile(r"\{[^}]*\}")
_TIMED = re.compile(r"\s*\[(\d{1,3}:\d{2})(?:[.:]\d{1,3})?\]\s*")
_HARD_BREAK = re.compile(r"\\[Nnh]|\s+")


def has_transcript(container: InputContainer) -> bool:
    """Told from the headers alone."""
    return bool(_text_streams(container) or _tags(container))


def read_transcript(source: RangeSource, form: Format) -> Lines:
    """The first stream of text, else the tags. UNSUPPORTED if there is neither."""
    with open_container(source.beside(), form) as container:
        streams = _text_streams(container)
        if streams:
            cues = _Cues(container, streams[0])
            passages = list(cues)
            return Lines(passages, "utf-8", truncated=cues.truncated)
        tags = _tags(container)
        if tags:
            return Lines(_untimed(tags[0]), "utf-8")
    raise unsupported()


class _Cues:
    """The cues of one stream in order, as far as the time goes. A broken one is left out."""

    def __init__(self, container: InputContainer, stream: SubtitleStream) -> None:
        self._container = container
        self._stream = stream
        self.truncated = False

    def __iter__(self) -> Iterator[Passage]:
        for other in self._container.streams:
            if other is not self._stream:
                other.discard = av.stream.Discard.all
        until = time.monotonic() + BUDGET_S
        origin_s = origin_of(self._container, self._stream) or 0.0
        characters = 0
        packets = self._container.demux(self._stream)
        while characters < MAX_CHARACTERS:
            if time.monotonic() > until:
                self.truncated = True
                return
            try:
                packet = next(packets, None)
                if packet is None:
                    return
                if not packet.size or packet.pts is None or packet.time_base is None:
                    continue
                cues = packet.decode()
            except (av.FFmpegError, ValueError) as error:
                raise_source_error(error)
                continue
            at = clock(float(packet.pts * packet.time_base) - origin_s)
            for cue in cues:
                if isinstance(cue, AssSubtitle):
                    text = _plain(cue.ass)
                    characters += len(text) + 1
                    if text:
                        yield Passage(text, at=at)
        self.truncated = True


def clock(seconds: float) -> str:
    """1:02:41 or 02:41, as the window writes times."""
    whole = max(0, int(seconds))
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


def _plain(untrusted_ass: bytes) -> str:
    """The words of one event: everything after its eighth comma, without styling, on one line."""
    words = untrusted_ass.decode("utf-8", "replace").split(",", 8)[-1]
    return _HARD_BREAK.sub(" ", _OVERRIDE.sub("", words)).strip()


def _untimed(text: str) -> Iterator[Passage]:
    """Lines of a tag; those that begin with a time in brackets carry it instead."""
    for passage in split(text):
        timed = _TIMED.match(passage.text)
        if timed is not None:
            yield Passage(passage.text[timed.end() :], at=timed.group(1))
        else:
            yield passage


def _text_streams(container: InputContainer) -> list[SubtitleStream]:
    return [
        s for s in container.streams.subtitles if s.codec_context is not None and s.codec_context.name in TEXT_CODECS
    ]


def _tags(container: InputContainer) -> list[str]:
    """Of the file and, where formats keep them there, of its sound."""
    kept = [container.metadata, *(stream.metadata for stream in container.streams.audio)]
    return [value for tags in kept for key, value in tags.items() if _TAG.search(key) and value.strip()]
