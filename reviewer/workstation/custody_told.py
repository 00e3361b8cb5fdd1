"""Tells the case system this log's entries of a case, sealed to the case's key, for whoever packs the case.

What is still to be told is kept in the store: offline, or killed in between, it is told later. Only what lies under a
checkpoint that the case system has anchored is told. Nothing waits for it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

import msgspec

from reviewer.model.clock import Clock
from reviewer.model.custody import origin_of
from reviewer.model.errors import CaseSystemRefused, CaseSystemUnreachable, ReviewerError, StoreUnavailable
from reviewer.sync.client import CaseSystem
from reviewer.sync.refusals import slug_of
from reviewer.vault import age
from reviewer.vault.open_vault import OpenVault
from reviewer.vault.rosters import Roster
from reviewer.vault.statements import open_case_key_statement
from reviewer.workstation.case_keys import epoch_setting
from reviewer.workstation.custody_extract import own_extract
from reviewer.workstation.roster import accepted_roster
from reviewer.workstation.sealed_extract import seal_extract

_log = logging.getLogger("reviewer.custody")

_SETTING = "custody_told"
# Cases told of in one round; entries looked through at once.
_ROUND = 20
_PAGE = 1000
_FIRST_S = 10.0
# Not oftener: the case system keeps when each checkpoint came, and these would tell a day's pauses.
_EVERY_S = 900.0
# A checkpoint that was just signed is anchored by then.
_ANCHORING_S = 3.0
# Nothing more will come of telling these.
_SETTLED = frozenset({"custody-older", "no-key-for-you", "no-such-case", "case-destroyed"})


class _Due(msgspec.Struct, frozen=True):
    """Entries before position `upto` were looked through; of `cases` there is something to tell."""

    upto: int = 0
    cases: tuple[str, ...] = ()


class CustodyTelling:
    """Of one open vault. `tell` blocks; `start` does it every quarter of an hour on a thread of its own."""

    def __init__(self, vault: OpenVault, case_system: CaseSystem, clock: Clock, wake: Callable[[], None]) -> None:
        """`wake` has the outbox sent, where a checkpoint waits to be anchored."""
        self._vault = vault
        self._case_system = case_system
        self._clock = clock
        self._wake = wake
        self._stopping = threading.Event()
        self._woken = threading.Event()
        self._thread = threading.Thread(target=self._run, name="custody-telling", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def soon(self) -> None:
        """A checkpoint was anchored. Does not wait."""
        self._woken.set()

    def halt(self) -> None:
        """No further case is begun. Does not wait."""
        self._stopping.set()
        self._woken.set()

    def stop(self) -> None:
        self.halt()
        if self._thread.is_alive():
            self._thread.join(5.0)

    def tell(self) -> int:
        """Tell what is due, of so many cases as a round has; how many are left. SyncError, VaultError."""
        anchored = self._case_system.anchored(origin_of(self._vault.workstation)).size
        due = self._due(anchored)
        if not due.cases:
            return 0
        note = self._note_of(anchored)
        if note is None:
            return len(due.cases)
        roster = accepted_roster(self._vault, self._case_system)
        again: list[str] = []
        for case_id in due.cases[:_ROUND]:
            self._check()
            if not self._told(case_id, note, roster):
                again.append(case_id)
                continue
            # Written down one by one: what was told is not told again because the next one failed.
            due = msgspec.structs.replace(due, cases=tuple(one for one in due.cases if one != case_id))
            self._keep(due)
        # What did not work goes behind the others, so that it never keeps them waiting.
        due = msgspec.structs.replace(due, cases=(*(one for one in due.cases if one not in again), *again))
        self._keep(due)
        return len(due.cases)

    def tell_all(self) -> None:
        """Round after round, until nothing is due or nothing more works. Raises what `tell` raises."""
        before, left = None, self.tell()
        while left and (before is None or left < before):
            before, left = left, self.tell()

    def _due(self, anchored: int) -> _Due:
        """With what was written since, as far as the case system has it anchored, and what it wants anew."""
        body = self._vault.store.call(lambda s: s.get_setting(_SETTING))
        kept = msgspec.json.decode(body, type=_Due) if body is not None else _Due()
        cases = dict.fromkeys((*kept.cases, *self._case_system.told.wanted(), *self._touched(kept.upto, anchored)))
        due = _Due(max(kept.upto, anchored), tuple(cases))
        if due != kept:
            self._keep(due)
        return due

    def _touched(self, start: int, end: int) -> list[str]:
        found: dict[str, None] = {}
        for at in range(start, end, _PAGE):
            self._check()
            until = min(at + _PAGE, end)
            page = self._vault.store.call(lambda s, a=at, b=until: s.cases_in_custody(a, b))  # type: ignore[misc]
            found |= dict.fromkeys(page)
        return list(found)

    def _note_of(self, size: int) -> str | None:
        """Our checkpoint of this size. None: the case system has none, or one of another history."""
        noted = dict(self._vault.store.call(lambda s: s.checkpoints(last=20)))
        if size not in noted:
            noted = dict(self._vault.store.call(lambda s: s.checkpoints()))
        return noted.get(size)

    def _told(self, case_id: str, note: str, roster: Roster) -> bool:
        """False: to be tried again later."""
        told = self._case_system.told
        try:
            statement, etag = told.recipient(case_id)
            extract = own_extract(self._vault, case_id, self._check, note=note)
            if extract is None:
                return True
            sealed = seal_extract(extract, self._recipient(case_id, statement, roster))
            told.tell(case_id, extract.size, sealed, etag)
        except (CaseSystemUnreachable, StoreUnavailable):
            raise
        except CaseSystemRefused as refused:
            return slug_of(refused.problem_type) in _SETTLED
        except ReviewerError as error:
            # A key that nobody vouches for, say: what was written waits here until somebody does.
            _log.warning("custody was not told: %s", error.code)
            return False
        return True

    def _recipient(self, case_id: str, untrusted_statement: str, roster: Roster) -> age.Recipient:
        """The case's key as somebody on the roster vouches for it: the case system could hand out one of its own."""
        setting = epoch_setting(case_id)
        held = self._vault.store.call(lambda s: s.get_setting(setting))
        newest = int(held) if held is not None else 0
        statement = open_case_key_statement(untrusted_statement, roster, case_id=case_id, newest=newest)
        if statement.epoch > newest:
            self._vault.store.call(lambda s: s.put_setting(setting, str(statement.epoch).encode()))
        return age.recipient(statement.recipient)

    def _keep(self, due: _Due) -> None:
        body = msgspec.json.encode(due)
        self._vault.store.call(lambda s: s.put_setting(_SETTING, body))

    def _check(self) -> None:
        if self._stopping.is_set():
            raise StoreUnavailable("The session ends.")

    def _cover(self) -> None:
        """Sign for entries about cases that no checkpoint covers yet, and have it anchored."""
        noted, head = self._vault.store.call(lambda s: (s.checkpoints(last=1), s.custody_head().size))
        if self._touched(noted[0][0] if noted else 0, head):
            self._vault.checkpoint(self._clock.now())
            self._wake()
            self._stopping.wait(_ANCHORING_S)

    def _run(self) -> None:
        self._woken.wait(_FIRST_S)
        while not self._stopping.is_set():
            self._woken.clear()
            try:
                self._cover()
                self.tell_all()
            except ReviewerError:
                pass  # offline, or locked meanwhile: what is due is kept
            except Exception as error:
                _log.error("telling custody stumbled: %s", type(error).__name__)
            self._woken.wait(_EVERY_S)
