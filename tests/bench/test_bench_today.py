"""The row of what people do today: left out with a reason, and read from what ffmpeg prints; the mount always goes."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from bench import today

_LOG = """Stream mapping:
  Stream #0:0 -> #0:0 (h264 (native) -> wrapped_avframe (native))
bench: utime=7.913s stime=0.204s rtime=4.000s
bench: maxrss=180224kB
"""
_PROGRESS = "frame=87\nfps=0.0\nprogress=continue\nframe=200\nfps=50.1\nout_time=00:00:08.000000\nprogress=end\n"


def test_rate_is_the_last_count_over_the_time_that_passed() -> None:
    assert today.rate_of(_PROGRESS, _LOG) == pytest.approx(50.0)
    assert today.rate_of("frame=  12\n", "bench: utime=0.1s stime=0.0s rtime=2s\n") == pytest.approx(6.0)


@pytest.mark.parametrize(
    ("progress", "log"),
    [("", _LOG), (_PROGRESS, ""), (_PROGRESS, "bench: utime=1.0s stime=0.0s\n"), (_PROGRESS, "bench: rtime=0.000s\n")],
)
def test_what_does_not_tell_is_no_figure(progress: str, log: str) -> None:
    with pytest.raises(ValueError, match="has not told"):
        today.rate_of(progress, log)


@pytest.mark.parametrize("there", [(), ("ffmpeg",), ("gocryptfs", "fusermount")])
def test_not_installed_is_said_and_nothing_is_run(
    there: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in there:
        _program(tmp_path, name, f"echo ran >> {tmp_path}/ran")
    monkeypatch.setenv("PATH", str(tmp_path))

    [(name, value, unit, ratio)] = today.playback("1080p", b"", long_side=1920, bare_fps=100.0)

    for needed in today.NEEDED:
        assert (f"{needed} not installed" in name) is (needed not in there)
    assert math.isnan(value)
    assert (unit, ratio) == ("", None)
    assert not (tmp_path / "ran").exists()


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand-ins that write down how they were called; what is mounted is a file named `mounted` beside them."""
    note = f'echo "$(basename "$0") $@" >> {tmp_path}/calls'
    mounted = f"{tmp_path}/mounted"
    _program(tmp_path, "gocryptfs", f'{note}\ncase "$*" in *-init*) ;; *) : > {mounted} ;; esac')
    _program(tmp_path, "fusermount", f"{note}\nrm {mounted}")
    _program(tmp_path, "ffmpeg", f"{note}\ncat <<'END'\n{_PROGRESS}END\ncat >&2 <<'END'\n{_LOG}END")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(Path, "is_mount", lambda _: (tmp_path / "mounted").exists())
    monkeypatch.setattr(today, "_IN_MEMORY", tmp_path)
    return tmp_path


def test_a_film_is_put_in_the_mount_and_read_from_it_mounted_anew(programs: Path) -> None:
    [(name, value, unit, ratio)] = today.playback("1080p", b"film", long_side=1920, bare_fps=100.0)

    calls = (programs / "calls").read_text().splitlines()
    assert [call.split()[0] for call in calls] == [
        "gocryptfs", "gocryptfs", "fusermount", "gocryptfs", "ffmpeg", "fusermount"
    ]  # fmt: skip
    assert "gblur=sigma=30" in calls[4]
    assert calls[4].endswith("-f null -")
    assert "/plain/film.mp4" in calls[4]
    assert "1080p playback" in name
    assert unit == "fps"
    assert value == pytest.approx(50.0)
    assert ratio == pytest.approx(0.5)
    _nothing_left(programs)


def test_the_mount_goes_when_ffmpeg_fails(programs: Path) -> None:
    _program(programs, "ffmpeg", "exit 1")

    [(name, value, _, ratio)] = today.playback("1080p", b"film", long_side=1920, bare_fps=100.0)

    assert "failed, CalledProcessError" in name
    assert math.isnan(value)
    assert ratio is None
    _nothing_left(programs)


def test_a_mount_that_does_not_come_is_not_taken_away(programs: Path) -> None:
    _program(programs, "gocryptfs", 'case "$*" in *-init*) ;; *) exit 10 ;; esac')

    [(name, value, _, _)] = today.playback("1080p", b"film", long_side=1920, bare_fps=100.0)

    assert "failed" in name
    assert math.isnan(value)
    assert not (programs / "calls").exists()  # neither ffmpeg nor fusermount ran
    _nothing_left(programs)


def _nothing_left(programs: Path) -> None:
    assert not (programs / "mounted").exists()
    assert not [entry for entry in programs.iterdir() if entry.is_dir()]


def _program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
