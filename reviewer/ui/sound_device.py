"""The loudspeaker: miniaudio's playback device, used for output alone. Nothing here opens or decodes a file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Protocol

from reviewer.media.outlines import SOUND_RATE
from reviewer.model.errors import ReviewerError

_SOUND_CARDS = Path("/dev/snd")
PERIOD_MS = 20
PERIODS = 3
LATENCY_S = PERIOD_MS * PERIODS / 1000
"""At most this much has been handed to the device and is not heard yet."""

Feeder = Generator[bytes, int, None]
"""Primed with `next`; each `send(samples)` gives at most so many samples, 16 bit mono, at once and without waiting."""


class SoundUnavailable(ReviewerError):
    code = "U001"
    happened = "No loudspeaker or headphones could be opened on this machine."
    kept = "The item is unchanged; its waveform and any transcript can still be read."
    to_do = "Connect an output for sound and ask for the sound again."


class SoundDevice(Protocol):
    """What `miniaudio.PlaybackDevice` offers and `SoundOut` uses."""

    def start(self, callback_generator: Feeder) -> None: ...
    def stop(self) -> None: ...
    def close(self) -> None: ...


DeviceFactory = Callable[[], SoundDevice]


def open_device() -> SoundDevice:
    """The system's default output, mono 16 bit at `SOUND_RATE`, not started. Blocking. Raises `SoundUnavailable`."""
    try:
        import miniaudio  # when first wanted: most sessions hear nothing
    except (ImportError, OSError):
        raise SoundUnavailable from None
    left_out = {
        miniaudio.Backend.NULL,
        miniaudio.Backend.CUSTOM,
    }  # with them a machine without sound would seem to play
    if sys.platform.startswith("linux") and not _SOUND_CARDS.is_dir():
        left_out.add(miniaudio.Backend.ALSA)  # it writes complaints to stderr that nobody can turn off
    real = sorted(miniaudio.get_enabled_backends() - left_out, key=lambda backend: backend.value)
    try:
        device: SoundDevice = miniaudio.PlaybackDevice(
            output_format=miniaudio.SampleFormat.SIGNED16,
            nchannels=1,
            sample_rate=SOUND_RATE,
            buffersize_msec=PERIOD_MS,
            callback_periods=PERIODS,
            backends=real,
            app_name="reviewer",
        )
    except miniaudio.MiniaudioError:
        raise SoundUnavailable from None
    return device
