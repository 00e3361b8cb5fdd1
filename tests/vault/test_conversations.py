"""Threads in the store: what is on its way is never lost, what was read stays read, and nothing lies readable."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from vault_samples import NOW, event

from reviewer.model.events import AnswerStatus, EventAnswer, EventType, OutboxEvent
from reviewer.model.payloads import MessageWritten, as_payload
from reviewer.model.related import CaseRelated, ThreadHead, ThreadMessage
from reviewer.vault.store import Store
from reviewer.vault.store.conversations import Sending

KEY = bytes(range(32))
WORDS = "Fine weather for the garden on the seventh parcel."


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    store = Store.create(path, KEY)
    yield store
    store.close()


def written(text: str = WORDS, case_id: str = "case-1") -> OutboxEvent:
    return event(EventType.CASE_MESSAGE, **as_payload(MessageWritten(case_id=case_id, text=text, written_at=NOW)))


def heard(number: int, *, mine: bool = False, message_id: str = "") -> ThreadMessage:
    author = "Reviewer 07" if mine else "Reviewer 09"
    return ThreadMessage(
        id=message_id or f"m-{number}", number=number, author=author, mine=mine, written_at=NOW, text=WORDS
    )


def head(last: int, case_id: str = "case-1") -> ThreadHead:
    return ThreadHead(case_id=case_id, case_number="2026-00001", last=last)


def test_a_message_is_queued_kept_and_its_draft_dropped_in_one(store: Store) -> None:
    threads = store.conversations
    threads.save_draft("case-1", WORDS)
    threads.save_draft("case-2", "another")
    sent = threads.send("case-1", written())
    thread = threads.thread("case-1")
    assert [(out.event_id, out.text, out.sending) for out in thread.outgoing] == [(sent.id, WORDS, Sending.WAITING)]
    assert (thread.draft, threads.thread("case-2").draft) == ("", "another")
    assert [pending.id for pending in store.pending(9, now=NOW)] == [sent.id]


def test_the_same_event_twice_changes_nothing(store: Store) -> None:
    """A failure in the second half of the transaction takes the first half back."""
    threads = store.conversations
    message = written()
    threads.send("case-1", message)
    threads.save_draft("case-1", "next")
    with pytest.raises(Exception):  # noqa: B017  whatever the store says
        threads.send("case-1", message)
    assert store.counts().waiting == 1
    assert threads.thread("case-1").draft == "next"


def test_delivered_it_stays_in_view_until_it_comes_back(store: Store) -> None:
    threads = store.conversations
    sent = threads.send("case-1", written())
    store.answered([EventAnswer(id=sent.id, status=AnswerStatus.ACCEPTED)], retry_at=NOW)
    (out,) = threads.thread("case-1").outgoing
    assert (out.sending, out.text) == (Sending.SENT, WORDS)
    threads.put_messages(head(1), [heard(1, mine=True, message_id=sent.id)])
    thread = threads.thread("case-1")
    assert (len(thread.messages), thread.outgoing, thread.unread) == (1, (), 0)


def test_rejected_it_stays_with_its_reason_and_can_be_put_in_other_words(store: Store) -> None:
    threads = store.conversations
    sent = threads.send("case-1", written())
    assert not threads.send_again(sent.id, "too early")
    store.answered([EventAnswer(id=sent.id, status=AnswerStatus.REJECTED, reason="Not now.")], retry_at=NOW)
    (out,) = threads.thread("case-1").outgoing
    assert (out.sending, out.reason, out.text) == (Sending.REJECTED, "Not now.", WORDS)
    assert threads.send_again(sent.id, "In other words.")
    (out,) = threads.thread("case-1").outgoing
    assert (out.sending, out.reason, out.text) == (Sending.WAITING, "", "In other words.")
    (pending,) = store.pending(9, now=NOW)
    assert (pending.id, pending.sequence, pending.payload["text"]) == (sent.id, sent.sequence, "In other words.")


def test_unread_counts_what_others_wrote_and_reading_never_goes_back(store: Store) -> None:
    threads = store.conversations
    threads.put_messages(head(3), [heard(1), heard(2, mine=True), heard(3)])
    assert [(one.case_id, one.case_number, one.count) for one in threads.unread()] == [("case-1", "2026-00001", 2)]
    threads.read_up_to("case-1", 3)
    threads.read_up_to("case-1", 1)
    assert threads.unread() == []
    threads.put_messages(head(4), [heard(3), heard(4)])
    assert [one.count for one in threads.unread()] == [1]
    assert [message.number for message in threads.thread("case-1").messages] == [1, 2, 3, 4]
    assert threads.lasts() == {"case-1": 4}


def test_forgetting_a_case_keeps_own_words_that_were_not_delivered(store: Store) -> None:
    threads = store.conversations
    threads.put_messages(head(1), [heard(1)])
    threads.put_related(CaseRelated(case_id="case-1", case_number="x", account="", waiting=0, held=0, decided=0), NOW)
    threads.send("case-1", written())
    threads.save_draft("case-1", "half a sen")
    threads.forget("case-1")
    thread = threads.thread("case-1")
    assert (thread.messages, len(thread.outgoing), thread.draft) == ((), 1, "half a sen")
    assert threads.related("case-1") is None


def test_all_of_it_survives_and_none_of_it_lies_readable(store: Store, path: Path) -> None:
    threads = store.conversations
    threads.put_messages(head(1), [heard(1)])
    threads.send("case-1", written())
    threads.save_draft("case-1", WORDS)
    store.close()
    assert not any(WORDS[:12].encode() in file.read_bytes() for file in path.parent.iterdir())
    again = Store.open(path, KEY)
    thread = again.conversations.thread("case-1")
    assert (thread.messages[0].text, thread.outgoing[0].text, thread.draft) == (WORDS, WORDS, WORDS)
    again.close()
