"""Between the break page and the desk: when it is offered, what it hides, and where the person comes back to."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QToolTip

from reviewer.model.cases import QueueEntry
from reviewer.model.errors import ReviewerError
from reviewer.ui.break_overlay import BreakOverlay
from reviewer.ui.break_words import PAUSE_SHOWN, handed_over_words, notice_words
from reviewer.ui.bridge import Jobs
from reviewer.ui.desk_flow import DeskState
from reviewer.ui.good_moment import GoodMoment
from reviewer.ui.item_ports import TakenItem
from reviewer.ui.ports import Session
from reviewer.ui.relief_told import ReliefTold
from reviewer.ui.workbench import Workbench
from reviewer.wellbeing.prompts import Prompt


class BreakControl(QObject):
    """Between two items the page itself asks; while something is on the desk a quiet line says it, once.

    `resting(minutes)` when the page is there, with the length of the pause once one was chosen, and `awake` when it is
    gone: meanwhile nobody looks at keys and mouse. `at_work` is whether desk or gallery is in view; `cover` shows the
    page; `come_back` and `to_the_desk` leave it.
    """

    resting = Signal(float)
    awake = Signal()

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        page: BreakOverlay,
        workbench: Workbench,
        moment: GoodMoment,
        *,
        at_work: Callable[[], bool],
        cover: Callable[[], None],
        come_back: Callable[[], None],
        to_the_desk: Callable[[], None],
    ) -> None:
        super().__init__(page)
        self._session = session
        self._jobs = jobs
        self._page = page
        self._bench = workbench
        self._moment = moment
        self._at_work, self._cover = at_work, cover
        self._come_back, self._to_the_desk = come_back, to_the_desk
        self._said: Prompt | None = None
        self._line = ""
        self._between = False
        self._there = False  # the page came and was not left
        self._untold: Callable[[], None] | None = None
        self._case: tuple[str, str] | None = None  # (id, number) of the one on the desk, or the last that was
        workbench.looking.busy = lambda: moment.busy
        workbench.flow.taken.connect(self._taken)
        workbench.pauseOffered.connect(self.offer)
        page.breakChosen.connect(self._started)
        page.postponed.connect(self._postponed)
        page.handOver.connect(self._hand_over)
        page.ended.connect(self._ended)
        self.reliefs = ReliefTold(session.pausing, jobs, workbench, moment)
        self._keeper = workbench.colleagues.keeper
        page.note.opened.connect(self._read_draft)
        page.note.written.connect(self._keeper.keep)
        page.note.leftEarly.connect(self._keeper.keep_behind)
        page.note.sendAsked.connect(self._send)

    def start(self) -> None:
        self.reliefs.start()

    # when

    def offer(self) -> None:
        """What is due, if now is a good moment."""
        prompt = self._session.prompt(busy=self._moment.busy)
        if prompt is None or not self._at_work():
            return
        state = self._bench.flow.state
        if not self._bench.isVisible() or state is DeskState.EMPTY:
            self._open(prompt)
        elif state is DeskState.OPEN and prompt is not self._said and not self._bench.notice.isVisible():
            self._said = prompt
            minutes = self._session.exposure().since_break_s / 60.0
            happened, rest = notice_words(prompt, minutes, self._session.settings.policy, PAUSE_SHOWN)
            self._bench.notice.tell(happened, rest, "", calm=True)
            self._line = self._bench.notice.words

    def pause_now(self) -> None:
        """The person picks the moment; once more does nothing."""
        if self._at_work():
            self._open(None)

    def _open(self, prompt: Prompt | None) -> None:
        bench, page = self._bench, self._page
        self._between = bench.isVisible() and bench.flow.state is DeskState.EMPTY
        for popup in iter(QApplication.activePopupWidget, None):
            popup.hide()
        QToolTip.hideText()
        if bench.notice.words == self._line:
            bench.notice.dismiss()  # it said where this page is
        bench.hide_now()
        bench.viewer.listening.player.close()
        minutes = self._session.exposure().since_break_s / 60.0
        self._cover()
        self._there = True
        following = bench.flow.following if self._between else None
        danger = following is not None and following.case.referral.danger
        settings = self._session.settings
        page.set_guided(settings.guide)
        page.ask(prompt, minutes, settings.policy, danger_next=danger)
        page.offer_note(self._case)
        here = self._here
        self._jobs.run(
            lambda: self._session.pausing.next_without_pictures(here),
            then=lambda entry: page.say_plain_next(entry is not None),
            failed=lambda _error: None,  # it is asked again when it is wanted, and said then
            owner=self,
        )
        self.resting.emit(0.0)

    @property
    def _here(self) -> frozenset[str]:
        entry = self._bench.flow.entry
        return frozenset({entry.item.id}) if entry is not None else frozenset()

    def _taken(self, item: TakenItem) -> None:
        self._said = None
        self._case = (item.entry.case.id, item.entry.case.number)
        untold, self._untold = self._untold, None
        if untold is not None:
            untold()

    # answers

    def _started(self, minutes: float) -> None:
        self._session.break_started(minutes)
        self.resting.emit(minutes)

    def _ended(self) -> None:
        self._session.break_ended()
        self._leave(on=False)

    def _postponed(self) -> None:
        self._session.break_postponed()
        self._leave(on=self._between)

    def _leave(self, *, on: bool) -> None:
        """`on`: as if nobody had asked. Something without pictures, where that was wanted."""
        self._off_the_page()
        if self._page.wants_plain:
            here = self._here
            self._to_the_desk()
            self._jobs.run(
                lambda: self._session.pausing.next_without_pictures(here),
                then=self._take_plain,
                failed=self._no_plain,
                owner=self,
            )
            return
        self._come_back()
        if on and self._bench.flow.state is DeskState.EMPTY:
            self._bench.flow.take_next()

    def _off_the_page(self) -> None:
        self._said = None
        self._there = False
        self.awake.emit()

    def _take_plain(self, entry: QueueEntry | None) -> None:
        if not (self._at_work() and self._bench.isVisible()):
            return  # everything was hidden meanwhile, or the gallery opened; the way back from there resumes
        self._bench.looking.resume()
        if entry is not None:
            self._bench.take(entry)
            return
        words = (
            self.tr("Nothing without pictures waits just now."),
            self.tr("What waits stays veiled until you ask for more."),
        )
        self._back_and_tell(lambda: self._bench.notice.tell(*words, "", calm=True))

    def _no_plain(self, error: ReviewerError) -> None:
        self._bench.looking.resume()
        self._back_and_tell(lambda: self._bench.tell_error(error))

    def _back_and_tell(self, tell: Callable[[], None]) -> None:
        """Once the item is there again: it takes away what was said before it."""
        self._come_back()
        if self._bench.flow.state is DeskState.TAKING:
            self._untold = tell
        else:
            tell()

    def _hand_over(self) -> None:
        self._session.break_postponed()
        self._off_the_page()
        self._to_the_desk()
        self._bench.hand_over()
        self._jobs.run(self._session.pausing.hand_over, then=self._handed, failed=self._bench.tell_error, owner=self)

    def _handed(self, items: int) -> None:
        sync = self._session.sync_state()
        reached = sync.last_contact is not None and not sync.trouble
        self._bench.notice.tell(*handed_over_words(items, reached=reached), calm=True)
        self._bench.flow.read_queue()

    # a note to a colleague

    def keep_words(self) -> None:
        """Before the lock: what was typed and is nowhere else."""
        self.reliefs.stop()
        self._page.note.shut()

    def held_up(self) -> None:
        """The lock did not come about, and a pause that it covered is over."""
        self.reliefs.start()
        if self._there:
            if self._page.pausing:
                self._session.break_ended()
            else:
                self._session.break_postponed()
            self._page.stop()
            self._off_the_page()

    def _read_draft(self, case_id: str) -> None:
        threads = self._session.threads

        def read() -> None:
            unsaved = self._keeper.unsaved(case_id)
            if unsaved is not None:
                self._page.note.put_draft(case_id, unsaved)
                return
            self._jobs.run(
                lambda: threads.thread(case_id),
                then=lambda view: self._page.note.put_draft(case_id, view.draft),
                failed=lambda error: self._page.note.not_read(case_id, error.what_happened),
                owner=self,
            )

        # Words typed in the case panel just before are on their way to the store.
        self._keeper.settle(lambda _saved: read())

    def _send(self, case_id: str, text: str) -> None:
        threads, note = self._session.threads, self._page.note

        def sent(_nothing: None) -> None:
            self._keeper.forget(case_id)
            note.sent(case_id)

        # A draft on its way to the store must not come after the message that it became.
        self._keeper.settle(
            lambda _saved: self._jobs.run(
                lambda: threads.send(case_id, text),
                then=sent,
                failed=lambda error: note.not_sent(case_id, error.what_happened),
                owner=self,
            )
        )
