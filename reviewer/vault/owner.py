"""The one thread that owns the store. Everything else hands it a plain callable and gets a future."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from reviewer.model.errors import StoreUnavailable
from reviewer.vault.store import Store

T = TypeVar("T")
_Job = tuple[Callable[[Store], Any], "Future[Any]"]


class StoreThread:
    """Opens the store on its thread, runs callables in the order given, closes the store on `close`.

    The store never leaves the thread: a callable must not return it, nor anything that still reads from it.
    """

    def __init__(self, opener: Callable[[], Store]) -> None:
        """Blocks until the store is open; whatever `opener` raises is raised here, and no thread is left behind."""
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._gate = threading.Lock()
        self._closed = False
        opened: Future[None] = Future()
        # A daemon only so that a crash elsewhere cannot hang the exit: what was acknowledged is durable anyway.
        self._thread = threading.Thread(target=self._run, args=(opener, opened), name="store", daemon=True)
        self._thread.start()
        try:
            opened.result()
        except BaseException:
            self._thread.join()
            self._closed = True
            raise

    def submit(self, job: Callable[[Store], T]) -> Future[T]:
        """Queue `job`; its future carries the result or the error. StoreUnavailable once closed."""
        future: Future[T] = Future()
        with self._gate:
            if self._closed:
                raise StoreUnavailable("The vault is locked.", to_do="Unlock it, then try again.")
            self._jobs.put((job, future))
        return future

    def call(self, job: Callable[[Store], T]) -> T:
        """Run `job` and wait. Must not be called from within a job."""
        if threading.current_thread() is self._thread:
            raise RuntimeError("a job must not wait for another job")
        return self.submit(job).result()

    @property
    def closed(self) -> bool:
        return self._closed

    def close(self) -> None:
        """Finish what was submitted, close the store, end the thread. Idempotent; returns when the thread is gone."""
        with self._gate:
            if not self._closed:
                self._closed = True
                self._jobs.put(None)
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _run(self, opener: Callable[[], Store], opened: Future[None]) -> None:
        try:
            store = opener()
        except BaseException as error:
            opened.set_exception(error)
            return
        opened.set_result(None)
        try:
            while (job := self._jobs.get()) is not None:
                _run_one(store, *job)
        finally:
            store.close()


def _run_one(store: Store, job: Callable[[Store], Any], future: Future[Any]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = job(store)
    except BaseException as error:
        future.set_exception(error)
    else:
        future.set_result(result)
