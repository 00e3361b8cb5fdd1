"""Building, sending and recording for the page of handing off: what its keys do, and where the answers go."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from reviewer.model.decisions import Draft
from reviewer.model.errors import ReviewerError
from reviewer.model.handoff import Handoff, NewStep, StepKind
from reviewer.ui.asking import Asking
from reviewer.ui.handoff_after import AfterStep
from reviewer.ui.handoff_ports import Built, Handoffs, Progress, Sending, Sent
from reviewer.ui.handoff_seal import SealStep
from reviewer.ui.handoff_state import HandoffState
from reviewer.ui.notice import Notice
from reviewer.ui.running import Running


class HandoffWork(QObject):
    """`done` when something was built, sent or recorded, or was not: the case is to be looked at again."""

    done = Signal()

    def __init__(
        self,
        handoffs: Handoffs,
        *,
        state: HandoffState,
        asking: Asking,
        running: Running,
        seal: SealStep,
        after: AfterStep,
        notice: Notice,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._handoffs, self._state = handoffs, state
        self._asking, self._running = asking, running
        self._seal, self._after, self._notice = seal, after, notice
        self._tell: Callable[[Progress], None] = seal.tell
        running.told.connect(lambda progress: self._tell(progress))
        seal.cancelAsked.connect(self.cancel)
        seal.resumeAsked.connect(self.resume)
        seal.discardAsked.connect(self.discard)
        after.record.recordAsked.connect(self._record)
        after.prepareAsked.connect(self._prepare)
        after.sending.sendAsked.connect(self._send)
        after.sending.cancelAsked.connect(self.cancel)

    # building

    def build(self) -> None:
        if self._running.busy or self._state.why_not_build():
            return
        choice, folder, handoffs = self._state.choice(), self._seal.target, self._handoffs
        self._begin(lambda tell, stop: handoffs.build(choice, folder, progress=tell, cancelled=stop))

    def resume(self) -> None:
        case_id, handoffs, outline = self._state.case_id, self._handoffs, self._state.outline
        if not self._running.busy and self._seal.isVisible() and outline is not None and outline.unfinished:
            self._begin(lambda tell, stop: handoffs.resume(case_id, progress=tell, cancelled=stop))

    def _begin(self, work: Callable[[Callable[[Progress], None], Callable[[], bool]], Built]) -> None:
        self._notice.dismiss()
        self._seal.begin()
        self._tell = self._seal.tell
        self._running.start(work, self._built, self._not_built)

    def _built(self, built: Built) -> None:
        self._seal.end()
        self._seal.show_built(built)
        self._after.show_handoffs((*reversed(self._after.packages), built.handoff), built.handoff.made.id)
        self.done.emit()

    def _not_built(self, error: ReviewerError) -> None:
        self._seal.end()
        self._notice.tell_error(error)
        self.done.emit()

    def discard(self) -> None:
        case_id, handoffs, outline = self._state.case_id, self._handoffs, self._state.outline
        if not self._running.busy and self._seal.isVisible() and outline is not None and outline.unfinished:
            self._asking.ask(lambda: handoffs.discard(case_id), lambda _nothing: self.done.emit())

    def cancel(self) -> None:
        """What is being built or sent. Sending is retracted as far as it came."""
        if self._running.busy and not self._running.cancelling:
            self._running.cancel()
            self._seal.cancelling()
            self._after.sending.cancelling()

    # afterwards

    def _record(self, handoff_id: str, step: NewStep, written: Draft) -> None:
        """On the package it was asked for: another one may be chosen by now."""
        handoffs, form = self._handoffs, self._after.record
        self._asking.ask(
            lambda: handoffs.record_step(handoff_id, step, written),
            partial(self._recorded, step.kind),
            failed=partial(form.not_recorded, handoff_id),
        )

    def _recorded(self, kind: StepKind, handoff: Handoff) -> None:
        made = [handoff if one.made.id == handoff.made.id else one for one in reversed(self._after.packages)]
        self._after.show_handoffs(made)
        self._after.record.recorded(handoff.made.id, kind)
        self.done.emit()

    def _prepare(self, handoff_id: str) -> None:
        """Show it; nothing is sent by this."""
        if self._running.busy:
            return
        handoffs, after = self._handoffs, self._after

        def ready(sending: Sending) -> None:
            # Asked for twice, the second must not put back what was sent meanwhile.
            if not after.sending_shown and after.chosen is not None and after.chosen.made.id == handoff_id:
                after.show_sending()
                after.sending.show_sending(sending)

        self._asking.ask(lambda: handoffs.prepare_sending(handoff_id), ready)

    def _send(self, sending: Sending) -> None:
        if self._running.busy:
            return
        handoffs, card = self._handoffs, self._after.sending
        card.begin()
        self._tell = card.progress.tell
        self._running.start(
            lambda tell, stop: handoffs.send(sending, progress=tell, cancelled=stop), self._sent, self._not_sent
        )

    def _sent(self, sent: Sent) -> None:
        self._after.sending.show_sent(sent)
        self.done.emit()

    def _not_sent(self, error: ReviewerError) -> None:
        self._after.sending.show_failure(error)
        self.done.emit()

    def leave_sending(self) -> None:
        if self._after.sending_shown and not self._running.busy:
            self._after.leave_sending()
