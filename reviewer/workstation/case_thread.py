"""Talking to colleagues about a case: `reviewer.ui.case_ports.Threads` over the store, the outbox and the case system.

Written offline a message waits in the outbox like a decision. What others wrote is kept here, encrypted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from reviewer.model.clock import Clock
from reviewer.model.errors import CaseSystemRefused, ReviewerError
from reviewer.model.events import EventType
from reviewer.model.payloads import MessageWritten
from reviewer.model.related import MAX_MESSAGE, ThreadHead, ThreadMessage, clean_words
from reviewer.sync.client import CaseSystem
from reviewer.sync.refusals import slug_of
from reviewer.ui.case_ports import Arrival, ThreadLine, ThreadView, UnreadThread
from reviewer.vault.open_vault import OpenVault
from reviewer.vault.store.conversations import Outgoing, Sending
from reviewer.workstation.going_on import going_on
from reviewer.workstation.journal import Journal

GONE = ("no-key-for-you", "no-such-case", "case-destroyed")
_ARRIVALS = {Sending.WAITING: Arrival.WAITING, Sending.SENT: Arrival.SENT, Sending.REJECTED: Arrival.REJECTED}


class MessageUnusable(ReviewerError):
    code = "T001"
    happened = "There is nothing in this message that can be sent."
    kept = "Your words are still here."
    to_do = f"Write 1 to {MAX_MESSAGE} characters of plain text."


class CaseThreads:
    """Of one session. `wake` is told that something waits in the outbox."""

    def __init__(
        self, vault: OpenVault, case_system: CaseSystem, clock: Clock, journal: Journal, wake: Callable[[], None]
    ) -> None:
        self._store = vault.store
        self._me = vault.member.name
        self._case_system = case_system
        self._clock = clock
        self._journal = journal
        self._wake = wake

    def thread(self, case_id: str) -> ThreadView:
        stored = self._store.call(lambda s: s.conversations.thread(case_id))
        there = [ThreadLine(m.id, m.author, m.mine, m.written_at, m.text, Arrival.THERE) for m in stored.messages]
        lines = (*there, *map(self._line, stored.outgoing))
        last = stored.messages[-1].number if stored.messages else 0
        return ThreadView(case_id, lines, stored.draft, stored.unread, last)

    def unread(self) -> Sequence[UnreadThread]:
        counted = self._store.call(lambda s: s.conversations.unread())
        return [UnreadThread(one.case_id, one.case_number, one.count) for one in counted]

    def save_draft(self, case_id: str, text: str) -> None:
        self._store.call(lambda s: s.conversations.save_draft(case_id, text))

    def send(self, case_id: str, text: str) -> None:
        written = MessageWritten(case_id=case_id, text=_sendable(text), written_at=self._clock.now())
        event = self._journal.event(EventType.CASE_MESSAGE, written)
        self._journal.durably(lambda store: store.conversations.send(case_id, event))
        self._tell()

    def send_again(self, message_id: str, text: str) -> None:
        """One that was meanwhile accepted, or is on its way already, stays as it is."""
        words = _sendable(text)
        self._journal.durably(lambda store: store.conversations.send_again(message_id, words))
        self._tell()

    def read_up_to(self, case_id: str, number: int) -> None:
        self._store.call(lambda s: s.conversations.read_up_to(case_id, number))

    def refresh(self) -> Sequence[UnreadThread]:
        known = self._store.call(lambda s: s.conversations.lasts())
        colleagues = self._case_system.colleagues
        heads = list(colleagues.threads())
        for head in heads:
            if head.last <= known.get(head.case_id, 0):
                continue
            try:
                fresh = list(colleagues.messages(head.case_id, known.get(head.case_id, 0)))
            except CaseSystemRefused as refused:
                if slug_of(refused.problem_type) not in GONE:
                    raise
                fresh, known[head.case_id] = [], 0
                self._forget(head.case_id)
            else:
                self._keep(head, fresh)
        for case_id in known.keys() - {head.case_id for head in heads}:
            self._forget(case_id)
        return self.unread()

    def _keep(self, head: ThreadHead, fresh: Sequence[ThreadMessage]) -> None:
        self._store.call(lambda s: s.conversations.put_messages(head, fresh))

    def _forget(self, case_id: str) -> None:
        self._store.call(lambda s: s.conversations.forget(case_id))

    def _line(self, out: Outgoing) -> ThreadLine:
        arrival = _ARRIVALS[out.sending]
        return ThreadLine(out.event_id, self._me, True, out.written_at, out.text, arrival, out.reason)

    def _tell(self) -> None:
        """The write is durable: nothing behind it may look like a message that was not kept."""
        with going_on("waking sync"):
            self._wake()


def _sendable(text: str) -> str:
    words = clean_words(text)
    if not 0 < len(words) <= MAX_MESSAGE:
        raise MessageUnusable
    return words
