"""Custody checkpoints: only a log that continues the anchored one is anchored; the rest is refused and recorded."""

from __future__ import annotations

import base64
import hashlib
import sqlite3
from collections.abc import Callable

import msgspec
import pytest
from house import ONE, TWO, House, an_event
from hypothesis import given
from hypothesis import strategies as st

from reviewer.model.errors import CaseSystemRefused
from reviewer.model.events import AnswerStatus, EventType
from reviewer.model.merkle import EMPTY_ROOT, node_hash, verify_consistency
from reviewer.model.payloads import CheckpointMade
from reviewer.sync.client import CaseSystem
from reviewer.sync.refusals import slug_of

As = Callable[..., CaseSystem]


def leaves(count: int, salt: str = "") -> list[bytes]:
    return [hashlib.sha256(b"\0" + f"{salt}{n}".encode()).digest() for n in range(count)]


def split(width: int) -> int:
    power = 1
    while power * 2 < width:
        power *= 2
    return power


def root(log: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, literally."""
    if not log:
        return EMPTY_ROOT
    if len(log) == 1:
        return log[0]
    k = split(len(log))
    return node_hash(root(log[:k]), root(log[k:]))


def proof(old: int, log: list[bytes], whole: bool = True) -> list[bytes]:
    """RFC 6962 section 2.1.2, literally."""
    if old == len(log):
        return [] if whole else [root(log)]
    k = split(len(log))
    if old <= k:
        return [*proof(old, log[:k], whole), root(log[k:])]
    return [*proof(old - k, log[k:], False), root(log[:k])]


def checkpoint(log: list[bytes], previous: int = 0, *, origin: str = "desk-1 custody") -> CheckpointMade:
    note = f"{origin}\n{len(log)}\n{base64.b64encode(root(log)).decode()}\n\n— {origin} c2lnbmF0dXJl\n"
    nodes = tuple(proof(previous, log)) if previous else ()
    return CheckpointMade(note=note, size=len(log), root=root(log), previous_size=previous, proof=nodes)


@given(st.integers(1, 70), st.integers(0, 70))
def test_honest_proofs_verify(old: int, more: int) -> None:
    log = leaves(old + more)
    assert verify_consistency(old, root(log[:old]), len(log), root(log), proof(old, log) if more else [])


@given(st.integers(1, 40), st.integers(1, 40), st.data())
def test_any_other_history_does_not(old: int, more: int, data: st.DataObject) -> None:
    log, other = leaves(old + more), leaves(old + more)
    changed = data.draw(st.integers(0, old - 1))
    other[changed] = b"\1" * 32
    nodes = proof(old, log)
    old_root, new_root = root(log[:old]), root(log)
    assert not verify_consistency(old, root(other[:old]), len(log), new_root, nodes)
    assert not verify_consistency(old, old_root, len(log), root(other), proof(old, other))
    assert not verify_consistency(old, old_root, len(log), new_root, [*nodes, b"\0" * 32])
    assert not verify_consistency(old, old_root, len(log), new_root, nodes[:-1]) or not nodes
    if nodes:
        spoilt = list(nodes)
        spoilt[data.draw(st.integers(0, len(nodes) - 1))] = b"\2" * 32
        assert not verify_consistency(old, old_root, len(log), new_root, spoilt)
    assert not verify_consistency(len(log), new_root, old, old_root, nodes)


@given(st.integers(-3, 1 << 63), st.integers(-3, 1 << 63), st.lists(st.binary(max_size=40), max_size=200))
def test_nonsense_is_false_and_never_raises(old: int, new: int, nodes: list[bytes]) -> None:
    assert not verify_consistency(old, b"\3" * 32, new, b"\4" * 32, nodes)


def test_a_growing_log_is_anchored_step_by_step(as_member: As) -> None:
    client, log = as_member(ONE), leaves(40)
    previous = 0
    for size in (1, 2, 3, 8, 21, 40):
        assert client.anchored("desk-1 custody").size == previous
        client.anchor(checkpoint(log[:size], previous))
        previous = size
    held = client.anchored("desk-1 custody")
    assert (held.size, held.root) == (40, root(log))
    assert client.anchored("another log").size == 0


@pytest.mark.parametrize("by_event", [False, True])
@pytest.mark.parametrize(
    "crime", ["rolled back", "rolled back and worked on", "truncated and regrown", "rewritten", "same size, other root"]
)
def test_a_log_that_lost_its_past_is_refused_and_recorded(
    as_member: As, house: House, crime: str, by_event: bool
) -> None:
    client, log = as_member(ONE), leaves(20)
    client.anchor(checkpoint(log[:4]))
    client.anchor(checkpoint(log[:10], 4))
    forged = {
        "rolled back": checkpoint(log[:7]),
        "rolled back and worked on": checkpoint([*log[:7], *leaves(9, "new")], 4),
        "truncated and regrown": checkpoint([*log[:7], *leaves(9, "new")], 10),
        "rewritten": checkpoint([leaves(1, "new")[0], *log[1:]], 10),
        "same size, other root": checkpoint([*log[:9], leaves(1, "new")[0]]),
    }[crime]
    if by_event:
        (answer,) = client.post_events([an_event(forged, EventType.CUSTODY_CHECKPOINT)])
        assert answer.status is AnswerStatus.REJECTED
    else:
        with pytest.raises(CaseSystemRefused) as refused:
            client.anchor(forged)
        assert slug_of(refused.value.problem_type) == "checkpoint-inconsistent"
    assert client.anchored("desk-1 custody").size == 10
    db = sqlite3.connect(house.folder / "case.db")
    assert db.execute("SELECT what FROM attempts").fetchall() == [("inconsistent checkpoint",)]
    db.close()


def test_anchoring_again_is_fine_and_one_that_overtook_another_waits(as_member: As) -> None:
    client, log = as_member(ONE), leaves(20)
    client.anchor(checkpoint(log[:5]))
    client.anchor(checkpoint(log[:5]))
    with pytest.raises(CaseSystemRefused) as refused:
        client.anchor(checkpoint(log, 9))
    assert slug_of(refused.value.problem_type) == "checkpoint-stale"
    (answer,) = client.post_events([an_event(checkpoint(log, 9), EventType.CUSTODY_CHECKPOINT)])
    assert answer.status is AnswerStatus.RETRY
    client.anchor(checkpoint(log[:9], 5))
    client.anchor(checkpoint(log[:5]))
    (answer,) = client.post_events([an_event(checkpoint(log, 9), EventType.CUSTODY_CHECKPOINT)])
    assert answer.status is AnswerStatus.ACCEPTED


def test_nobody_anchors_anothers_log(as_member: As) -> None:
    log = leaves(9)
    as_member(ONE).anchor(checkpoint(log[:5]))
    with pytest.raises(CaseSystemRefused):
        as_member(TWO).anchor(checkpoint(log, 5))


@pytest.mark.parametrize(
    "change",
    [
        {"note": ""},
        {"note": "one line"},
        {"size": 6},
        {"root": b"\0" * 32},
        {"root": b""},
        {"note": "x" * 300 + "\n5\nAA==\n\n"},
        {"size": 0},
        {"size": -1},
    ],
)
def test_a_note_that_says_something_else_is_refused(as_member: As, change: dict[str, object]) -> None:
    with pytest.raises(CaseSystemRefused) as refused:
        as_member(ONE).anchor(msgspec.structs.replace(checkpoint(leaves(5)), **change))
    assert refused.value.status == 422
