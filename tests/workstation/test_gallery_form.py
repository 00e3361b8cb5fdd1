"""What was answered for many is in the store, encrypted, after a lock: no queue entry, no item, no word lost."""

from __future__ import annotations

from collections.abc import Callable

from reviewer.model.batch import BATCH_FORM
from reviewer.model.decisions import Draft, Imminence
from reviewer.workstation.session import WorkSession

WORDS = "the same fence beside the shed"


def test_the_form_of_a_batch_outlives_the_lock(unlocked: Callable[..., WorkSession]) -> None:
    session = unlocked()
    assert session.gallery.form() is None
    written = Draft(item_id=BATCH_FORM, imminence=Imminence.NO_SIGN, rationale=WORDS)
    session.save_draft(written)
    session.lock()
    again = unlocked()
    assert again.gallery.form() == written
    assert BATCH_FORM not in {entry.item.id for entry in again.queue()}
