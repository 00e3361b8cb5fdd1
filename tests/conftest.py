"""House rules that fail tests: Qt warnings (qt_log_level_fail), Python warnings (filterwarnings), dangling threads."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from patience import PATIENCE_S
from pytestqt.qtbot import QtBot

from reviewer.media.broker import Broker
from reviewer.media.forking import OF_THIS_PROCESS

if TYPE_CHECKING:
    from floor import Floor

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

SHARED = Path(__file__).resolve().parents[1].parent / "shared"


class PatientQtBot(QtBot):
    """Waits as long as everything else here, unless told otherwise."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = int(PATIENCE_S * 1000)) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = int(PATIENCE_S * 1000), **options: Any) -> Any:
        return super().waitSignal(signal, timeout=timeout, **options)


@pytest.fixture
def qtbot(request: pytest.FixtureRequest, qapp: object) -> QtBot:
    return PatientQtBot(request)


@pytest.fixture(scope="module")
def module_bot(request: pytest.FixtureRequest, qapp: object) -> QtBot:
    """For a window that the tests of a module share."""
    return PatientQtBot(request)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder beside the checkout that holds published vectors and schemas; they are read there, never copied."""
    if not SHARED.is_dir():
        pytest.skip("the shared folder with published vectors is not beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def floor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Floor]:
    """A small real organisation, made once: its case system is a process of its own."""
    sys.path.insert(0, str(Path(__file__).resolve().parent / "e2e"))
    from floor import Floor

    made = Floor(tmp_path_factory.mktemp("organisation") / "root")
    yield made
    made.close()


@pytest.fixture(scope="session", autouse=True)
def one_fork_server() -> Iterator[None]:
    """Loading the codecs takes a second of processor time: once for all brokers of the run. Started at first use."""
    OF_THIS_PROCESS.join()
    yield
    OF_THIS_PROCESS.leave()


@pytest.fixture(scope="session", autouse=True)
def no_workers_ahead() -> Iterator[None]:
    """A worker made ready before it is wanted saves the person a wait and costs six times one that is not.

    Most tests open one or two small items. Those that are to run as the workstation does ask for `workers_ahead`.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(_defaults_of_brokers(), "warm", 0)
        yield


@pytest.fixture
def workers_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(_defaults_of_brokers(), "warm", _AHEAD)


def _defaults_of_brokers() -> dict[str, Any]:
    defaults = Broker.__init__.__kwdefaults__
    assert defaults is not None
    return defaults


_AHEAD = _defaults_of_brokers()["warm"]


@pytest.fixture(autouse=True)
def no_dangling_threads() -> Iterator[None]:
    """A test that leaves a thread behind fails: in the product it would be a worker nobody stops."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + PATIENCE_S
    while True:
        left = [t for t in threading.enumerate() if t not in before and t.is_alive() and not _belongs_to_a_library(t)]
        if not left:
            return
        if time.monotonic() > deadline:
            pytest.fail(f"dangling threads: {[t.name for t in left]}")
        time.sleep(0.01)


def _belongs_to_a_library(thread: threading.Thread) -> bool:
    # AnyIO keeps its worker threads for reuse for as long as the event loop's thread lives.
    return thread.name.startswith("AnyIO worker thread")
