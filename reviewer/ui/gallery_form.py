"""The form of the gallery outlives a lock and a crash: every answer is saved at once, as the drafts of items are."""

from __future__ import annotations

from PySide6.QtCore import QObject

from reviewer.model.batch import BATCH_FORM
from reviewer.model.decisions import Draft
from reviewer.model.errors import ReviewerError
from reviewer.ui.bridge import Jobs
from reviewer.ui.draft_keeper import DraftKeeper
from reviewer.ui.gallery_batch import GalleryBatch
from reviewer.ui.ports import Session


class GalleryForm(QObject):
    """Reads once what was kept, and keeps what changes. What is answered before the reading came is not overwritten."""

    def __init__(
        self, session: Session, jobs: Jobs, batch: GalleryBatch, keeper: DraftKeeper, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._jobs = jobs
        self._batch = batch
        self._keeper = keeper
        self._changed = False
        batch.panel.changed.connect(self._keep)

    def read(self) -> None:
        self._jobs.run(self._session.gallery.form, then=self._came, failed=self._not_read, owner=self)

    def forget(self) -> None:
        """It became decisions: nothing of it comes back."""
        self._changed = True
        self._keeper.keep(Draft(item_id=BATCH_FORM))

    def _keep(self, draft: Draft) -> None:
        self._changed = True
        self._keeper.keep(draft)

    def _came(self, draft: Draft | None) -> None:
        if draft is not None and not self._changed and draft != Draft(item_id=BATCH_FORM):
            self._batch.restore(draft)

    def _not_read(self, error: ReviewerError) -> None:
        if not self._changed:
            self._batch.say_trouble(error)
