"""An entry that changes twice between two looks at the queue is taken in both times."""

from __future__ import annotations

from pathlib import Path

import msgspec
from vault_samples import ACTOR, queue_entry

from reviewer.model.queue_view import QueueAsk
from reviewer.vault.store import Store


def test_the_same_line_twice_between_two_looks(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "store.db", bytes(range(32)))
    entry = queue_entry("i001")
    store.put_queue([entry])
    assert len(store.list_queue(QueueAsk(), ACTOR).lines) == 1
    for turn in range(3):
        held = msgspec.structs.replace(entry, held=turn % 2 == 0, etag=f'"{turn}"')
        store.put_queue([held])
    listing = store.list_queue(QueueAsk(), ACTOR)
    assert (len(listing.lines), listing.held) == (0, 1)
    store.close()
