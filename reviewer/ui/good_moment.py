"""Whether now is a good moment to say something: not while somebody may be in danger, nor in mid-sentence."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject

from reviewer.model.decisions import Draft, Imminence
from reviewer.ui.gallery_desk import GalleryDesk
from reviewer.ui.mid_sentence import MidSentence
from reviewer.ui.workbench import Workbench


class GoodMoment(QObject):
    """`busy` is what only the window knows; that the referral on the desk says danger, the session knows itself."""

    def __init__(
        self,
        workbench: Workbench,
        gallery: GalleryDesk | None,
        parent: QObject,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._gallery = gallery
        self._sentence = MidSentence(self, monotonic)

    @property
    def busy(self) -> bool:
        return self._sentence.on or self._danger or self._workbench.looking.listening

    @property
    def in_danger_or_busy(self) -> bool:
        """As `busy`, and the referral on the desk counts too: for what the session does not hold back itself."""
        entry = self._workbench.flow.entry
        return self.busy or (entry is not None and entry.case.referral.danger)

    @property
    def _danger(self) -> bool:
        """Said in the form by the person, or whom to call is being read."""
        return (
            self._workbench.reading_report
            or _imminent(self._workbench.decision.draft)
            or (self._gallery is not None and self._gallery.open and _imminent(self._gallery.draft))
        )


def _imminent(draft: Draft | None) -> bool:
    return draft is not None and draft.imminence is Imminence.IMMINENT
