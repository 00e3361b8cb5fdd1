"""The record of people nobody knows: what they asked for and when, bounded so that no flood of them fills the disk."""

from __future__ import annotations

import logging
import threading

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from reviewer.casesystem.database import writing
from reviewer.casesystem.tables import outsiders
from reviewer.model.clock import Clock
from reviewer.model.ids import uuid7

_log = logging.getLogger("reviewer.casesystem")

MOST_ROWS = 1000
MOST_A_MINUTE = 20
_MINUTE_S = 60.0


class Outsiders:
    """Thread-safe. Beyond `MOST_A_MINUTE` nothing is written, so a flood costs the database nothing."""

    def __init__(self, engine: sa.Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._lock = threading.Lock()
        self._minute = 0
        self._noted = 0

    def note(self, what: str) -> None:
        """`what` is the method and the route as declared: never anything that was sent.

        What cannot be written down now is no reason to answer a stranger otherwise.
        """
        if not self._takes_one_more():
            return
        try:
            self._write(what)
        except SQLAlchemyError as error:
            _log.warning("An attempt of a stranger was refused and could not be recorded: %s", type(error).__name__)

    def _write(self, what: str) -> None:
        with writing(self._engine) as connection:
            row = {"id": uuid7(), "what": what[:200], "at": self._clock.now().timestamp()}
            connection.execute(sa.insert(outsiders).values(**row))
            newest = sa.select(outsiders.c.id).order_by(outsiders.c.id.desc()).offset(MOST_ROWS - 1).limit(1)
            oldest_kept = connection.execute(newest).scalar_one_or_none()
            if oldest_kept is not None:
                connection.execute(sa.delete(outsiders).where(outsiders.c.id < oldest_kept))

    def _takes_one_more(self) -> bool:
        minute = int(self._clock.monotonic() // _MINUTE_S)
        with self._lock:
            if minute != self._minute:
                self._minute, self._noted = minute, 0
            self._noted += 1
            return self._noted <= MOST_A_MINUTE
