"""`reviewer demo`: sets the disposable organisation up, opens the window or drives the tour, and removes everything."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from reviewer.demo.correspondents import Correspondents
from reviewer.demo.organisation import PASSPHRASE, REVIEWERS, Organisation, found_organisation
from reviewer.model.ids import uuid7
from reviewer.workstation.clock import SystemClock
from reviewer.workstation.desk import Workstation
from reviewer.workstation.policy_in_force import policy_in_force

DEFAULT_TOUR = Path("out")
_OFFSCREEN = ("offscreen", "minimal")


def run_demo(tour: Path | None, *, keep: bool = False) -> int:
    """The exit code. Without a display it says so and runs the tour offscreen instead of failing."""
    if tour is None and not has_display():
        print("There is no display here, so the tour runs offscreen; its pictures go to", DEFAULT_TOUR)
        tour = DEFAULT_TOUR
    if tour is not None and not has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    since = time.time()
    root = _cache() / "reviewer" / f"demo-{uuid7()}"
    root.parent.mkdir(parents=True, exist_ok=True)
    outside = written_to()
    home = root.with_name(f"{root.name}-home")
    if tour is not None:
        redirect(home)
    organisation = found_organisation(root, say=_say)
    try:
        with Correspondents() as correspondents:
            correspondents.introduce(organisation)
            if tour is None:
                return _open_window(organisation, correspondents)
            from reviewer.demo.summary import run_tour

            return run_tour(organisation, correspondents, tour.resolve(), since=since, own=[root, home], shared=outside)
    finally:
        organisation.close(keep=keep)
        if not keep:
            shutil.rmtree(home, ignore_errors=True)
        if keep:
            _say(f"Kept in {root}")


def has_display() -> bool:
    if os.environ.get("QT_QPA_PLATFORM", "").split(":")[0] in _OFFSCREEN:
        return False
    if sys.platform != "linux":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def written_to() -> list[Path]:
    """Where a program of this user may write without being asked: home, temp, cache and shared memory."""
    places = [Path.home(), Path(tempfile.gettempdir()), _cache(), Path("/tmp"), Path("/var/tmp"), Path("/dev/shm")]  # noqa: S108
    return list(dict.fromkeys(place.resolve() for place in places if place.is_dir()))


def redirect(home: Path) -> None:
    """Give this process and its children a home, cache and temp folder of their own, so that all they write is found.

    What ignores these variables is found as well: the machine's own places are searched too.
    """
    # The window system finds its key in the real home.
    os.environ.setdefault("XAUTHORITY", str(Path.home() / ".Xauthority"))
    places = {
        "HOME": home,
        "TMPDIR": home / "tmp",
        "XDG_CACHE_HOME": home / "cache",
        "XDG_CONFIG_HOME": home / "config",
        "XDG_DATA_HOME": home / "data",
    }
    for variable, place in places.items():
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.environ[variable] = str(place)
    tempfile.tempdir = None


def _open_window(organisation: Organisation, correspondents: Correspondents) -> int:
    from reviewer.ui.app import run

    print(f"The demo's passphrase: {PASSPHRASE}")
    policy = correspondents.policy(policy_in_force())
    desk = Workstation(organisation.workstation(REVIEWERS[0]), SystemClock(), policy)
    try:
        return run(desk)
    finally:
        desk.close()


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache")))


def _say(line: str) -> None:
    print(line, flush=True)
