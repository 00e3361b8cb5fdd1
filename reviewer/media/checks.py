"""What a worker says, checked before it is believed. Anything odd is `WorkerLied`, and nothing is allocated for it."""

from __future__ import annotations

import math

from reviewer.media.formats import Format, declared_name, kind_of, name_of
from reviewer.media.frames import PixelFormat, SandboxReport
from reviewer.media.protocol import (
    AREA_BYTES,
    MAX_CLAIMED_SIDE,
    MAX_SCENES,
    MAX_SECONDS,
    MAX_SIDE,
    WINDOW_BYTES,
    Code,
    Digests,
    Facts,
    Failed,
    Pixels,
    Sealed,
)
from reviewer.model.cases import Fingerprints, ItemFacts, SceneHash
from reviewer.model.errors import (
    DamagedMedia,
    MediaError,
    MediaTooLarge,
    SandboxUnavailable,
    UnsupportedFormat,
    WorkerLied,
)
from reviewer.model.levels import Kind

_ERRORS: dict[int, type[MediaError]] = {
    Code.UNSUPPORTED: UnsupportedFormat,
    Code.DAMAGED: DamagedMedia,
    Code.TOO_LARGE: MediaTooLarge,
    Code.SOURCE: DamagedMedia,
    Code.INTERNAL: DamagedMedia,
    Code.SEAL_FAILED: SandboxUnavailable,
}


def error_of(untrusted: Failed) -> MediaError:
    kind = _ERRORS.get(untrusted.code)
    if kind is None:
        raise WorkerLied
    return kind()


def checked_size(untrusted: Pixels, *, max_width: int, max_height: int, pixel_format: PixelFormat) -> None:
    """The geometry lies within what was asked for and within the slot, and a row holds its pixels."""
    width_fits = 1 <= untrusted.width <= min(max_width, MAX_SIDE)
    height_fits = 1 <= untrusted.height <= min(max_height, MAX_SIDE)
    if untrusted.pixel_format != pixel_format or not (width_fits and height_fits):
        raise WorkerLied
    row = untrusted.width * pixel_format.bytes_per_pixel
    if not row <= untrusted.stride <= row + 64:
        raise WorkerLied
    if not WINDOW_BYTES <= untrusted.offset <= AREA_BYTES - untrusted.stride * untrusted.height:
        raise WorkerLied


def checked_time(untrusted_s: float) -> float | None:
    if not math.isfinite(untrusted_s) or untrusted_s > MAX_SECONDS:
        raise WorkerLied
    return untrusted_s if untrusted_s >= 0 else None


def checked_facts(untrusted: Facts, *, declared_format: str, size: int) -> ItemFacts:
    """Facts with the caller's own size and declared format; the type is the content's."""
    try:
        form = Format(untrusted.format)
    except ValueError:
        raise WorkerLied from None
    counts = (untrusted.width, untrusted.height, untrusted.pages)
    if not all(-1 <= count <= MAX_CLAIMED_SIDE for count in counts) or not 1 <= untrusted.orientation <= 8:
        raise WorkerLied
    width, height, pages = (count if count > 0 else None for count in counts)
    kind = kind_of(form)
    if kind is Kind.VIDEO and untrusted.has_sound and not untrusted.viewable:
        kind = Kind.AUDIO  # a voice message in a container that could hold pictures
    return ItemFacts(
        kind=kind,
        format=name_of(form),
        declared_format=declared_name(declared_format),
        size=size,
        width=width,
        height=height,
        duration_s=checked_time(untrusted.duration_s),
        pages=pages,
        has_sound=untrusted.has_sound,
        orientation=untrusted.orientation,
    )


def checked_digests(untrusted: Digests) -> Fingerprints:
    lengths = (len(untrusted.sha256), len(untrusted.sha1), len(untrusted.md5))
    if lengths != (32, 20, 16) or len(untrusted.pdq) not in (0, 32) or not -1 <= untrusted.pdq_quality <= 100:
        raise WorkerLied
    return Fingerprints(
        sha256=untrusted.sha256.hex(),
        sha1=untrusted.sha1.hex(),
        md5=untrusted.md5.hex(),
        pdq=untrusted.pdq.hex() if untrusted.pdq else None,
        pdq_quality=untrusted.pdq_quality if untrusted.pdq else None,
        scenes=_checked_scenes(untrusted.scenes),
    )


def _checked_scenes(untrusted: tuple[tuple[float, bytes, int], ...]) -> tuple[SceneHash, ...]:
    """At most `MAX_SCENES`, each at a time that can be and later than the one before, with a whole hash."""
    if len(untrusted) > MAX_SCENES:
        raise WorkerLied
    scenes: list[SceneHash] = []
    for untrusted_s, untrusted_pdq, untrusted_quality in untrusted:
        time_s = checked_time(untrusted_s)
        if time_s is None or len(untrusted_pdq) != 32 or not 0 <= untrusted_quality <= 100:
            raise WorkerLied
        if scenes and time_s <= scenes[-1].time_s:
            raise WorkerLied
        scenes.append(SceneHash(time_s=time_s, pdq=untrusted_pdq.hex(), quality=untrusted_quality))
    return tuple(scenes)


def checked_report(untrusted: Sealed) -> SandboxReport:
    """Said before the worker has seen any evidence. The detail is cut and stripped all the same."""
    detail = "".join(c for c in untrusted.detail[:600] if c.isprintable())
    return SandboxReport(
        landlock=untrusted.landlock,
        seccomp=untrusted.seccomp,
        rlimits=untrusted.rlimits,
        namespaces=untrusted.namespaces,
        no_new_privileges=untrusted.no_new_privileges,
        not_dumpable=untrusted.not_dumpable,
        empty_environment=untrusted.empty_environment,
        landlock_abi=max(0, min(untrusted.landlock_abi, 1000)),
        detail=detail,
    )
