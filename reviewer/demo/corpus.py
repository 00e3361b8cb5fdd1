"""The synthetic corpus: real encoders, abstract patterns, all in memory. Plaintext of an item is never on a disk."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import cv2
import numpy as np

from reviewer.demo.bundles import bundle
from reviewer.demo.chats import chat
from reviewer.demo.film import SOUND_RATE, film, tones
from reviewer.demo.letters import letter
from reviewer.demo.markers import Markers, jpeg_of, mark_jpeg, mark_pixels, png_with_marker, wav_with_marker
from reviewer.demo.papers import document, old_text
from reviewer.demo.patterns import Pixels, grain, light, shapes, upward
from reviewer.demo.stills import animation, scanned_pages
from reviewer.demo.voices import recording
from reviewer.model.levels import Kind


@dataclass(frozen=True, slots=True)
class SyntheticItem:
    """One item as it arrives. `format` and `kind` are the truth; `declared_format` is what the sender claimed.

    `case_key` names a case of `demo.referrals`. `marker` is found in `data` once or more, in plain bytes.
    `opens` is False for items no decoder can show. `claim` is the reported reason in neutral words.
    """

    name: str
    format: str
    declared_format: str
    kind: Kind
    harm_type: str
    case_key: str
    forewarning: tuple[str, ...]
    claim: str
    marker: bytes
    data: bytes
    opens: bool = True


@dataclass(frozen=True, slots=True)
class _Plan:
    name: str
    case_key: str
    harm_type: str
    format: str
    kind: Kind
    claim: str
    make: Callable[[np.random.Generator, bytes], bytes]
    forewarning: tuple[str, ...] = ()
    declared: str | None = None
    opens: bool = True


def corpus_markers(seed: int) -> Markers:
    """The markers of a corpus in the order of its items."""
    return Markers(random.Random(f"markers {seed}"))


def corpus(seed: int, *, kinds: Collection[Kind] = tuple(Kind)) -> Iterator[SyntheticItem]:
    """The items of `kinds`, always the same for the same seed, in order of their case. A few seconds on two cores."""
    markers = corpus_markers(seed)
    with ThreadPoolExecutor(max_workers=2, thread_name_prefix="corpus") as encoders:
        planned = [(plan, markers.next()) for plan in _PLANS]
        # Films take longest, so they start first; the encoders release the interpreter's lock.
        asked = [index for index, (plan, _) in enumerate(planned) if plan.kind in kinds]
        films_first = sorted(asked, key=lambda index: planned[index][0].kind is not Kind.VIDEO)
        made = {
            index: encoders.submit(planned[index][0].make, np.random.default_rng((seed, index)), planned[index][1])
            for index in films_first
        }
        for index in asked:
            plan, marker = planned[index]
            yield SyntheticItem(
                name=plan.name,
                format=plan.format,
                declared_format=plan.format if plan.declared is None else plan.declared,
                kind=plan.kind,
                harm_type=plan.harm_type,
                case_key=plan.case_key,
                forewarning=plan.forewarning,
                claim=plan.claim,
                marker=marker,
                data=made.pop(index).result(),
                opens=plan.opens,
            )


def _picture(rng: np.random.Generator, width: int, height: int) -> Pixels:
    palette = int(rng.integers(5))
    return grain(shapes(light(rng, width, height, palette), rng, palette), rng)


def _jpeg(width: int, height: int) -> Callable[[np.random.Generator, bytes], bytes]:
    return lambda rng, marker: mark_jpeg(jpeg_of(_picture(rng, width, height)), marker)


def _png(width: int, height: int) -> Callable[[np.random.Generator, bytes], bytes]:
    def make(rng: np.random.Generator, marker: bytes) -> bytes:
        palette = int(rng.integers(5))
        picture = shapes(light(rng, width, height, palette), rng, palette)
        return png_with_marker(mark_pixels(picture, marker), marker)

    return make


def _turned_jpeg(rng: np.random.Generator, marker: bytes) -> bytes:
    """A portrait picture stored lying on its side, as a phone does: EXIF orientation 6."""
    palette = int(rng.integers(5))
    upright = upward(light(rng, 1536, 2048, palette), palette)
    stored: Pixels = cv2.rotate(grain(upright, rng), cv2.ROTATE_90_COUNTERCLOCKWISE)
    return mark_jpeg(jpeg_of(stored), marker, orientation=6)


def _film(
    width: int, height: int, seconds: float, fps: int, scenes: int
) -> Callable[[np.random.Generator, bytes], bytes]:
    return lambda rng, marker: film(
        rng, width=width, height=height, seconds=seconds, fps=fps, scenes=scenes, marker=marker
    )


def _sound(rng: np.random.Generator, marker: bytes) -> bytes:
    samples = (tones(float(rng.integers(14, 19)), 6, SOUND_RATE // 2) * 32767).astype(np.int16)
    return wav_with_marker(samples, SOUND_RATE // 2, marker)


def _plain(make: Callable[[random.Random, bytes], bytes]) -> Callable[[np.random.Generator, bytes], bytes]:
    return lambda rng, marker: make(random.Random(int(rng.integers(1 << 32))), marker)


def _letter(rng: np.random.Generator, marker: bytes) -> bytes:
    return letter(mark_jpeg(jpeg_of(_picture(rng, 900, 640)), marker), marker)


def _bundle(rng: np.random.Generator, marker: bytes) -> bytes:
    """A picture, a short film and a text, as somebody sends a folder."""
    files = {
        "folder/first.jpg": mark_jpeg(jpeg_of(_picture(rng, 1200, 900)), marker),
        "folder/second.mp4": film(rng, width=640, height=360, seconds=4.0, fps=15, scenes=2, marker=marker),
        "folder/list.txt": old_text(random.Random(int(rng.integers(1 << 32))), marker),
    }
    return bundle(files, marker)


def _chat(rng: np.random.Generator, marker: bytes) -> bytes:
    return chat(random.Random(int(rng.integers(1 << 32))), marker)


def _cut_jpeg(rng: np.random.Generator, marker: bytes) -> bytes:
    """A JPEG that ends inside its tables, as after a broken upload: nothing in it can be shown."""
    whole = mark_jpeg(jpeg_of(_picture(rng, 1280, 960)), marker)
    return whole[: whole.index(b"\xff\xc4") + 12]


def _unknown(rng: np.random.Generator, marker: bytes) -> bytes:
    return b"\x00\x13BLOB\x02" + marker + rng.bytes(48_000)


_PLANS: tuple[_Plan, ...] = (
    _Plan(
        "film-01",
        "emergency",
        "threat_to_life",
        "mp4",
        Kind.VIDEO,
        "Said to show where the person is",
        _film(1280, 720, 22.0, 20, 6),
        ("has sound", "segment 00:12 to 00:15 marked by intake"),
    ),
    _Plan(
        "picture-01",
        "emergency",
        "threat_to_life",
        "jpeg",
        Kind.IMAGE,
        "Sent with the film",
        _turned_jpeg,
        ("a place may be visible",),
    ),
    _Plan("picture-02", "emergency", "threat_to_life", "png", Kind.IMAGE, "Screen capture", _png(1280, 800), ("text",)),
    _Plan("chat-01", "emergency", "threat_to_life", "chat", Kind.CHAT, "Messages of the last hour", _chat, (), "txt"),
    _Plan(
        "picture-03",
        "government",
        "violence",
        "jpeg",
        Kind.IMAGE,
        "Named in the order, first file",
        _jpeg(4000, 3000),
        ("violence", "large picture"),
    ),
    _Plan(
        "film-02",
        "government",
        "violence",
        "mp4",
        Kind.VIDEO,
        "Named in the order, second file",
        _film(1920, 1080, 10.0, 24, 4),
        ("violence", "has sound"),
    ),
    _Plan(
        "document-01", "government", "other", "pdf", Kind.DOCUMENT, "Named in the order, third file", _plain(document)
    ),
    _Plan(
        "pages-01", "government", "other", "tiff", Kind.IMAGE, "Named in the order, a scan", scanned_pages, ("3 pages",)
    ),
    _Plan("chat-02", "user", "grooming_text", "chat", Kind.CHAT, "Messages the user reported", _chat, (), "txt"),
    _Plan("picture-04", "user", "grooming_text", "jpeg", Kind.IMAGE, "Profile picture", _jpeg(1080, 1080)),
    _Plan("picture-05", "user", "other", "png", Kind.IMAGE, "Screen capture by the user", _png(1080, 1440), ("text",)),
    _Plan("animation-01", "user", "other", "gif", Kind.IMAGE, "Sent in the conversation", animation),
    _Plan(
        "mail-01",
        "user",
        "grooming_text",
        "eml",
        Kind.EMAIL,
        "Mail the user reported",
        _letter,
        ("text", "one file attached"),
    ),
    _Plan("sound-01", "internal", "self_harm", "wav", Kind.AUDIO, "Voice message", _sound, ("speech, one voice",)),
    _Plan(
        "sound-02",
        "internal",
        "threat_to_life",
        "mp3",
        Kind.AUDIO,
        "Recording sent with the message",
        recording,
        ("like speech, no words",),
    ),
    _Plan("text-01", "internal", "self_harm", "txt", Kind.TEXT, "Notes sent with the message", _plain(old_text)),
    _Plan("picture-06", "internal", "self_harm", "jpeg", Kind.IMAGE, "Sent with the message", _jpeg(1600, 1200)),
    _Plan("picture-07", "automated", "other", "jpeg", Kind.IMAGE, "Upload check", _cut_jpeg, ("damaged",), opens=False),
    _Plan("picture-08", "automated", "other", "png", Kind.IMAGE, "Upload check", _png(960, 960), (), "jpeg"),
    _Plan("picture-09", "automated", "violence", "jpeg", Kind.IMAGE, "Upload check", _jpeg(1920, 1280), ("violence",)),
    _Plan("picture-10", "automated", "sexual_harm_minor", "jpeg", Kind.IMAGE, "Upload check", _jpeg(1280, 1600)),
    _Plan("archive-01", "automated", "other", "zip", Kind.ARCHIVE, "Upload check, one folder", _bundle, ("3 files",)),
    _Plan("file-01", "automated", "other", "", Kind.UNKNOWN, "Upload check", _unknown, (), "mp4", opens=False),
)
