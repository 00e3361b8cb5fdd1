"""What people do today: a film in a gocryptfs mount, decoded and blurred by ffmpeg. Only where both are installed.

The mount is under /dev/shm, so that, as with the films of this bench, no disk is measured, and is gone afterwards.
"""

from __future__ import annotations

import math
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.turns import Row

NEEDED = ("gocryptfs", "fusermount", "ffmpeg")
_NAME = "what people do today (gocryptfs mount, ffmpeg with a blur filter)"
_IN_MEMORY = Path("/dev/shm")
_LONGEST_S = 120.0
_FRAMES = re.compile(r"^frame=\s*(\d+)\s*$", re.MULTILINE)
_TOOK = re.compile(r"^bench: .*\brtime=(\d+(?:\.\d+)?)s\s*$", re.MULTILINE)


def playback(name: str, clip: bytes, *, long_side: int, bare_fps: float) -> list[Row]:
    """Frames a second, and the ratio to `bare_fps`: or one row that says why there is no figure."""
    missing = [f"{needed} not installed" for needed in NEEDED if shutil.which(needed) is None]
    if missing:
        return [(f"{name} playback, {_NAME}: {', '.join(missing)}", math.nan, "", None)]
    try:
        rate = _rate(clip, long_side)
    except (subprocess.SubprocessError, OSError, ValueError) as error:
        return [(f"{name} playback, {_NAME}: failed, {type(error).__name__}", math.nan, "", None)]
    return [(f"{name} playback, {_NAME}", rate, "fps", rate / bare_fps)]


def rate_of(progress: str, log: str) -> float:
    """Frames a second, from what `-progress` and `-benchmark` print. ValueError if either does not tell.

    The time is that of decoding and filtering; starting the program and opening the file are not in it.
    """
    frames, took = _FRAMES.findall(progress), _TOOK.findall(log)
    if not frames or not took or float(took[-1]) <= 0.0:
        raise ValueError("ffmpeg has not told how many frames or how long")
    return int(frames[-1]) / float(took[-1])


def _rate(clip: bytes, long_side: int) -> float:
    with tempfile.TemporaryDirectory(dir=_IN_MEMORY) as folder:
        sealed, plain, word = Path(folder, "sealed"), Path(folder, "plain"), Path(folder, "word")
        sealed.mkdir()
        plain.mkdir()
        word.write_text("abstract patterns\n")
        _run_unheard("gocryptfs", "-q", "-init", "-passfile", str(word), str(sealed))
        with _mounted(sealed, plain, word):
            (plain / "film.mp4").write_bytes(clip)
        with _mounted(sealed, plain, word):  # anew: nothing of the film is left in the kernel's cache
            # As strong as the veil: its sigma is a 64th of the long side.
            blur = f"gblur=sigma={long_side / 64:g}"
            quiet = ("-hide_banner", "-nostdin", "-nostats", "-benchmark", "-progress", "pipe:1")
            done = _run("ffmpeg", *quiet, "-i", str(plain / "film.mp4"), "-an", "-vf", blur, "-f", "null", "-")
    return rate_of(done.stdout, done.stderr)


@contextmanager
def _mounted(sealed: Path, plain: Path, word: Path) -> Iterator[None]:
    try:
        _run_unheard("gocryptfs", "-q", "-passfile", str(word), str(sealed), str(plain))
        yield
    finally:
        if plain.is_mount():
            _run_unheard("fusermount", "-uz", str(plain))


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=_LONGEST_S)


def _run_unheard(*command: str) -> None:
    """gocryptfs stays behind as a mount: a pipe that it inherits would never end."""
    silence = subprocess.DEVNULL
    subprocess.run(command, check=True, stdin=silence, stdout=silence, stderr=silence, timeout=_LONGEST_S)
