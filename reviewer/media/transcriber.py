"""A local transcriber, if the administrator has installed one and the policy names it. There is none by default.

It is found among the entry points of the group `reviewer.transcriber`: a callable without arguments that gives an
object with a `name` and `transcribe`. It runs in the window's process, outside the sandbox, and is trusted code: so it
is only ever given samples that have already left the sealed worker, never the file, and what it writes is checked here.
"""

from __future__ import annotations

import importlib.metadata
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from reviewer.media.outlines import MAX_LINE_LENGTH, MAX_LINES, SOUND_RATE
from reviewer.model.errors import MediaError

GROUP = "reviewer.transcriber"
_CHUNK = SOUND_RATE // 2


class TranscriberFailed(MediaError):
    code = "M010"
    happened = "The transcriber on this machine could not be used."
    to_do = "Listen to the sound or read its waveform, and tell your administrator the code."


class Samples(Protocol):
    """A stream of an open item's sound."""

    def read(self, samples: int) -> bytes: ...
    def close(self) -> None: ...


@runtime_checkable
class Transcriber(Protocol):
    """What an installed transcriber offers."""

    @property
    def name(self) -> str:
        """A few words for the window: what it is, and which version."""
        ...

    def transcribe(self, samples: Iterator[bytes], language: str) -> Iterator[tuple[float, float, str]]:
        """(start, end, words) in seconds from the first sample, in order, as soon as they are known.

        `samples` are mono, signed 16 bit, little-endian, `SOUND_RATE` a second. `language` is a BCP 47 tag, or empty
        where it is not known. Nothing may be written anywhere.
        """
        ...


@dataclass(frozen=True, slots=True)
class Utterance:
    """`start_s` and `end_s` in seconds of the item."""

    start_s: float
    end_s: float
    words: str


def installed_transcriber(allowed: str) -> Transcriber | None:
    """The one whose entry point is called `allowed`; None if the policy allows none ("") or it is not installed.

    Raises TranscriberFailed if it is there and cannot be loaded.
    """
    if not allowed:
        return None
    for point in importlib.metadata.entry_points(group=GROUP, name=allowed):
        try:
            made = point.load()()
        except Exception as error:
            raise TranscriberFailed from error
        if not isinstance(made, Transcriber):
            raise TranscriberFailed
        return made
    return None


def transcribe(transcriber: Transcriber, stream: Samples, start_s: float, language: str = "") -> Iterator[Utterance]:
    """Utterances of `stream`, whose first sample is at `start_s`, as they come. Blocking; closes the stream at the end.

    Raises what reading raises, and TranscriberFailed for anything the transcriber raises.
    """
    failure: list[MediaError] = []

    def samples() -> Iterator[bytes]:
        try:
            while data := stream.read(_CHUNK):
                yield data
        except MediaError as error:
            failure.append(error)
            raise

    try:
        for count, (begin, end, words) in enumerate(transcriber.transcribe(samples(), language)):
            if count >= MAX_LINES:
                return
            if not (math.isfinite(begin) and math.isfinite(end) and 0.0 <= begin <= end):
                raise TranscriberFailed
            yield Utterance(start_s + begin, start_s + end, _plain(words))
    except TranscriberFailed:
        raise
    except Exception as error:
        raise failure[0] if failure else TranscriberFailed from error
    finally:
        stream.close()


def _plain(untrusted_words: str) -> str:
    """Somebody's speech, through a model: text a label may show, and no longer than a line may be."""
    return "".join(c if c.isprintable() else " " for c in untrusted_words[:MAX_LINE_LENGTH]).strip()
