"""What is being written about items away from the desk: kept like drafts, and the newest of them known here."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from reviewer.model.decisions import Draft
from reviewer.ui.draft_keeper import DraftKeeper


class KeptWords:
    """`draft_id` makes of an item's id the one its words are saved under. Without a `keeper` they last as long as this.

    For the Qt thread.
    """

    def __init__(self, draft_id: Callable[[str], str], keeper: DraftKeeper | None) -> None:
        self._draft_id = draft_id
        self._keeper = keeper
        self._newest: dict[str, Draft | None] = {}  # by item id; None: it was written down

    def keep(self, item_id: str, draft: Draft) -> None:
        self._newest[item_id] = draft
        if self._keeper is not None:
            self._keeper.keep(msgspec.structs.replace(draft, item_id=self._draft_id(item_id)))

    def of(self, item_id: str) -> Draft | None:
        """What was written here since the session began."""
        return self._newest.get(item_id)

    def newest(self, item_id: str, stored: Draft | None) -> Draft | None:
        """`stored` was read from the store a while ago: what was written or done here since counts instead."""
        return self._newest.get(item_id, stored)

    def settle(self, then: Callable[[], None]) -> None:
        """`then` once nothing is on its way to the store, also when it could not be saved."""
        if self._keeper is None:
            then()
        else:
            self._keeper.settle(lambda _saved: then())

    def became(self, item_id: str, draft: Draft | None) -> None:
        """`draft` was written down, and is gone from the store; what was written since is kept on."""
        since = self._newest.get(item_id)
        if since is not None and since != draft:
            self.keep(item_id, since)
            return
        self._newest[item_id] = None
        if self._keeper is not None:
            draft_id = self._draft_id(item_id)
            self._keeper.forget(draft_id)
            if self._keeper.unsaved(draft_id):  # a save that is on its way would put them back
                self._keeper.keep(Draft(item_id=draft_id))
