"""Whatever a reviewer asks of an item, a worker that dies over it costs the answer and nothing else.

The item stays decidable, the death is in the custody log once, and the item opens again in another worker.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "media"))

from floor import Floor, entries_of
from fuzz_seeds import seed_file

from reviewer.model.custody import CustodyAction
from reviewer.model.decisions import Action, Confidence, Draft, Imminence
from reviewer.model.errors import WorkerDied
from reviewer.model.levels import Level
from reviewer.workstation.opening import Taken
from reviewer.workstation.session import WorkSession
from reviewer.workstation.watched import WatchedItem

Ask = Callable[[WatchedItem], object]


def _play(item: WatchedItem) -> object:
    return item.play(start_s=0.0, level=Level.BLURRED, grey=True, max_width=160, max_height=160)


def _listen(item: WatchedItem) -> object:
    return item.listen(start_s=0.0, muffled=True)


# what kind of file, what is asked before the worker dies (and works), and what it dies over
REQUESTS: dict[str, tuple[str, Ask | None, Callable[..., object]]] = {
    "the outline of a text": ("txt-utf8", None, lambda item: item.text_outline()),
    "lines of a text": ("txt-utf8", None, lambda item: item.text_lines(0, 10)),
    "words in a chat": ("chat-json", None, lambda item: item.text_find("beans")),
    "lines of an e-mail": ("eml", None, lambda item: item.text_lines(0, 10)),
    "the outline of a sound": ("wav", None, lambda item: item.sound_outline()),
    "to listen": ("wav", None, _listen),
    "more sound": ("wav", _listen, lambda _item, stream: stream.read(1000)),
    "sound beside a video": ("mp4-h264", _listen, lambda _item, stream: stream.read(1000)),
    "a page": ("pdf", None, lambda item: item.blurred(page=1)),
    "a frame of an animation": ("gif", None, lambda item: item.drawing(max_width=90, max_height=90, page=1)),
    "scenes": ("mp4-h264", None, lambda item: list(item.scenes())),
    "the next frame": ("mp4-h264", _play, lambda _item, playing: [playing.next() for _ in range(3)]),
}


@contextmanager
def dying(pid: int) -> Iterator[None]:
    """The worker is stopped, and killed while it is being waited for."""
    os.kill(pid, signal.SIGSTOP)
    killing = threading.Timer(0.2, os.kill, (pid, signal.SIGKILL))
    killing.start()
    try:
        yield
    finally:
        killing.join()


def complete(taken: Taken) -> Draft:
    return Draft(
        item_id=taken.entry.item.id,
        imminence=Imminence.NO_SIGN,
        category="violence",
        severity=1,
        confidence=Confidence.HIGH,
        action=Action.NONE,
        rationale="a reason",
    )


def open_item(session: WorkSession, item_id: str) -> tuple[Taken, WatchedItem]:
    taken = session.take(item_id)
    assert taken.trouble is None
    assert taken.opened is not None
    return taken, taken.opened


@pytest.mark.parametrize("what", REQUESTS)
def test_a_worker_that_dies_over_a_request(what: str, own_floor: Floor, unlocked: Callable[..., WorkSession]) -> None:
    kind, before, ask = REQUESTS[what]
    item = own_floor.take_in(seed_file(kind), harm_type="violence")
    session = unlocked()
    session.refresh_queue()
    taken, opened = open_item(session, item.id)
    given = (before(opened),) if before is not None else ()
    with dying(opened.worker_pid), pytest.raises(WorkerDied):
        ask(opened, *given)
    with pytest.raises(WorkerDied):
        ask(opened, *given)
    refused = entries_of(session._store.call(lambda s: s.custody_rows()))
    told = [(e.exhibit, e.reason) for e in refused if e.action is CustodyAction.COULD_NOT_OPEN]
    assert told == [(item.exhibit, WorkerDied.code)]
    session.hide_everything()
    taken, opened = open_item(session, item.id)
    ask(opened, *((before(opened),) if before is not None else ()))
    session.decide(taken, complete(taken), from_notes=False)
    assert session._store.call(lambda s: s.decision_count()) == 1


def test_an_item_whose_worker_is_gone_can_be_decided_as_it_is(
    own_floor: Floor, unlocked: Callable[..., WorkSession]
) -> None:
    item = own_floor.take_in(seed_file("chat-json"), harm_type="violence")
    session = unlocked()
    session.refresh_queue()
    taken, opened = open_item(session, item.id)
    with dying(opened.worker_pid), pytest.raises(WorkerDied):
        opened.text_lines(0, 10)
    decision = session.decide(taken, complete(taken), from_notes=False)
    assert [made.id for made in session._store.call(lambda s: s.decisions_of(item.id))] == [decision.id]
