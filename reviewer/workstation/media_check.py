"""Opens containers as the workstation would, at BLURRED and CLEAR, and measures it. For accepting a machine.

Nothing is written: no vault, no file. What was shown is wiped as soon as it is counted.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from reviewer.media.broker import Broker
from reviewer.media.frames import Frame
from reviewer.media.opened import OpenedItem
from reviewer.media.outlines import SOUND_RATE
from reviewer.model.cases import ItemFacts
from reviewer.model.errors import MediaError, ReviewerError, UnsupportedFormat, WorkerTimeout
from reviewer.model.levels import Kind
from reviewer.vault import age

MOST_FRAMES = 20
CLEAR_BOX = (1920, 1080)
CLEAR_LINES = 50
_WARM_S = 10.0
_SOUND_S = 20.0
_IDENTITY_BYTES = 1 << 20


class ContainerUnreadable(MediaError):
    """Missing, not a file, or the system does not give its bytes."""

    code = "M009"
    happened = "The container could not be read from this machine's disk."
    to_do = "Check the path and who may read it."


@dataclass(slots=True)
class Checked:
    """One container's result; the order of the fields is the order of the keys in JSON. None: does not apply.

    `ms_first_veiled` runs from asking the broker until the first frame or outline is here, `ms_clear` is one request at
    CLEAR (a frame within `CLEAR_BOX`, `CLEAR_LINES` lines, a second of sound). `frames_shown` are veiled ones.
    """

    path: str
    kind: str | None = None
    format: str | None = None
    width: int | None = None
    height: int | None = None
    duration_s: float | None = None
    pages: int | None = None
    frames_shown: int | None = None
    has_sound: bool | None = None
    orientation: int | None = None
    ms_first_veiled: float | None = None
    ms_clear: float | None = None
    error: str | None = None


Identities = Sequence[age.X25519Identity | age.HybridIdentity]


def read_identities(file: Path) -> Identities:
    """The identities in an unencrypted age identity file. Raises OSError; `KeyTextError` also for none."""
    with file.open("rb") as opened:
        data = opened.read(_IDENTITY_BYTES + 1)
    try:
        found = age.identities(data.decode("utf-8")) if len(data) <= _IDENTITY_BYTES else []
    except UnicodeDecodeError:
        found = []
    if not found:
        raise age.KeyTextError
    return found


def check_containers(paths: Sequence[Path], identities: Identities) -> Generator[Checked, None, None]:
    """One result a container, as each is done. Failures are results; where nothing can be sealed nothing is decoded.

    The identities are wiped at the end.
    """
    with closing(Broker(warm=1)) as broker, contextlib.ExitStack() as keys:
        for identity in identities:
            keys.callback(identity.wipe)
        try:
            broker.sandbox_report()
        except MediaError as error:
            for path in paths:
                yield Checked(str(path), error=error.code)
            return
        broker.start()
        for path in paths:
            _wait_warm(broker)
            yield _check(broker, path, identities)


def _check(broker: Broker, path: Path, identities: Identities) -> Checked:
    result = Checked(str(path))
    try:
        with _plaintext(path, identities) as reader:
            begun = time.monotonic()
            with closing(broker.open(reader)) as item:
                _facts(result, item.facts, viewable=item.viewable)
                _show(result, item, begun)
    except ReviewerError as error:
        result.error = error.code
    except OSError:
        result.error = ContainerUnreadable.code
    return result


@contextmanager
def _plaintext(path: Path, identities: Identities) -> Iterator[age.PayloadReader]:
    if not path.is_file():  # a pipe or a device would be waited for
        raise ContainerUnreadable
    reader = age.open(path.open("rb", buffering=0), identities, close_source=True)
    try:
        yield reader
    finally:
        reader.close()


def _facts(result: Checked, facts: ItemFacts, *, viewable: bool) -> None:
    result.kind, result.format = facts.kind.value, facts.format or None
    result.width, result.height, result.pages = facts.width, facts.height, facts.pages
    result.duration_s = round(facts.duration_s, 3) if facts.duration_s is not None else None
    result.has_sound = facts.has_sound
    result.orientation = facts.orientation if viewable else None
    result.frames_shown = 0


def _show(result: Checked, item: OpenedItem, begun: float) -> None:
    kind = item.facts.kind
    if item.viewable:
        _show_pictures(result, item, begun)
    elif item.readable:
        item.text_outline()
        _first(result, begun)
        asked = time.monotonic()
        item.text_lines(0, CLEAR_LINES)
        result.ms_clear = _since(asked)
    elif kind is Kind.ARCHIVE:
        item.parts()
    elif kind is Kind.AUDIO or item.facts.has_sound:
        item.sound_outline()
        _first(result, begun)
        asked = time.monotonic()
        with closing(item.listen(start_s=0.0, muffled=False)) as sound:
            heard = 0
            while heard < SOUND_RATE and (samples := sound.read(SOUND_RATE - heard)):
                heard += len(samples) // 2
                if time.monotonic() - asked > _SOUND_S:  # a second of it: sample by sample is no way to answer
                    raise WorkerTimeout
        result.ms_clear = _since(asked)
    else:
        raise UnsupportedFormat


def _show_pictures(result: Checked, item: OpenedItem, begun: float) -> None:
    _drop(item.blurred())
    _first(result, begun)
    if item.facts.kind is Kind.VIDEO:
        cells = item.storyboard(cells=MOST_FRAMES)
        result.frames_shown = len(cells)
        for cell in cells:
            _drop(cell)
    else:
        for page in range(1, min(item.facts.pages or 1, MOST_FRAMES)):
            _drop(item.blurred(page=page))
            result.frames_shown = page + 1
    asked = time.monotonic()
    frame = item.clear(max_width=CLEAR_BOX[0], max_height=CLEAR_BOX[1], grey=False)
    result.ms_clear = _since(asked)
    _drop(frame)


def _first(result: Checked, begun: float) -> None:
    result.ms_first_veiled, result.frames_shown = _since(begun), 1


def _drop(frame: Frame) -> None:
    frame.wipe()


def _since(begun: float) -> float:
    return round((time.monotonic() - begun) * 1000.0, 1)


def _wait_warm(broker: Broker) -> None:
    """The figures are those of a workstation at work, whose next worker is ready. One that never is costs its time."""
    deadline = time.monotonic() + _WARM_S
    while not broker.warm_ready and time.monotonic() < deadline:
        time.sleep(0.005)
